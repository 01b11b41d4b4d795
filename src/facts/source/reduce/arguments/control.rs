//! What keywords begin: branches, loops, jumps, blocks, closures.

use proc_macro2::{Delimiter, TokenTree};
use syn::punctuated::Punctuated;
use syn::{Expr, Label, Lifetime, ReturnType, Token};

use super::operators::COMPARE;
use super::{Input, Word, brace};

impl Input {
    /// An expression that a keyword begins.
    pub(super) fn keyword(&mut self, word: Word) -> Option<Expr> {
        let attrs = Vec::new();
        match word {
            Word::If => self.branches(),
            Word::Match => self.cases(),
            Word::While | Word::For | Word::Loop => self.repetition(None),
            Word::Let => self.condition(),
            Word::Return => self.leave(),
            Word::Break => self.break_(),
            Word::Continue => Some(Expr::Continue(syn::ExprContinue {
                attrs,
                continue_token: Token![continue](self.take_sign()?),
                label: self.label()?,
            })),
            Word::Unsafe => Some(Expr::Unsafe(syn::ExprUnsafe {
                attrs,
                unsafe_token: Token![unsafe](self.take_sign()?),
                block: self.block()?,
            })),
            Word::Infer => Some(Expr::Infer(syn::ExprInfer {
                attrs,
                underscore_token: Token![_](self.take_sign()?),
            })),
            Word::Async => self.asynchronous(),
            Word::Move => self.closure(None),
            _ => None,
        }
    }

    /// An expression before a block, where no structure may stand.
    fn before_block(&mut self) -> Option<Box<Expr>> {
        let structures = std::mem::replace(&mut self.structures, false);
        let expression = self.expression()?;
        self.structures = structures;
        Some(Box::new(expression))
    }

    pub(super) fn block(&mut self) -> Option<syn::Block> {
        let group = self.take_group(Delimiter::Brace)?;
        self.block_of(&group)
    }

    fn branches(&mut self) -> Option<Expr> {
        let mut clauses = Vec::new();
        let mut last = loop {
            let mut clause = syn::ExprIf {
                attrs: Vec::new(),
                if_token: Token![if](self.take_word(Word::If)?),
                cond: self.before_block()?,
                then_branch: self.block()?,
                else_branch: None,
            };
            if self.word() != Some(Word::Else) {
                break clause;
            }
            let else_token = Token![else](self.take_sign()?);
            if self.word() == Some(Word::If) {
                clauses.push((clause, else_token));
                continue;
            }
            let block = Expr::Block(syn::ExprBlock {
                attrs: Vec::new(),
                label: None,
                block: self.block()?,
            });
            clause.else_branch = Some((else_token, Box::new(block)));
            break clause;
        };
        while let Some((mut clause, else_token)) = clauses.pop() {
            clause.else_branch = Some((else_token, Box::new(Expr::If(last))));
            last = clause;
        }
        Some(Expr::If(last))
    }

    /// `let` in a condition.
    fn condition(&mut self) -> Option<Expr> {
        let let_token = Token![let](self.take_sign()?);
        let pat = Box::new(self.patterns()?);
        let eq_token = Token![=](self.take_the('=')?);
        let value = self.unary()?;
        Some(Expr::Let(syn::ExprLet {
            attrs: Vec::new(),
            let_token,
            pat,
            eq_token,
            expr: Box::new(self.operation(value, COMPARE)?),
        }))
    }

    fn cases(&mut self) -> Option<Expr> {
        let match_token = Token![match](self.take_sign()?);
        let expr = self.before_block()?;
        let group = self.take_group(Delimiter::Brace)?;
        let mut input = self.within(&group);
        let mut arms = Vec::new();
        while !input.is_at_end() {
            arms.push(input.arm()?);
        }
        Some(Expr::Match(syn::ExprMatch {
            attrs: Vec::new(),
            match_token,
            expr,
            brace_token: brace(&group),
            arms,
        }))
    }

    fn arm(&mut self) -> Option<syn::Arm> {
        let attrs = self.attributes()?;
        let pat = self.patterns()?;
        let guard = match self.word() {
            Some(Word::If) => {
                let if_token = Token![if](self.take_sign()?);
                Some((if_token, Box::new(self.expression()?)))
            }
            _ => None,
        };
        let Some(('=', Some('>'))) = self.sign(0) else {
            return None;
        };
        let fat_arrow_token = Token![=>](self.take_both()?);
        let body = Box::new(self.early()?);
        let comma = self.take_the(',').map(Token![,]);
        if comma.is_none() && !self.is_at_end() && !ends_itself(&body) {
            return None;
        }
        Some(syn::Arm {
            attrs,
            pat,
            guard,
            fat_arrow_token,
            body,
            comma,
        })
    }

