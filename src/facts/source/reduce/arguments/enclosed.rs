//! What brackets hold in plain arguments: tuples, arrays, an index, a structure's fields.

use proc_macro2::{Delimiter, Group};
use syn::punctuated::Punctuated;
use syn::{Expr, Token, token};

use super::{Input, Word, bracket, paren, word};

/// `(…)` and `[…]` as a value.
pub(super) fn enclosed(group: &Group) -> Option<Expr> {
    if !matches!(
        group.delimiter(),
        Delimiter::Bracket | Delimiter::Parenthesis
    ) {
        return None;
    }
    let attrs = Vec::new();
    let mut elems = Input::of(group.stream()).list()?;
    Some(match group.delimiter() {
        Delimiter::Bracket => Expr::Array(syn::ExprArray {
            attrs,
            bracket_token: bracket(group),
            elems,
        }),
        Delimiter::Parenthesis if elems.len() == 1 && !elems.trailing_punct() => {
            Expr::Paren(syn::ExprParen {
                attrs,
                paren_token: paren(group),
                expr: Box::new(elems.pop()?.into_value()),
            })
        }
        _ => Expr::Tuple(syn::ExprTuple {
            attrs,
            paren_token: paren(group),
            elems,
        }),
    })
}

/// The only expression in a group.
pub(super) fn only(group: &Group) -> Option<Expr> {
    let mut input = Input::of(group.stream());
    let value = input.expression()?;
    input.is_at_end().then_some(value)
}

/// `Name { field: value, short, .. }`
pub(super) fn structure(path: syn::Path, group: &Group) -> Option<Expr> {
    let mut input = Input::of(group.stream());
    let mut fields = Punctuated::new();
    let mut dot2_token = None;
    while !input.is_at_end() {
        if input.sign(0) == Some(('.', Some('.'))) {
            dot2_token = Some(Token![..](input.take_sign()?));
            input.take_sign()?;
            break;
        }
        fields.push_value(field(&mut input)?);
        match input.sign(0) {
            Some((',', _)) => fields.push_punct(Token![,](input.take_sign()?)),
            _ => break,
        }
    }
    // What stands behind the dots is rare.
    input.is_at_end().then(|| {
        Expr::Struct(syn::ExprStruct {
            attrs: Vec::new(),
            qself: None,
            path,
            brace_token: token::Brace {
                span: group.delim_span(),
            },
            fields,
            dot2_token,
            rest: None,
        })
    })
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
