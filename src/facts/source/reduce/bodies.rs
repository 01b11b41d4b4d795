//! What a method's body does: hands the call on, says nothing, says one fixed value, or behaves.

use syn::{Expr, Lit, Stmt};

use super::literals::is_telling;
use crate::facts::source::file::Body;

/// Constructors of what holds nothing yet.
const EMPTY: &[&str] = &["default", "new", "empty", "none"];

/// Macros that refuse to answer.
const REFUSING: &[&str] = &["unimplemented", "todo", "unreachable", "panic"];

/// Methods that give a fixed value another form.
const FORMS: &[&str] = &[
    "to_string",
    "to_owned",
    "into",
    "as_str",
    "as_bytes",
    "boxed",
    "to_vec",
    "into_boxed_str",
];

/// How much an expression says; the more, the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Nothing,
    Value,
    More,
}

/// The body of a trait's provided method.
pub(super) fn provided(block: &syn::Block) -> Body {
    match of_block(block) {
        Says::Nothing => Body::Empty,
        Says::Value => Body::Fixed,
        Says::More => Body::Own,
    }
}

/// The body of a method of an `impl`: whether it does anything but hand the call on.
pub(super) fn implemented(method: &syn::ImplItemFn) -> Body {
    let [Stmt::Expr(only, None)] = method.block.stmts.as_slice() else {
        return Body::Own;
    };
    let mut inner = only;
    loop {
        inner = match inner {
            Expr::Await(outer) => &outer.base,
            Expr::Paren(outer) => &outer.expr,
            Expr::MethodCall(call) if call.method == method.sig.ident => {
                let itself =
                    matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
                return if itself { Body::Own } else { Body::Forwards };
            }
            _ => return Body::Own,
        };
    }
}

fn of_block(block: &syn::Block) -> Says {
    most(block.stmts.iter().map(of_statement))
}

fn most(parts: impl Iterator<Item = Says>) -> Says {
    parts.max().unwrap_or(Says::Nothing)
}

fn of_statement(statement: &Stmt) -> Says {
    match statement {
        // `let _ = unused;`
        Stmt::Local(local) if matches!(local.pat, syn::Pat::Wild(_)) => {
            let value = local.init.as_ref().map(|value| of_expression(&value.expr));
            value
                .filter(|says| *says == Says::More)
                .unwrap_or(Says::Nothing)
        }
        Stmt::Local(_) | Stmt::Item(_) => Says::More,
        Stmt::Expr(expression, _) => of_expression(expression),
        Stmt::Macro(call) => of_macro(&call.mac),
    }
}

fn of_expression(expression: &Expr) -> Says {
    match expression {
        Expr::Lit(literal) => of_literal(&literal.lit),
        Expr::Path(path) => of_path(path),
        Expr::Paren(inner) => of_expression(&inner.expr),
        Expr::Group(inner) => of_expression(&inner.expr),
        Expr::Reference(inner) => of_expression(&inner.expr),
        Expr::Unary(inner) => of_expression(&inner.expr).max(Says::Value),
        Expr::Cast(inner) => of_expression(&inner.expr),
        Expr::Block(block) => of_block(&block.block),
        Expr::Async(block) => of_block(&block.block),
        Expr::Return(inner) => inner.expr.as_deref().map_or(Says::Nothing, of_expression),
        Expr::Tuple(tuple) => most(tuple.elems.iter().map(of_expression)),
        Expr::Array(array) => most(array.elems.iter().map(of_expression)),
        Expr::Struct(one) if one.rest.is_none() && one.fields.is_empty() => Says::Nothing,
        Expr::Struct(one) => {
            let fields = one.fields.iter().map(|field| of_expression(&field.expr));
            let rest = one.rest.iter().map(|rest| of_expression(rest));
            most(fields.chain(rest)).max(Says::Value)
        }
        Expr::Call(call) => of_call(call),
        Expr::MethodCall(call) if call.args.is_empty() => {
            let form = FORMS.iter().any(|form| call.method == form);
            if form {
                of_expression(&call.receiver)
            } else {
                Says::More
            }
        }
        Expr::Macro(call) => of_macro(&call.mac),
        _ => Says::More,
    }
}

