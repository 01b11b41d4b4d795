//! Branches: what decides which way the program goes, where its names speak of a deployment.

use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, Lit, Pat, Token};

use super::spelling::spelled;
use super::{Reducer, each, is_capital, path_span, span_of};
use crate::facts::source::file::{Arm, Branch, Choice};
use crate::facts::source::reduce::attributes::canonical;
use crate::facts::source::speaking;
use crate::text::Span;

/// The names that lead to a value, and where the first and the last of them stand.
struct Chain<'e> {
    names: Vec<&'e Ident>,
    span: Span,
}

/// What something is compared with.
#[derive(Default)]
struct Against<'e> {
    paths: Vec<Vec<&'e Ident>>,
    texts: Vec<String>,
    other: bool,
}

impl Reducer<'_, '_> {
    /// Records a `cfg`; that of tests is told apart elsewhere.
    pub(super) fn branch_on(&mut self, predicate: String, span: Span) {
        if predicate != "test" {
            self.branch(Choice::Cfg(predicate), span);
        }
    }

    fn branch(&mut self, choice: Choice, span: Span) {
        self.facts.branches.push(Branch {
            choice,
            arms: Vec::new(),
            scope: self.scope,
            guard: self.guard,
            span,
        });
    }

    /// `match subject { patterns }` and its relatives, from `opens` on.
    pub(super) fn choice(
        &mut self,
        subject: &Expr,
        patterns: &[&Pat],
        opens: Option<proc_macro2::Span>,
    ) {
        if let Expr::Tuple(tuple) = subject {
            // Each element is decided on by its own part of the patterns.
            for (at, element) in each(&tuple.elems).enumerate() {
                let parts: Vec<&Pat> = patterns.iter().filter_map(|it| part(it, at)).collect();
                self.choice(element, &parts, opens);
            }
            return;
        }
        let Some(mut chain) = chain(subject) else {
            return;
        };
        let mut against = Against::default();
        patterns.iter().for_each(|pattern| against.pattern(pattern));
        if let Some(opens) = opens {
            chain.span = span_of(opens).to(chain.span);
        }
        self.branch_by(chain, against);
    }

    /// The arms of the `match` that was told of last, since there were `before` branches.
    pub(super) fn arms(&mut self, match_: &syn::ExprMatch, before: usize) {
        // A tuple is decided on part by part, and no arm is about one part.
        if self.facts.branches.len() != before + 1 || matches!(&*match_.expr, Expr::Tuple(_)) {
            return;
        }
        let arms = match_.arms.iter().map(|arm| {
            let mut against = Against::default();
            against.pattern(&arm.pat);
            let mut symbols = |names: &[&Ident]| -> Vec<_> {
                let names = names.iter();
                names.map(|name| self.interner.ident(name)).collect()
            };
            Arm {
                rest: against.paths.is_empty() && against.texts.is_empty() && !against.other,
                paths: against.paths.iter().map(|path| symbols(path)).collect(),
                texts: against.texts,
                refuses: refuses(&arm.body),
                span: pattern_span(&arm.pat)
                    .unwrap_or_else(|| span_of(arm.fat_arrow_token.spans[0])),
            }
        });
        let arms = arms.collect();
        self.facts.branches[before].arms = arms;
    }

    /// `a == b`: the side that is no literal is compared with the other.
    pub(super) fn compared(&mut self, binary: &syn::ExprBinary) {
        let sides = [(&binary.left, &binary.right), (&binary.right, &binary.left)];
        let Some((subject, other)) = sides.into_iter().find_map(|(a, b)| Some((chain(a)?, b)))
        else {
            return;
        };
        let mut against = Against::default();
        against.expression(other);
        self.branch_by(subject, against);
    }

    /// A condition that is a name or a question put to one: `if tenant.is_vip()`.
    pub(super) fn choices(&mut self, condition: &Expr) {
        match condition {
            Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) => {
                // Long chains lean to the left; what is deeper than this was refused before.
                self.choices(&binary.left);
                self.choices(&binary.right);
            }
            Expr::Unary(inner) => self.choices(&inner.expr),
            Expr::Paren(inner) => self.choices(&inner.expr),
            Expr::Group(inner) => self.choices(&inner.expr),
            Expr::Path(_) | Expr::Field(_) | Expr::MethodCall(_) => {
                let mut against = Against::default();
                if let Expr::MethodCall(call) = condition {
                    each(&call.args).for_each(|it| against.expression(it));
                }
                if let Some(chain) = chain(condition) {
                    self.branch_by(chain, against);
                }
            }
            _ => {}
        }
    }

    /// `cfg!(…)` and `matches!(subject, pattern)`.
    pub(super) fn choice_macro(&mut self, call: &syn::Macro) {
        if call.path.is_ident("cfg") {
            let span = path_span(&call.path);
            self.branch_on(canonical(call.tokens.clone()), span);
        } else if call.path.is_ident("matches")
            && let Ok(Matches(subject, pattern)) = syn::parse2(call.tokens.clone())
        {
            self.choice(&subject, &[&pattern], None);
        }
    }

    fn branch_by(&mut self, chain: Chain<'_>, against: Against<'_>) {
        let mut words = chain.names.iter().chain(against.paths.iter().flatten());
        let spoken = words.any(|name| speaks_of_deployment(name))
            || against
                .texts
                .iter()
                .any(|text| speaking::of_deployment(text));
        if !spoken {
            return;
        }
        let mut symbols = |names: &[&Ident]| -> Vec<_> {
            let names = names.iter();
            names.map(|name| self.interner.ident(name)).collect()
        };
        let choice = Choice::Value {
            on: symbols(&chain.names),
            against: against.paths.iter().map(|path| symbols(path)).collect(),
            texts: against.texts,
            other: against.other,
        };
        self.branch(choice, chain.span);
    }
}

