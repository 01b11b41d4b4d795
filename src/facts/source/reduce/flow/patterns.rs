//! Patterns of a routine: which of success and failure they take.

use syn::{Expr, Pat};

use super::{Done, lost};
use crate::facts::flow::{Act, Takes};

/// Whether `value` is of the pattern.
pub(super) fn tested(pattern: &Pat, value: Done) -> Done {
    weighed(takes(pattern), value)
}

pub(super) fn weighed(takes: Takes, value: Done) -> Done {
    match takes {
        Takes::Success => value,
        Takes::Failure => Act::Not(Box::new(value)),
        Takes::Some | Takes::Rest => lost(value),
    }
}

pub(super) fn verdict(good: bool) -> Takes {
    if good { Takes::Success } else { Takes::Failure }
}

pub(super) fn takes(pattern: &Pat) -> Takes {
    match pattern {
        Pat::TupleStruct(tuple) => match (worded(&tuple.path), tuple.elems.first()) {
            (Takes::Success, Some(inner)) => match takes(inner) {
                Takes::Failure => Takes::Failure,
                _ => Takes::Success,
            },
            (takes, _) => takes,
        },
        Pat::Struct(structure) => worded(&structure.path),
        Pat::Path(path) => worded(&path.path),
        Pat::Lit(literal) => match &literal.lit {
            syn::Lit::Bool(bool) => verdict(bool.value),
            _ => Takes::Some,
        },
        Pat::Or(cases) => {
            let mut all = cases.cases.iter().map(takes);
            let first = all.next().unwrap_or(Takes::Some);
            if all.all(|next| next == first) {
                first
            } else {
                Takes::Some
            }
        }
        Pat::Reference(inner) => takes(&inner.pat),
        Pat::Paren(inner) => takes(&inner.pat),
        Pat::Ident(ident) => match (&ident.subpat, ident.ident.to_string().as_str()) {
            (Some((_, inner)), _) => takes(inner),
            (None, "None") => Takes::Failure,
            (None, _) => Takes::Rest,
        },
        Pat::Wild(_) => Takes::Rest,
        // `()` of a function that gives nothing.
        Pat::Tuple(tuple) if tuple.elems.is_empty() => Takes::Rest,
        _ => Takes::Some,
    }
}

/// What the name of a variant says.
pub(super) fn worded(path: &syn::Path) -> Takes {
    const GOOD: &[&str] = &[
        "ok",
        "some",
        "valid",
        "verified",
        "trusted",
        "authentic",
        "compatible",
        "intact",
        "success",
        "passed",
        "accepted",
        "genuine",
        "good",
        "healthy",
    ];
    const BAD: &[&str] = &[
        "err",
        "none",
        "error",
        "invalid",
        "unverified",
        "untrusted",
        "unsigned",
        "rejected",
        "failed",
        "failure",
        "incompatible",
        "corrupt",
        "corrupted",
        "broken",
        "tampered",
        "forged",
        "bad",
        "denied",
        "degraded",
    ];
    let last = path.segments.last().map(|last| last.ident.to_string());
    let last = last.unwrap_or_default().to_lowercase();
    if GOOD.contains(&last.as_str()) {
        Takes::Success
    } else if BAD.contains(&last.as_str()) {
        Takes::Failure
    } else {
        Takes::Some
    }
}

pub(super) fn variable(pattern: &Pat) -> Option<&syn::Ident> {
    match pattern {
        Pat::Ident(ident) if ident.subpat.is_none() => Some(&ident.ident),
        Pat::Type(typed) => variable(&typed.pat),
        _ => None,
    }
}

/// The last name of what a method is called on.
pub(super) fn receiver(expression: &Expr) -> Option<&syn::Ident> {
    match expression {
        Expr::Path(path) => path.path.segments.last().map(|last| &last.ident),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name),
            syn::Member::Unnamed(_) => receiver(&field.base),
        },
        Expr::MethodCall(call) => Some(&call.method),
        Expr::Call(call) => receiver(&call.func),
        Expr::Macro(call) => call.mac.path.segments.last().map(|last| &last.ident),
        Expr::Reference(inner) => receiver(&inner.expr),
        Expr::Paren(inner) => receiver(&inner.expr),
        Expr::Await(inner) => receiver(&inner.base),
        Expr::Try(inner) => receiver(&inner.expr),
        _ => None,
    }
}
