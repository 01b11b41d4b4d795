//! Macro calls: their tokens read as code where they parse as such, scanned for paths where they do not.

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use syn::Expr;
use syn::parse::Parser;
use syn::visit::Visit;

use super::{Last, Reducer, arguments, each, is_capital, path_span, span_of};
use crate::facts::source::file::{
    Include, Included, ItemIndex, Lead, Namespaces, Standing, UseKind,
};
use crate::text::Span;

/// Macros of the language whose tokens are words and no code.
const WORDS_ONLY: &[&str] = &["cfg", "stringify"];

impl Reducer<'_, '_> {
    /// A macro call; `items` where it stands among items.
    pub(super) fn macro_call(&mut self, call: &syn::Macro, items: bool) {
        if call.path.is_ident("include") {
            self.include(call);
            self.last = Last::Nothing;
            return;
        }
        let name = self.name.take();
        self.choice_macro(call);
        if WORDS_ONLY.iter().any(|name| call.path.is_ident(name)) {
            self.last = Last::Nothing;
            return;
        }
        self.use_path(&call.path, call.path.segments.len(), Namespaces::MACRO);
        if items {
            self.item_call(call);
        }
        self.in_macro(|this| {
            if items || !this.literal_macro(call, name) {
                this.tokens(&call.tokens, items);
            }
        });
        self.last = Last::Nothing;
    }

    fn in_macro(&mut self, body: impl FnOnce(&mut Self)) {
        let inner = match self.kind {
            UseKind::Path => UseKind::Tokens,
            kind => kind,
        };
        let outer = std::mem::replace(&mut self.kind, inner);
        body(self);
        self.kind = outer;
    }

    /// Tokens of a call: as items, expressions or statements if they are, else as a run of paths.
    fn tokens(&mut self, tokens: &TokenStream, items: bool) {
        if tokens.is_empty() {
            return;
        }
        if items {
            if let Ok(file) = syn::parse2::<syn::File>(tokens.clone()) {
                file.items.iter().for_each(|item| self.visit_item(item));
                return;
            }
        } else if let Some(list) = expressions(tokens) {
            each(&list).for_each(|expression| self.visit_expr(expression));
            return;
        }
        self.scan_with(tokens.clone(), items);
    }

    /// Scans tokens that no grammar of ours fits.
    pub(super) fn scan(&mut self, tokens: TokenStream) {
        self.scan_with(tokens, false);
    }

