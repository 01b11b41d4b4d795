//! One file's syntax tree, reduced to owned facts on the thread that parsed it.

mod arguments;
mod attributes;
mod bodies;
mod branches;
mod brought;
mod code;
mod decisions;
mod expressions;
mod flow;
mod items;
mod literals;
mod spelling;
mod tokens;
mod types;

use std::hash::BuildHasher;

use foldhash::{HashMap, HashSet};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::punctuated::{Pair, Punctuated};
use syn::visit::Visit;

use self::spelling::spelled;
use crate::facts::source::file::{
    FileFacts, Guard, GuardIndex, ItemIndex, Lead, Namespaces, Path, PathIndex, PathUse, Scope,
    ScopeIndex, Standing, Step, Type, TypeIndex, UseKind, Value, ValueIndex,
};
use crate::facts::source::nesting;
use crate::facts::source::speaking;
use crate::facts::source::symbols::{Interner, Symbol};
use crate::text::{Position, Span};

/// Why a file could not be reduced.
#[derive(Debug, Clone)]
pub(crate) struct Unreadable {
    pub(crate) span: Span,
    pub(crate) reason: String,
}

/// What a thread keeps from one file to the next: names, and memory to be used again. New memory for each
/// file is what costs, more than what is written there.
pub(crate) struct Desk<'s> {
    interner: Interner<'s>,
    /// The names of [`PRELUDE`].
    prelude: HashSet<Symbol>,
    facts: FileFacts,
    known: Known,
    /// For facts on their way out.
    pub(super) tape: Vec<u8>,
}

impl<'s> Desk<'s> {
    pub(crate) fn new(mut interner: Interner<'s>) -> Self {
        Self {
            prelude: PRELUDE.iter().map(|name| interner.intern(name)).collect(),
            interner,
            facts: FileFacts::default(),
            known: Known::default(),
            tape: Vec::new(),
        }
    }

    /// Takes back the memory of facts that are no longer needed.
    pub(crate) fn clear(&mut self, facts: FileFacts) {
        self.facts = facts;
        self.facts.clear();
    }
}

/// What was met in a file before, by which it is found again.
#[derive(Default)]
struct Known {
    /// By a hash of the path, or the next number that is free.
    paths: HashMap<u64, PathIndex>,
    guards: HashMap<(GuardIndex, String), GuardIndex>,
    types: HashMap<Type, TypeIndex>,
}

impl Known {
    fn clear(&mut self) {
        self.paths.clear();
        self.guards.clear();
        self.types.clear();
    }
}

/// Parses `text` and reduces it. The thread's stack must hold what [`nesting`] lets pass.
///
/// # Errors
/// Where the text nests too deep, or is not Rust.
pub(crate) fn reduce(text: &str, desk: &mut Desk<'_>) -> Result<FileFacts, Unreadable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let comments = nesting::check(text).map_err(|line| {
        let at = Position::from_lexer(line as usize, 0);
        Unreadable {
            span: Span { start: at, end: at },
            reason: "nests or chains too deep to be parsed; break the expression up".to_owned(),
        }
    })?;
    let text = &*comments.left_out(text);
    let result = match code::file(text) {
        Ok(file) => {
            let mut reducer = Reducer::new(desk);
            reducer.updates = speaking::lines_of_updates(text);
            reducer.visit_file(&file);
            Ok(reducer.finish())
        }
        Err(error) => {
            let unreadable = Unreadable {
                span: span_of(error.span()),
                reason: format!("does not parse as Rust: {error}"),
            };
            fragment(text, desk, unreadable)
        }
    };
    proc_macro2::extra::invalidate_current_thread_spans();
    result
}

/// The elements of a list; its own `iter` asks for memory each time.
fn each<T, P>(list: &Punctuated<T, P>) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
    list.pairs().map(Pair::into_value)
}

/// Whether a name is spelled as types, traits and constants are.
fn is_capital(name: &Ident) -> bool {
    let first_is = |text: &str| text.starts_with(char::is_uppercase);
    // A raw name comes in pieces.
    spelled(name, first_is).unwrap_or_else(|| first_is(&name.unraw().to_string()))
}

fn span_of(span: proc_macro2::Span) -> Span {
    Span {
        start: start_of(span),
        end: end_of(span),
    }
}

fn start_of(span: proc_macro2::Span) -> Position {
    let start = span.start();
    Position::from_lexer(start.line, start.column)
}

fn end_of(span: proc_macro2::Span) -> Position {
    let end = span.end();
    Position::from_lexer(end.line, end.column)
}

