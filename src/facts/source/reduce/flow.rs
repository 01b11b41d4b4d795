//! What a function does, step after step, if it may bear on updates: an act for each expression.

use syn::punctuated::Punctuated;
use syn::{Expr, Pat, Stmt, Token};

use super::branches::Matches;
use super::{Reducer, span_of};
use crate::facts::flow::{Act, Adapted, Call, Gives, Routine, Takes};
use crate::facts::source::file::Spot;
use crate::facts::source::speaking;
use crate::facts::source::symbols::Symbol;

/// Deeper than this nobody writes by hand; the laws follow an act by recursion.
const DEEPEST: usize = 48;

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

impl Reducer<'_, '_> {
    /// Keeps what the function does, if a name in it speaks of updates.
    pub(super) fn routine(&mut self, signature: &syn::Signature, block: &syn::Block) {
        if !self.updates {
            return;
        }
        let mut walk = Walk {
            reducer: self,
            depth: 0,
            spoken: speaking::of_updates(&signature.ident.to_string()),
        };
        let takes = walk.taken(signature);
        let does = walk.block(&block.stmts);
        if !walk.spoken {
            return;
        }
        let name = self.symbol(&signature.ident);
        let (of, implements) = self.around;
        self.facts.routines.push(Routine {
            name,
            of,
            implements,
            takes,
            does,
            at: Spot {
                scope: self.scope,
                guard: self.guard,
                span: span_of(signature.ident.span()),
            },
        });
    }

    /// The last names of an `impl`'s type and of its trait.
    pub(super) fn names_of(&mut self, item: &syn::ItemImpl) -> (Option<Symbol>, Option<Symbol>) {
        let last = |path: &syn::Path| path.segments.last().map(|last| last.ident.clone());
        let of = match &*item.self_ty {
            syn::Type::Path(path) => last(&path.path),
            _ => None,
        };
        let trait_ = item.trait_.as_ref().and_then(|(_, path, _)| last(path));
        (
            of.map(|ident| self.symbol(&ident)),
            trait_.map(|ident| self.symbol(&ident)),
        )
    }
}

struct Walk<'r, 'i, 's> {
    reducer: &'r mut Reducer<'i, 's>,
    depth: usize,
    /// Whether a name spoke of updates.
    spoken: bool,
}

type Done = Act<Symbol>;

