//! Operators of plain arguments, by how strongly they bind.

use proc_macro2::{Delimiter, TokenTree};
use syn::{BinOp, Expr, Token, UnOp};

use super::{Input, Word};

/// How strongly operators bind, in the language's order.
pub(super) const ASSIGN: u8 = 0;
const RANGE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
pub(super) const COMPARE: u8 = 4;
const BIT_OR: u8 = 5;
const BIT_XOR: u8 = 6;
const BIT_AND: u8 = 7;
const SHIFT: u8 = 8;
const SUM: u8 = 9;
const PRODUCT: u8 = 10;
const CAST: u8 = 11;

/// What stands between two values.
enum Operator {
    /// With the number of its signs.
    Binary(BinOp, u8),
    Assign,
    Range,
    Cast,
}

impl Input {
    /// What operators that bind at least so strongly make of what stands before them.
    pub(super) fn operation(&mut self, mut left: Expr, least: u8) -> Option<Expr> {
        while !matches!(left, Expr::Range(_))
            && let Some((strength, operator)) = self.operator()
            && strength >= least
        {
            let chained =
                matches!(&left, Expr::Binary(left) if strength == COMPARE && compares(&left.op));
            if chained {
                return None;
            }
            let (attrs, left_) = (Vec::new(), Box::new(left));
            left = match operator {
                Operator::Binary(op, signs) => {
                    for _ in 0..signs {
                        self.take_sign()?;
                    }
                    Expr::Binary(syn::ExprBinary {
                        attrs,
                        left: left_,
                        op,
                        right: self.right(strength)?,
                    })
                }
                Operator::Assign => Expr::Assign(syn::ExprAssign {
                    attrs,
                    left: left_,
                    eq_token: Token![=](self.take_sign()?),
                    right: self.right(strength)?,
                }),
                Operator::Range => self.range(Some(left_))?,
                Operator::Cast => self.cast(left_)?,
            };
        }
        Some(left)
    }

    /// What stands to the right of an operator.
    fn right(&mut self, strength: u8) -> Option<Box<Expr>> {
        let mut right = self.unary()?;
        while !matches!(right, Expr::Range(_))
            && let Some((next, _)) = self.operator()
            && (next > strength || next == ASSIGN && strength == ASSIGN)
        {
            right = self.operation(right, next)?;
        }
        Some(Box::new(right))
    }

    fn cast(&mut self, expr: Box<Expr>) -> Option<Expr> {
        let as_token = Token![as](self.take_sign()?);
        let ty = Box::new(self.kind()?);
        match self.ahead().first() {
            Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::Brace => return None,
            Some(TokenTree::Punct(sign)) if sign.as_char() == '?' => return None,
            Some(TokenTree::Punct(sign))
                if sign.as_char() == '.' && self.sign(0) != Some(('.', Some('.'))) =>
            {
                return None;
            }
            _ => {}
        }
        Some(Expr::Cast(syn::ExprCast {
            attrs: Vec::new(),
            expr,
            as_token,
            ty,
        }))
    }

    /// `..` and what stands behind it.
    pub(super) fn range(&mut self, start: Option<Box<Expr>>) -> Option<Expr> {
        let Some(('.', Some('.'))) = self.sign(0) else {
            return None;
        };
        let third = self.sign(1);
        let dots = self.take_both()?;
        let limits = match third {
            Some(('.', Some('='))) => {
                syn::RangeLimits::Closed(Token![..=]([dots[0], dots[1], self.take_sign()?]))
            }
            Some(('.', Some('.'))) => return None,
            _ => syn::RangeLimits::HalfOpen(Token![..](dots)),
        };
        let is_open = matches!(limits, syn::RangeLimits::HalfOpen(_)) && self.ends_range()?;
        let end = if is_open {
            None
        } else {
            Some(self.right(RANGE)?)
        };
        Some(Expr::Range(syn::ExprRange {
            attrs: Vec::new(),
            start,
            limits,
            end,
        }))
    }

    /// Whether nothing stands behind `..`; signs that are seldom there are left to the parser.
    fn ends_range(&self) -> Option<bool> {
        Some(match self.ahead().first() {
            None => true,
            Some(TokenTree::Punct(sign)) => match sign.as_char() {
                ',' | ';' | '=' => true,
                '*' | '&' | '-' | '!' => false,
                _ => return None,
            },
            Some(TokenTree::Group(group)) => {
                !self.structures && group.delimiter() == Delimiter::Brace
            }
            Some(_) => false,
        })
    }