/// The arguments of `matches!`.
pub(super) struct Matches(pub(super) Expr, pub(super) Pat);

impl Parse for Matches {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let subject = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        // A guard and a comma may follow; they decide nothing on the subject.
        input.parse::<proc_macro2::TokenStream>()?;
        Ok(Self(subject, pattern))
    }
}

/// The names that lead to the expression's value; `None` for what has none.
fn chain(expression: &Expr) -> Option<Chain<'_>> {
    let mut chain = match expression {
        Expr::Path(path) => {
            return Some(Chain {
                names: names(&path.path),
                span: path_span(&path.path),
            });
        }
        Expr::Field(field) => chain(&field.base)?,
        Expr::MethodCall(call) => chain(&call.receiver)?,
        Expr::Call(call) => return chain(&call.func),
        Expr::Reference(inner) => return chain(&inner.expr),
        Expr::Paren(inner) => return chain(&inner.expr),
        Expr::Group(inner) => return chain(&inner.expr),
        Expr::Unary(inner) => return chain(&inner.expr),
        Expr::Try(inner) => return chain(&inner.expr),
        Expr::Await(inner) => return chain(&inner.base),
        Expr::Cast(inner) => return chain(&inner.expr),
        Expr::Index(inner) => return chain(&inner.expr),
        _ => return None,
    };
    let last = match expression {
        Expr::Field(syn::ExprField {
            member: syn::Member::Named(name),
            ..
        }) => name,
        Expr::MethodCall(call) => &call.method,
        _ => return Some(chain),
    };
    chain.names.push(last);
    chain.span = chain.span.to(span_of(last.span()));
    Some(chain)
}

impl<'e> Against<'e> {
    fn expression(&mut self, expression: &'e Expr) {
        match expression {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => self.texts.push(text.value()),
                _ => self.other = true,
            },
            _ => match chain(expression) {
                Some(chain) => self.paths.push(chain.names),
                None => self.other = true,
            },
        }
    }

    fn pattern(&mut self, pattern: &'e Pat) {
        match pattern {
            Pat::Lit(literal) => match &literal.lit {
                Lit::Str(text) => self.texts.push(text.value()),
                _ => self.other = true,
            },
            Pat::Path(path) => self.paths.push(names(&path.path)),
            Pat::TupleStruct(tuple) => {
                self.paths.push(names(&tuple.path));
                // What went wrong is told of the deed, not of whom it was done for.
                if tuple.path.is_ident("Err") {
                    return;
                }
                each(&tuple.elems).for_each(|it| self.pattern(it));
            }
            Pat::Struct(structure) => self.paths.push(names(&structure.path)),
            Pat::Ident(ident) if is_capital(&ident.ident) => self.paths.push(vec![&ident.ident]),
            Pat::Or(cases) => each(&cases.cases).for_each(|it| self.pattern(it)),
            Pat::Reference(inner) => self.pattern(&inner.pat),
            Pat::Paren(inner) => self.pattern(&inner.pat),
            Pat::Tuple(tuple) => each(&tuple.elems).for_each(|it| self.pattern(it)),
            Pat::Range(_) | Pat::Const(_) | Pat::Macro(_) => self.other = true,
            _ => {}
        }
    }
}

/// Whether nothing is done but to panic or to fail.
fn refuses(body: &Expr) -> bool {
    let only = |statements: &[syn::Stmt]| match statements {
        [syn::Stmt::Expr(only, _)] => refuses(only),
        [syn::Stmt::Macro(only)] => is_refusal(&only.mac),
        _ => false,
    };
    match body {
        Expr::Macro(call) => is_refusal(&call.mac),
        Expr::Block(block) => only(&block.block.stmts),
        Expr::Return(return_) => return_.expr.as_deref().is_some_and(refuses),
        Expr::Call(call) => {
            matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err"))
        }
        _ => false,
    }
}

/// Where a pattern opens.
fn pattern_span(pattern: &Pat) -> Option<Span> {
    Some(match pattern {
        Pat::Ident(ident) => span_of(ident.ident.span()),
        Pat::Path(path) => path_span(&path.path),
        Pat::TupleStruct(tuple) => path_span(&tuple.path),
        Pat::Struct(structure) => path_span(&structure.path),
        Pat::Wild(wild) => span_of(wild.underscore_token.span),
        Pat::Lit(literal) => span_of(literal.lit.span()),
        Pat::Or(cases) => return cases.cases.first().and_then(pattern_span),
        Pat::Reference(inner) => return pattern_span(&inner.pat),
        Pat::Paren(inner) => return pattern_span(&inner.pat),
        _ => return None,
    })
}

fn is_refusal(call: &syn::Macro) -> bool {
    let names = ["todo", "unimplemented", "unreachable", "panic", "bail"];
    let last = call.path.segments.last();
    last.is_some_and(|last| names.iter().any(|name| last.ident == name))
}

/// What a tuple's pattern says of its element `at`.
fn part(pattern: &Pat, at: usize) -> Option<&Pat> {
    match pattern {
        Pat::Tuple(tuple) => tuple.elems.get(at),
        Pat::Paren(inner) => part(&inner.pat, at),
        _ => None,
    }
}

fn names(path: &syn::Path) -> Vec<&Ident> {
    each(&path.segments).map(|it| &it.ident).collect()
}

fn speaks_of_deployment(name: &Ident) -> bool {
    let speaks = spelled(name, speaking::of_deployment);
    speaks.unwrap_or_else(|| speaking::of_deployment(&name.to_string()))
}
