//! Types: the paths that they mention, and what they are as far as names go.

use syn::visit::Visit;

use super::{Reducer, each, span_of};
use crate::facts::source::file::{Namespaces, Standing, Step, Type, TypeIndex};
use crate::facts::source::symbols::Symbol;

impl Reducer<'_, '_> {
    /// Records the paths that a type mentions.
    pub(super) fn mention_type(&mut self, type_: &syn::Type) {
        match type_ {
            syn::Type::Path(path) => {
                self.mention_qualified(path.qself.as_ref(), &path.path, Namespaces::TYPE)
            }
            syn::Type::Verbatim(tokens) => self.scan(tokens.clone()),
            _ => syn::visit::visit_type(self, type_),
        }
    }

    /// Records a path that may begin with `<T as Trait>`.
    pub(super) fn mention_qualified(
        &mut self,
        qself: Option<&syn::QSelf>,
        path: &syn::Path,
        namespaces: Namespaces,
    ) {
        if let Some(qself) = qself {
            self.visit_type(&qself.ty);
            if qself.position > 0 {
                self.use_path(path, qself.position, Namespaces::TYPE);
            }
            if namespaces == Namespaces::TYPE {
                self.associated_type(qself, path);
            }
        } else if self
            .use_path(path, path.segments.len(), namespaces)
            .is_none()
        {
            self.self_associated(path);
        }
        self.path_arguments(path);
    }

    /// `<A as B>::C` may be an engine's type although no segment names it.
    fn associated_type(&mut self, qself: &syn::QSelf, path: &syn::Path) {
        let Some(last) = path.segments.last() else {
            return;
        };
        let of = self.type_index(&qself.ty);
        let name = self.symbol(&last.ident);
        let type_ = self.add_type(Type::Associated { of, name });
        self.value(Step::Typed(type_), span_of(last.ident.span()));
    }

