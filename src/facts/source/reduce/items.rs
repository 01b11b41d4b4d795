//! Items: what a scope declares, imports and implements.

use syn::visit::Visit;
use syn::{ImplItem, Item as Syntax, TraitItem, UseTree};

use super::attributes::derived_words;
use super::{Inert, Last, Reducer, bodies, each, path_span, span_of};
use crate::facts::source::file::{
    Body, Impl, Import, ImportName, Item, ItemIndex, ItemKind, Lead, Member, MemberKind,
    ModuleDeclaration, Namespaces, Owner, Standing, Type, TypeIndex, UseKind, Visibility,
};
use crate::facts::source::symbols::Symbol;
use crate::text::Span;

/// What the branches of one `use` share.
struct Use {
    visibility: Visibility,
    lead: Lead,
    names: Vec<Symbol>,
}

impl Reducer<'_, '_> {
    pub(super) fn item(&mut self, item: &Syntax) {
        let attributes = attributes_of(item);
        let words = Inert::Words(derived_words(attributes));
        let outer = std::mem::replace(&mut self.inert, words);
        self.guarded(attributes, |this| this.guarded_item(item));
        self.inert = outer;
    }

    fn guarded_item(&mut self, item: &Syntax) {
        match item {
            Syntax::Use(item) => self.use_item(item),
            Syntax::ExternCrate(item) => self.extern_crate(item),
            Syntax::Mod(item) => self.module(item),
            Syntax::Macro(item) => self.item_macro(item),
            Syntax::Verbatim(tokens) => self.scan(tokens.clone()),
            Syntax::Fn(item) => {
                let index = self.declare(&item.sig.ident, ItemKind::Function, &item.vis);
                let (takes, type_) = self.function(&item.attrs, &item.sig, Some(&item.block), true);
                self.facts.items[index as usize].type_ = Some(type_);
                self.facts.items[index as usize].takes = Some(takes);
            }
            Syntax::Struct(item) => {
                let index = self.declare(&item.ident, ItemKind::Struct, &item.vis);
                self.with_generics(&item.generics, |this| {
                    this.fields(index, item.fields.iter());
                    syn::visit::visit_item_struct(this, item);
                });
            }
            Syntax::Enum(item) => {
                let index = self.declare(&item.ident, ItemKind::Enum, &item.vis);
                self.with_generics(&item.generics, |this| {
                    this.variants(index, item);
                    syn::visit::visit_item_enum(this, item)
                });
            }
            Syntax::Union(item) => {
                let index = self.declare(&item.ident, ItemKind::Union, &item.vis);
                self.with_generics(&item.generics, |this| {
                    this.fields(index, item.fields.named.iter());
                    syn::visit::visit_item_union(this, item)
                });
            }
            Syntax::Trait(item) => self.trait_(item),
            Syntax::TraitAlias(item) => {
                let index = self.declare(&item.ident, ItemKind::Alias, &item.vis);
                self.with_generics(&item.generics, |this| {
                    let bounds = this.bounds(each(&item.bounds));
                    let type_ = this.add_type(bounds);
                    this.facts.items[index as usize].type_ = Some(type_);
                    syn::visit::visit_item_trait_alias(this, item);
                });
            }
            Syntax::Impl(item) => self.impl_(item),
            Syntax::Type(item) => {
                let index = self.declare(&item.ident, ItemKind::Alias, &item.vis);
                self.with_generics(&item.generics, |this| {
                    let type_ = this.type_index(&item.ty);
                    this.facts.items[index as usize].type_ = Some(type_);
                    syn::visit::visit_item_type(this, item);
                });
            }
            Syntax::Const(item) => {
                let index = self.declare(&item.ident, ItemKind::Constant, &item.vis);
                self.fixed(index, &item.attrs, &item.ty, |this| {
                    // A number of C's is an interface's, not a deployment's: `IP_PORT: c_int`.
                    if is_of_c(&item.ty) {
                        this.silently(|this| this.given(&item.ident, &item.expr));
                    } else {
                        this.given(&item.ident, &item.expr);
                    }
                });
            }
            Syntax::Static(item) => {
                let index = self.declare(&item.ident, ItemKind::Static, &item.vis);
                self.fixed(index, &item.attrs, &item.ty, |this| {
                    this.given(&item.ident, &item.expr);
                });
            }
            other => syn::visit::visit_item(self, other),
        }
    }