    fn repetition(&mut self, label: Option<Label>) -> Option<Expr> {
        let attrs = Vec::new();
        let word = self.word()?;
        let at = self.take_sign()?;
        Some(match word {
            Word::While => Expr::While(syn::ExprWhile {
                attrs,
                label,
                while_token: Token![while](at),
                cond: self.before_block()?,
                body: self.block()?,
            }),
            Word::Loop => Expr::Loop(syn::ExprLoop {
                attrs,
                label,
                loop_token: Token![loop](at),
                body: self.block()?,
            }),
            Word::For => Expr::ForLoop(syn::ExprForLoop {
                attrs,
                label,
                for_token: Token![for](at),
                pat: Box::new(self.patterns()?),
                in_token: Token![in](self.take_word(Word::In)?),
                expr: self.before_block()?,
                body: self.block()?,
            }),
            _ => return None,
        })
    }

    /// A loop or a block that has a name.
    pub(super) fn labelled(&mut self) -> Option<Expr> {
        let name = self.label()??;
        let label = Some(Label {
            name,
            colon_token: Token![:](self.take_the(':')?),
        });
        if self.word().is_some() {
            return self.repetition(label);
        }
        Some(Expr::Block(syn::ExprBlock {
            attrs: Vec::new(),
            label,
            block: self.block()?,
        }))
    }

    /// The name of a loop or a lifetime, if it is next.
    #[expect(clippy::option_option, reason = "nothing plain, or no name")]
    pub(super) fn label(&mut self) -> Option<Option<Lifetime>> {
        let Some(apostrophe) = self.take_the('\'') else {
            return Some(None);
        };
        let ident = self.take_ident()?;
        Some(Some(Lifetime { apostrophe, ident }))
    }

    fn leave(&mut self) -> Option<Expr> {
        Some(Expr::Return(syn::ExprReturn {
            attrs: Vec::new(),
            return_token: Token![return](self.take_sign()?),
            expr: self.carried()?,
        }))
    }

    fn break_(&mut self) -> Option<Expr> {
        let break_token = Token![break](self.take_sign()?);
        let label = self.label()?;
        if label.is_some() && matches!(self.sign(0), Some((':', _))) {
            return None;
        }
        Some(Expr::Break(syn::ExprBreak {
            attrs: Vec::new(),
            break_token,
            label,
            expr: self.carried()?,
        }))
    }

    /// What a jump takes along.
    #[expect(clippy::option_option, reason = "nothing plain, or no value")]
    fn carried(&mut self) -> Option<Option<Box<Expr>>> {
        let is_value = match self.ahead().first() {
            None => false,
            Some(TokenTree::Punct(sign)) => match (sign.as_char(), self.sign(0)?.1) {
                (',' | ';' | '=' | '?', _) => false,
                ('!' | '*' | '|' | '&', second) => second != Some('='),
                ('-', second) => !matches!(second, Some('=' | '>')),
                ('.', Some('.')) => true,
                // What is rare here is left to the parser.
                _ => return None,
            },
            Some(TokenTree::Ident(_)) => self.word() != Some(Word::As),
            Some(_) => true,
        };
        if !is_value {
            return Some(None);
        }
        // In a condition a value has rules of its own.
        if !self.structures {
            return None;
        }
        Some(Some(Box::new(self.expression()?)))
    }

    /// `async` with a block or a closure.
    fn asynchronous(&mut self) -> Option<Expr> {
        let async_token = Token![async](self.take_sign()?);
        let is_block = match self.ahead().first()? {
            TokenTree::Ident(_) => matches!(self.ahead().get(1), Some(TokenTree::Group(_))),
            token => matches!(token, TokenTree::Group(_)),
        };
        if !is_block {
            return self.closure(Some(async_token));
        }
        let capture = self.take_word(Word::Move).map(Token![move]);
        Some(Expr::Async(syn::ExprAsync {
            attrs: Vec::new(),
            async_token,
            capture,
            block: self.block()?,
        }))
    }

    pub(super) fn closure(&mut self, asyncness: Option<Token![async]>) -> Option<Expr> {
        let capture = self.take_word(Word::Move).map(Token![move]);
        let or1_token = Token![|](self.take_the('|')?);
        let mut inputs = Punctuated::new();
        let or2_token = loop {
            if let Some(at) = self.take_the('|') {
                break Token![|](at);
            }
            inputs.push_value(self.parameter()?);
            if let Some(at) = self.take_the('|') {
                break Token![|](at);
            }
            inputs.push_punct(Token![,](self.take_the(',')?));
        };
        let (output, body) = if self.sign(0) == Some(('-', Some('>'))) {
            let arrow = Token![->](self.take_both()?);
            let output = ReturnType::Type(arrow, Box::new(self.kind()?));
            let block = Expr::Block(syn::ExprBlock {
                attrs: Vec::new(),
                label: None,
                block: self.block()?,
            });
            (output, block)
        } else {
            (ReturnType::Default, self.expression()?)
        };
        Some(Expr::Closure(syn::ExprClosure {
            attrs: Vec::new(),
            lifetimes: None,
            constness: None,
            movability: None,
            asyncness,
            capture,
            or1_token,
            inputs,
            or2_token,
            output,
            body: Box::new(body),
        }))
    }

    fn parameter(&mut self) -> Option<syn::Pat> {
        let pat = self.pattern()?;
        self.typed(pat)
    }
}

/// Whether an expression ends a statement, or an arm, by its last brace.
pub(super) fn ends_itself(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::ForLoop(_)
    )
}