fn of_literal(literal: &Lit) -> Says {
    let nothing = match literal {
        Lit::Str(text) => text.value().is_empty(),
        Lit::ByteStr(bytes) => bytes.value().is_empty(),
        Lit::Bool(value) => !value.value,
        Lit::Int(number) => number.base10_digits() == "0",
        Lit::Float(number) => number
            .base10_digits()
            .bytes()
            .all(|digit| matches!(digit, b'0' | b'.')),
        _ => false,
    };
    if nothing { Says::Nothing } else { Says::Value }
}

/// `None`, what the method was given, or a constant or variant.
fn of_path(path: &syn::ExprPath) -> Says {
    let Some(last) = path.path.segments.last() else {
        return Says::More;
    };
    let name = last.ident.to_string();
    let given =
        path.path.segments.len() == 1 && name.starts_with(|c: char| c.is_lowercase() || c == '_');
    if given || name == "None" || name == "PhantomData" {
        Says::Nothing
    } else {
        Says::Value
    }
}

/// `Ok(…)` says what is in it, `Err(…)` refuses, `Vec::new()` holds nothing.
fn of_call(call: &syn::ExprCall) -> Says {
    let Expr::Path(path) = &*call.func else {
        return Says::More;
    };
    let Some(last) = path.path.segments.last() else {
        return Says::More;
    };
    let name = last.ident.to_string();
    let constructs = name.starts_with(char::is_uppercase);
    let inside = most(call.args.iter().map(of_expression));
    let owner = path
        .path
        .segments
        .iter()
        .rev()
        .nth(1)
        .map(|owner| &owner.ident);
    match name.as_str() {
        // A refusal that is computed is still one.
        "Err" => Says::Nothing,
        "Ok" | "Some" => inside,
        "new" | "pin" | "from" if owner.is_some_and(|it| is_wrapper(&it.to_string())) => inside,
        _ if call.args.is_empty() && EMPTY.contains(&name.as_str()) => Says::Nothing,
        _ if constructs => inside.max(Says::Value),
        _ => Says::More,
    }
}

fn is_wrapper(owner: &str) -> bool {
    ["Box", "Arc", "Rc", "String", "Cow", "Vec", "PathBuf"].contains(&owner)
}

fn of_macro(call: &syn::Macro) -> Says {
    let Some(last) = call.path.segments.last() else {
        return Says::More;
    };
    let is = |names: &[&str]| names.iter().any(|name| last.ident == name);
    let empty = is(&["vec"]) && call.tokens.is_empty();
    if empty || is(REFUSING) || is_telling(&last.ident) {
        Says::Nothing
    } else {
        Says::More
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        provided(&syn::parse_str(&format!("{{ {text} }}")).expect("a block"))
    }

    #[test]
    fn a_default_that_says_nothing_is_told_from_a_value_and_from_behaviour() {
        for text in [
            "",
            "None",
            "Ok(())",
            "false",
            "0",
            "\"\"",
            "Vec::new()",
            "vec![]",
            "Default::default()",
            "Self::Output::default()",
            "unimplemented!()",
            "let _ = context; Ok(None)",
            "tracing::warn!(\"not supported\"); Err(Error::Unsupported(\"x\"))",
            "return Ok(());",
            "Box::pin(async move { Ok(()) })",
            "Err(self.refuse())",
            "self",
            "given",
        ] {
            assert_eq!(body(text), Body::Empty, "{text}");
        }
        for text in [
            "3",
            "true",
            "\"orders\"",
            "Kind::Plain",
            "Some(50)",
            "\"x\".to_owned()",
            "-1",
        ] {
            assert_eq!(body(text), Body::Fixed, "{text}");
        }
        for text in [
            "self.amounts().iter().sum()",
            "self.total",
            "let total = self.total(); total",
            "compute(3)",
            "if x { 1 } else { 2 }",
            "a + b",
        ] {
            assert_eq!(body(text), Body::Own, "{text}");
        }
    }
}
