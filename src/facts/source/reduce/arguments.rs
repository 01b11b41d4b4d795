//! What macros are called with: expressions, the plain ones put together without the library's parser.
//!
//! A general parser tries dozens of beginnings for each expression: five times as long for the same outcome.

mod control;
mod enclosed;
mod operators;
mod patterns;
mod statements;
#[cfg(test)]
pub(super) mod tests;
mod types;
mod words;

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Token, token};

use self::operators::ASSIGN;
use self::words::{Word, word};

pub(super) type List = Punctuated<Expr, Token![,]>;

/// The tokens as a list of expressions, if they are one.
pub(super) fn list(tokens: &TokenStream) -> Option<List> {
    plain(tokens).or_else(|| parsed(tokens))
}

/// As the library's parser reads them.
pub(super) fn parsed(tokens: &TokenStream) -> Option<List> {
    List::parse_terminated.parse2(tokens.clone()).ok()
}

/// The tokens as a list of expressions, if they are plain ones: names, literals, calls and operators.
pub(super) fn plain(tokens: &TokenStream) -> Option<List> {
    Input::of(tokens.clone()).list()
}

/// The tokens of a function's body as statements, if they are plain ones.
pub(super) fn statements(tokens: TokenStream) -> Option<Vec<syn::Stmt>> {
    Input::of(tokens).statements()
}

/// Tokens that are taken one after another.
struct Input {
    tokens: std::vec::IntoIter<TokenTree>,
    /// Whether a brace after a path opens a structure; in a condition it opens the block.
    structures: bool,
    /// How many blocks are open.
    depth: u8,
}

impl Input {
    fn of(tokens: TokenStream) -> Self {
        Self {
            tokens: tokens.into_iter().collect::<Vec<_>>().into_iter(),
            structures: true,
            depth: 0,
        }
    }

    /// What a group holds.
    fn within(&self, group: &Group) -> Self {
        Self {
            depth: self.depth,
            ..Self::of(group.stream())
        }
    }

    fn next(&mut self) -> Option<TokenTree> {
        self.tokens.next()
    }

    fn ahead(&self) -> &[TokenTree] {
        self.tokens.as_slice()
    }

    /// The word that is next, if it is one.
    fn word(&self) -> Option<Word> {
        match self.ahead().first() {
            Some(TokenTree::Ident(ident)) => Some(word(ident)),
            _ => None,
        }
    }

    /// Takes a word that must be this one; where it stands.
    fn take_word(&mut self, expected: Word) -> Option<proc_macro2::Span> {
        (self.word() == Some(expected))
            .then(|| self.take_sign())
            .flatten()
    }

    /// Takes a sign that must be this one; where it stands.
    fn take_the(&mut self, expected: char) -> Option<proc_macro2::Span> {
        match self.sign(0) {
            Some((sign, _)) if sign == expected => self.take_sign(),
            _ => None,
        }
    }

    /// Takes two signs that are joined.
    fn take_both(&mut self) -> Option<[proc_macro2::Span; 2]> {
        Some([self.take_sign()?, self.take_sign()?])
    }

    fn is_at_end(&self) -> bool {
        self.ahead().is_empty()
    }

    /// The sign at `at` from here, and the one joined to it.
    fn sign(&self, at: usize) -> Option<(char, Option<char>)> {
        let Some(TokenTree::Punct(first)) = self.ahead().get(at) else {
            return None;
        };
        let second = match self.ahead().get(at + 1) {
            Some(TokenTree::Punct(second)) if first.spacing() == Spacing::Joint => {
                Some(second.as_char())
            }
            _ => None,
        };
        Some((first.as_char(), second))
    }

    /// Takes a sign; where it stands.
    fn take_sign(&mut self) -> Option<proc_macro2::Span> {
        Some(self.next()?.span())
    }

    fn take_ident(&mut self) -> Option<Ident> {
        match self.next()? {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        }
    }

