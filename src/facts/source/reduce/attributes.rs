//! Attributes: which `cfg` guards what follows, and the paths that derives and macros name.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::{Meta, Token};

use super::{Inert, Reducer, segments_span, span_of};
use crate::facts::source::file::{Guard, GuardIndex, Namespaces, Standing, UseKind};

/// Attributes of the language whose arguments name no path.
const BUILT_IN: &[&str] = &[
    "allow",
    "automatically_derived",
    "cfg",
    "cold",
    "collapse_debuginfo",
    "coverage",
    "crate_name",
    "crate_type",
    "debugger_visualizer",
    "default",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "export_name",
    "feature",
    "forbid",
    "global_allocator",
    "ignore",
    "inline",
    "instruction_set",
    "link",
    "link_name",
    "link_section",
    "macro_export",
    "macro_use",
    "must_use",
    "naked",
    "no_implicit_prelude",
    "no_main",
    "no_mangle",
    "no_std",
    "non_exhaustive",
    "panic_handler",
    "path",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "recursion_limit",
    "repr",
    "should_panic",
    "target_feature",
    "test",
    "bench",
    "track_caller",
    "type_length_limit",
    "used",
    "warn",
    "windows_subsystem",
];

/// Tools that the compiler knows by name: `rustfmt::skip` is nobody's item, unless a crate has the name.
const TOOLS: &[&str] = &["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];

/// Attributes whose strings are names on a wire, or are said to people.
const SAYS: &[&str] = &[
    "serde",
    "error",
    "display",
    "diagnostic",
    "strum",
    "schemars",
    "schema",
    "graphql",
    "oai",
    "instrument",
    "prost",
];

impl Reducer<'_, '_> {
    /// Runs `body` under the guards that `attributes` add.
    pub(super) fn guarded<R>(
        &mut self,
        attributes: &[syn::Attribute],
        body: impl FnOnce(&mut Self) -> R,
    ) -> R {
        if attributes.is_empty() {
            return body(self);
        }
        let guard = self.guard_of(attributes);
        let outer = std::mem::replace(&mut self.guard, guard);
        let result = body(self);
        self.guard = outer;
        result
    }

    /// The present guard with those of `attributes`.
    pub(super) fn guard_of(&mut self, attributes: &[syn::Attribute]) -> GuardIndex {
        let mut guard = self.guard;
        for attribute in attributes {
            match &attribute.meta {
                Meta::List(list) if list.path.is_ident("cfg") => {
                    guard = self.add_guard(guard, &list.tokens);
                }
                meta if is_test_attribute(meta.path()) => {
                    guard = self.intern_guard(guard, String::new(), true);
                }
                _ => {}
            }
        }
        guard
    }

    fn add_guard(&mut self, outer: GuardIndex, predicate: &TokenStream) -> GuardIndex {
        let test = holds(predicate.clone(), false) == Some(false)
            && holds(predicate.clone(), true) != Some(false);
        self.intern_guard(outer, canonical(predicate.clone()), test)
    }

    fn intern_guard(&mut self, outer: GuardIndex, predicate: String, test: bool) -> GuardIndex {
        let key = (outer, predicate);
        if let Some(&index) = self.known.guards.get(&key) {
            return index;
        }
        let index = self.facts.guards.len() as GuardIndex;
        self.facts.guards.push(Guard {
            outer,
            predicate: key.1.clone(),
            test: test || self.facts.guards[outer as usize].test,
        });
        self.known.guards.insert(key, index);
        index
    }

    /// Records what an attribute names.
    pub(super) fn attribute(&mut self, meta: &Meta) {
        let path = meta.path();
        if path.is_ident("cfg") {
            if let Meta::List(list) = meta {
                let span = span_of(path.segments[0].ident.span());
                self.branch_on(canonical(list.tokens.clone()), span);
            }
        } else if path.is_ident("cfg_attr") {
            if let Meta::List(list) = meta {
                self.conditional(list);
            }
        } else if path.is_ident("derive") {
            if let Meta::List(list) = meta {
                self.derive(list);
            }
        } else if path.is_ident("unsafe") {
            if let Meta::List(list) = meta
                && let Ok(inner) = list.parse_args::<Meta>()
            {
                self.attribute(&inner);
            }
        } else if !BUILT_IN.iter().any(|name| path.is_ident(name)) {
            self.attribute_name(path);
            match meta {
                Meta::Path(_) => {}
                Meta::List(list) => {
                    if !SAYS.iter().any(|name| path.is_ident(name)) {
                        self.attribute_literals(list.tokens.clone(), 0);
                    }
                    self.scan_attribute(list.tokens.clone());
                }
                // What stands there is a name or a text, not a value of the program.
                Meta::NameValue(pair) => self.silently(|this| {
                    syn::visit::Visit::visit_expr(this, &pair.value);
                }),
            }
        }
    }

    /// An attribute macro, or what only a derive understands (`#[serde(…)]`): a single word says not which.
    fn attribute_name(&mut self, path: &syn::Path) {
        let take = path.segments.len();
        let Some((lead, names)) = self.path_names(path, take) else {
            return;
        };
        let standing = match names.as_slice() {
            [_] if self.is_inert(path) => return,
            [_] => Standing::Word,
            _ if is_of_tool(path) => Standing::Word,
            _ => Standing::Code,
        };
        let kind = std::mem::replace(&mut self.kind, UseKind::Attribute);
        let index = self.path_index(lead, &names, Namespaces::MACRO, standing);
        self.record(index, segments_span(path, take));
        self.kind = kind;
    }

    fn is_inert(&self, path: &syn::Path) -> bool {
        match &self.inert {
            Inert::All => true,
            Inert::Words(words) => words.iter().any(|word| path.is_ident(word)),
        }
    }

    /// The attributes of a field or a variant: their names are nobody's items, their arguments may be.
    pub(super) fn inert_attributes(&mut self, attributes: &[syn::Attribute]) {
        let outer = std::mem::replace(&mut self.inert, Inert::All);
        for attribute in attributes {
            self.attribute(&attribute.meta);
        }
        self.inert = outer;
    }

    /// `cfg_attr(predicate, attributes…)`
    fn conditional(&mut self, list: &syn::MetaList) {
        let mut tokens = list.tokens.clone().into_iter();
        let predicate: TokenStream = tokens
            .by_ref()
            .take_while(|token| !is_comma(token))
            .collect();
        let rest: TokenStream = tokens.collect();
        self.branch_on(
            canonical(predicate.clone()),
            span_of(list.path.segments[0].ident.span()),
        );
        let guard = self.add_guard(self.guard, &predicate);
        let outer = std::mem::replace(&mut self.guard, guard);
        let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
        match syn::parse::Parser::parse2(parser, rest.clone()) {
            Ok(metas) => metas.iter().for_each(|meta| self.attribute(meta)),
            Err(_) => self.scan_attribute(rest),
        }
        self.guard = outer;
    }

    fn derive(&mut self, list: &syn::MetaList) {
        let parser = Punctuated::<syn::Path, Token![,]>::parse_terminated;
        let kind = std::mem::replace(&mut self.kind, UseKind::Attribute);
        match syn::parse::Parser::parse2(parser, list.tokens.clone()) {
            Ok(paths) => {
                for path in &paths {
                    self.use_path(path, path.segments.len(), Namespaces::MACRO);
                }
            }
            Err(_) => self.scan(list.tokens.clone()),
        }
        self.kind = kind;
    }

    /// Paths in the arguments of an attribute macro, in its strings too.
    fn scan_attribute(&mut self, tokens: TokenStream) {
        let kind = std::mem::replace(&mut self.kind, UseKind::Tokens);
        self.scan_strings(tokens.clone(), 0);
        self.silently(|this| this.scan(tokens));
        self.kind = kind;
    }

    fn scan_strings(&mut self, tokens: TokenStream, depth: usize) {
        for token in tokens {
            match token {
                TokenTree::Group(group) if depth < 64 => {
                    self.scan_strings(group.stream(), depth + 1)
                }
                TokenTree::Literal(literal) => self.path_in_string(&literal),
                _ => {}
            }
        }
    }

    /// `with = "codec::rows"`: a string that is a path of two segments or more.
    fn path_in_string(&mut self, literal: &proc_macro2::Literal) {
        let text = literal.to_string();
        if !text.contains("::") {
            return;
        }
        let Ok(syn::Lit::Str(string)) = syn::parse_str::<syn::Lit>(&text) else {
            return;
        };
        let Ok(path) = syn::parse_str::<syn::Path>(&string.value()) else {
            return;
        };
        if let Some((lead, names)) = self.path_names(&path, path.segments.len()) {
            let index = self.path_index(lead, &names, Namespaces::ANY, Standing::Code);
            self.record(index, span_of(literal.span()));
        }
    }

    /// The `#[path]`s of a module: the text, and whether a `cfg_attr` holds it.
    pub(super) fn module_paths(attributes: &[syn::Attribute]) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for attribute in attributes {
            match &attribute.meta {
                Meta::NameValue(pair) if pair.path.is_ident("path") => {
                    found.extend(string_of(&pair.value).map(|path| (path, false)));
                }
                Meta::List(list) if list.path.is_ident("cfg_attr") => {
                    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
                    let Ok(metas) = syn::parse::Parser::parse2(parser, list.tokens.clone()) else {
                        continue;
                    };
                    for meta in metas.iter().skip(1) {
                        if let Meta::NameValue(pair) = meta
                            && pair.path.is_ident("path")
                        {
                            found.extend(string_of(&pair.value).map(|path| (path, true)));
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }
}

fn string_of(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// `#[test]`, `#[tokio::test]`, `#[bench]`: compiled in tests only.
fn is_test_attribute(path: &syn::Path) -> bool {
    path.is_ident("bench")
        || path
            .segments
            .last()
            .is_some_and(|last| last.ident == "test")
}

/// The words that derives go by as attributes: `error` of `thiserror::Error`, under a `cfg_attr` too.
pub(super) fn derived_words(attributes: &[syn::Attribute]) -> Vec<String> {
    let mut words = Vec::new();
    for attribute in attributes {
        match &attribute.meta {
            Meta::List(list) if list.path.is_ident("derive") => {
                words.extend(snake_cased(list.tokens.clone()));
            }
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                let tokens: Vec<TokenTree> = list.tokens.clone().into_iter().collect();
                for pair in tokens.windows(2) {
                    if let [TokenTree::Ident(name), TokenTree::Group(group)] = pair
                        && name == "derive"
                    {
                        words.extend(snake_cased(group.stream()));
                    }
                }
            }
            _ => {}
        }
    }
    words
}

fn snake_cased(derives: TokenStream) -> impl Iterator<Item = String> {
    derives.into_iter().filter_map(|token| {
        let TokenTree::Ident(ident) = token else {
            return None;
        };
        let mut word = String::new();
        for letter in ident.to_string().chars() {
            if letter.is_uppercase() && !word.is_empty() {
                word.push('_');
            }
            word.extend(letter.to_lowercase());
        }
        Some(word)
    })
}

fn is_of_tool(path: &syn::Path) -> bool {
    path.segments.len() > 1 && TOOLS.iter().any(|tool| path.segments[0].ident == tool)
}

pub(super) fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// A predicate as people write it, whatever the source's spacing.
pub(super) fn canonical(tokens: TokenStream) -> String {
    let mut text = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                text.push('(');
                text.push_str(&canonical(group.stream()));
                text.push(')');
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => text.push_str(", "),
            TokenTree::Punct(punct) if punct.as_char() == '=' => text.push_str(" = "),
            other => text.push_str(&other.to_string()),
        }
    }
    text.trim_end_matches(", ").to_owned()
}

/// Whether a predicate holds when `test` does or does not, whatever else is set; `None` if that depends.
fn holds(tokens: TokenStream, test: bool) -> Option<bool> {
    let tokens: Vec<TokenTree> = tokens
        .into_iter()
        .filter(|token| !is_comma(token))
        .collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name)] if name == "test" => Some(test),
        [TokenTree::Ident(name), TokenTree::Group(group)] => {
            let mut parts = split(group.stream())
                .into_iter()
                .map(|part| holds(part, test));
            match name.to_string().as_str() {
                "not" => parts.next().flatten().map(|holds| !holds),
                "all" => all(parts),
                "any" => all(parts.map(|part| part.map(|holds| !holds))).map(|none| !none),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The conjunction of three-valued truths.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in tokens {
        if is_comma(&token) {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(token);
        }
    }
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.map(|part| part.into_iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{canonical, holds};

    fn test_only(predicate: &str) -> bool {
        let tokens: proc_macro2::TokenStream = predicate.parse().expect("it lexes");
        holds(tokens.clone(), false) == Some(false) && holds(tokens, true) != Some(false)
    }

    #[test]
    fn only_what_needs_test_is_a_test() {
        assert!(test_only("test"));
        assert!(test_only("all(unix, test)"));
        assert!(test_only("any(test, all(test, windows))"));
        assert!(test_only("not(not(test))"));
        assert!(!test_only("any(test, feature = \"x\")"));
        assert!(!test_only("not(test)"));
        assert!(!test_only("any()"));
        assert!(!test_only("feature = \"test\""));
    }

    #[test]
    fn predicates_read_as_people_write_them() {
        let tokens = "all ( unix , feature=\"x\", )".parse().expect("it lexes");
        assert_eq!(canonical(tokens), "all(unix, feature = \"x\")");
    }
}
