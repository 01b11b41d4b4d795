//! What one source file says, whoever includes it: scopes, items, imports, paths, types, places.

use serde::{Deserialize, Serialize};

use crate::facts::flow::Routine;
use crate::facts::source::symbols::Symbol;
use crate::text::Span;

/// Everything that later stages need of one file; independent of where it hangs in a module tree.
///
/// All numbers are indices into the sibling vectors.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct FileFacts {
    /// Guard 0 is no guard.
    pub(crate) guards: Vec<Guard>,
    /// Scope 0 is the file's own module.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) items: Vec<Item>,
    pub(crate) imports: Vec<Import>,
    pub(crate) modules: Vec<ModuleDeclaration>,
    pub(crate) includes: Vec<Include>,
    pub(crate) brought: Vec<Brought>,
    pub(crate) brought_includes: Vec<BroughtInclude>,
    pub(crate) calls: Vec<ItemCall>,
    pub(crate) segments: Vec<Symbol>,
    /// Each distinct path of each scope, once.
    pub(crate) paths: Vec<Path>,
    pub(crate) uses: Vec<PathUse>,
    pub(crate) types: Vec<Type>,
    pub(crate) impls: Vec<Impl>,
    pub(crate) members: Vec<Member>,
    pub(crate) values: Vec<Value>,
    /// Why the file is no module, if it holds statements or an expression: `include!` may still take it.
    pub(crate) fragment: Option<(Span, String)>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) literals: Vec<Literal>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) routines: Vec<Routine<Symbol, Spot>>,
}

impl FileFacts {
    /// Empties everything, and keeps its memory.
    pub(crate) fn clear(&mut self) {
        let Self {
            guards,
            scopes,
            items,
            imports,
            modules,
            includes,
            brought,
            brought_includes,
            calls,
            segments,
            paths,
            uses,
            types,
            impls,
            members,
            values,
            fragment,
            decisions,
            literals,
            branches,
            routines,
        } = self;
        guards.clear();
        scopes.clear();
        items.clear();
        imports.clear();
        modules.clear();
        includes.clear();
        brought.clear();
        brought_includes.clear();
        calls.clear();
        segments.clear();
        paths.clear();
        uses.clear();
        types.clear();
        impls.clear();
        members.clear();
        values.clear();
        *fragment = None;
        decisions.clear();
        literals.clear();
        branches.clear();
        routines.clear();
    }

    /// Whether macros of this file bring files to where they are called.
    pub(crate) fn brings_files(&self) -> bool {
        !self.brought.is_empty() || !self.brought_includes.is_empty()
    }

    /// The parts of a type that is nothing but parts.
    pub(crate) fn parts(&self, type_: TypeIndex) -> &[TypeIndex] {
        match &self.types[type_ as usize] {
            Type::Parts(parts) => parts,
            _ => &[],
        }
    }

    /// The name of the field that a value reads.
    pub(crate) fn field_name(&self, value: ValueIndex) -> Option<Symbol> {
        match self.values[value as usize].step {
            Step::Field(_, name) => Some(name),
            _ => None,
        }
    }
}

pub(crate) type GuardIndex = u32;
pub(crate) type ScopeIndex = u32;
pub(crate) type ItemIndex = u32;
pub(crate) type PathIndex = u32;
pub(crate) type TypeIndex = u32;
pub(crate) type ValueIndex = u32;

/// A `cfg`, under the one around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Guard {
    pub(crate) outer: GuardIndex,
    /// The predicate, such as `feature = "x"`; empty for what a test attribute implies.
    pub(crate) predicate: String,
    /// Whether this or an outer one holds in tests only.
    pub(crate) test: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Scope {
    pub(crate) outer: Option<ScopeIndex>,
    /// An inline module's declaration (index into `modules`); `None` for the root and for blocks.
    pub(crate) module: Option<u32>,
}

/// A set of namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Namespaces(pub(crate) u8);