    /// The operator that is next, and how strongly it binds.
    fn operator(&self) -> Option<(u8, Operator)> {
        let at = match self.ahead().first()? {
            TokenTree::Punct(sign) => sign.span(),
            TokenTree::Ident(_) if self.word() == Some(Word::As) => {
                return Some((CAST, Operator::Cast));
            }
            _ => return None,
        };
        let (first, second) = self.sign(0)?;
        if second.is_some()
            && let Some(found) = self.long(first, second?, at)
        {
            return found;
        }
        let (strength, op) = match first {
            '=' => return Some((ASSIGN, Operator::Assign)),
            '<' => (COMPARE, BinOp::Lt(Token![<](at))),
            '>' => (COMPARE, BinOp::Gt(Token![>](at))),
            '|' => (BIT_OR, BinOp::BitOr(Token![|](at))),
            '^' => (BIT_XOR, BinOp::BitXor(Token![^](at))),
            '&' => (BIT_AND, BinOp::BitAnd(Token![&](at))),
            '+' => (SUM, BinOp::Add(Token![+](at))),
            '-' => (SUM, BinOp::Sub(Token![-](at))),
            '*' => (PRODUCT, BinOp::Mul(Token![*](at))),
            '/' => (PRODUCT, BinOp::Div(Token![/](at))),
            '%' => (PRODUCT, BinOp::Rem(Token![%](at))),
            _ => return None,
        };
        Some((strength, Operator::Binary(op, 1)))
    }

    /// The operator of two signs or three; `Some(None)` for what is none though its first sign is.
    #[expect(clippy::option_option, reason = "not long, or not an operator")]
    fn long(
        &self,
        first: char,
        second: char,
        at: proc_macro2::Span,
    ) -> Option<Option<(u8, Operator)>> {
        let assigns = || matches!(self.sign(1), Some((_, Some('='))));
        let (strength, op, signs) = match (first, second) {
            ('.', '.') => return Some(Some((RANGE, Operator::Range))),
            ('=', '>') => return Some(None),
            ('<', '<') if assigns() => (ASSIGN, BinOp::ShlAssign(Token![<<=](at)), 3),
            ('>', '>') if assigns() => (ASSIGN, BinOp::ShrAssign(Token![>>=](at)), 3),
            ('<', '<') => (SHIFT, BinOp::Shl(Token![<<](at)), 2),
            ('>', '>') => (SHIFT, BinOp::Shr(Token![>>](at)), 2),
            ('|', '|') => (OR, BinOp::Or(Token![||](at)), 2),
            ('&', '&') => (AND, BinOp::And(Token![&&](at)), 2),
            ('=', '=') => (COMPARE, BinOp::Eq(Token![==](at)), 2),
            ('!', '=') => (COMPARE, BinOp::Ne(Token![!=](at)), 2),
            ('<', '=') => (COMPARE, BinOp::Le(Token![<=](at)), 2),
            ('>', '=') => (COMPARE, BinOp::Ge(Token![>=](at)), 2),
            ('+', '=') => (ASSIGN, BinOp::AddAssign(Token![+=](at)), 2),
            ('-', '=') => (ASSIGN, BinOp::SubAssign(Token![-=](at)), 2),
            ('*', '=') => (ASSIGN, BinOp::MulAssign(Token![*=](at)), 2),
            ('/', '=') => (ASSIGN, BinOp::DivAssign(Token![/=](at)), 2),
            ('%', '=') => (ASSIGN, BinOp::RemAssign(Token![%=](at)), 2),
            ('^', '=') => (ASSIGN, BinOp::BitXorAssign(Token![^=](at)), 2),
            ('&', '=') => (ASSIGN, BinOp::BitAndAssign(Token![&=](at)), 2),
            ('|', '=') => (ASSIGN, BinOp::BitOrAssign(Token![|=](at)), 2),
            _ => return None,
        };
        Some(Some((strength, Operator::Binary(op, signs))))
    }

    pub(super) fn unary(&mut self) -> Option<Expr> {
        let attrs = Vec::new();
        let sign = match self.sign(0) {
            Some((sign @ ('&' | '*' | '!' | '-'), _)) => sign,
            _ => {
                let atom = self.atom()?;
                // Nothing follows a range but what is its own.
                let is_range = matches!(atom, Expr::Range(_));
                return if is_range {
                    Some(atom)
                } else {
                    self.trailer(atom)
                };
            }
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
