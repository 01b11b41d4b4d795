//! Blocks, statement by statement.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{Attribute, Block, Expr, Stmt, Token};

use super::control::ends_itself;
use super::operators::ASSIGN;
use super::{Input, Word, brace};

/// So deep are blocks that are not plain left to the parser by themselves. Deeper ones are left to it with the
/// block around them, so that no token is read over and over.
const DEEPEST: u8 = 8;

impl Input {
    pub(super) fn block_of(&self, group: &Group) -> Option<Block> {
        let depth = self.depth.saturating_add(1);
        let input = Self {
            depth,
            ..Self::of(group.stream())
        };
        let parsed = || {
            (depth <= DEEPEST)
                .then(|| Block::parse_within.parse2(group.stream()).ok())
                .flatten()
        };
        Some(Block {
            brace_token: brace(group),
            stmts: input.statements().or_else(parsed)?,
        })
    }

    pub(super) fn statements(mut self) -> Option<Vec<Stmt>> {
        let mut statements = Vec::new();
        loop {
            while let Some(at) = self.take_the(';') {
                let nothing = Expr::Verbatim(TokenStream::new());
                statements.push(Stmt::Expr(nothing, Some(Token![;](at))));
            }
            if self.is_at_end() {
                return Some(statements);
            }
            let statement = self.statement()?;
            if let Stmt::Expr(expression, None) = &statement
                && !self.is_at_end()
                && !ends_itself(expression)
            {
                return None;
            }
            statements.push(statement);
        }
    }

    fn statement(&mut self) -> Option<Stmt> {
        if let Some(end) = self.item() {
            let item: TokenStream = self.tokens.by_ref().take(end?).collect();
            return syn::parse2(item).ok().map(Stmt::Item);
        }
        let attrs = self.attributes()?;
        if self.word() == Some(Word::Let) {
            return self.local(attrs).map(Stmt::Local);
        }
        if !attrs.is_empty() || self.is_visibility() {
            return None;
        }
        let expression = if self.opens_macro() {
            self.atom()?
        } else {
            self.early()?
        };
        let semi_token = self.take_the(';').map(Token![;]);
        Some(match expression {
            Expr::Macro(syn::ExprMacro { attrs, mac })
                if semi_token.is_some()
                    || matches!(mac.delimiter, syn::MacroDelimiter::Brace(_)) =>
            {
                Stmt::Macro(syn::StmtMacro {
                    attrs,
                    mac,
                    semi_token,
                })
            }
            expression => Stmt::Expr(expression, semi_token),
        })
    }

    /// `crate` alone is the beginning of an item.
    fn is_visibility(&self) -> bool {
        matches!(self.ahead().first(), Some(TokenTree::Ident(word)) if word == "crate")
            && !matches!(self.sign(1), Some((':', Some(':'))))
    }

    /// Whether a macro is called with braces here, and is a statement thereby.
    fn opens_macro(&self) -> bool {
        let mut at = 0;
        while let Some(TokenTree::Ident(_)) = self.ahead().get(at) {
            if self.sign(at + 1) != Some((':', Some(':'))) {
                at += 1;
                break;
            }
            at += 3;
        }
        let (Some(('!', _)), Some(TokenTree::Group(group))) =
            (self.sign(at), self.ahead().get(at + 1))
        else {
            return false;
        };
        let goes_on = match self.sign(at + 2) {
            Some(('.', second)) => second != Some('.'),
            Some(('?', _)) => true,
            _ => false,
        };
        at > 0 && group.delimiter() == Delimiter::Brace && !goes_on
    }

    /// How many tokens the item has that is next, if one is; `Some(None)` where nobody can tell easily.
    #[expect(clippy::option_option, reason = "no item, or one without a plain end")]
    fn item(&self) -> Option<Option<usize>> {
        let mut at = 0;
        while let (Some(('#', _)), Some(TokenTree::Group(_))) =
            (self.sign(at), self.ahead().get(at + 1))
        {
            at += 2;
        }
        let TokenTree::Ident(ident) = self.ahead().get(at)? else {
            return None;
        };
        let ends_with_brace = match super::word(ident) {
            Word::Item => true,
            Word::Line => false,
            Word::Const => match self.ahead().get(at + 1) {
                Some(TokenTree::Ident(name))
                    if matches!(super::word(name), Word::Name | Word::Infer) =>
                {
                    false
                }
                _ => return Some(None),
            },
            _ => return None,
        };
        let ends = |token: &TokenTree| match token {
            TokenTree::Punct(sign) => sign.as_char() == ';',
            TokenTree::Group(group) => ends_with_brace && group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        Some(self.ahead().iter().position(ends).map(|end| end + 1))
    }

    /// Attributes, by the library's parser: they are few.
    pub(super) fn attributes(&mut self) -> Option<Vec<Attribute>> {
        let mut attrs = Vec::new();
        while let Some(('#', _)) = self.sign(0) {
            let attribute: TokenStream = self.tokens.by_ref().take(2).collect();
            attrs.extend(Attribute::parse_outer.parse2(attribute).ok()?);
        }
        Some(attrs)
    }

    fn local(&mut self, attrs: Vec<Attribute>) -> Option<syn::Local> {
        let let_token = Token![let](self.take_sign()?);
        let pat = self.pattern()?;
        let pat = self.typed(pat)?;
        let init = match self.sign(0) {
            Some(('=', _)) => {
                let eq_token = Token![=](self.take_sign()?);
                let expr = Box::new(self.expression()?);
                let diverge = match self.word() {
                    Some(Word::Else) => Some(self.otherwise(&expr)?),
                    _ => None,
                };
                Some(syn::LocalInit {
                    eq_token,
                    expr,
                    diverge,
                })
            }
            _ => None,
        };
        Some(syn::Local {
            attrs,
            let_token,
            pat,
            init,
            semi_token: Token![;](self.take_the(';')?),
        })
    }

    /// `else` behind a value that surely does not end with a brace.
    fn otherwise(&mut self, value: &Expr) -> Option<(Token![else], Box<Expr>)> {
        use Expr::{Array, Await, Call, Field, Index, Lit, MethodCall, Paren, Path, Try, Tuple};
        let inner = match value {
            Expr::Reference(reference) => &*reference.expr,
            Expr::Unary(unary) => &*unary.expr,
            value => value,
        };
        let (Array(_) | Await(_) | Call(_) | Field(_) | Index(_) | Lit(_) | MethodCall(_)
        | Paren(_) | Path(_) | Try(_) | Tuple(_)) = inner
        else {
            return None;
        };
        let else_token = Token![else](self.take_sign()?);
        let block = Expr::Block(syn::ExprBlock {
            attrs: Vec::new(),
            label: None,
            block: self.block()?,
        });
        Some((else_token, Box::new(block)))
    }

    /// An expression that is over where a block ends it, as a statement's and an arm's.
    pub(super) fn early(&mut self) -> Option<Expr> {
        let begins_with_block = match self.ahead().first()? {
            TokenTree::Ident(_) => matches!(
                self.word(),
                Some(Word::If | Word::While | Word::For | Word::Loop | Word::Match | Word::Unsafe)
            ),
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(sign) => sign.as_char() == '\'',
            TokenTree::Literal(_) => false,
        };
        let mut expression = if begins_with_block {
            self.atom()?
        } else {
            self.unary()?
        };
        if begins_with_block {
            match self.sign(0) {
                Some(('.', second)) if second != Some('.') => {}
                Some(('?', _)) => {}
                _ => return Some(expression),
            }
            expression = self.trailer(expression)?;
        }
        self.operation(expression, ASSIGN)
    }
}