impl Namespaces {
    pub(crate) const TYPE: Self = Self(1);
    pub(crate) const VALUE: Self = Self(2);
    pub(crate) const MACRO: Self = Self(4);
    pub(crate) const ANY: Self = Self(7);

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ItemKind {
    Struct,
    Enum,
    Union,
    Trait,
    /// `type`: names what its `type_` names.
    Alias,
    Function,
    Constant,
    Static,
    /// `macro_rules!`; its body's paths are the `uses` with this item as `body`.
    Macro,
    Other,
}

impl ItemKind {
    pub(crate) fn namespaces(self) -> Namespaces {
        match self {
            Self::Enum | Self::Union | Self::Trait | Self::Alias => Namespaces::TYPE,
            Self::Struct => Namespaces(3),
            Self::Function | Self::Constant | Self::Static => Namespaces::VALUE,
            Self::Macro => Namespaces::MACRO,
            Self::Other => Namespaces::ANY,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Visibility {
    Public,
    /// `pub(crate)`, `pub(super)`, `pub(in …)`.
    Restricted,
    Private,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) scope: ScopeIndex,
    pub(crate) name: Symbol,
    pub(crate) kind: ItemKind,
    pub(crate) visibility: Visibility,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
    /// An alias's target, a function's return type, a constant's type, a trait's supertraits.
    pub(crate) type_: Option<TypeIndex>,
    /// What a function takes, as parts.
    pub(crate) takes: Option<TypeIndex>,
    /// `#[macro_export]`: a macro that is at the crate's root.
    pub(crate) exported: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ImportName {
    Named(Symbol),
    Glob,
    /// `as _`
    Unnamed,
}

/// One leaf of a `use`, or an `extern crate`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Import {
    pub(crate) scope: ScopeIndex,
    pub(crate) path: PathIndex,
    pub(crate) name: ImportName,
    pub(crate) visibility: Visibility,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
    pub(crate) extern_crate: bool,
}

/// `mod name;` or `mod name { … }`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ModuleDeclaration {
    pub(crate) scope: ScopeIndex,
    pub(crate) name: Symbol,
    pub(crate) visibility: Visibility,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
    /// The scope of an inline one.
    pub(crate) inline: Option<ScopeIndex>,
    /// `#[path]`, and whether a `cfg_attr` holds it.
    pub(crate) paths: Vec<(String, bool)>,
    /// Whether it holds anything but `mod` and `use`; for inline ones only.
    pub(crate) has_code: bool,
}

/// `mod name;` in the body of a `macro_rules!`: a module wherever that macro is called among items.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Brought {
    /// The macro's name.
    pub(crate) by: Symbol,
    /// `None` for a metavariable: what the macro is called with names the module.
    pub(crate) name: Option<Symbol>,
    /// The inline modules of the body around it, outermost first.
    pub(crate) within: Vec<Symbol>,
    pub(crate) visibility: Visibility,
    pub(crate) guard: GuardIndex,
    pub(crate) paths: Vec<(String, bool)>,
}

/// `include!` in the body of a `macro_rules!`: a file is read wherever that macro is called.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BroughtInclude {
    pub(crate) by: ItemIndex,
    pub(crate) guard: GuardIndex,
    pub(crate) file: Included,
}

/// A macro call among items.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ItemCall {
    pub(crate) scope: ScopeIndex,
    pub(crate) guard: GuardIndex,
    /// The macro's own name, whatever path leads to it.
    pub(crate) name: Symbol,
    /// The names among what it is called with that may be a module's.
    pub(crate) words: Vec<Symbol>,
    pub(crate) span: Span,
}

/// `include!` of Rust code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Include {
    pub(crate) scope: ScopeIndex,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
    pub(crate) file: Included,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Included {
    /// Relative to the including file, or to the package with `CARGO_MANIFEST_DIR`.
    File { path: String, from_manifest: bool },
    /// `concat!(env!("OUT_DIR"), …)`: a build script writes it.
    Generated,
    /// An expression that cannot be followed.
    Unknown,
}

/// How a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Lead {
    /// By the name in scope.
    Scope,
    /// `::`
    Global,
    Crate,
    SelfModule,
    /// `super`, so many times.
    Super(u8),
}

/// A path as written, in its scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Path {
    pub(crate) scope: ScopeIndex,
    pub(crate) namespaces: Namespaces,
    pub(crate) lead: Lead,
    pub(crate) standing: Standing,
    /// Into `segments`.
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// Where a path stands, as far as it bears on what the path means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Standing {
    Code,
    /// In a `use`, which edition 2015 reads from the crate's root.
    Import,
    /// A word among an attribute's or a macro's tokens, which may well be no name at all.
    Word,
}

/// How a use of a path came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum UseKind {
    Import,
    Path,
    Tokens,
    Attribute,
    /// In the body of this macro.
    Body(ItemIndex),
}

/// One occurrence of a path.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PathUse {
    pub(crate) path: PathIndex,
    pub(crate) guard: GuardIndex,
    pub(crate) kind: UseKind,
    pub(crate) span: Span,
}

/// A type as written in a signature, as far as names go.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Type {
    /// References and parentheses are seen through.
    Path {
        path: PathIndex,
        arguments: Vec<TypeIndex>,
    },
    /// `<A as B>::C`, `Self::C`.
    Associated {
        of: TypeIndex,
        name: Symbol,
    },
    /// `impl A + B`, `dyn A + B`, a generic parameter with its bounds; `Output = T` comes along.
    Bounds(Vec<TypeIndex>),
    /// Tuples, arrays, function pointers: their parts.
    Parts(Vec<TypeIndex>),
    This,
    Unknown,
}

/// An `impl` block, or a trait as the owner of its methods.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Impl {
    pub(crate) scope: ScopeIndex,
    /// The type that is implemented; a trait's own name for a trait.
    pub(crate) self_type: TypeIndex,
    pub(crate) trait_: Option<PathIndex>,
    /// The type arguments that the trait is given, as parts.
    pub(crate) arguments: Option<TypeIndex>,
    /// Whether this is a trait rather than an `impl`.
    pub(crate) declares: bool,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
    /// From one brace to the other.
    pub(crate) body: Span,
}

