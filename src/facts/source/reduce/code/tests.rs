//! Files beside what the library's parser makes of them.

use syn::visit::Visit;

use super::super::arguments::tests::Trace;
use super::*;
use crate::facts::source::load::STACK;
use crate::facts::source::nesting;

/// The tree without the places' offset, which grows with each text that is read.
fn trace(file: impl FnOnce() -> syn::File) -> Vec<String> {
    proc_macro2::extra::invalidate_current_thread_spans();
    let mut trace = Trace::default();
    let file = file();
    trace.visit_file(&file);
    trace.0
}

#[track_caller]
fn agrees(text: &str) {
    let plain = trace(|| plain(text).expect(text));
    let parsed = trace(|| syn::parse_file(text).expect(text));
    assert_eq!(plain, parsed, "{text}");
}

#[test]
fn bodies_are_what_the_parser_makes_of_them() {
    for body in [
        "",
        ";",
        "a; b",
        "if a { b } else { c } - d",
        "match a { B { .. } if c => {} D | E => f, _ => g } (h)",
        "if a { b } else { c }.d().e = f;",
        "unsafe { a }?; 'a: { break 'a }",
        "m! { a } b!(c); d!{}.e(); f![]; a::g! { h } - i",
        "m! { a }",
        "m!(a)",
        "let Some(a) = b else { return }; let (c, mut d, ..): (e, f); let [g, h @ ..] = i;",
        "let a: Vec<Vec<u8>>= b; let &(ref c, _) = &d; let A::B { e, f: Some(1..=2 | 4), .. } = g;",
        "for (a, b) in c.d() { continue } while let Some(x) = y && z == (W {}) {}",
        "while a < b && !c {} loop { break a + 1; } 'b: for _ in ..c { break 'b }",
        "use a::B; const C: u8 = 1; fn d<T>() -> T { e } #[f] struct G { h: i } j",
        "#[a] let b = 1; match c { #[d] E => f, }",
        "let f = |a: &str, b| -> u8 { c }; let g = move || async move { h.await? };",
        "#[a] { b }",
        "let a = { #[b] c(); d };",
        "macro_rules! m { () => {} } m!();",
        "let a = <B as C>::d(); ::e::f(); let g: Box<dyn H> = i; a.0.1 = 2",
        "return match a { 'b' => b'c', -1 => d, _ => return };",
        "a as u8 as char; x = y..; z[..a]; &mut *b; !c; -d",
    ] {
        agrees(&format!("fn f() {{ {body} }}"));
        agrees(&format!("fn f() {{ if a {{ {body} }} }}"));
    }
}

#[test]
fn bodies_are_found_where_functions_are() {
    for text in [
        "fn f() { #![a] b } fn g() { #![c] } fn h() { loop { #![d] e; f } }",
        "#![a] fn f() { a } mod b { #![c] fn g() { d } fn h() {} }",
        "impl<T> A for B<{ 1 }> where T: Fn() { const C: D = { e }; fn f() { g } type H = I; }",
        "trait A { fn f(); fn g(&self) -> fn(u8) { h } } const F: fn(u8) = { i }; fn j() { k }",
        "m! { fn f() { a } } extern \"C\" { fn g(); } fn h() -> impl A { b } enum C { D = { 1 } }",
        "macro_rules! m { () => { fn f() { a } } } fn g() -> [u8; { 1 }] { b }",
    ] {
        agrees(text);
    }
}

#[test]
fn where_anything_surprises_the_parser_reads_all() {
    for text in [
        "#!/bin/sh\nfn f() { a }",
        "fn f() -> A<{ b }> { c }",
        "impl const A for B { fn f() { c } }",
        "fn f() { a",
        "fn f() { a } }",
        "fn f() { a b }",
        "struct S { fn f() { a } }",
    ] {
        assert!(plain(text).is_none(), "{text}");
    }
}

#[test]
fn as_deep_as_the_parser_goes() {
    let many = 4_900;
    let nested = |open: &str, close: &str| {
        format!(
            "fn f() {{ {} a {} }}",
            open.repeat(many),
            close.repeat(many)
        )
    };
    let texts = [
        nested("{", "}"),
        nested("if a {", "}"),
        nested("(", ")"),
        nested("!", ""),
        nested("|x|", ""),
        nested("a = ", ""),
        nested("let _ = || {", "};"),
        nested("if a {} else ", "{}"),
        nested("return ", ""),
    ];
    let read = move || {
        for text in texts {
            if nesting::check(&text).is_ok() {
                drop(file(&text));
                proc_macro2::extra::invalidate_current_thread_spans();
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(read);
    thread.expect("it starts").join().expect("it ends");
}
