//! Calls, methods and macros of a routine: what comes of them, as far as their names say.

use syn::Expr;

use super::super::arguments::{self, List};
use super::super::branches::Matches;
use super::super::span_of;
use super::patterns::{receiver, tested};
use super::{Done, Walk, all, lost};
use crate::facts::flow::{Act, Adapted, Call, Gives};

/// Methods that hand success and failure on.
const TRANSPARENT: &[&str] = &[
    "as_mut",
    "as_ref",
    "boxed",
    "clone",
    "cloned",
    "context",
    "copied",
    "err_into",
    "flatten",
    "into",
    "is_ok",
    "is_some",
    "ok",
    "ok_or",
    "ok_or_else",
    "transpose",
    "with_context",
    "wrap_err",
    "wrap_err_with",
];

impl Walk<'_, '_, '_> {
    pub(super) fn call(&mut self, call: &syn::ExprCall) -> Done {
        let mut acts = self.arguments(&call.args);
        let Expr::Path(path) = &*call.func else {
            let function = self.act(&call.func);
            acts.insert(0, lost(function));
            acts.push(Act::Unknown);
            return all(acts);
        };
        let segments = &path.path.segments;
        let Some(last) = segments.last() else {
            return all(acts);
        };
        match last.ident.to_string().as_str() {
            "Ok" | "Some" if segments.len() == 1 => acts.push(Act::Plain(true)),
            "Err" if segments.len() == 1 => acts.push(Act::Plain(false)),
            _ => {
                let name = self.name(&last.ident);
                let before = segments.len().checked_sub(2).map(|at| &segments[at].ident);
                let own = before.is_some_and(|of| of == "Self");
                let of = before.map(|of| self.name(of));
                acts.push(Act::Call(Box::new(Call {
                    name,
                    on: None,
                    of,
                    own,
                    span: span_of(last.ident.span()),
                })));
            }
        }
        all(acts)
    }

    fn arguments(&mut self, arguments: &List) -> Vec<Done> {
        let acts = arguments.iter().map(|argument| self.act(argument));
        acts.map(lost).collect()
    }

    pub(super) fn method(&mut self, call: &syn::ExprMethodCall) -> Done {
        let value = self.act(&call.receiver);
        let name = call.method.to_string();
        let mut closures = call.args.iter().filter_map(|argument| match argument {
            Expr::Closure(closure) => Some(closure),
            _ => None,
        });
        let combinator = match name.as_str() {
            "and_then" | "is_ok_and" | "is_some_and" => Some((true, Gives::Body)),
            "map" | "inspect" | "then" => Some((true, Gives::Same)),
            "map_or" | "map_or_else" => Some((true, Gives::Unknown)),
            "or_else" => Some((false, Gives::Body)),
            "map_err" | "inspect_err" => Some((false, Gives::Same)),
            "unwrap_or_else" => Some((false, Gives::Unknown)),
            _ => None,
        };
        if let (Some((after_success, gives)), Some(closure)) = (combinator, closures.next_back()) {
            let body = *self.closure(closure);
            return Act::Adapted(Box::new(Adapted {
                value,
                after_success,
                body,
                gives,
            }));
        }
        match name.as_str() {
            "map" | "map_err" | "inspect" | "inspect_err" => value,
            "unwrap" | "expect" => Act::Demand(Box::new(value)),
            "is_err" | "is_none" => Act::Not(Box::new(value)),
            "unwrap_or" | "unwrap_or_default" | "err" => lost(value),
            _ if TRANSPARENT.contains(&name.as_str()) => value,
            _ => {
                let mut acts = vec![lost(value)];
                acts.extend(self.arguments(&call.args));
                let on = receiver(&call.receiver).map(|ident| self.name(ident));
                let own = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
                acts.push(Act::Call(Box::new(Call {
                    name: self.name(&call.method),
                    on,
                    of: None,
                    own,
                    span: span_of(call.method.span()),
                })));
                all(acts)
            }
        }
    }

    pub(super) fn macro_(&mut self, call: &syn::Macro) -> Done {
        let Some(last) = call.path.segments.last() else {
            return Act::Unknown;
        };
        let name = last.ident.to_string();
        if name == "matches"
            && let Ok(Matches(subject, pattern)) = syn::parse2(call.tokens.clone())
        {
            let value = self.act(&subject);
            return tested(&pattern, value);
        }
        let parsed = arguments::list(&call.tokens).unwrap_or_default();
        let mut acts: Vec<Done> = parsed.iter().map(|it| self.act(it)).collect();
        let first = |acts: &mut Vec<Done>| match acts.is_empty() {
            true => Act::Unknown,
            false => acts.remove(0),
        };
        match name.as_str() {
            "panic" | "unreachable" | "todo" | "unimplemented" => acts.push(Act::Never),
            "bail" => acts.push(Act::Return(Box::new(Act::Plain(false)))),
            "ensure" => {
                let condition = first(&mut acts);
                let fails = Act::Return(Box::new(Act::Plain(false)));
                return Act::If(Box::new([condition, Act::Unknown, fails]));
            }
            "assert" => return Act::Demand(Box::new(first(&mut acts))),
            _ => {
                let mut acts: Vec<Done> = acts.into_iter().map(lost).collect();
                acts.push(Act::Unknown);
                return all(acts);
            }
        }
        all(acts)
    }
}
