//! Branches and calculations, as far as they name a type's variants or read its fields.

use syn::visit::Visit;
use syn::{BinOp, Expr, Pat};

use super::literals::Name;
use super::{Last, Reducer, Relation, each, path_span, span_of};
use crate::facts::source::file::{
    Decision, DecisionKind, Namespaces, PathIndex, Standing, Step, Subject, UseKind,
};
use crate::text::Span;

/// Variants that say nothing of their own.
const WRAPPERS: &[&str] = &["Some", "None", "Ok", "Err"];

/// Numbers between one unit and another: to multiply by them changes the notation, not the value.
const UNITS: &[u64] = &[
    1,
    10,
    60,
    100,
    1_000,
    1_024,
    3_600,
    10_000,
    86_400,
    1_000_000,
    1_000_000_000,
];

/// Paths that one decision's outcomes may name.
const MOST_OUTCOMES: usize = 16;

/// What a condition asks.
struct Asked {
    kind: DecisionKind,
    subject: Subject,
    span: Span,
}

/// Where an outcome begins.
#[derive(Clone, Copy)]
struct Mark {
    effects: u32,
    uses: usize,
}

/// What the outcomes so far are.
#[derive(Default)]
struct Outcomes {
    some_act: bool,
    some_rest: bool,
    names: Vec<PathIndex>,
}

impl Reducer<'_, '_> {
    pub(super) fn if_(&mut self, branch: &syn::ExprIf) {
        let mut asked = Vec::new();
        let mut outcomes = Outcomes::default();
        let value = self.with_locals(|this| {
            this.choices(&branch.cond);
            this.condition(&branch.cond, &mut asked);
            let mark = this.mark();
            this.block(&branch.then_branch.stmts);
            if !asked.is_empty() {
                this.outcome(mark, &mut outcomes);
            }
            this.take_last()
        });
        let mut otherwise = None;
        let mark = self.mark();
        if let Some((_, else_branch)) = &branch.else_branch {
            self.visit_expr(else_branch);
            otherwise = self.take_last();
        }
        if !asked.is_empty() {
            self.outcome(mark, &mut outcomes);
        }
        for one in asked {
            self.decide(one, &outcomes);
        }
        self.set(value.or(otherwise));
    }

    pub(super) fn match_(&mut self, match_: &syn::ExprMatch) {
        let patterns: Vec<&Pat> = match_.arms.iter().map(|arm| &arm.pat).collect();
        let before = self.facts.branches.len();
        self.choice(&match_.expr, &patterns, Some(match_.match_token.span));
        self.arms(match_, before);
        let compared = self.named(&match_.expr, Relation::Compared);
        self.visit_expr(&match_.expr);
        let value = self.take_last();
        let mut arms = match_.arms.iter();
        let subject = arms.find_map(|arm| self.head(&arm.pat));
        let mut outcomes = Outcomes::default();
        let mut result = None;
        for arm in &match_.arms {
            let mark = self.arm(arm, value, compared);
            if subject.is_some() {
                self.outcome(mark, &mut outcomes);
            }
            let arm = self.take_last();
            result = result.or(arm);
        }
        if let Some((subject, _)) = subject {
            let asked = Asked {
                kind: DecisionKind::Match,
                subject,
                span: span_of(match_.match_token.span),
            };
            self.decide(asked, &outcomes);
        }
        self.set(result);
    }

    /// One arm of a `match` on `value`; tells where its outcome begins.
    fn arm(&mut self, arm: &syn::Arm, value: Option<u32>, compared: Name) -> Mark {
        let mut mark = self.mark();
        self.guarded(&arm.attrs, |this| {
            this.visit_attributes(&arm.attrs);
            this.with_locals(|this| {
                this.name = compared;
                this.bind(&arm.pat, value);
                this.name = None;
                let mut asked = Vec::new();
                if let Some((_, guard)) = &arm.guard {
                    this.choices(guard);
                    this.condition(guard, &mut asked);
                }
                mark = this.mark();
                this.visit_expr(&arm.body);
                if asked.is_empty() {
                    return;
                }
                let mut outcomes = Outcomes {
                    some_rest: true,
                    ..Outcomes::default()
                };
                this.outcome(mark, &mut outcomes);
                for one in asked {
                    this.decide(one, &outcomes);
                }
            });
        });
        mark
    }

