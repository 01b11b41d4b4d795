//! Plain arguments beside what the library's parser makes of them.

use super::super::each;
use super::*;
use syn::visit::{self, Visit};
use syn::{BinOp, UnOp};

/// All that there is in expressions, in the order of the source.
#[derive(Default)]
pub(in super::super) struct Trace(pub(in super::super) Vec<String>);

impl<'ast> Visit<'ast> for Trace {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.0
            .push(format!("{:?}", std::mem::discriminant(expression)));
        visit::visit_expr(self, expression);
    }
    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        self.0
            .push(format!("{:?}", std::mem::discriminant(statement)));
        match statement {
            syn::Stmt::Expr(_, semi) => self
                .0
                .push(format!("{:?}", semi.as_ref().map(|semi| semi.span))),
            syn::Stmt::Macro(call) => {
                let semi = call.semi_token.as_ref().map(|semi| semi.span);
                self.0.push(format!("{semi:?}"));
            }
            _ => {}
        }
        visit::visit_stmt(self, statement);
    }
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let (starts, ends) = (local.let_token.span, local.semi_token.span);
        let diverges = local.init.iter().any(|init| init.diverge.is_some());
        self.0.push(format!("{starts:?} {ends:?} {diverges}"));
        visit::visit_local(self, local);
    }
    fn visit_block(&mut self, block: &'ast syn::Block) {
        let braces = block.brace_token.span;
        self.0
            .push(format!("{:?} {:?}", braces.open(), braces.close()));
        visit::visit_block(self, block);
    }
    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        self.0
            .push(format!("{:?}", std::mem::discriminant(pattern)));
        visit::visit_pat(self, pattern);
    }
    fn visit_type(&mut self, kind: &'ast syn::Type) {
        self.0.push(format!("{:?}", std::mem::discriminant(kind)));
        visit::visit_type(self, kind);
    }
    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let comma = arm.comma.as_ref().map(|comma| comma.span);
        self.0.push(format!("{} {comma:?}", arm.attrs.len()));
        visit::visit_arm(self, arm);
    }
    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.0.push(format!("{:?}", std::mem::discriminant(item)));
        visit::visit_item(self, item);
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
        "|x| x, |&(a, ref mut b): &T| -> u8 { c }, move || a || b, async |x| x, |_| |y| y",
        "a as b, a as *const u8 as usize + 1, a..b, .., ..=b, a.., a << b >> c ^ d & e",
        "f::<T>(), a.f::<Vec<_>, &'a [u8]>(), A { ..b }, [1; 2], a += 1, a >>= b, a |= b, _",
        "'a: loop { break 'a; }, if a { b } else if let Some(c) = d && e { f } else { g }, { a }",
        "if a == (B { c }) {} else {}.d, match a {}, unsafe { b }?, async move { c.await }, return a",
        "let a = b && c, x.iter().map(|x| x + 1).sum::<u8>() as f64 / 2.0",
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
        "#[x] a",
        "?x",
        "a.type",
        "&raw const a",
        "a!",
        ", a",
        "a.1.2",
        "A { self }",
        "x.self",
        "await",
        "x.f::<T>",
        "x as y?",
        "x as y.z",
        "a...b",
        "a..=",
        "if return A {} {}",
        "|x: dyn Y| x",
        "if A {} {}",
        "loop",
        "match a { B C }",
        "match a { B => c D => e }",
        "{ let a }",
        "{ let a = b {} else {}; }",
        "{ a b }",
        "{ #![a] }",
        "<A as B>::c()",
        "::a",
    ] {
        assert!(plain(&tokens(text)).is_none(), "{text}");
    }
}