/// The statements or the expression that a file for `include!` may hold.
fn fragment(text: &str, desk: &mut Desk<'_>, why: Unreadable) -> Result<FileFacts, Unreadable> {
    let Ok(statements) = syn::parse::Parser::parse_str(syn::Block::parse_within, text) else {
        return Err(why);
    };
    let mut reducer = Reducer::new(desk);
    reducer.block(&statements);
    let mut facts = reducer.finish();
    facts.fragment = Some((why.span, why.reason));
    Ok(facts)
}

/// From a path's first token to the name of its last segment.
fn path_span(path: &syn::Path) -> Span {
    segments_span(path, path.segments.len())
}

fn segments_span(path: &syn::Path, take: usize) -> Span {
    let mut segments = each(&path.segments)
        .take(take)
        .map(|segment| segment.ident.span());
    let Some(first) = segments.next() else {
        return Span::START;
    };
    let last = segments.next_back();
    // To look a place up takes a while, and most paths are one name.
    match (&path.leading_colon, last) {
        (None, None) => span_of(first),
        (leading, last) => Span {
            start: start_of(leading.as_ref().map_or(first, |colons| colons.spans[0])),
            end: end_of(last.unwrap_or(first)),
        },
    }
}

/// What a literal has to do with the name beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// The name is given it.
    Given,
    /// The name is compared with it.
    Compared,
}

/// The result of the expression that was visited last, as far as its type may be told.
#[derive(Debug, Clone, Copy)]
enum Last {
    Nothing,
    Value(ValueIndex),
    /// A path that may be a constant.
    Path(PathIndex, Span),
}

struct Reducer<'i, 's> {
    interner: &'i mut Interner<'s>,
    prelude: &'i HashSet<Symbol>,
    facts: FileFacts,
    known: &'i mut Known,
    /// Memory for the names of the path at hand.
    names: Vec<Symbol>,
    scope: ScopeIndex,
    guard: GuardIndex,
    /// The `impl` or trait around, an index into `facts.impls`.
    owner: Option<u32>,
    /// The names of its type and of its trait.
    around: (Option<Symbol>, Option<Symbol>),
    /// The lines in which the file speaks of updates.
    updates: Vec<u32>,
    /// Variables in scope, the innermost last.
    locals: Vec<(Symbol, Option<ValueIndex>)>,
    /// Generic parameters in scope with their bounds.
    generics: Vec<(Symbol, TypeIndex)>,
    last: Last,
    /// Awaits, returns and the like so far.
    effects: u32,
    /// The name that the next expression is given to, or compared with.
    name: Option<(Symbol, Relation)>,
    /// The name that stands for a function's result.
    tail: Option<Symbol>,
    /// The constant or static around.
    constant: Option<ItemIndex>,
    /// How paths come about here: set within macros.
    kind: UseKind,
    inert: Inert,
}

/// Which attributes of one word are no macros of their own here, but a derive's.
enum Inert {
    /// The derives' own names, as attributes are written: `error` of `Error`.
    Words(Vec<String>),
    /// All: a field and a variant have no other.
    All,
}

impl<'i, 's> Reducer<'i, 's> {
    fn new(desk: &'i mut Desk<'s>) -> Self {
        let mut facts = std::mem::take(&mut desk.facts);
        desk.known.clear();
        facts.guards.push(Guard {
            outer: 0,
            predicate: String::new(),
            test: false,
        });
        facts.scopes.push(Scope {
            outer: None,
            module: None,
        });
        Self {
            interner: &mut desk.interner,
            prelude: &desk.prelude,
            facts,
            known: &mut desk.known,
            names: Vec::new(),
            scope: 0,
            guard: 0,
            owner: None,
            around: (None, None),
            updates: Vec::new(),
            locals: Vec::new(),
            generics: Vec::new(),
            last: Last::Nothing,
            effects: 0,
            name: None,
            tail: None,
            constant: None,
            kind: UseKind::Path,
            inert: Inert::Words(Vec::new()),
        }
    }

    fn finish(mut self) -> FileFacts {
        self.drop_prelude_uses();
        self.facts
    }

    /// Names of the standard prelude that nothing in the file can shadow lead nowhere of interest.
    fn drop_prelude_uses(&mut self) {
        use crate::facts::source::file::ImportName;
        if self
            .facts
            .imports
            .iter()
            .any(|import| import.name == ImportName::Glob)
        {
            return;
        }
        let facts = &self.facts;
        let mut declared: HashSet<Symbol> = facts.items.iter().map(|item| item.name).collect();
        declared.extend(facts.imports.iter().filter_map(|import| match import.name {
            ImportName::Named(name) => Some(name),
            _ => None,
        }));
        declared.extend(facts.modules.iter().map(|module| module.name));
        let segments = &facts.segments;
        let dull: Vec<bool> = facts
            .paths
            .iter()
            .map(|path| {
                // `extern crate self as x;` has a path without a name.
                if path.len != 1 {
                    return false;
                }
                let name = segments[path.start as usize];
                path.lead == Lead::Scope
                    && self.prelude.contains(&name)
                    && !declared.contains(&name)
            })
            .collect();
        self.facts.uses.retain(|used| !dull[used.path as usize]);
    }