    /// Both operands, and whether they calculate with a field.
    pub(super) fn binary(&mut self, binary: &syn::ExprBinary, name: Name) {
        let [left, right] = self.operands(binary, name);
        if is_arithmetic(&binary.op) && !is_unit(&binary.left) && !is_unit(&binary.right) {
            let field = |operand: &Option<(Subject, Span)>| match operand {
                Some((Subject::Field(_), _)) => *operand,
                _ => None,
            };
            if let Some((subject, span)) = field(&left).or(field(&right)) {
                let asked = Asked {
                    kind: DecisionKind::Arithmetic,
                    subject,
                    span,
                };
                self.decide(asked, &Outcomes::default());
            }
        }
        self.last = Last::Nothing;
    }

    /// Visits a condition; what it asks of variants and fields goes to `asked`.
    fn condition(&mut self, expression: &Expr, asked: &mut Vec<Asked>) {
        match expression {
            Expr::Binary(both) if matches!(both.op, BinOp::And(_) | BinOp::Or(_)) => {
                self.condition(&both.left, asked);
                self.condition(&both.right, asked);
            }
            Expr::Binary(both) => self.comparison(both, asked),
            Expr::Paren(inner) => self.condition(&inner.expr, asked),
            Expr::Unary(inner) => self.condition(&inner.expr, asked),
            Expr::Let(condition) => {
                if let Some((subject, span)) = self.head(&condition.pat) {
                    asked.push(Asked {
                        kind: DecisionKind::Variant,
                        subject,
                        span,
                    });
                }
                self.visit_expr(expression);
            }
            Expr::Macro(call) if call.mac.path.is_ident("matches") => {
                let first = self.facts.uses.len();
                self.visit_expr(expression);
                let long = |index: &PathIndex| self.facts.paths[*index as usize].len > 1;
                let uses = self.facts.uses[first..].iter();
                if let Some(named) = uses.map(|used| used.path).find(long) {
                    asked.push(Asked {
                        kind: DecisionKind::Variant,
                        subject: Subject::Named(named),
                        span: path_span(&call.mac.path),
                    });
                }
            }
            other => {
                if let Some((subject @ Subject::Field(_), span)) = self.operand(other) {
                    asked.push(Asked {
                        kind: DecisionKind::Flag,
                        subject,
                        span,
                    });
                }
            }
        }
    }