    /// Takes the group that is next, if it has this delimiter.
    fn take_group(&mut self, delimiter: Delimiter) -> Option<Group> {
        match self.ahead().first() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {}
            _ => return None,
        }
        match self.next() {
            Some(TokenTree::Group(group)) => Some(group),
            _ => None,
        }
    }

    fn list(self) -> Option<List> {
        self.separated(Self::expression)
    }

    /// All that there is, with commas between.
    fn separated<T>(
        mut self,
        one: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<Punctuated<T, Token![,]>> {
        let mut all = Punctuated::new();
        while !self.is_at_end() {
            all.push_value(one(&mut self)?);
            match self.sign(0) {
                Some((',', _)) => all.push_punct(Token![,](self.take_sign()?)),
                _ if self.is_at_end() => break,
                _ => return None,
            }
        }
        Some(all)
    }

    fn expression(&mut self) -> Option<Expr> {
        let left = self.unary()?;
        self.operation(left, ASSIGN)
    }

    fn atom(&mut self) -> Option<Expr> {
        let attrs = Vec::new();
        match self.ahead().first()? {
            TokenTree::Ident(ident) => match word(ident) {
                Word::Name | Word::Root => {
                    let ident = self.take_ident()?;
                    self.path(ident)
                }
                Word::Bool(value) => {
                    let lit = Lit::Bool(syn::LitBool::new(value, self.take_sign()?));
                    Some(Expr::Lit(syn::ExprLit { attrs, lit }))
                }
                word => self.keyword(word),
            },
            TokenTree::Literal(_) => {
                let TokenTree::Literal(literal) = self.next()? else {
                    return None;
                };
                let lit = Lit::new(literal);
                Some(Expr::Lit(syn::ExprLit { attrs, lit }))
            }
            TokenTree::Group(_) => self.enclosed(),
            TokenTree::Punct(sign) => match sign.as_char() {
                '|' => self.closure(None),
                '.' => self.range(None),
                '\'' => self.labelled(),
                _ => None,
            },
        }
    }

    /// A path, or the macro call or the structure that it opens.
    fn path(&mut self, first: Ident) -> Option<Expr> {
        let path = self.segments(first)?;
        if self.structures
            && let Some(group) = self.take_group(Delimiter::Brace)
        {
            return self.structure(path, &group);
        }
        let attrs = Vec::new();
        match self.sign(0) {
            Some(('!', second)) if second != Some('=') => self.macro_call(path),
            _ => Some(Expr::Path(syn::ExprPath {
                attrs,
                qself: None,
                path,
            })),
        }
    }

    /// The rest of a path whose generic arguments follow `::`.
    fn segments(&mut self, first: Ident) -> Option<syn::Path> {
        let mut path = syn::Path::from(first);
        while let Some((':', Some(':'))) = self.sign(0) {
            let colons = Token![::](self.take_both()?);
            if let Some(('<', _)) = self.sign(0) {
                let last = path.segments.last_mut()?;
                if !last.arguments.is_none() || is_root(&last.ident) {
                    return None;
                }
                last.arguments = syn::PathArguments::AngleBracketed(self.generics(Some(colons))?);
                continue;
            }
            let ident = self.take_ident()?;
            let (Word::Name | Word::Root) = word(&ident) else {
                return None;
            };
            path.segments.push_punct(colons);
            path.segments.push_value(ident.into());
        }
        Some(path)
    }

    fn macro_call(&mut self, path: syn::Path) -> Option<Expr> {
        if path
            .segments
            .iter()
            .any(|segment| !segment.arguments.is_none())
        {
            return None;
        }
        let bang_token = Token![!](self.take_sign()?);
        let TokenTree::Group(group) = self.next()? else {
            return None;
        };
        let span = group.delim_span();
        let mac = syn::Macro {
            path,
            bang_token,
            delimiter: match group.delimiter() {
                Delimiter::Parenthesis => syn::MacroDelimiter::Paren(token::Paren { span }),
                Delimiter::Brace => syn::MacroDelimiter::Brace(token::Brace { span }),
                Delimiter::Bracket => syn::MacroDelimiter::Bracket(token::Bracket { span }),
                Delimiter::None => return None,
            },
            tokens: group.stream(),
        };
        let attrs = Vec::new();
        Some(Expr::Macro(syn::ExprMacro { attrs, mac }))
    }

    /// What calls, fields and the like make of a value.
    fn trailer(&mut self, mut value: Expr) -> Option<Expr> {
        loop {
            let attrs = Vec::new();
            value = if let Some(group) = self.take_group(Delimiter::Parenthesis) {
                Expr::Call(syn::ExprCall {
                    attrs,
                    func: Box::new(value),
                    paren_token: paren(&group),
                    args: self.within(&group).list()?,
                })
            } else if let Some(group) = self.take_group(Delimiter::Bracket) {
                Expr::Index(syn::ExprIndex {
                    attrs,
                    expr: Box::new(value),
                    bracket_token: bracket(&group),
                    index: Box::new(self.within(&group).only()?),
                })
            } else {
                match self.sign(0) {
                    Some(('.', second)) if second != Some('.') => self.member(value)?,
                    Some(('?', _)) => Expr::Try(syn::ExprTry {
                        attrs,
                        expr: Box::new(value),
                        question_token: Token![?](self.take_sign()?),
                    }),
                    _ => return Some(value),
                }
            };
        }
    }

    fn member(&mut self, value: Expr) -> Option<Expr> {
        let attrs = Vec::new();
        let base = Box::new(value);
        let dot_token = Token![.](self.take_sign()?);
        let name = match self.next()? {
            TokenTree::Ident(name) => name,
            TokenTree::Literal(number) => {
                let member = syn::Member::Unnamed(syn::Index {
                    index: number.to_string().parse().ok()?,
                    span: number.span(),
                });
                return Some(Expr::Field(syn::ExprField {
                    attrs,
                    base,
                    dot_token,
                    member,
                }));
            }
            _ => return None,
        };
        match word(&name) {
            Word::Name => {}
            Word::Await => {
                return Some(Expr::Await(syn::ExprAwait {
                    attrs,
                    base,
                    dot_token,
                    await_token: Token![await](name.span()),
                }));
            }
            _ => return None,
        }
        let turbofish = match self.sign(0) {
            Some((':', Some(':'))) => {
                let colons = Token![::](self.take_both()?);
                Some(self.generics(Some(colons))?)
            }
            _ => None,
        };
        let Some(group) = self.take_group(Delimiter::Parenthesis) else {
            // The library's parser forgets the arguments here.
            if turbofish.is_some() {
                return None;
            }
            return Some(Expr::Field(syn::ExprField {
                attrs,
                base,
                dot_token,
                member: syn::Member::Named(name),
            }));
        };
        Some(Expr::MethodCall(syn::ExprMethodCall {
            attrs,
            receiver: base,
            dot_token,
            method: name,
            turbofish,
            paren_token: paren(&group),
            args: self.within(&group).list()?,
        }))
    }
}

fn paren(group: &Group) -> token::Paren {
    token::Paren {
        span: group.delim_span(),
    }
}

fn bracket(group: &Group) -> token::Bracket {
    token::Bracket {
        span: group.delim_span(),
    }
}

fn brace(group: &Group) -> token::Brace {
    token::Brace {
        span: group.delim_span(),
    }
}

/// Whether a path's segment takes no generic arguments.
fn is_root(ident: &Ident) -> bool {
    ident == "self" || ident == "super" || ident == "crate"
}
