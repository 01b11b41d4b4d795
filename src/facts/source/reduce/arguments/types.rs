//! Types as they stand in code: paths, references, pointers.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::{GenericArgument, Token, Type};

use super::{Input, Word, is_root, word};

impl Input {
    /// A plain type.
    pub(super) fn kind(&mut self) -> Option<Type> {
        match self.ahead().first()? {
            TokenTree::Ident(ident) => match word(ident) {
                Word::Name | Word::Root => self.path_type(),
                Word::Infer => Some(Type::Infer(syn::TypeInfer {
                    underscore_token: Token![_](self.take_sign()?),
                })),
                _ => None,
            },
            // In brackets it is read by the library's parser: they are few.
            TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => {
                let group = TokenStream::from(self.next()?);
                syn::parse2(group).ok()
            }
            TokenTree::Punct(sign) => match sign.as_char() {
                '&' => Some(Type::Reference(syn::TypeReference {
                    and_token: Token![&](self.take_sign()?),
                    lifetime: self.label()?,
                    mutability: self.take_word(Word::Mut).map(Token![mut]),
                    elem: Box::new(self.kind()?),
                })),
                '*' => self.pointer(),
                _ => None,
            },
            _ => None,
        }
    }

    fn pointer(&mut self) -> Option<Type> {
        let star_token = Token![*](self.take_sign()?);
        let const_token = self.take_word(Word::Const).map(Token![const]);
        let mutability = match const_token {
            Some(_) => None,
            None => Some(Token![mut](self.take_word(Word::Mut)?)),
        };
        Some(Type::Ptr(syn::TypePtr {
            star_token,
            const_token,
            mutability,
            elem: Box::new(self.kind()?),
        }))
    }

    fn path_type(&mut self) -> Option<Type> {
        let mut path = syn::Path::from(self.take_ident()?);
        loop {
            let colons = match self.sign(0) {
                Some((':', Some(':'))) => Some(Token![::](self.take_both()?)),
                Some(('<', second)) if !matches!(second, Some('=' | '<')) => None,
                _ => break,
            };
            if let Some(('<', _)) = self.sign(0) {
                let last = path.segments.last_mut()?;
                if !last.arguments.is_none() || is_root(&last.ident) {
                    return None;
                }
                last.arguments = syn::PathArguments::AngleBracketed(self.generics(colons)?);
                continue;
            }
            let ident = self.take_ident()?;
            let (Word::Name | Word::Root) = word(&ident) else {
                return None;
            };
            path.segments.push_punct(colons?);
            path.segments.push_value(ident.into());
        }
        match self.ahead().first() {
            // The arguments of `Fn`.
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => None,
            _ => Some(Type::Path(syn::TypePath { qself: None, path })),
        }
    }

    /// `<…>` of types and lifetimes.
    pub(super) fn generics(
        &mut self,
        colon2_token: Option<Token![::]>,
    ) -> Option<syn::AngleBracketedGenericArguments> {
        let lt_token = Token![<](self.take_the('<')?);
        let mut args = Punctuated::new();
        let gt_token = loop {
            if let Some(at) = self.take_the('>') {
                break Token![>](at);
            }
            args.push_value(match self.label()? {
                Some(lifetime) => GenericArgument::Lifetime(lifetime),
                None => GenericArgument::Type(self.kind()?),
            });
            if let Some(at) = self.take_the('>') {
                break Token![>](at);
            }
            args.push_punct(Token![,](self.take_the(',')?));
        };
        Some(syn::AngleBracketedGenericArguments {
            colon2_token,
            lt_token,
            args,
            gt_token,
        })
    }
}
