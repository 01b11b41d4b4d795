//! What brackets hold in plain arguments: tuples, arrays, an index, a structure's fields.

use proc_macro2::{Delimiter, Group, TokenTree};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

use super::{Input, Word, brace, bracket, paren, word};

impl Input {
    /// `(…)`, `[…]` and `{…}` as a value.
    pub(super) fn enclosed(&mut self) -> Option<Expr> {
        let TokenTree::Group(group) = self.next()? else {
            return None;
        };
        match group.delimiter() {
            Delimiter::Parenthesis => self.tuple(&group),
            Delimiter::Bracket => self.array(&group),
            Delimiter::Brace => Some(Expr::Block(syn::ExprBlock {
                attrs: Vec::new(),
                label: None,
                block: self.block_of(&group)?,
            })),
            Delimiter::None => None,
        }
    }

    fn tuple(&self, group: &Group) -> Option<Expr> {
        let attrs = Vec::new();
        let paren_token = paren(group);
        let mut elems = self.within(group).list()?;
        Some(if elems.len() == 1 && !elems.trailing_punct() {
            Expr::Paren(syn::ExprParen {
                attrs,
                paren_token,
                expr: Box::new(elems.pop()?.into_value()),
            })
        } else {
            Expr::Tuple(syn::ExprTuple {
                attrs,
                paren_token,
                elems,
            })
        })
    }

    fn array(&self, group: &Group) -> Option<Expr> {
        let attrs = Vec::new();
        let bracket_token = bracket(group);
        let mut input = self.within(group);
        let mut elems = Punctuated::new();
        while !input.is_at_end() {
            let element = input.expression()?;
            match input.sign(0) {
                Some((';', _)) if elems.is_empty() => {
                    return Some(Expr::Repeat(syn::ExprRepeat {
                        attrs,
                        bracket_token,
                        expr: Box::new(element),
                        semi_token: Token![;](input.take_sign()?),
                        len: Box::new(input.only()?),
                    }));
                }
                Some((',', _)) => {
                    elems.push_value(element);
                    elems.push_punct(Token![,](input.take_sign()?));
                }
                _ if input.is_at_end() => elems.push_value(element),
                _ => return None,
            }
        }
        Some(Expr::Array(syn::ExprArray {
            attrs,
            bracket_token,
            elems,
        }))
    }

    /// The only expression that is left.
    pub(super) fn only(mut self) -> Option<Expr> {
        let value = self.expression()?;
        self.is_at_end().then_some(value)
    }

    /// `Name { field: value, short, ..rest }`
    pub(super) fn structure(&self, path: syn::Path, group: &Group) -> Option<Expr> {
        let mut input = self.within(group);
        let mut fields = Punctuated::new();
        let (mut dot2_token, mut rest) = (None, None);
        while !input.is_at_end() {
            if input.sign(0) == Some(('.', Some('.'))) {
                dot2_token = Some(Token![..](input.take_both()?));
                if !input.is_at_end() {
                    rest = Some(Box::new(input.expression()?));
                }
                break;
            }
            fields.push_value(field(&mut input)?);
            match input.sign(0) {
                Some((',', _)) => fields.push_punct(Token![,](input.take_sign()?)),
                _ => break,
            }
        }
        input.is_at_end().then(|| {
            Expr::Struct(syn::ExprStruct {
                attrs: Vec::new(),
                qself: None,
                path,
                brace_token: brace(group),
                fields,
                dot2_token,
                rest,
            })
        })
    }
}

fn field(input: &mut Input) -> Option<syn::FieldValue> {
    let name = input.take_ident()?;
    let Word::Name = word(&name) else {
        return None;
    };
    let (colon_token, expr) = match input.sign(0) {
        Some((':', Some(':'))) => return None,
        Some((':', _)) => {
            let colon = Token![:](input.take_sign()?);
            (Some(colon), input.expression()?)
        }
        _ => {
            let short = syn::ExprPath {
                attrs: Vec::new(),
                qself: None,
                path: name.clone().into(),
            };
            (None, Expr::Path(short))
        }
    };
    Some(syn::FieldValue {
        attrs: Vec::new(),
        member: syn::Member::Named(name),
        colon_token,
        expr,
    })
}
