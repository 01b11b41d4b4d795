//! What an identifier is to an expression.

use proc_macro2::Ident;

use super::super::spelling::spelled;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Name,
    /// `self`, `Self`, `super`, `crate`: no name but in a path.
    Root,
    Bool(bool),
    Infer,
    As,
    Async,
    Await,
    Break,
    Const,
    Continue,
    Else,
    For,
    If,
    In,
    Let,
    Loop,
    Match,
    Move,
    Mut,
    Ref,
    Return,
    Unsafe,
    While,
    /// What begins an item that ends with `;` or a brace.
    Item,
    /// What begins an item that ends with `;`.
    Line,
    Keyword,
}

pub(super) fn word(ident: &Ident) -> Word {
    spelled(ident, |text| match text {
        "self" | "Self" | "super" | "crate" => Word::Root,
        "true" => Word::Bool(true),
        "false" => Word::Bool(false),
        "_" => Word::Infer,
        "as" => Word::As,
        "async" => Word::Async,
        "await" => Word::Await,
        "break" => Word::Break,
        "const" => Word::Const,
        "continue" => Word::Continue,
        "else" => Word::Else,
        "for" => Word::For,
        "if" => Word::If,
        "in" => Word::In,
        "let" => Word::Let,
        "loop" => Word::Loop,
        "match" => Word::Match,
        "move" => Word::Move,
        "mut" => Word::Mut,
        "ref" => Word::Ref,
        "return" => Word::Return,
        "unsafe" => Word::Unsafe,
        "while" => Word::While,
        "enum" | "fn" | "impl" | "struct" | "trait" => Word::Item,
        "type" | "use" => Word::Line,
        "abstract" | "become" | "box" | "do" | "dyn" | "extern" | "final" | "macro" | "mod"
        | "override" | "priv" | "pub" | "static" | "try" | "typeof" | "unsized" | "virtual"
        | "where" | "yield" => Word::Keyword,
        _ => Word::Name,
    })
    .unwrap_or(Word::Name)
}