    fn comparison(&mut self, both: &syn::ExprBinary, asked: &mut Vec<Asked>) {
        let operands = self.operands(both, None);
        for (subject, span) in operands.into_iter().flatten() {
            let kind = match (&both.op, subject) {
                (BinOp::Eq(_) | BinOp::Ne(_), Subject::Named(_)) => DecisionKind::Variant,
                (BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_), Subject::Field(_)) => {
                    DecisionKind::Threshold
                }
                _ => continue,
            };
            asked.push(Asked {
                kind,
                subject,
                span,
            });
        }
        self.last = Last::Nothing;
    }

    /// Visits both operands.
    fn operands(&mut self, both: &syn::ExprBinary, name: Name) -> [Option<(Subject, Span)>; 2] {
        let [left, right] = self.operand_names(both, name);
        self.name = left;
        let left = self.operand(&both.left);
        self.name = right;
        let right = self.operand(&both.right);
        self.name = None;
        [left, right]
    }

    /// Visits an operand: the field that it reads, or the variant that it names.
    fn operand(&mut self, expression: &Expr) -> Option<(Subject, Span)> {
        let mut inner = expression;
        loop {
            inner = match inner {
                Expr::Cast(cast) => {
                    self.mention_type(&cast.ty);
                    &cast.expr
                }
                Expr::Paren(outer) => &outer.expr,
                Expr::Reference(outer) => &outer.expr,
                Expr::Unary(outer) => &outer.expr,
                _ => break,
            };
        }
        self.visit_expr(inner);
        match std::mem::replace(&mut self.last, Last::Nothing) {
            Last::Value(value) => {
                let read = &self.facts.values[value as usize];
                let field = matches!(inner, Expr::Field(_)) && matches!(read.step, Step::Field(..));
                field.then_some((Subject::Field(value), read.span))
            }
            Last::Path(path, span) => {
                let long = self.facts.paths[path as usize].len > 1;
                long.then_some((Subject::Named(path), span))
            }
            Last::Nothing => None,
        }
    }

    /// The first variant that a pattern names, if it is not one of the standard library's.
    fn head(&mut self, pattern: &Pat) -> Option<(Subject, Span)> {
        let path = match pattern {
            Pat::TupleStruct(tuple) if is_wrapper(&tuple.path) => {
                return each(&tuple.elems).find_map(|inner| self.head(inner));
            }
            Pat::TupleStruct(tuple) => &tuple.path,
            Pat::Struct(structure) => &structure.path,
            Pat::Path(path) if path.qself.is_none() => &path.path,
            Pat::Or(cases) => return each(&cases.cases).find_map(|case| self.head(case)),
            Pat::Tuple(tuple) => return each(&tuple.elems).find_map(|inner| self.head(inner)),
            Pat::Reference(inner) => return self.head(&inner.pat),
            Pat::Paren(inner) => return self.head(&inner.pat),
            Pat::Ident(ident) => {
                let (_, inner) = ident.subpat.as_ref()?;
                return self.head(inner);
            }
            _ => return None,
        };
        if is_wrapper(path) {
            return None;
        }
        let (lead, names) = self.path_names(path, path.segments.len())?;
        let index = self.path_index(lead, &names, Namespaces::VALUE, Standing::Code);
        Some((Subject::Named(index), path_span(path)))
    }

    fn mark(&self) -> Mark {
        Mark {
            effects: self.effects,
            uses: self.facts.uses.len(),
        }
    }

    /// Takes what was visited since `mark` for one outcome.
    fn outcome(&self, mark: Mark, outcomes: &mut Outcomes) {
        let acts = self.effects != mark.effects;
        outcomes.some_act |= acts;
        outcomes.some_rest |= !acts;
        for used in &self.facts.uses[mark.uses..] {
            if outcomes.names.len() >= MOST_OUTCOMES {
                break;
            }
            if used.kind == UseKind::Path && !outcomes.names.contains(&used.path) {
                outcomes.names.push(used.path);
            }
        }
    }

    fn decide(&mut self, asked: Asked, outcomes: &Outcomes) {
        self.facts.decisions.push(Decision {
            kind: asked.kind,
            subject: asked.subject,
            acts: outcomes.some_act && outcomes.some_rest,
            outcomes: outcomes.names.clone(),
            scope: self.scope,
            owner: self.owner,
            guard: self.guard,
            span: asked.span,
        });
    }
}

fn is_wrapper(path: &syn::Path) -> bool {
    WRAPPERS.iter().any(|name| path.is_ident(name))
}

fn is_arithmetic(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::Add(_)
            | BinOp::Sub(_)
            | BinOp::Mul(_)
            | BinOp::Div(_)
            | BinOp::Rem(_)
            | BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
    )
}

/// A text, or a number that only changes the unit.
fn is_unit(expression: &Expr) -> bool {
    let Expr::Lit(literal) = expression else {
        return false;
    };
    match &literal.lit {
        syn::Lit::Int(number) => number
            .base10_parse::<u64>()
            .is_ok_and(|number| UNITS.contains(&number)),
        syn::Lit::Float(number) => number.base10_parse::<f64>().is_ok_and(|number| {
            UNITS
                .iter()
                .any(|unit| (*unit as f64 - number).abs() < 1e-9)
        }),
        syn::Lit::Str(_) => true,
        _ => false,
    }
}
