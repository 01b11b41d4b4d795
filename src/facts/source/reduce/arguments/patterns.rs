//! Patterns.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};
use syn::punctuated::Punctuated;
use syn::{ExprLit, Lit, Pat, Token};

use super::{Input, Word, brace, bracket, paren, word};

type Pats = Punctuated<Pat, Token![,]>;

impl Input {
    /// Patterns with `|` between them, or one.
    pub(super) fn patterns(&mut self) -> Option<Pat> {
        let leading_vert = self.take_the('|').map(Token![|]);
        let first = self.pattern()?;
        if leading_vert.is_none() && !self.is_or() {
            return Some(first);
        }
        let mut cases = Punctuated::new();
        cases.push_value(first);
        while self.is_or() {
            cases.push_punct(Token![|](self.take_sign()?));
            cases.push_value(self.pattern()?);
        }
        Some(Pat::Or(syn::PatOr {
            attrs: Vec::new(),
            leading_vert,
            cases,
        }))
    }

    fn is_or(&self) -> bool {
        matches!(self.sign(0), Some(('|', second)) if !matches!(second, Some('|' | '=')))
    }

    /// The pattern with the type behind it, if there is one.
    pub(super) fn typed(&mut self, pat: Pat) -> Option<Pat> {
        let Some((':', second)) = self.sign(0) else {
            return Some(pat);
        };
        if second == Some(':') {
            return None;
        }
        Some(Pat::Type(syn::PatType {
            attrs: Vec::new(),
            pat: Box::new(pat),
            colon_token: Token![:](self.take_sign()?),
            ty: Box::new(self.kind()?),
        }))
    }

    pub(super) fn pattern(&mut self) -> Option<Pat> {
        let attrs = Vec::new();
        match self.next()? {
            TokenTree::Ident(ident) => self.named(ident),
            TokenTree::Literal(literal) => self.bound(Lit::new(literal)),
            TokenTree::Group(group) => match group.delimiter() {
                Delimiter::Parenthesis => self.tuple_pattern(&group),
                Delimiter::Bracket => Some(Pat::Slice(syn::PatSlice {
                    attrs,
                    bracket_token: bracket(&group),
                    elems: self.within(&group).pats()?,
                })),
                _ => None,
            },
            TokenTree::Punct(sign) => match (sign.as_char(), self.sign(0)) {
                ('&', _) => {
                    let mutability = self.take_word(Word::Mut).map(Token![mut]);
                    Some(Pat::Reference(syn::PatReference {
                        attrs,
                        and_token: Token![&](sign.span()),
                        mutability,
                        pat: Box::new(self.pattern()?),
                    }))
                }
                ('.', Some(('.', second))) if !matches!(second, Some('.' | '=')) => {
                    self.rest(sign.span())
                }
                _ => None,
            },
        }
    }

    /// `..` that is no range, in a list.
    fn rest(&mut self, first: proc_macro2::Span) -> Option<Pat> {
        let dot2_token = Token![..]([first, self.take_sign()?]);
        let ends = self.is_at_end() || matches!(self.sign(0), Some((',', _)));
        ends.then(|| {
            Pat::Rest(syn::PatRest {
                attrs: Vec::new(),
                dot2_token,
            })
        })
    }

    fn pats(self) -> Option<Pats> {
        self.separated(Self::patterns)
    }

    fn tuple_pattern(&self, group: &Group) -> Option<Pat> {
        let attrs = Vec::new();
        let paren_token = paren(group);
        let mut elems = self.within(group).pats()?;
        let is_one = elems.len() == 1 && !elems.trailing_punct();
        if is_one && !matches!(elems.first(), Some(Pat::Rest(_))) {
            return Some(Pat::Paren(syn::PatParen {
                attrs,
                paren_token,
                pat: Box::new(elems.pop()?.into_value()),
            }));
        }
        Some(Pat::Tuple(syn::PatTuple {
            attrs,
            paren_token,
            elems,
        }))
    }

    /// A literal, or the range that it begins.
    fn bound(&mut self, lit: Lit) -> Option<Pat> {
        let attrs = Vec::new();
        let start = ExprLit { attrs, lit };
        let Some(('.', Some('.'))) = self.sign(0) else {
            return Some(Pat::Lit(start));
        };
        let Some(('.', Some('='))) = self.sign(1) else {
            return None;
        };
        let dots = self.take_both()?;
        let limits = syn::RangeLimits::Closed(Token![..=]([dots[0], dots[1], self.take_sign()?]));
        let TokenTree::Literal(end) = self.next()? else {
            return None;
        };
        let end = ExprLit {
            attrs: Vec::new(),
            lit: Lit::new(end),
        };
        Some(Pat::Range(syn::ExprRange {
            attrs: Vec::new(),
            start: Some(Box::new(syn::Expr::Lit(start))),
            limits,
            end: Some(Box::new(syn::Expr::Lit(end))),
        }))
    }