impl Walk<'_, '_, '_> {
    fn taken(&mut self, signature: &syn::Signature) -> Vec<Symbol> {
        let mut names = Vec::new();
        for input in &signature.inputs {
            if let syn::FnArg::Typed(typed) = input {
                let mut inner = &*typed.ty;
                loop {
                    inner = match inner {
                        syn::Type::Reference(outer) => &outer.elem,
                        syn::Type::Paren(outer) => &outer.elem,
                        _ => break,
                    };
                }
                if let syn::Type::Path(path) = inner
                    && let Some(last) = path.path.segments.last()
                {
                    names.push(self.name(&last.ident));
                }
            }
        }
        names
    }

    fn name(&mut self, ident: &syn::Ident) -> Symbol {
        self.spoken |= speaking::of_updates(&ident.to_string());
        self.reducer.symbol(ident)
    }

    fn block(&mut self, statements: &[Stmt]) -> Done {
        let mut acts = Vec::new();
        for statement in statements {
            match statement {
                Stmt::Local(local) => acts.push(self.let_(local)),
                Stmt::Expr(expression, semicolon) => {
                    let act = self.act(expression);
                    acts.push(match semicolon {
                        Some(_) => stated(act),
                        None => act,
                    });
                }
                Stmt::Macro(call) => {
                    let act = self.macro_(&call.mac);
                    acts.push(match call.semi_token {
                        Some(_) => stated(act),
                        None => act,
                    });
                }
                Stmt::Item(_) => {}
            }
        }
        if !matches!(
            statements.last(),
            Some(Stmt::Expr(_, None) | Stmt::Macro(_))
        ) {
            acts.push(Act::Unknown);
        }
        all(acts)
    }

    fn let_(&mut self, local: &syn::Local) -> Done {
        let Some(init) = &local.init else {
            return Act::Unknown;
        };
        let value = self.act(&init.expr);
        if let Some((_, diverge)) = &init.diverge {
            let otherwise = self.act(diverge);
            let condition = tested(&local.pat, value);
            return Act::If(Box::new([condition, Act::Unknown, otherwise]));
        }
        match variable(&local.pat) {
            Some(ident) => Act::Bind(self.name(ident), Box::new(value)),
            None => lost(value),
        }
    }

    fn act(&mut self, expression: &Expr) -> Done {
        self.depth += 1;
        let act = if self.depth > DEEPEST {
            Act::TooDeep
        } else {
            self.shallow(expression)
        };
        self.depth -= 1;
        act
    }

    fn boxed(&mut self, expression: &Expr) -> Box<Done> {
        Box::new(self.act(expression))
    }

    fn shallow(&mut self, expression: &Expr) -> Done {
        match expression {
            Expr::Path(path) => self.path(path),
            Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Bool(bool) => Act::Plain(bool.value),
                _ => Act::Unknown,
            },
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method(call),
            Expr::Macro(call) => self.macro_(&call.mac),
            Expr::Try(inner) => Act::Try(self.boxed(&inner.expr)),
            Expr::Await(inner) => self.act(&inner.base),
            Expr::Paren(inner) => self.act(&inner.expr),
            Expr::Group(inner) => self.act(&inner.expr),
            Expr::Reference(inner) => self.act(&inner.expr),
            Expr::Cast(inner) => lost(self.act(&inner.expr)),
            Expr::Unary(inner) => match inner.op {
                syn::UnOp::Not(_) => Act::Not(self.boxed(&inner.expr)),
                _ => self.act(&inner.expr),
            },
            Expr::Binary(binary) => self.binary(binary),
            Expr::Let(condition) => {
                let value = self.act(&condition.expr);
                tested(&condition.pat, value)
            }
            Expr::If(branch) => {
                let condition = self.act(&branch.cond);
                let then = self.block(&branch.then_branch.stmts);
                let otherwise = match &branch.else_branch {
                    Some((_, otherwise)) => self.act(otherwise),
                    None => Act::Unknown,
                };
                Act::If(Box::new([condition, then, otherwise]))
            }
            Expr::Match(match_) => {
                let on = self.boxed(&match_.expr);
                let arms = match_.arms.iter();
                let arms = arms.map(|arm| self.arm(arm));
                Act::Match(on, arms.collect())
            }
            Expr::Block(block) => self.block(&block.block.stmts),
            Expr::Unsafe(block) => self.block(&block.block.stmts),
            Expr::Async(block) => Act::Frame(Box::new(self.block(&block.block.stmts))),
            Expr::TryBlock(block) => Act::Frame(Box::new(self.block(&block.block.stmts))),
            Expr::Closure(closure) => Act::Perhaps(self.closure(closure)),
            Expr::Loop(loop_) => Act::Repeat(Box::new(self.block(&loop_.body.stmts))),
            Expr::While(loop_) => {
                let condition = self.act(&loop_.cond);
                let body = self.block(&loop_.body.stmts);
                repeat(condition, body)
            }
            Expr::ForLoop(loop_) => {
                let over = self.act(&loop_.expr);
                let body = self.block(&loop_.body.stmts);
                all(vec![over, repeat(Act::Unknown, body)])
            }
            Expr::Return(return_) => Act::Return(match &return_.expr {
                Some(value) => self.boxed(value),
                None => Box::new(Act::Unknown),
            }),
            Expr::Break(_) => Act::Break,
            Expr::Continue(_) => Act::Continue,
            Expr::Assign(assignment) => {
                let value = self.act(&assignment.right);
                match &*assignment.left {
                    Expr::Path(path) => match path.path.get_ident() {
                        Some(ident) => Act::Bind(self.name(ident), Box::new(value)),
                        None => lost(value),
                    },
                    _ => lost(value),
                }
            }
            other => self.parts(other),
        }
    }

    /// Literals of structures, tuples and the like: what stands in them is done in turn.
    fn parts(&mut self, expression: &Expr) -> Done {
        let parts: Vec<&Expr> = match expression {
            Expr::Array(array) => array.elems.iter().collect(),
            Expr::Tuple(tuple) => tuple.elems.iter().collect(),
            Expr::Struct(structure) => {
                let fields = structure.fields.iter().map(|field| &field.expr);
                fields.chain(structure.rest.as_deref()).collect()
            }
            Expr::Index(index) => vec![&index.expr, &index.index],
            Expr::Field(field) => vec![&field.base],
            Expr::Range(range) => [&range.start, &range.end]
                .into_iter()
                .filter_map(|it| it.as_deref())
                .collect(),
            Expr::Repeat(repeat) => vec![&repeat.expr],
            _ => Vec::new(),
        };
        let mut acts: Vec<Done> = parts.into_iter().map(|part| self.act(part)).collect();
        acts.push(Act::Unknown);
        all(acts)
    }

    fn path(&mut self, path: &syn::ExprPath) -> Done {
        match path.path.get_ident() {
            Some(ident) if ident == "None" => Act::Plain(false),
            Some(ident) => Act::Local(self.name(ident)),
            None => Act::Unknown,
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Done {
        let left = self.act(&binary.left);
        let right = self.act(&binary.right);
        match binary.op {
            syn::BinOp::And(_) => Act::Both(Box::new([left, right])),
            syn::BinOp::Or(_) => Act::Either(Box::new([left, right])),
            syn::BinOp::Eq(_) | syn::BinOp::Ne(_) => {
                let takes = match &*binary.right {
                    Expr::Path(path) => worded(&path.path),
                    Expr::Call(call) => match &*call.func {
                        Expr::Path(path) => worded(&path.path),
                        _ => Takes::Some,
                    },
                    Expr::Lit(_) => match right {
                        Act::Plain(good) => verdict(good),
                        _ => Takes::Some,
                    },
                    _ => Takes::Some,
                };
                let asked = weighed(takes, all(vec![lost(right), left]));
                match binary.op {
                    syn::BinOp::Ne(_) => Act::Not(Box::new(asked)),
                    _ => asked,
                }
            }
            _ => all(vec![left, right, Act::Unknown]),
        }
    }

    fn arm(&mut self, arm: &syn::Arm) -> (Takes, Done) {
        let body = self.act(&arm.body);
        let takes = takes(&arm.pat);
        match &arm.guard {
            Some((_, guard)) => {
                let guard = self.act(guard);
                // What the guard sends on goes to the next arms: they take it too.
                let takes = match takes {
                    Takes::Rest => Takes::Some,
                    takes => takes,
                };
                (takes, all(vec![lost(guard), body]))
            }
            None => (takes, body),
        }
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> Box<Done> {
        let body = self.act(&closure.body);
        Box::new(Act::Frame(Box::new(body)))
    }

    fn call(&mut self, call: &syn::ExprCall) -> Done {
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

    fn arguments(&mut self, arguments: &Punctuated<Expr, Token![,]>) -> Vec<Done> {
        let acts = arguments.iter().map(|argument| self.act(argument));
        acts.map(lost).collect()
    }

    fn method(&mut self, call: &syn::ExprMethodCall) -> Done {
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

    fn macro_(&mut self, call: &syn::Macro) -> Done {
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
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        let parsed = syn::parse::Parser::parse2(list, call.tokens.clone()).unwrap_or_default();
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

fn stated(act: Done) -> Done {
    match lost(act) {
        Act::Lost(act) => Act::Stated(act),
        act => act,
    }
}

fn lost(act: Done) -> Done {
    match act {
        Act::Unknown | Act::Local(_) | Act::Plain(_) => Act::Unknown,
        act => Act::Lost(Box::new(act)),
    }
}

/// One after another, flat, and without what says nothing in between.
fn all(acts: Vec<Done>) -> Done {
    let mut flat = Vec::with_capacity(acts.len());
    let count = acts.len();
    for (at, act) in acts.into_iter().enumerate() {
        match act {
            Act::Unknown | Act::Plain(_) | Act::Local(_) if at + 1 < count => {}
            Act::All(inner) => flat.extend(inner),
            act => flat.push(act),
        }
    }
    match flat.len() {
        0 => Act::Unknown,
        1 => flat.remove(0),
        _ => Act::All(flat),
    }
}

fn repeat(condition: Done, body: Done) -> Done {
    Act::Repeat(Box::new(Act::If(Box::new([condition, body, Act::Break]))))
}

/// Whether `value` is of the pattern.
fn tested(pattern: &Pat, value: Done) -> Done {
    weighed(takes(pattern), value)
}

fn weighed(takes: Takes, value: Done) -> Done {
    match takes {
        Takes::Success => value,
        Takes::Failure => Act::Not(Box::new(value)),
        Takes::Some | Takes::Rest => lost(value),
    }
}

fn verdict(good: bool) -> Takes {
    if good { Takes::Success } else { Takes::Failure }
}

fn takes(pattern: &Pat) -> Takes {
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
fn worded(path: &syn::Path) -> Takes {
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

fn variable(pattern: &Pat) -> Option<&syn::Ident> {
    match pattern {
        Pat::Ident(ident) if ident.subpat.is_none() => Some(&ident.ident),
        Pat::Type(typed) => variable(&typed.pat),
        _ => None,
    }
}

/// The last name of what a method is called on.
fn receiver(expression: &Expr) -> Option<&syn::Ident> {
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
