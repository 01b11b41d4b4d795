//! A file's syntax tree, as the library's parser makes it, with the plain bodies of functions put together here.

use proc_macro2::{Delimiter, Group, LineColumn, TokenStream, TokenTree};
use syn::{Block, ImplItem, Item, Stmt, TraitItem};

use super::arguments;

/// The file; what is not plain is read by the library's parser, and so is all of a file where anything surprises.
pub(super) fn file(text: &str) -> syn::Result<syn::File> {
    match plain(text) {
        Some(file) => Ok(file),
        None => syn::parse_file(text),
    }
}

fn plain(text: &str) -> Option<syn::File> {
    // What may be a line for the shell is no token.
    if text.starts_with("#!") && !text.starts_with("#![") {
        return None;
    }
    let mut bodies = Vec::new();
    let tokens = without_bodies(text.parse().ok()?, &mut bodies);
    let mut file: syn::File = syn::parse2(tokens).ok()?;
    let mut bodies = bodies.into_iter().peekable();
    put_back(&mut file.items, &mut bodies);
    // A body that found no place was none.
    bodies.next().is_none().then_some(file)
}

/// What a body holds, and where it opens.
struct Body {
    at: LineColumn,
    statements: Vec<Stmt>,
}

type Bodies = std::iter::Peekable<std::vec::IntoIter<Body>>;

/// What the next brace at this level may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Nothing,
    /// The items of a module, an implementation or a trait.
    Items,
    Body,
}

/// The tokens of items with empty braces for the bodies that are plain.
fn without_bodies(tokens: TokenStream, bodies: &mut Vec<Body>) -> TokenStream {
    let mut awaited = Awaited::Nothing;
    let mut left = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        left.push(match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let group = match std::mem::replace(&mut awaited, Awaited::Nothing) {
                    Awaited::Nothing => group,
                    Awaited::Items => in_place_of(&group, without_bodies(group.stream(), bodies)),
                    Awaited::Body => without_body(group, bodies),
                };
                TokenTree::Group(group)
            }
            TokenTree::Ident(ident) => {
                let is_named = matches!(tokens.peek(), Some(TokenTree::Ident(_)));
                if ident == "fn" && is_named {
                    awaited = Awaited::Body;
                } else if awaited == Awaited::Nothing
                    && (ident == "impl" || is_named && (ident == "mod" || ident == "trait"))
                {
                    awaited = Awaited::Items;
                }
                TokenTree::Ident(ident)
            }
            TokenTree::Punct(sign) => {
                if sign.as_char() == ';' {
                    awaited = Awaited::Nothing;
                }
                TokenTree::Punct(sign)
            }
            token => token,
        });
    }
    left.into_iter().collect()
}

fn without_body(group: Group, bodies: &mut Vec<Body>) -> Group {
    let tokens = group.stream();
    if tokens.is_empty() {
        return group;
    }
    let Some(statements) = arguments::statements(tokens) else {
        return group;
    };
    bodies.push(Body {
        at: group.span_open().start(),
        statements,
    });
    in_place_of(&group, TokenStream::new())
}

fn in_place_of(group: &Group, tokens: TokenStream) -> Group {
    let mut other = Group::new(Delimiter::Brace, tokens);
    other.set_span(group.span());
    other
}

/// Puts bodies where they were, in the order of the source.
fn put_back(items: &mut [Item], bodies: &mut Bodies) {
    for item in items {
        match item {
            Item::Fn(function) => fill(&mut function.block, bodies),
            Item::Impl(implementation) => {
                for item in &mut implementation.items {
                    if let ImplItem::Fn(function) = item {
                        fill(&mut function.block, bodies);
                    }
                }
            }
            Item::Trait(definition) => {
                for item in &mut definition.items {
                    if let TraitItem::Fn(function) = item
                        && let Some(block) = &mut function.default
                    {
                        fill(block, bodies);
                    }
                }
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    put_back(items, bodies);
                }
            }
            _ => {}
        }
    }
}

fn fill(block: &mut Block, bodies: &mut Bodies) {
    if bodies.peek().is_none() || !block.stmts.is_empty() {
        return;
    }
    let opens = block.brace_token.span.open().start();
    if let Some(body) = bodies.next_if(|body| body.at == opens) {
        block.stmts = body.statements;
    }
}

#[cfg(test)]
mod tests;
