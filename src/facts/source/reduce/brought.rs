//! `mod name;` and `include!` in macro bodies, and the macro calls that bring such a file somewhere.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::parse::Parser;

use super::items::visibility_of;
use super::tokens::{included_by, is_keyword, is_punct};
use super::{Reducer, path_span};
use crate::facts::source::file::{Brought, BroughtInclude, ItemCall, ItemIndex};
use crate::facts::source::symbols::Symbol;

impl Reducer<'_, '_> {
    /// Records a macro call among items, with the names that it gives to the macro.
    pub(super) fn item_call(&mut self, call: &syn::Macro) {
        let Some(last) = call.path.segments.last() else {
            return;
        };
        let name = self.symbol(&last.ident);
        let mut words = Vec::new();
        self.words(call.tokens.clone(), &mut words);
        words.sort_unstable();
        words.dedup();
        self.facts.calls.push(ItemCall {
            scope: self.scope,
            guard: self.guard,
            name,
            words,
            span: path_span(&call.path),
        });
    }

    fn words(&mut self, tokens: TokenStream, found: &mut Vec<Symbol>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.words(group.stream(), found),
                TokenTree::Ident(word) if may_name_a_module(&word) => {
                    found.push(self.symbol(&word));
                }
                _ => {}
            }
        }
    }

    /// The modules that the body of the macro `item` declares in files of their own.
    pub(super) fn brought(&mut self, item: ItemIndex, body: TokenStream) {
        let guard = self.guard;
        self.brought_within(item, body, &mut Vec::new());
        self.guard = guard;
    }

    fn brought_within(&mut self, item: ItemIndex, body: TokenStream, within: &mut Vec<Symbol>) {
        let tokens: Vec<TokenTree> = body.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(word) if word == "mod" => {
                    at = self.brought_module(item, &tokens, at, within);
                }
                TokenTree::Ident(word)
                    if word == "include" && is_punct(tokens.get(at + 1), '!') =>
                {
                    self.brought_include(item, tokens.get(at + 2));
                    at += 3;
                }
                TokenTree::Group(group) => {
                    self.brought_within(item, group.stream(), within);
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    fn brought_include(&mut self, item: ItemIndex, argument: Option<&TokenTree>) {
        if let Some(TokenTree::Group(group)) = argument {
            self.facts.brought_includes.push(BroughtInclude {
                by: item,
                guard: self.guard,
                file: included_by(group.stream()),
            });
        }
    }

    /// The module whose `mod` is at `at`, if it is one; returns where to go on.
    fn brought_module(
        &mut self,
        item: ItemIndex,
        tokens: &[TokenTree],
        at: usize,
        within: &mut Vec<Symbol>,
    ) -> usize {
        let variable = is_punct(tokens.get(at + 1), '$');
        let named = at + 1 + usize::from(variable);
        let Some(TokenTree::Ident(name)) = tokens.get(named) else {
            return at + 1;
        };
        let name = (!variable).then(|| self.symbol(name));
        let (attributes, visibility) = head(&tokens[..at]);
        let outer = self.guard;
        self.guard = self.guard_of(&attributes);
        match tokens.get(named + 1) {
            Some(TokenTree::Punct(end)) if end.as_char() == ';' => {
                self.facts.brought.push(Brought {
                    by: self.facts.items[item as usize].name,
                    name,
                    within: within.clone(),
                    visibility: visibility_of(&visibility),
                    guard: self.guard,
                    paths: Self::module_paths(&attributes),
                });
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                // Where only a caller knows the name, what lies below is looked for one folder too high, and missed.
                within.extend(name);
                self.brought_within(item, group.stream(), within);
                within.truncate(within.len() - usize::from(name.is_some()));
            }
            _ => {}
        }
        self.guard = outer;
        named + 2
    }
}

/// The attributes and the visibility that stand right before a `mod`.
fn head(before: &[TokenTree]) -> (Vec<syn::Attribute>, syn::Visibility) {
    let mut start = before.len();
    while start > 0 {
        start -= match &before[start - 1] {
            TokenTree::Ident(word) if word == "pub" => 1,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => 1,
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Bracket
                    && start > 1
                    && is_punct(before.get(start - 2), '#') =>
            {
                2
            }
            _ => break,
        };
    }
    let tokens: TokenStream = before[start..].iter().cloned().collect();
    let parser = |input: syn::parse::ParseStream<'_>| {
        Ok((input.call(syn::Attribute::parse_outer)?, input.parse()?))
    };
    parser
        .parse2(tokens)
        .unwrap_or((Vec::new(), syn::Visibility::Inherited))
}

fn may_name_a_module(word: &Ident) -> bool {
    let text = word.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    !text.starts_with(char::is_uppercase) && !is_keyword(word)
}