    fn symbol(&mut self, ident: &Ident) -> Symbol {
        self.interner.ident(ident)
    }

    fn local(&self, name: Symbol) -> Option<Option<ValueIndex>> {
        let found = self.locals.iter().rev().find(|(local, _)| *local == name);
        found.map(|&(_, value)| value)
    }

    fn generic(&self, name: Symbol) -> Option<TypeIndex> {
        let found = self
            .generics
            .iter()
            .rev()
            .find(|(generic, _)| *generic == name);
        found.map(|&(_, bounds)| bounds)
    }

    fn path_index(
        &mut self,
        lead: Lead,
        names: &[Symbol],
        namespaces: Namespaces,
        standing: Standing,
    ) -> PathIndex {
        let mut hash = self.known.paths.hasher().hash_one((
            self.scope,
            namespaces,
            lead,
            standing as u8,
            names,
        ));
        while let Some(&index) = self.known.paths.get(&hash) {
            let path = &self.facts.paths[index as usize];
            let segments = &self.facts.segments[path.start as usize..][..path.len as usize];
            if (path.scope, path.namespaces, path.lead, path.standing)
                == (self.scope, namespaces, lead, standing)
                && segments == names
            {
                return index;
            }
            hash = hash.wrapping_add(1);
        }
        let index = self.facts.paths.len() as PathIndex;
        self.facts.paths.push(Path {
            scope: self.scope,
            namespaces,
            lead,
            standing,
            start: self.facts.segments.len() as u32,
            len: names.len() as u32,
        });
        self.facts.segments.extend_from_slice(names);
        self.known.paths.insert(hash, index);
        index
    }

    /// The first `take` segments of a path as names; `None` where they begin with `Self`, a generic
    /// parameter, or are nothing but `self`.
    fn path_names(&mut self, path: &syn::Path, take: usize) -> Option<(Lead, Vec<Symbol>)> {
        let mut segments = each(&path.segments).take(take).peekable();
        let mut lead = if path.leading_colon.is_some() {
            Lead::Global
        } else {
            Lead::Scope
        };
        while let Some(segment) = segments.peek() {
            let ident = &segment.ident;
            lead = match lead {
                Lead::Scope if ident == "crate" => Lead::Crate,
                Lead::Scope if ident == "self" => Lead::SelfModule,
                Lead::Scope | Lead::SelfModule if ident == "super" => Lead::Super(1),
                Lead::Super(times) if ident == "super" => Lead::Super(times.saturating_add(1)),
                Lead::Scope if ident == "Self" => return None,
                _ => break,
            };
            segments.next();
        }
        let mut names = std::mem::take(&mut self.names);
        names.clear();
        names.extend(segments.map(|segment| self.interner.ident(&segment.ident)));
        let is_generic = lead == Lead::Scope
            && names
                .first()
                .is_some_and(|&name| self.generic(name).is_some());
        if names.is_empty() || is_generic {
            self.names = names;
            return None;
        }
        Some((lead, names))
    }

    /// Records one occurrence of the first `take` segments of `path`.
    fn use_path(
        &mut self,
        path: &syn::Path,
        take: usize,
        namespaces: Namespaces,
    ) -> Option<PathIndex> {
        let (lead, names) = self.path_names(path, take)?;
        if lead == Lead::Scope
            && names.len() == 1
            && namespaces == Namespaces::VALUE
            && self.local(names[0]).is_some()
        {
            self.names = names;
            return None;
        }
        let index = self.path_index(lead, &names, namespaces, Standing::Code);
        self.names = names;
        self.record(index, segments_span(path, take));
        Some(index)
    }

    fn record(&mut self, path: PathIndex, span: Span) {
        self.facts.uses.push(PathUse {
            path,
            guard: self.guard,
            kind: self.kind,
            span,
        });
    }

    fn value(&mut self, step: Step, span: Span) -> ValueIndex {
        let index = self.facts.values.len() as ValueIndex;
        self.facts.values.push(Value {
            step,
            scope: self.scope,
            owner: self.owner,
            guard: self.guard,
            span,
        });
        index
    }

    fn add_type(&mut self, type_: Type) -> TypeIndex {
        if let Some(&index) = self.known.types.get(&type_) {
            return index;
        }
        let index = self.facts.types.len() as TypeIndex;
        self.facts.types.push(type_.clone());
        self.known.types.insert(type_, index);
        index
    }

