//! What macros are called with: expressions, the plain ones put together without the library's parser.
//!
//! A general parser tries dozens of beginnings for each expression: five times as long for the same outcome.

mod enclosed;
mod operators;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Token, token};

use self::enclosed::{enclosed, only, structure};
use self::operators::ASSIGN;
use super::spelling::spelled;

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

/// Tokens that are taken one after another.
struct Input(std::vec::IntoIter<TokenTree>);

/// What an identifier is to an expression.
enum Word {
    Name,
    /// `self`, `Self`, `super`, `crate`: no name but in a path.
    Root,
    Bool(bool),
    Await,
    Keyword,
}

impl Input {
    fn of(tokens: TokenStream) -> Self {
        Self(tokens.into_iter().collect::<Vec<_>>().into_iter())
    }

    fn ahead(&self) -> &[TokenTree] {
        self.0.as_slice()
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
        Some(self.0.next()?.span())
    }

    fn take_ident(&mut self) -> Option<Ident> {
        match self.0.next()? {
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
        match self.0.next() {
            Some(TokenTree::Group(group)) => Some(group),
            _ => None,
        }
    }

    fn list(mut self) -> Option<List> {
        let mut list = List::new();
        while !self.is_at_end() {
            list.push_value(self.expression()?);
            match self.sign(0) {
                Some((',', _)) => list.push_punct(Token![,](self.take_sign()?)),
                _ if self.is_at_end() => break,
                _ => return None,
            }
        }
        Some(list)
    }

    fn expression(&mut self) -> Option<Expr> {
        let left = self.unary()?;
        self.operation(left, ASSIGN)
    }

    fn atom(&mut self) -> Option<Expr> {
        let attrs = Vec::new();
        match self.0.next()? {
            TokenTree::Literal(literal) => {
                let lit = Lit::new(literal);
                Some(Expr::Lit(syn::ExprLit { attrs, lit }))
            }
            TokenTree::Ident(ident) => match word(&ident) {
                Word::Name | Word::Root => self.path(ident),
                Word::Bool(value) => {
                    let lit = Lit::Bool(syn::LitBool::new(value, ident.span()));
                    Some(Expr::Lit(syn::ExprLit { attrs, lit }))
                }
                Word::Await | Word::Keyword => None,
            },
            TokenTree::Group(group) => enclosed(&group),
            TokenTree::Punct(_) => None,
        }
    }

    /// A path, or the macro call or the structure that it opens.
    fn path(&mut self, first: Ident) -> Option<Expr> {
        let mut path = syn::Path::from(first);
        while let Some((':', second)) = self.sign(0) {
            if second != Some(':') {
                return None;
            }
            let at = self.take_sign()?;
            self.take_sign()?;
            let ident = self.take_ident()?;
            let (Word::Name | Word::Root) = word(&ident) else {
                return None;
            };
            path.segments.push_punct(Token![::](at));
            path.segments.push_value(ident.into());
        }
        if let Some(group) = self.take_group(Delimiter::Brace) {
            return structure(path, &group);
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

    fn macro_call(&mut self, path: syn::Path) -> Option<Expr> {
        let bang_token = Token![!](self.take_sign()?);
        let TokenTree::Group(group) = self.0.next()? else {
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
                    args: Self::of(group.stream()).list()?,
                })
            } else if let Some(group) = self.take_group(Delimiter::Bracket) {
                Expr::Index(syn::ExprIndex {
                    attrs,
                    expr: Box::new(value),
                    bracket_token: bracket(&group),
                    index: Box::new(only(&group)?),
                })
            } else {
                match self.sign(0) {
                    Some(('.', None)) => self.member(value)?,
                    Some(('?', _)) => Expr::Try(syn::ExprTry {
                        attrs,
                        expr: Box::new(value),
                        question_token: Token![?](self.take_sign()?),
                    }),
                    Some(('.', Some(_))) => return None,
                    _ => return Some(value),
                }
            };
        }
    }

    fn member(&mut self, value: Expr) -> Option<Expr> {
        let attrs = Vec::new();
        let base = Box::new(value);
        let dot_token = Token![.](self.take_sign()?);
        let name = match self.0.next()? {
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
        match (word(&name), self.sign(0)) {
            (Word::Name, Some((':', _))) | (Word::Bool(_) | Word::Root | Word::Keyword, _) => {
                return None;
            }
            (Word::Name, _) => {}
            (Word::Await, _) => {
                return Some(Expr::Await(syn::ExprAwait {
                    attrs,
                    base,
                    dot_token,
                    await_token: Token![await](name.span()),
                }));
            }
        }
        let Some(group) = self.take_group(Delimiter::Parenthesis) else {
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
            turbofish: None,
            paren_token: paren(&group),
            args: Self::of(group.stream()).list()?,
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

fn word(ident: &Ident) -> Word {
    spelled(ident, |text| match text {
        "true" => Word::Bool(true),
        "false" => Word::Bool(false),
        "await" => Word::Await,
        "self" | "Self" | "super" | "crate" => Word::Root,
        "_" | "abstract" | "as" | "async" | "become" | "box" | "break" | "const" | "continue"
        | "do" | "dyn" | "else" | "enum" | "extern" | "final" | "fn" | "for" | "if" | "impl"
        | "in" | "let" | "loop" | "macro" | "match" | "mod" | "move" | "mut" | "override"
        | "priv" | "pub" | "ref" | "return" | "static" | "struct" | "trait" | "try" | "type"
        | "typeof" | "unsafe" | "unsized" | "use" | "virtual" | "where" | "while" | "yield" => {
            Word::Keyword
        }
        _ => Word::Name,
    })
    .unwrap_or(Word::Name)
}