    fn scan_with(&mut self, tokens: TokenStream, items: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => {
                    self.scan_group(group, items);
                    at += 1;
                }
                // A lifetime, a metavariable, an interpolation: the next name is none of ours.
                TokenTree::Punct(punct) if matches!(punct.as_char(), '\'' | '#' | '.') => {
                    let range = punct.as_char() == '.' && is_punct(tokens.get(at + 1), '.');
                    at += if range { 2 } else { 1 };
                    if !range && is_ident(tokens.get(at)) {
                        at += 1;
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == '$' => {
                    at = self.metavariable(&tokens, at + 1);
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => at = self.scan_path(&tokens, at),
                TokenTree::Literal(literal) => {
                    self.token_literal(literal, &tokens[..at]);
                    at += 1;
                }
            }
        }
    }

    /// `{ … }` in a macro such as `cfg_if!` holds statements or items like any block.
    fn scan_group(&mut self, group: &proc_macro2::Group, items: bool) {
        if group.delimiter() == Delimiter::Brace
            && !matches!(self.kind, UseKind::Body(_))
            && let Ok(statements) = syn::Block::parse_within.parse2(group.stream())
        {
            if items {
                for statement in &statements {
                    match statement {
                        syn::Stmt::Item(item) => self.visit_item(item),
                        syn::Stmt::Macro(call) => self.macro_call(&call.mac, true),
                        other => self.statement(other),
                    }
                }
            } else {
                self.block(&statements);
            }
            return;
        }
        self.scan_with(group.stream(), items);
    }

    /// `$crate::path` is a path from the macro's own crate; `$name` is nothing.
    fn metavariable(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        match tokens.get(at) {
            Some(TokenTree::Ident(name)) if name == "crate" => self.scan_path(tokens, at),
            Some(TokenTree::Ident(_)) => at + 1,
            _ => at,
        }
    }

    /// One path, if one begins at `at`; returns where to go on.
    fn scan_path(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let global = path_separator(tokens, at);
        let mut next = if global { at + 2 } else { at };
        let mut idents: Vec<&Ident> = Vec::new();
        while let Some(TokenTree::Ident(ident)) = tokens.get(next) {
            idents.push(ident);
            next += 1;
            if !path_separator(tokens, next) {
                break;
            }
            next += 2;
        }
        let (Some(first), Some(last)) = (idents.first(), idents.last()) else {
            return at + 1;
        };
        let span = span_of(first.span()).to(span_of(last.span()));
        let call = is_punct(tokens.get(next), '!') && !is_punct(tokens.get(next + 1), '=');
        // `name: value` and `name = value` name a key, whatever else has that name.
        let key = is_punct(tokens.get(next), ':') || is_assignment(tokens, next);
        if idents.len() > 1 || call || global || !key {
            let applied = matches!(tokens.get(next), Some(TokenTree::Group(_)));
            let standing = match idents.as_slice() {
                [word] if !call && !applied && !is_capital(word) => Standing::Word,
                _ => Standing::Code,
            };
            self.use_names(&idents, global, call, standing, span);
        }
        next
    }

    fn use_names(
        &mut self,
        idents: &[&Ident],
        global: bool,
        call: bool,
        standing: Standing,
        span: Span,
    ) {
        let mut lead = if global { Lead::Global } else { Lead::Scope };
        let mut rest = idents;
        while let Some((ident, tail)) = rest.split_first() {
            lead = match lead {
                Lead::Scope if **ident == "crate" => Lead::Crate,
                Lead::Scope if **ident == "self" => Lead::SelfModule,
                Lead::Scope | Lead::SelfModule if **ident == "super" => Lead::Super(1),
                Lead::Super(times) if **ident == "super" => Lead::Super(times.saturating_add(1)),
                _ => break,
            };
            rest = tail;
        }
        if rest.is_empty() || (lead == Lead::Scope && is_keyword(rest[0])) {
            return;
        }
        let names: Vec<_> = rest.iter().map(|ident| self.symbol(ident)).collect();
        let alone = names.len() == 1 && lead == Lead::Scope;
        if alone && !call && self.local(names[0]).is_some() {
            return;
        }
        if lead == Lead::Scope && self.generic(names[0]).is_some() {
            return;
        }
        let namespaces = if call {
            Namespaces::MACRO
        } else {
            Namespaces::ANY
        };
        let path = self.path_index(lead, &names, namespaces, standing);
        self.record(path, span);
    }

    /// The paths that a `macro_rules!` body brings to its callers.
    pub(super) fn macro_rules(&mut self, item: ItemIndex, rules: TokenStream) {
        let outer = std::mem::replace(&mut self.kind, UseKind::Body(item));
        let mut after_arrow = false;
        for token in rules {
            match token {
                TokenTree::Group(group) if after_arrow => {
                    self.brought(item, group.stream());
                    self.scan_with(group.stream(), false);
                    after_arrow = false;
                }
                TokenTree::Punct(punct) if punct.as_char() == '>' => after_arrow = true,
                _ => {}
            }
        }
        self.kind = outer;
    }

    fn include(&mut self, call: &syn::Macro) {
        let file = included_by(call.tokens.clone());
        self.facts.includes.push(Include {
            scope: self.scope,
            guard: self.guard,
            span: path_span(&call.path).to(span_of(call.delimiter.span().close())),
            file,
        });
    }
}

fn expressions(tokens: &TokenStream) -> Option<arguments::List> {
    let plain = arguments::plain(tokens);
    if plain.is_some() || !may_be_expressions(tokens) {
        return plain;
    }
    arguments::parsed(tokens)
}

/// Whether it is worth the while to parse tokens as expressions: not where an arm, a statement or a lone
/// brace, such as that of `json!`, says that they are something else.
fn may_be_expressions(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter().peekable();
    if let Some(TokenTree::Group(group)) = tokens.peek()
        && group.delimiter() == Delimiter::Brace
    {
        return false;
    }
    let mut equals = false;
    for token in tokens {
        let TokenTree::Punct(punct) = token else {
            equals = false;
            continue;
        };
        match punct.as_char() {
            ';' => return false,
            '>' if equals => return false,
            sign => equals = sign == '=' && punct.spacing() == Spacing::Joint,
        }
    }
    true
}

/// What the tokens of an `include!` lead to.
pub(super) fn included_by(tokens: TokenStream) -> Included {
    match syn::parse2::<Expr>(tokens) {
        Ok(expression) => included(&expression),
        Err(_) => Included::Unknown,
    }
}

fn included(expression: &Expr) -> Included {
    match expression {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(path),
            ..
        }) => Included::File {
            path: path.value(),
            from_manifest: false,
        },
        Expr::Macro(call) if call.mac.path.is_ident("concat") => {
            match arguments::list(&call.mac.tokens) {
                Some(parts) => concatenated(parts.iter().collect()),
                None => Included::Unknown,
            }
        }
        Expr::Group(inner) => included(&inner.expr),
        Expr::Paren(inner) => included(&inner.expr),
        _ => Included::Unknown,
    }
}

/// `concat!(env!("OUT_DIR"), "/x.rs")` and its relatives.
fn concatenated(parts: Vec<&Expr>) -> Included {
    let mut path = String::new();
    let mut from_manifest = false;
    for (at, part) in parts.into_iter().enumerate() {
        match part {
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => path.push_str(&text.value()),
            Expr::Macro(call) if at == 0 && call.mac.path.is_ident("env") => {
                match syn::parse2::<syn::LitStr>(call.mac.tokens.clone()) {
                    Ok(name) if name.value() == "OUT_DIR" => return Included::Generated,
                    Ok(name) if name.value() == "CARGO_MANIFEST_DIR" => from_manifest = true,
                    _ => return Included::Unknown,
                }
            }
            _ => return Included::Unknown,
        }
    }
    if from_manifest {
        path = path.trim_start_matches('/').to_owned();
    }
    Included::File {
        path,
        from_manifest,
    }
}

/// A single `=`, neither `==` nor `=>`.
fn is_assignment(tokens: &[TokenTree], at: usize) -> bool {
    match tokens.get(at) {
        Some(TokenTree::Punct(punct)) => {
            punct.as_char() == '=' && punct.spacing() == Spacing::Alone
        }
        _ => false,
    }
}

fn is_ident(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Ident(_)))
}

pub(super) fn is_punct(token: Option<&TokenTree>, expected: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == expected)
}

fn path_separator(tokens: &[TokenTree], at: usize) -> bool {
    matches!(
        (tokens.get(at), tokens.get(at + 1)),
        (Some(TokenTree::Punct(first)), Some(TokenTree::Punct(second)))
            if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':'
    )
}

pub(super) fn is_keyword(ident: &Ident) -> bool {
    const WORDS: &[&str] = &[
        "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern",
        "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
        "pub", "ref", "return", "Self", "self", "static", "struct", "trait", "true", "type",
        "unsafe", "use", "where", "while", "_",
    ];
    WORDS.iter().any(|word| ident == word)
}