    /// A constant or a static, whose value `given` reads.
    fn fixed(
        &mut self,
        index: ItemIndex,
        attributes: &[syn::Attribute],
        type_: &syn::Type,
        given: impl FnOnce(&mut Self),
    ) {
        self.facts.items[index as usize].type_ = Some(self.type_index(type_));
        self.apart(|this| {
            attributes.iter().for_each(|it| this.visit_attribute(it));
            this.visit_type(type_);
            this.constant = Some(index);
            given(this);
        });
    }

    fn declare(
        &mut self,
        ident: &syn::Ident,
        kind: ItemKind,
        visibility: &syn::Visibility,
    ) -> ItemIndex {
        let name = self.symbol(ident);
        let index = self.facts.items.len() as ItemIndex;
        self.facts.items.push(Item {
            scope: self.scope,
            name,
            kind,
            visibility: visibility_of(visibility),
            guard: self.guard,
            span: span_of(ident.span()),
            type_: None,
            takes: None,
            exported: false,
        });
        index
    }

    fn with_generics(&mut self, generics: &syn::Generics, body: impl FnOnce(&mut Self)) {
        self.apart(|this| {
            this.enter_generics(generics);
            body(this);
        });
    }

    fn fields<'f>(&mut self, item: ItemIndex, fields: impl Iterator<Item = &'f syn::Field>) {
        for (at, field) in fields.enumerate() {
            let (name, span) = match &field.ident {
                Some(ident) => (self.symbol(ident), span_of(ident.span())),
                None => (self.interner.intern(&at.to_string()), type_span(&field.ty)),
            };
            let type_ = self.type_index(&field.ty);
            let member = Member {
                visibility: visibility_of(&field.vis),
                ..self.part(Owner::Item(item), MemberKind::Field, name, type_, span)
            };
            self.facts.members.push(member);
        }
    }

    fn variants(&mut self, index: ItemIndex, item: &syn::ItemEnum) {
        for variant in &item.variants {
            let name = self.symbol(&variant.ident);
            let fields = variant.fields.iter();
            let parts = fields.map(|field| self.type_index(&field.ty)).collect();
            let type_ = self.add_type(Type::Parts(parts));
            let span = span_of(variant.ident.span());
            let member = self.part(Owner::Item(index), MemberKind::Variant, name, type_, span);
            self.facts.members.push(member);
        }
    }

    /// A member that is public and has no body.
    fn part(
        &self,
        owner: Owner,
        kind: MemberKind,
        name: Symbol,
        type_: TypeIndex,
        span: Span,
    ) -> Member {
        Member {
            owner,
            kind,
            name,
            type_,
            takes: None,
            visibility: Visibility::Public,
            body: Body::None,
            guard: self.guard,
            span,
        }
    }

    /// A function, free or associated; returns what it takes and what it returns. A free one sees nothing of its surroundings.
    pub(super) fn function(
        &mut self,
        attributes: &[syn::Attribute],
        signature: &syn::Signature,
        block: Option<&syn::Block>,
        free: bool,
    ) -> (TypeIndex, TypeIndex) {
        let body = |this: &mut Self| {
            for attribute in attributes {
                this.visit_attribute(attribute);
            }
            let mark = this.enter_generics(&signature.generics);
            this.visit_generics(&signature.generics);
            let type_ = this.return_type(&signature.output);
            let takes = this.parameter_types(signature);
            this.visit_return_type(&signature.output);
            let locals = std::mem::take(&mut this.locals);
            for input in each(&signature.inputs) {
                this.parameter(input);
            }
            if let Some(block) = block {
                this.routine(signature, block);
                this.tail = Some(this.symbol(&signature.ident));
                this.block(&block.stmts);
            }
            this.locals = locals;
            this.generics.truncate(mark);
            this.last = Last::Nothing;
            (takes, type_)
        };
        if free { self.apart(body) } else { body(self) }
    }

    fn parameter_types(&mut self, signature: &syn::Signature) -> TypeIndex {
        let inputs = each(&signature.inputs);
        let parts = inputs.map(|input| match input {
            syn::FnArg::Receiver(_) => self.add_type(Type::This),
            syn::FnArg::Typed(typed) => self.type_index(&typed.ty),
        });
        let parts = parts.collect();
        self.add_type(Type::Parts(parts))
    }

    fn module(&mut self, item: &syn::ItemMod) {
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        let name = self.symbol(&item.ident);
        let index = self.facts.modules.len();
        self.facts.modules.push(ModuleDeclaration {
            scope: self.scope,
            name,
            visibility: visibility_of(&item.vis),
            guard: self.guard,
            span: span_of(item.ident.span()),
            inline: None,
            paths: Self::module_paths(&item.attrs),
            has_code: false,
        });
        let Some((_, items)) = &item.content else {
            return;
        };
        let scope = self.apart(|this| {
            this.in_scope(Some(index as u32), |this| {
                items.iter().for_each(|item| this.visit_item(item));
            })
        });
        let module = &mut self.facts.modules[index];
        module.inline = Some(scope);
        module.has_code = items.iter().any(is_code);
    }

    fn item_macro(&mut self, item: &syn::ItemMacro) {
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        match &item.ident {
            Some(ident) if item.mac.path.is_ident("macro_rules") => {
                let visibility = syn::Visibility::Public(syn::token::Pub::default());
                let index = self.declare(ident, ItemKind::Macro, &visibility);
                self.facts.items[index as usize].exported = item
                    .attrs
                    .iter()
                    .any(|attribute| attribute.path().is_ident("macro_export"));
                self.macro_rules(index, item.mac.tokens.clone());
            }
            _ => self.macro_call(&item.mac, true),
        }
    }

    fn trait_(&mut self, item: &syn::ItemTrait) {
        let index = self.declare(&item.ident, ItemKind::Trait, &item.vis);
        self.with_generics(&item.generics, |this| {
            let name = this.symbol(&item.ident);
            let path = this.path_index(Lead::Scope, &[name], Namespaces::TYPE, Standing::Code);
            let self_type = this.add_type(Type::Path {
                path,
                arguments: Vec::new(),
            });
            let supertraits = this.bounds(each(&item.supertraits));
            let supertraits = this.add_type(supertraits);
            this.facts.items[index as usize].type_ = Some(supertraits);
            let owner = this.add_impl(self_type, span_of(item.ident.span()), &item.brace_token);
            this.facts.impls[owner as usize].declares = true;
            this.owner = Some(owner);
            this.around = (Some(name), None);
            for member in &item.items {
                this.trait_member(index, member);
            }
            syn::visit::visit_item_trait(this, item);
        });
    }

    fn trait_member(&mut self, owner: ItemIndex, member: &TraitItem) {
        let owner = Owner::Item(owner);
        match member {
            TraitItem::Fn(method) => {
                let mark = self.enter_generics(&method.sig.generics);
                let type_ = self.return_type(&method.sig.output);
                let takes = self.parameter_types(&method.sig);
                self.generics.truncate(mark);
                let name = self.symbol(&method.sig.ident);
                let span = span_of(method.sig.ident.span());
                let member = Member {
                    takes: Some(takes),
                    body: method.default.as_ref().map_or(Body::None, bodies::provided),
                    ..self.part(owner, MemberKind::Method, name, type_, span)
                };
                self.facts.members.push(member);
            }
            TraitItem::Type(associated) => {
                let bounds = self.bounds(each(&associated.bounds));
                let type_ = match &associated.default {
                    Some((_, type_)) => self.type_index(type_),
                    None => self.add_type(bounds),
                };
                let name = self.symbol(&associated.ident);
                let span = span_of(associated.ident.span());
                let member = self.part(owner, MemberKind::AssociatedType, name, type_, span);
                self.facts.members.push(member);
            }
            _ => {}
        }
    }

    pub(super) fn trait_item(&mut self, item: &TraitItem) {
        let attributes = match item {
            TraitItem::Const(item) => &item.attrs,
            TraitItem::Fn(item) => &item.attrs,
            TraitItem::Type(item) => &item.attrs,
            TraitItem::Macro(item) => &item.attrs,
            TraitItem::Verbatim(tokens) => return self.scan(tokens.clone()),
            _ => return syn::visit::visit_trait_item(self, item),
        };
        self.guarded(attributes, |this| match item {
            TraitItem::Fn(item) => {
                this.function(&item.attrs, &item.sig, item.default.as_ref(), false);
            }
            TraitItem::Macro(item) => this.macro_call(&item.mac, true),
            TraitItem::Const(constant) => {
                constant
                    .attrs
                    .iter()
                    .for_each(|it| this.visit_attribute(it));
                this.visit_type(&constant.ty);
                if let Some((_, value)) = &constant.default {
                    this.given(&constant.ident, value);
                }
            }
            other => syn::visit::visit_trait_item(this, other),
        });
    }

    fn add_impl(&mut self, self_type: TypeIndex, span: Span, braces: &syn::token::Brace) -> u32 {
        let index = self.facts.impls.len() as u32;
        self.facts.impls.push(Impl {
            scope: self.scope,
            self_type,
            trait_: None,
            arguments: None,
            declares: false,
            guard: self.guard,
            span,
            body: span_of(braces.span.open()).to(span_of(braces.span.close())),
        });
        index
    }

    fn impl_(&mut self, item: &syn::ItemImpl) {
        self.with_generics(&item.generics, |this| {
            for attribute in &item.attrs {
                this.visit_attribute(attribute);
            }
            this.visit_generics(&item.generics);
            let self_type = this.type_index(&item.self_ty);
            let mut arguments = None;
            let trait_ = item.trait_.as_ref().and_then(|(_, path, _)| {
                let index = this.use_path(path, path.segments.len(), Namespaces::TYPE);
                this.path_arguments(path);
                let given = path.segments.last().map(|last| &last.arguments);
                let parts = given.map(|given| this.type_arguments(given));
                arguments = parts.map(|parts| this.add_type(Type::Parts(parts)));
                index
            });
            this.visit_type(&item.self_ty);
            let span = type_span(&item.self_ty);
            let owner = this.add_impl(self_type, span, &item.brace_token);
            this.facts.impls[owner as usize].trait_ = trait_;
            this.facts.impls[owner as usize].arguments = arguments;
            this.owner = Some(owner);
            this.around = this.names_of(item);
            for member in &item.items {
                this.visit_impl_item(member);
            }
        });
    }

    pub(super) fn impl_item(&mut self, item: &ImplItem) {
        let attributes = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            ImplItem::Verbatim(tokens) => return self.scan(tokens.clone()),
            _ => return syn::visit::visit_impl_item(self, item),
        };
        let owner = self.owner.map(Owner::Impl);
        self.guarded(attributes, |this| match item {
            ImplItem::Fn(item) => {
                let (takes, type_) =
                    this.function(&item.attrs, &item.sig, Some(&item.block), false);
                if let Some(owner) = owner {
                    let name = this.symbol(&item.sig.ident);
                    let span = span_of(item.sig.ident.span());
                    let member = Member {
                        takes: Some(takes),
                        visibility: visibility_of(&item.vis),
                        body: bodies::implemented(item),
                        ..this.part(owner, MemberKind::Method, name, type_, span)
                    };
                    this.facts.members.push(member);
                }
            }
            ImplItem::Type(item) => {
                if let Some(owner) = owner {
                    let name = this.symbol(&item.ident);
                    let type_ = this.type_index(&item.ty);
                    let span = span_of(item.ident.span());
                    let member = this.part(owner, MemberKind::AssociatedType, name, type_, span);
                    this.facts.members.push(member);
                }
                syn::visit::visit_impl_item_type(this, item);
            }
            ImplItem::Macro(item) => this.macro_call(&item.mac, true),
            ImplItem::Const(constant) => {
                constant
                    .attrs
                    .iter()
                    .for_each(|it| this.visit_attribute(it));
                this.visit_type(&constant.ty);
                this.given(&constant.ident, &constant.expr);
            }
            other => syn::visit::visit_impl_item(this, other),
        });
    }

    pub(super) fn foreign_item(&mut self, item: &syn::ForeignItem) {
        match item {
            syn::ForeignItem::Fn(function) => self.guarded(&function.attrs, |this| {
                let index = this.declare(&function.sig.ident, ItemKind::Function, &function.vis);
                let (takes, type_) = this.function(&function.attrs, &function.sig, None, true);
                this.facts.items[index as usize].type_ = Some(type_);
                this.facts.items[index as usize].takes = Some(takes);
            }),
            syn::ForeignItem::Static(item) => {
                self.guarded(&item.attrs, |this| {
                    this.declare(&item.ident, ItemKind::Static, &item.vis);
                    syn::visit::visit_foreign_item_static(this, item);
                });
            }
            syn::ForeignItem::Type(item) => {
                self.declare(&item.ident, ItemKind::Other, &item.vis);
            }
            syn::ForeignItem::Verbatim(tokens) => self.scan(tokens.clone()),
            other => syn::visit::visit_foreign_item(self, other),
        }
    }

    fn extern_crate(&mut self, item: &syn::ItemExternCrate) {
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        let itself = item.ident == "self";
        let crate_name = self.symbol(&item.ident);
        let name = match &item.rename {
            Some((_, alias)) if alias == "_" => ImportName::Unnamed,
            Some((_, alias)) => ImportName::Named(self.symbol(alias)),
            None if itself => ImportName::Unnamed,
            None => ImportName::Named(crate_name),
        };
        let lead = if itself { Lead::Crate } else { Lead::Global };
        let names: &[Symbol] = if itself { &[] } else { &[crate_name] };
        self.import(
            lead,
            names,
            name,
            visibility_of(&item.vis),
            span_of(item.ident.span()),
            true,
        );
    }

    fn use_item(&mut self, item: &syn::ItemUse) {
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        let mut branch = Use {
            visibility: visibility_of(&item.vis),
            lead: if item.leading_colon.is_some() {
                Lead::Global
            } else {
                Lead::Scope
            },
            names: Vec::new(),
        };
        self.use_tree(&item.tree, &mut branch, None);
    }

    /// Walks one tree; `start` is where the leaf's own segments begin.
    fn use_tree(&mut self, tree: &UseTree, branch: &mut Use, start: Option<Span>) {
        match tree {
            UseTree::Path(path) => {
                let start = start.unwrap_or_else(|| span_of(path.ident.span()));
                let lead = branch.lead;
                let pushed = self.use_segment(&path.ident, branch);
                self.use_tree(&path.tree, branch, Some(start));
                if pushed {
                    branch.names.pop();
                }
                branch.lead = lead;
            }
            UseTree::Name(leaf) => self.use_leaf(&leaf.ident, None, branch, start),
            UseTree::Rename(leaf) => self.use_leaf(&leaf.ident, Some(&leaf.rename), branch, start),
            UseTree::Glob(glob) => {
                let star = span_of(glob.star_token.spans[0]);
                let span = start.map_or(star, |start| start.to(star));
                let names = branch.names.clone();
                self.import(
                    branch.lead,
                    &names,
                    ImportName::Glob,
                    branch.visibility,
                    span,
                    false,
                );
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, branch, None);
                }
            }
        }
    }

    /// Takes one segment into the branch; `false` if it is part of how the path leads.
    fn use_segment(&mut self, ident: &syn::Ident, branch: &mut Use) -> bool {
        if branch.names.is_empty() {
            let lead = match branch.lead {
                Lead::Scope if ident == "crate" => Some(Lead::Crate),
                Lead::Scope if ident == "self" => Some(Lead::SelfModule),
                Lead::Scope | Lead::SelfModule if ident == "super" => Some(Lead::Super(1)),
                Lead::Super(times) if ident == "super" => {
                    Some(Lead::Super(times.saturating_add(1)))
                }
                _ => None,
            };
            if let Some(lead) = lead {
                branch.lead = lead;
                return false;
            }
        }
        let name = self.symbol(ident);
        branch.names.push(name);
        true
    }

    fn use_leaf(
        &mut self,
        ident: &syn::Ident,
        alias: Option<&syn::Ident>,
        branch: &mut Use,
        start: Option<Span>,
    ) {
        let span = start.map_or(span_of(ident.span()), |start| {
            start.to(span_of(ident.span()))
        });
        let lead = branch.lead;
        let itself = ident == "self" && !branch.names.is_empty();
        let pushed = !itself && self.use_segment(ident, branch);
        let names = branch.names.clone();
        let name = match alias {
            Some(alias) if alias == "_" => ImportName::Unnamed,
            Some(alias) => ImportName::Named(self.symbol(alias)),
            None => match names.last() {
                Some(&last) => ImportName::Named(last),
                None => ImportName::Unnamed,
            },
        };
        self.import(branch.lead, &names, name, branch.visibility, span, false);
        if pushed {
            branch.names.pop();
        }
        branch.lead = lead;
    }

    fn import(
        &mut self,
        lead: Lead,
        names: &[Symbol],
        name: ImportName,
        visibility: Visibility,
        span: Span,
        extern_crate: bool,
    ) {
        let namespaces = match name {
            ImportName::Glob => Namespaces::TYPE,
            _ => Namespaces::ANY,
        };
        let path = self.path_index(lead, names, namespaces, Standing::Import);
        self.facts.imports.push(Import {
            scope: self.scope,
            path,
            name,
            visibility,
            guard: self.guard,
            span,
            extern_crate,
        });
        let kind = match self.kind {
            UseKind::Body(item) => UseKind::Body(item),
            _ => UseKind::Import,
        };
        let outer = std::mem::replace(&mut self.kind, kind);
        self.record(path, span);
        self.kind = outer;
    }
}

