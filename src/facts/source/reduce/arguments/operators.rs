//! Operators of plain arguments, by how strongly they bind.

use proc_macro2::TokenTree;
use syn::{BinOp, Expr, Token, UnOp};

use super::Input;

/// How strongly operators bind, in the language's order.
pub(super) const ASSIGN: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const COMPARE: u8 = 3;
const BIT_OR: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;

impl Input {
    /// What operators that bind at least so strongly make of what stands before them.
    pub(super) fn operation(&mut self, mut left: Expr, least: u8) -> Option<Expr> {
        while let Some((strength, operator)) = self.operator()
            && strength >= least
        {
            let chained =
                matches!(&left, Expr::Binary(left) if strength == COMPARE && compares(&left.op));
            if chained {
                return None;
            }
            let at = self.take_sign()?;
            if matches!(&operator, Some(op) if is_double(op)) {
                self.take_sign()?;
            }
            let mut right = self.unary()?;
            while let Some((next, _)) = self.operator()
                && (next > strength || next == ASSIGN && strength == ASSIGN)
            {
                right = self.operation(right, next)?;
            }
            let (attrs, left_, right) = (Vec::new(), Box::new(left), Box::new(right));
            left = match operator {
                Some(op) => Expr::Binary(syn::ExprBinary {
                    attrs,
                    left: left_,
                    op,
                    right,
                }),
                None => Expr::Assign(syn::ExprAssign {
                    attrs,
                    left: left_,
                    eq_token: Token![=](at),
                    right,
                }),
            };
        }
        Some(left)
    }

    /// The operator that is next, and how strongly it binds; none is an assignment.
    fn operator(&self) -> Option<(u8, Option<BinOp>)> {
        let (first, second) = self.sign(0)?;
        let at = self.ahead().first()?.span();
        let (strength, op) = match (first, second) {
            ('|', Some('|')) => (OR, BinOp::Or(Token![||](at))),
            ('&', Some('&')) => (AND, BinOp::And(Token![&&](at))),
            ('=', Some('=')) => (COMPARE, BinOp::Eq(Token![==](at))),
            ('!', Some('=')) => (COMPARE, BinOp::Ne(Token![!=](at))),
            ('<', Some('=')) => (COMPARE, BinOp::Le(Token![<=](at))),
            ('>', Some('=')) => (COMPARE, BinOp::Ge(Token![>=](at))),
            ('=', Some('>')) | ('<', Some('<')) | ('>', Some('>')) | (_, Some('=')) => return None,
            ('=', _) => return Some((ASSIGN, None)),
            ('<', _) => (COMPARE, BinOp::Lt(Token![<](at))),
            ('>', _) => (COMPARE, BinOp::Gt(Token![>](at))),
            ('|', _) => (BIT_OR, BinOp::BitOr(Token![|](at))),
            ('+', _) => (SUM, BinOp::Add(Token![+](at))),
            ('-', _) => (SUM, BinOp::Sub(Token![-](at))),
            ('*', _) => (PRODUCT, BinOp::Mul(Token![*](at))),
            ('/', _) => (PRODUCT, BinOp::Div(Token![/](at))),
            ('%', _) => (PRODUCT, BinOp::Rem(Token![%](at))),
            _ => return None,
        };
        Some((strength, Some(op)))
    }

    pub(super) fn unary(&mut self) -> Option<Expr> {
        let attrs = Vec::new();
        let Some((sign, _)) = self.sign(0) else {
            let atom = self.atom()?;
            return self.trailer(atom);
        };
        let at = self.take_sign()?;
        if sign == '&' {
            let mutability = match self.ahead().first() {
                Some(TokenTree::Ident(word)) if word == "raw" => return None,
                Some(TokenTree::Ident(word)) if word == "mut" => {
                    Some(Token![mut](self.take_ident()?.span()))
                }
                _ => None,
            };
            return Some(Expr::Reference(syn::ExprReference {
                attrs,
                and_token: Token![&](at),
                mutability,
                expr: Box::new(self.unary()?),
            }));
        }
        let op = match sign {
            '*' => UnOp::Deref(Token![*](at)),
            '!' => UnOp::Not(Token![!](at)),
            '-' => UnOp::Neg(Token![-](at)),
            _ => return None,
        };
        let expr = Box::new(self.unary()?);
        Some(Expr::Unary(syn::ExprUnary { attrs, op, expr }))
    }
}

fn compares(op: &BinOp) -> bool {
    use BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// Whether an operator is two signs.
fn is_double(op: &BinOp) -> bool {
    use BinOp::{And, Eq, Ge, Le, Ne, Or};
    matches!(op, Or(_) | And(_) | Eq(_) | Ne(_) | Le(_) | Ge(_))
}