    /// Runs `body` in a new scope inside of the present one.
    fn in_scope(&mut self, module: Option<u32>, body: impl FnOnce(&mut Self)) -> ScopeIndex {
        let inner = self.facts.scopes.len() as ScopeIndex;
        self.facts.scopes.push(Scope {
            outer: Some(self.scope),
            module,
        });
        let outer = std::mem::replace(&mut self.scope, inner);
        body(self);
        self.scope = outer;
        inner
    }

    /// Runs `body` where the variables that it binds end with it.
    fn with_locals<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let mark = self.locals.len();
        let result = body(self);
        self.locals.truncate(mark);
        result
    }

    /// Runs `body` where no variable or generic parameter of the surroundings is in scope.
    fn apart<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let locals = std::mem::take(&mut self.locals);
        let generics = std::mem::take(&mut self.generics);
        let owner = self.owner.take();
        let around = std::mem::take(&mut self.around);
        let constant = self.constant.take();
        let result = body(self);
        self.locals = locals;
        self.generics = generics;
        self.owner = owner;
        self.around = around;
        self.constant = constant;
        result
    }
}

/// What every module sees without an import, and what most paths of a file are.
pub(crate) const PRELUDE: &[&str] = &[
    "Some",
    "None",
    "Ok",
    "Err",
    "Option",
    "Result",
    "Vec",
    "String",
    "Box",
    "ToString",
    "ToOwned",
    "Clone",
    "Copy",
    "Send",
    "Sync",
    "Sized",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Iterator",
    "IntoIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "FromIterator",
    "Extend",
    "From",
    "Into",
    "TryFrom",
    "TryInto",
    "AsRef",
    "AsMut",
    "Default",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Debug",
    "Hash",
    "Future",
    "IntoFuture",
    "Unpin",
    "drop",
    "align_of",
    "align_of_val",
    "size_of",
    "size_of_val",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "bool",
    "char",
    "str",
    "println",
    "eprintln",
    "print",
    "eprint",
    "format",
    "vec",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
    "write",
    "writeln",
    "matches",
    "dbg",
    "concat",
    "stringify",
    "line",
    "file",
    "column",
    "module_path",
    "compile_error",
    "cfg",
    "format_args",
    "include_str",
    "include_bytes",
    "thread_local",
];

/// Macros of the standard library that a law may speak of, so that they are not left out as the prelude is.
pub(crate) const STANDARD_MACROS: &[&str] = &["env", "option_env"];

impl<'ast> Visit<'ast> for Reducer<'_, '_> {
    fn visit_file(&mut self, file: &'ast syn::File) {
        let guard = self.guard_of(&file.attrs);
        let outer = std::mem::replace(&mut self.guard, guard);
        for attribute in &file.attrs {
            self.visit_attribute(attribute);
        }
        for item in &file.items {
            self.visit_item(item);
        }
        self.guard = outer;
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.attribute(&attribute.meta);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.item(item);
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        self.impl_item(item);
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        self.trait_item(item);
    }

    fn visit_foreign_item(&mut self, item: &'ast syn::ForeignItem) {
        self.foreign_item(item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.guarded(&field.attrs, |this| {
            this.inert_attributes(&field.attrs);
            this.visit_type(&field.ty);
        });
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.guarded(&variant.attrs, |this| {
            this.inert_attributes(&variant.attrs);
            this.visit_fields(&variant.fields);
            if let Some((_, value)) = &variant.discriminant {
                this.visit_expr(value);
            }
        });
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        self.guarded(&field.attrs, |this| {
            for attribute in &field.attrs {
                this.visit_attribute(attribute);
            }
            if let syn::Member::Named(name) = &field.member {
                this.given(name, &field.expr);
            } else {
                this.visit_expr(&field.expr);
            }
        });
    }

    fn visit_generic_param(&mut self, parameter: &'ast syn::GenericParam) {
        syn::visit::visit_generic_param(self, parameter);
    }

    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        self.statement(statement);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.block(&block.stmts);
    }

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        self.expression(expression);
    }

    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        self.bind(pattern, None);
    }

    fn visit_lit(&mut self, literal: &'ast syn::Lit) {
        self.literal(literal, self.name);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.macro_call(call, false);
    }

    fn visit_type(&mut self, type_: &'ast syn::Type) {
        self.mention_type(type_);
    }

    fn visit_trait_bound(&mut self, bound: &'ast syn::TraitBound) {
        self.use_path(&bound.path, bound.path.segments.len(), Namespaces::TYPE);
        self.path_arguments(&bound.path);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.use_path(path, path.segments.len(), Namespaces::ANY);
        self.path_arguments(path);
    }
}