/// Where a type's name stands.
fn type_span(type_: &syn::Type) -> Span {
    match type_ {
        syn::Type::Path(path) => path_span(&path.path),
        syn::Type::Reference(inner) => type_span(&inner.elem),
        syn::Type::Paren(inner) => type_span(&inner.elem),
        syn::Type::Group(inner) => type_span(&inner.elem),
        syn::Type::Array(array) => span_of(array.bracket_token.span.open()),
        syn::Type::Slice(slice) => span_of(slice.bracket_token.span.open()),
        syn::Type::Tuple(tuple) => span_of(tuple.paren_token.span.open()),
        _ => Span::START,
    }
}

/// Whether a type is one of C's numbers: `c_int`, `libc::c_uint`.
fn is_of_c(type_: &syn::Type) -> bool {
    let syn::Type::Path(path) = type_ else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident.to_string().starts_with("c_"))
}

/// Whether an item is more than the declaration of a module or an import.
pub(super) fn is_code(item: &Syntax) -> bool {
    !matches!(
        item,
        Syntax::Mod(_) | Syntax::Use(_) | Syntax::ExternCrate(_)
    )
}

pub(super) fn visibility_of(visibility: &syn::Visibility) -> Visibility {
    match visibility {
        syn::Visibility::Public(_) => Visibility::Public,
        syn::Visibility::Restricted(restricted) if restricted.path.is_ident("self") => {
            Visibility::Private
        }
        syn::Visibility::Restricted(_) => Visibility::Restricted,
        syn::Visibility::Inherited => Visibility::Private,
    }
}

fn attributes_of(item: &Syntax) -> &[syn::Attribute] {
    match item {
        Syntax::Const(item) => &item.attrs,
        Syntax::Enum(item) => &item.attrs,
        Syntax::ExternCrate(item) => &item.attrs,
        Syntax::Fn(item) => &item.attrs,
        Syntax::ForeignMod(item) => &item.attrs,
        Syntax::Impl(item) => &item.attrs,
        Syntax::Macro(item) => &item.attrs,
        Syntax::Mod(item) => &item.attrs,
        Syntax::Static(item) => &item.attrs,
        Syntax::Struct(item) => &item.attrs,
        Syntax::Trait(item) => &item.attrs,
        Syntax::TraitAlias(item) => &item.attrs,
        Syntax::Type(item) => &item.attrs,
        Syntax::Union(item) => &item.attrs,
        Syntax::Use(item) => &item.attrs,
        _ => &[],
    }
}
