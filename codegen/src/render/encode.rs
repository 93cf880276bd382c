//! `Deserialize` and `Serialize` of a shape: by its slots, and their exact inverse.

use super::decode::{behind_holders, is_object};
use super::{Here, Renderer, ident, joined};
use crate::ir::{
    Arm, Arms, ArmsPlace, FragmentId, Members, ON_FIELD, Payload, Route, Shape, Spread, TYPENAME_FIELD, Tag,
};
use indexmap::IndexSet;
use proc_macro2::TokenStream;
use quote::quote;

impl Renderer<'_> {
    /// Renders both implementations for a shape.
    pub(super) fn coding(&self, shape: &Shape, here: &Here<'_>) -> TokenStream {
        let name = ident(&shape.name);
        let overlap = self.overlap(shape, here).map(|overlap| quote!(const OVERLAP: bool = #overlap;));
        let body = self.encode(shape, here);
        quote! {
            __rt::coding!(#name);
            impl __rt::Encode for #name {
                #overlap
                fn encode<M: __rt::SerializeMap>(
                    &self,
                    fields: &mut __rt::Fields<'_, M>,
                ) -> __rt::Result<(), M::Error> {
                    #body
                    __rt::Ok(())
                }
            }
        }
    }

    /// Returns code that is needed if a response key may be stored in more than one place.
    fn overlap(&self, shape: &Shape, here: &Here<'_>) -> Option<TokenStream> {
        let spreads = shape.all_spreads();
        let told = shape
            .slots
            .nested
            .iter()
            .filter(|nested| self.slots_of(nested.slots, here.definition).known.contains("__typename"));
        let own = shape.arms.is_some() || shape.slots.typename.is_some();
        let several = usize::from(own) + told.count() > 1
            || shape.slots.keys.iter().any(|key| is_shared(&key.route))
            || spreads.iter().any(|spread| spread.held_by.is_some());
        if several {
            return Some(quote!(true));
        }
        let nested: IndexSet<FragmentId> = spreads.iter().map(|spread| spread.fragment).collect();
        let nested = nested.into_iter().map(|fragment| self.fragment(fragment));
        let nested: Vec<TokenStream> = nested.map(|ty| quote!(<#ty as __rt::Encode>::OVERLAP)).collect();
        (!nested.is_empty()).then(|| joined(&nested, &quote!(||)))
    }

    /// Returns the encoding: a leaf stored in several places is written once, and objects stored in several places are
    /// merged.
    fn encode(&self, shape: &Shape, here: &Here<'_>) -> TokenStream {
        let fields = encode_fields(&shape.members, &quote!(self.));
        let spreads = encode_spreads(&shape.members.spreads, &quote!(self.));
        let arms = shape.arms.as_ref().map(|arms| {
            let value = match arms.place {
                ArmsPlace::Alone => quote!(self),
                ArmsPlace::Inside { .. } => {
                    let field = ident(ON_FIELD);
                    quote!(&self.#field)
                }
            };
            let name = here.named(shape.arms_name(arms));
            let cases = arms.arms.iter().map(|arm| encode_arm(arm, &name));
            let other = encode_other(arms, &name);
            quote!(match #value { #(#cases)* #other })
        });
        quote!(#fields #arms #spreads)
    }
}

/// Returns true if the value may be stored in several places.
fn is_shared(route: &Route) -> bool {
    match route {
        Route::Shared(_) => true,
        Route::ByGroup(routes) => routes.iter().any(is_shared),
        Route::Slot(_) | Route::Nested(_) | Route::TypeName | Route::Skip => false,
    }
}

fn encode_arm(arm: &Arm, name: &TokenStream) -> TokenStream {
    let variant = ident(&arm.variant);
    let only = arm.types.first().map(String::as_str).unwrap_or_default();
    let known = quote!(fields.field("__typename", #only)?;);
    match &arm.payload {
        Payload::Unit => quote!(#name::#variant => { #known }),
        Payload::TypeName => quote!(#name::#variant(name) => { fields.typename(name)?; }),
        Payload::Fragment(_) => quote!(#name::#variant(arm) => { #known __rt::Encode::encode(arm, fields)?; }),
        Payload::Struct { tag, members, .. } => {
            let body = encode_struct(*tag, members, known);
            quote!(#name::#variant(arm) => { #body })
        }
    }
}

fn encode_other(arms: &Arms, name: &TokenStream) -> TokenStream {
    match &arms.other {
        Payload::Struct { tag, members, .. } => {
            let body = encode_struct(*tag, members, TokenStream::new());
            quote!(#name::Other(arm) => { #body })
        }
        _ => quote!(#name::Other(name) => { fields.typename(name)?; }),
    }
}

fn encode_struct(tag: Tag, members: &Members, known: TokenStream) -> TokenStream {
    let typename = match tag {
        Tag::Field => {
            let field = ident(TYPENAME_FIELD);
            quote!(fields.typename(&arm.#field)?;)
        }
        Tag::Known => known,
    };
    let fields = encode_fields(members, &quote!(arm.));
    let spreads = encode_spreads(&members.spreads, &quote!(arm.));
    quote!(#typename #fields #spreads)
}

fn encode_fields(members: &Members, from: &TokenStream) -> TokenStream {
    let fields = members.fields.iter().map(|field| {
        let (key, name) = (&field.key, ident(&field.name));
        let method = if is_object(&field.ty) { quote!(object) } else { quote!(field) };
        if field.conditional {
            quote!(if let __rt::Some(value) = &#from #name { fields.#method(#key, value)?; })
        } else {
            quote!(fields.#method(#key, &#from #name)?;)
        }
    });
    quote!(#(#fields)*)
}

/// Returns code that encodes fragments, containers before the fragments in them.
fn encode_spreads(spreads: &[Spread], from: &TokenStream) -> TokenStream {
    let spreads = behind_holders(spreads).into_iter().map(|spread| {
        let name = ident(&spread.name);
        if spread.conditional {
            quote! {
                if let __rt::Some(value) = &#from #name { __rt::Encode::encode(value, fields)?; }
            }
        } else {
            quote!(__rt::Encode::encode(&#from #name, fields)?;)
        }
    });
    quote!(#(#spreads)*)
}