/// Whose member it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Owner {
    Impl(u32),
    Item(ItemIndex),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum MemberKind {
    Field,
    /// Of an enum; its type is what it carries, as parts.
    Variant,
    Method,
    AssociatedType,
}

/// Whether a method has a body, and what that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Body {
    None,
    /// Says nothing: `{}`, `None`, `Ok(())`, `false`, `Default::default()`, `unimplemented!()`.
    Empty,
    /// Says one fixed value: `3`, `"orders"`, `Kind::Plain`.
    Fixed,
    /// Hands the call on to a method of the same name, of something else.
    Forwards,
    Own,
}

/// A field, a variant, a method's return type, an associated type.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) owner: Owner,
    pub(crate) kind: MemberKind,
    pub(crate) name: Symbol,
    pub(crate) type_: TypeIndex,
    /// What a method takes, its receiver included, as parts.
    pub(crate) takes: Option<TypeIndex>,
    /// A trait's members and a variant's parts are as public as their owners.
    pub(crate) visibility: Visibility,
    pub(crate) body: Body,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
}

/// An expression whose type may be told, as a step from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// A call of the function, or of the constructor, at a path.
    Call(PathIndex),
    /// A call of `Self::name` or `<T>::name`.
    CallOn(TypeIndex, Symbol),
    /// A constant, a static.
    Constant(PathIndex),
    /// A type that is written down.
    Typed(TypeIndex),
    Method(ValueIndex, Symbol),
    Field(ValueIndex, Symbol),
    /// `?`, an element, the inside of `Some` or `Ok`.
    Peel(ValueIndex),
    /// `.await`
    Awaited(ValueIndex),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Value {
    pub(crate) step: Step,
    pub(crate) scope: ScopeIndex,
    /// The `impl` or trait around it, for `Self`.
    pub(crate) owner: Option<u32>,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
}

/// What a branch or a calculation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Subject {
    /// The type or variant that a pattern or a comparison names.
    Named(PathIndex),
    /// A field, by the value that reads it.
    Field(ValueIndex),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum DecisionKind {
    Match,
    /// `if` on a variant: `==`, `!=`, `if let`.
    Variant,
    /// `if` on a field that is true or false.
    Flag,
    /// `if` on `<`, `>` and the like.
    Threshold,
    Arithmetic,
}

/// A branch or a calculation that may be about another layer's values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) kind: DecisionKind,
    pub(crate) subject: Subject,
    /// Whether some outcomes wait, fail, return or assign to a field, and others do not.
    pub(crate) acts: bool,
    /// What the outcomes construct or call.
    pub(crate) outcomes: Vec<PathIndex>,
    pub(crate) scope: ScopeIndex,
    /// The `impl` or trait around it.
    pub(crate) owner: Option<u32>,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
}

/// A literal that may name something outside of the program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Literal {
    /// Escapes decoded; a macro's placeholders stay as they are written (`{name}`).
    pub(crate) text: String,
    /// Whether it was written as a number.
    pub(crate) number: bool,
    /// Whether it is said to people: a panic's, a log's or an error's text.
    pub(crate) message: bool,
    /// The name beside it, if it may say what the literal is.
    pub(crate) name: Option<Symbol>,
    /// Whether something is compared with it; else it is given.
    pub(crate) compared: bool,
    /// The constant or static whose value it is part of.
    pub(crate) item: Option<ItemIndex>,
    pub(crate) scope: ScopeIndex,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
}

/// A place where the program goes one way or the other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Branch {
    pub(crate) choice: Choice,
    /// Of a `match` on one value.
    pub(crate) arms: Vec<Arm>,
    pub(crate) scope: ScopeIndex,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
}

/// One arm of a `match`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Arm {
    /// The paths and the strings of its pattern.
    pub(crate) paths: Vec<Vec<Symbol>>,
    pub(crate) texts: Vec<String>,
    /// Whether it takes whatever the others leave.
    pub(crate) rest: bool,
    /// Whether it does nothing but panic or fail.
    pub(crate) refuses: bool,
    pub(crate) span: Span,
}

/// Where something stands in a file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Spot {
    pub(crate) scope: ScopeIndex,
    pub(crate) guard: GuardIndex,
    pub(crate) span: Span,
}

/// What decides on a branch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Choice {
    /// The predicate of a `cfg`, `cfg_attr` or `cfg!`.
    Cfg(String),
    Value {
        /// The names that lead to what is branched on: `self`, `tenant`, `tier`.
        on: Vec<Symbol>,
        /// The paths that it is compared with.
        against: Vec<Vec<Symbol>>,
        /// The strings that it is compared with.
        texts: Vec<String>,
        /// Whether it is compared with a value that is no string and no path, such as a number.
        other: bool,
    },
}
