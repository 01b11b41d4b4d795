//! Plain arguments beside what the library's parser makes of them.

use super::super::each;
use super::*;
use syn::visit::{self, Visit};
use syn::{BinOp, UnOp};

/// All that there is in expressions, in the order of the source.
#[derive(Default)]
struct Trace(Vec<String>);

impl<'ast> Visit<'ast> for Trace {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.0
            .push(format!("{:?}", std::mem::discriminant(expression)));
        visit::visit_expr(self, expression);
    }
    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.0.push(format!("{ident} {:?}", ident.span()));
    }
    fn visit_lit(&mut self, literal: &'ast Lit) {
        let kind = std::mem::discriminant(literal);
        self.0.push(format!("{kind:?} {:?}", literal.span()));
    }
    fn visit_index(&mut self, index: &'ast syn::Index) {
        self.0.push(format!("{} {:?}", index.index, index.span));
    }
    fn visit_bin_op(&mut self, op: &'ast BinOp) {
        self.0.push(format!("{:?}", std::mem::discriminant(op)));
    }
    fn visit_un_op(&mut self, op: &'ast UnOp) {
        self.0.push(format!("{:?}", std::mem::discriminant(op)));
    }
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let close = call.delimiter.span().close();
        self.0.push(format!("{} {close:?}", call.tokens));
        visit::visit_macro(self, call);
    }
}

fn trace(list: &List) -> Vec<String> {
    let mut trace = Trace::default();
    each(list).for_each(|expression| trace.visit_expr(expression));
    trace.0.push(list.trailing_punct().to_string());
    trace.0
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("it is made of tokens")
}

#[test]
fn plain_arguments_are_what_the_parser_makes_of_them() {
    for text in [
        "",
        "a",
        "\"{} {x}\", a, r#type, x = 3, true,",
        "a.b.c, a.0, self.f(x, &mut y)?.await, *a, !a, -1, &&a",
        "a::b(c), Self::new(), crate::x::Y, super::f(), a[0], a()[i](b)",
        "a == b + c * 2 && !d || e, a + b - c, a < b, a >= b, a | B::C, x = y = z",
        "a.len() > 0, (a), (), (a,), (a, b), [], [1, 2], -a.b * c, a==-b",
        "Error::Missing { .. }, A {}, A { b, c: d + 1, .. }, A { b, }",
        "format!(\"{}\", x), vec![1; 2].len(), a::b!{ x => y }, !matches!(a, b)",
    ] {
        let tokens = tokens(text);
        let plain = plain(&tokens).expect(text);
        let parsed = parsed(&tokens).expect(text);
        assert_eq!(trace(&plain), trace(&parsed), "{text}");
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_parser() {
    for text in [
        "a b",
        "a;",
        "a == b == c",
        "a => b",
        "|x| x",
        "a as b",
        "a..b",
        "..",
        "f::<T>()",
        "a.f::<T>()",
        "#[x] a",
        "'a: loop {}",
        "if a { b }",
        "{ a }",
        "a += 1",
        "?x",
        "a.type",
        "[1; 2]",
        "A { ..b }",
        "&raw const a",
        "a!",
        ", a",
        "a.1.2",
        "A { self }",
        "x.self",
        "a << b",
        "_",
        "await",
        "let a = b",
        "<A as B>::c()",
        "::a",
    ] {
        assert!(plain(&tokens(text)).is_none(), "{text}");
    }
}
