//! How types are read and written: a line of a macro of the runtime for each.

use super::{Renderer, ident};
use crate::ir::{
    Arms, ArmsPlace, Field, Leaf, Members, ON_FIELD, Payload, Shape, Spread, TYPENAME_FIELD, Tag, Ty, repeats,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Renderer<'_> {
    /// Returns the coding of the types of a selection set.
    pub(super) fn coding(&self, shape: &Shape) -> TokenStream {
        let repeats = repeats(shape, &self.module.fragments).then(|| quote!(: repeats));
        let name = ident(&shape.name);
        let Some(arms) = &shape.arms else {
            return self.struct_coding(&name, repeats, shape, None, &shape.members, None);
        };
        let structs = arms.arms.iter().map(|arm| (&arm.payload, arm.types.as_slice())).chain([(&arms.other, &[][..])]);
        let structs = structs.map(|(payload, types)| {
            let Payload::Struct { name, tag, members } = payload else { return TokenStream::new() };
            let typename = (*tag == Tag::Field).then(|| {
                let field = ident(TYPENAME_FIELD);
                quote!(#field = "__typename" name [#(#types)*])
            });
            self.struct_coding(&ident(name), None, shape, typename, members, None)
        });
        let structs: TokenStream = structs.collect();
        match &arms.place {
            ArmsPlace::Alone => {
                let arms = self.arms_coding(&name, repeats, arms);
                quote!(#arms #structs)
            }
            ArmsPlace::Inside { name: enum_name } => {
                let arms = self.arms_coding(&ident(enum_name), None, arms);
                let whole = self.struct_coding(&name, repeats, shape, None, &shape.members, Some(ident(ON_FIELD)));
                quote!(#whole #arms #structs)
            }
        }
    }

    fn struct_coding(
        &self,
        name: &Ident,
        repeats: Option<TokenStream>,
        shape: &Shape,
        typename: Option<TokenStream>,
        members: &Members,
        on: Option<Ident>,
    ) -> TokenStream {
        // In the order of the response, which is that of the selections.
        let mut entries: Vec<TokenStream> = typename.into_iter().collect();
        let mut spreads = members.spreads.iter().peekable();
        for (at, field) in members.fields.iter().enumerate() {
            while let Some(spread) = spreads.next_if(|spread| spread.fields_before <= at) {
                entries.push(self.spread_coding(spread, shape));
            }
            entries.push(field_coding(field, shape));
        }
        entries.extend(spreads.map(|spread| self.spread_coding(spread, shape)));
        entries.extend(on.map(|on| quote!(..#on)));
        quote!(__rt::shape!(#name #repeats { #(#entries),* });)
    }

    fn spread_coding(&self, spread: &Spread, shape: &Shape) -> TokenStream {
        let name = ident(&spread.name);
        let holds = |other: &Spread| spread.held_by == Some(other.fragment) && !other.conditional;
        match spread.conditional {
            false => quote!(..#name),
            true if shape.all_spreads().iter().any(holds) => quote!(..#name? held),
            true => {
                let proofs = &spread.proofs;
                quote!(..#name? [#(#proofs)*])
            }
        }
    }

    fn arms_coding(&self, name: &Ident, repeats: Option<TokenStream>, arms: &Arms) -> TokenStream {
        let kind = |payload: &Payload| match payload {
            Payload::Unit => quote!(unit),
            Payload::TypeName => quote!(name),
            Payload::Fragment(_) | Payload::Struct { tag: Tag::Known, .. } => quote!(known),
            Payload::Struct { tag: Tag::Field, .. } => quote!(named),
        };
        let variants = arms.arms.iter().map(|arm| {
            let (variant, kind, types) = (ident(&arm.variant), kind(&arm.payload), &arm.types);
            quote!(#variant #kind #(#types)*)
        });
        let other = kind(&arms.other);
        quote!(__rt::variants!(#name #repeats { #(#variants),*; Other #other });)
    }
}

fn field_coding(field: &Field, shape: &Shape) -> TokenStream {
    let (name, key) = (ident(&field.name), &field.key);
    let how = match (&field.ty, field.conditional) {
        (_, true) if field.is_shared => quote!(~),
        (_, true) => quote!(?),
        (Ty::Nullable(_), false) => quote!(:),
        (_, false) => quote!(=),
    };
    let by = match leaf(&field.ty) {
        Some(Leaf::TypeName) => {
            let types: Vec<String> = match &shape.arms {
                Some(arms) => arms.arms.iter().flat_map(|arm| arm.types.clone()).collect(),
                None => vec![shape.on_type.clone()],
            };
            quote!(name [#(#types)*])
        }
        _ => by(&field.ty),
    };
    quote!(#name #how #key #by)
}

/// Returns `serde` for a type that only serde can read and write.
pub(super) fn by(ty: &Ty) -> TokenStream {
    match leaf(ty) {
        Some(Leaf::Rust(path)) if !is_string(path) => quote!(serde),
        _ => TokenStream::new(),
    }
}

fn leaf(ty: &Ty) -> Option<&Leaf> {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => leaf(inner),
        Ty::Leaf(leaf) => Some(leaf),
        Ty::Shape(_) => None,
    }
}

/// True if a Rust type of the configuration is `String`, which needs no serde.
fn is_string(path: &str) -> bool {
    matches!(path.trim_start_matches("::"), "String" | "std::string::String" | "alloc::string::String")
}