    /// `Self::C` and `T::C`, likewise.
    fn self_associated(&mut self, path: &syn::Path) {
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            return;
        };
        if path.segments.len() != 2 || path.leading_colon.is_some() {
            return;
        }
        let first = self.symbol(&first.ident);
        if let Some(of) = self.generic(first) {
            let name = self.symbol(&last.ident);
            let type_ = self.add_type(Type::Associated { of, name });
            self.value(Step::Typed(type_), span_of(last.ident.span()));
        }
    }

    /// The generic arguments of every segment.
    pub(super) fn path_arguments(&mut self, path: &syn::Path) {
        for segment in each(&path.segments) {
            self.visit_path_arguments(&segment.arguments);
        }
    }

    /// What a type is; records no occurrence.
    pub(super) fn type_index(&mut self, type_: &syn::Type) -> TypeIndex {
        let type_ = match type_ {
            syn::Type::Reference(inner) => return self.type_index(&inner.elem),
            syn::Type::Paren(inner) => return self.type_index(&inner.elem),
            syn::Type::Group(inner) => return self.type_index(&inner.elem),
            syn::Type::Ptr(inner) => return self.type_index(&inner.elem),
            syn::Type::Path(path) => return self.path_type(path.qself.as_ref(), &path.path),
            syn::Type::Tuple(tuple) => Type::Parts(
                each(&tuple.elems)
                    .map(|part| self.type_index(part))
                    .collect(),
            ),
            syn::Type::Array(array) => Type::Parts(vec![self.type_index(&array.elem)]),
            syn::Type::Slice(slice) => Type::Parts(vec![self.type_index(&slice.elem)]),
            syn::Type::BareFn(function) => {
                let mut parts: Vec<_> = each(&function.inputs)
                    .map(|input| self.type_index(&input.ty))
                    .collect();
                parts.push(self.return_type(&function.output));
                Type::Parts(parts)
            }
            syn::Type::ImplTrait(bounds) => self.bounds(each(&bounds.bounds)),
            syn::Type::TraitObject(bounds) => self.bounds(each(&bounds.bounds)),
            _ => Type::Unknown,
        };
        self.add_type(type_)
    }

    /// `()` has no parts.
    pub(super) fn return_type(&mut self, output: &syn::ReturnType) -> TypeIndex {
        match output {
            syn::ReturnType::Default => self.add_type(Type::Parts(Vec::new())),
            syn::ReturnType::Type(_, type_) => self.type_index(type_),
        }
    }

    pub(super) fn bounds<'b>(
        &mut self,
        bounds: impl Iterator<Item = &'b syn::TypeParamBound>,
    ) -> Type {
        let mut parts = Vec::new();
        for bound in bounds {
            if let syn::TypeParamBound::Trait(bound) = bound {
                parts.push(self.path_type(None, &bound.path));
            }
        }
        Type::Bounds(parts)
    }

    /// The type that a path names.
    pub(super) fn path_type(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> TypeIndex {
        let Some(last) = path.segments.last() else {
            return self.add_type(Type::Unknown);
        };
        if let Some(qself) = qself {
            let of = self.type_index(&qself.ty);
            let name = self.symbol(&last.ident);
            return self.add_type(Type::Associated { of, name });
        }
        if let Some((lead, names)) = self.path_names(path, path.segments.len()) {
            let arguments = self.type_arguments(&last.arguments);
            let path = self.path_index(lead, &names, Namespaces::TYPE, Standing::Code);
            self.names = names;
            return self.add_type(Type::Path { path, arguments });
        }
        let first = self.symbol(&path.segments[0].ident);
        let of = match self.generic(first) {
            Some(bounds) => bounds,
            None if path.segments[0].ident == "Self" => self.add_type(Type::This),
            None => return self.add_type(Type::Unknown),
        };
        if path.segments.len() == 1 {
            return of;
        }
        let name = self.symbol(&last.ident);
        self.add_type(Type::Associated { of, name })
    }

    pub(super) fn type_arguments(&mut self, arguments: &syn::PathArguments) -> Vec<TypeIndex> {
        match arguments {
            syn::PathArguments::None => Vec::new(),
            syn::PathArguments::AngleBracketed(list) => each(&list.args)
                .filter_map(|argument| match argument {
                    syn::GenericArgument::Type(type_) => Some(self.type_index(type_)),
                    syn::GenericArgument::AssocType(assigned) => {
                        Some(self.type_index(&assigned.ty))
                    }
                    _ => None,
                })
                .collect(),
            syn::PathArguments::Parenthesized(list) => {
                let mut parts: Vec<_> = each(&list.inputs)
                    .map(|input| self.type_index(input))
                    .collect();
                parts.push(self.return_type(&list.output));
                parts
            }
        }
    }

    /// Brings generic parameters into scope, each as its bounds; returns how many there were before.
    pub(super) fn enter_generics(&mut self, generics: &syn::Generics) -> usize {
        let mark = self.generics.len();
        let mut names: Vec<(Symbol, Vec<&syn::TypeParamBound>)> = Vec::new();
        for parameter in generics.type_params() {
            names.push((
                self.symbol(&parameter.ident),
                each(&parameter.bounds).collect(),
            ));
        }
        for predicate in generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates)
        {
            let syn::WherePredicate::Type(predicate) = predicate else {
                continue;
            };
            let syn::Type::Path(bounded) = &predicate.bounded_ty else {
                continue;
            };
            let Some(ident) = bounded.path.get_ident() else {
                continue;
            };
            let bounded = self.symbol(ident);
            if let Some((_, bounds)) = names.iter_mut().find(|(name, _)| *name == bounded) {
                bounds.extend(each(&predicate.bounds));
            }
        }
        let unknown = self.add_type(Type::Unknown);
        for (name, _) in &names {
            self.generics.push((*name, unknown));
        }
        for (at, (_, bounds)) in names.into_iter().enumerate() {
            let bounds = self.bounds(bounds.into_iter());
            self.generics[mark + at].1 = self.add_type(bounds);
        }
        mark
    }
}
