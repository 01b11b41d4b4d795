//! What a function does, step after step, if it may bear on updates: an act for each expression.

mod calls;
mod patterns;

use syn::{Expr, Stmt};

use self::patterns::{takes, tested, variable, verdict, weighed, worded};
use super::{Reducer, span_of, start_of};
use crate::facts::flow::{Act, Routine, Takes};
use crate::facts::source::file::Spot;
use crate::facts::source::speaking;
use crate::facts::source::symbols::Symbol;

/// Deeper than this nobody writes by hand; the laws follow an act by recursion.
const DEEPEST: usize = 48;

impl Reducer<'_, '_> {
    /// Keeps what the function does, if a name in it speaks of updates.
    pub(super) fn routine(&mut self, signature: &syn::Signature, block: &syn::Block) {
        if !self.speaks_of_updates(signature, block) {
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

    /// Whether any line from a function's name to its last brace does. To walk it takes far longer.
    fn speaks_of_updates(&self, signature: &syn::Signature, block: &syn::Block) -> bool {
        if self.updates.is_empty() {
            return false;
        }
        let first = start_of(signature.ident.span()).line();
        let at = self.updates.partition_point(|line| *line < first);
        let next = self.updates.get(at);
        next.is_some_and(|line| *line <= start_of(block.brace_token.span.close()).line())
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