    fn named(&mut self, ident: Ident) -> Option<Pat> {
        let attrs = Vec::new();
        match word(&ident) {
            Word::Name => {}
            Word::Root => return self.path_pattern(ident),
            Word::Bool(value) => {
                return self.bound(Lit::Bool(syn::LitBool::new(value, ident.span())));
            }
            Word::Infer => {
                return Some(Pat::Wild(syn::PatWild {
                    attrs,
                    underscore_token: Token![_](ident.span()),
                }));
            }
            Word::Ref => {
                let by_ref = Some(Token![ref](ident.span()));
                let mutability = self.take_word(Word::Mut).map(Token![mut]);
                let ident = self.take_name()?;
                return self.binding(by_ref, mutability, ident);
            }
            Word::Mut => {
                let ident_ = self.take_name()?;
                return self.binding(None, Some(Token![mut](ident.span())), ident_);
            }
            _ => return None,
        }
        let is_path = match self.ahead().first() {
            Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::Bracket,
            Some(TokenTree::Punct(_)) => match self.sign(0)? {
                (':', Some(':')) => true,
                ('.' | '!', _) => return None,
                _ => false,
            },
            _ => false,
        };
        if is_path {
            return self.path_pattern(ident);
        }
        self.binding(None, None, ident)
    }

    fn take_name(&mut self) -> Option<Ident> {
        let ident = self.take_ident()?;
        (word(&ident) == Word::Name).then_some(ident)
    }

    fn binding(
        &mut self,
        by_ref: Option<Token![ref]>,
        mutability: Option<Token![mut]>,
        ident: Ident,
    ) -> Option<Pat> {
        let subpat = match self.take_the('@') {
            Some(at) => Some((Token![@](at), Box::new(self.pattern()?))),
            None => None,
        };
        Some(Pat::Ident(syn::PatIdent {
            attrs: Vec::new(),
            by_ref,
            mutability,
            ident,
            subpat,
        }))
    }

    fn path_pattern(&mut self, first: Ident) -> Option<Pat> {
        let attrs = Vec::new();
        // `self` alone is a name to patterns.
        if first == "self" && !matches!(self.sign(0), Some((':', Some(':')))) {
            return None;
        }
        let path = self.segments(first)?;
        if let Some(group) = self.take_group(Delimiter::Brace) {
            return self.structure_pattern(path, &group);
        }
        if let Some(group) = self.take_group(Delimiter::Parenthesis) {
            return Some(Pat::TupleStruct(syn::PatTupleStruct {
                attrs,
                qself: None,
                path,
                paren_token: paren(&group),
                elems: self.within(&group).pats()?,
            }));
        }
        match self.sign(0) {
            Some(('.' | '!', _)) => None,
            _ => Some(Pat::Path(syn::ExprPath {
                attrs,
                qself: None,
                path,
            })),
        }
    }

    fn structure_pattern(&self, path: syn::Path, group: &Group) -> Option<Pat> {
        let mut input = self.within(group);
        let mut fields = Punctuated::new();
        let mut rest = None;
        while !input.is_at_end() {
            if input.sign(0) == Some(('.', Some('.'))) {
                rest = Some(syn::PatRest {
                    attrs: Vec::new(),
                    dot2_token: Token![..](input.take_both()?),
                });
                break;
            }
            fields.push_value(input.field_pattern()?);
            match input.sign(0) {
                Some((',', _)) => fields.push_punct(Token![,](input.take_sign()?)),
                _ => break,
            }
        }
        input.is_at_end().then(|| {
            Pat::Struct(syn::PatStruct {
                attrs: Vec::new(),
                qself: None,
                path,
                brace_token: brace(group),
                fields,
                rest,
            })
        })
    }

    fn field_pattern(&mut self) -> Option<syn::FieldPat> {
        let by_ref = self.take_word(Word::Ref).map(Token![ref]);
        let mutability = self.take_word(Word::Mut).map(Token![mut]);
        let ident = self.take_name()?;
        let attrs = Vec::new();
        let member = syn::Member::Named(ident.clone());
        let Some((':', second)) = self.sign(0) else {
            return Some(syn::FieldPat {
                attrs,
                member,
                colon_token: None,
                pat: Box::new(Pat::Ident(syn::PatIdent {
                    attrs: Vec::new(),
                    by_ref,
                    mutability,
                    ident,
                    subpat: None,
                })),
            });
        };
        if by_ref.is_some() || mutability.is_some() || second == Some(':') {
            return None;
        }
        Some(syn::FieldPat {
            attrs,
            member,
            colon_token: Some(Token![:](self.take_sign()?)),
            pat: Box::new(self.patterns()?),
        })
    }
}
