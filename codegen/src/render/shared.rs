//! Shared values: decoded once, split into parts, and distributed.

use super::decode::joint_name;
use super::{Here, Renderer, ident, numbered};
use crate::ir::{
    Certainty, Definition, FragmentId, KeyId, NestedId, Path, Place, PlaceEnd, Route, ShapePath, Shared, SharedPart,
    SharedValue, Slots, SlotsPath, Takers, Wrapper,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

impl Renderer<'_> {
    /// Returns the methods that distribute a shared value, for keys that always have several consumers.
    pub(super) fn give(&self, slots: &Slots, name: &Ident, here: &Here<'_>) -> Option<TokenStream> {
        let methods: Vec<TokenStream> = slots
            .keys
            .iter()
            .enumerate()
            .filter_map(|(at, key)| {
                let Route::Shared(shared) = &key.route else { return None };
                let (method, ty) = (give_name(KeyId(at)), self.shared_type(&shared.value, here));
                let body = self.hand_out(shared, &key.key);
                Some(quote! {
                    #[inline]
                    pub(crate) fn #method(&mut self, value: #ty) { #body }
                })
            })
            .collect();
        (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }))
    }

    /// Reads a shared value and distributes it, through the method of its key if it has one.
    pub(super) fn read_shared(
        &self,
        shared: &Shared,
        key: &str,
        method: Option<KeyId>,
        here: &Here<'_>,
    ) -> TokenStream {
        let ty = self.shared_type(&shared.value, here);
        let read = match &shared.value {
            SharedValue::Leaf(_) => quote!(R::read_leaf::<#ty, A>(map)),
            SharedValue::Json => quote!(__rt::read_json(map)),
            SharedValue::Object { slots: SlotsPath::Shape(_), .. } => quote!(R::read::<#ty, A>(map)),
            SharedValue::Object { wrappers, slots } => {
                let joint = self.joint_type(wrappers, *slots, here);
                quote!(__rt::read_joint::<#joint, A, R>(map))
            }
        };
        let hand_out = match method {
            Some(key) => {
                let method = give_name(key);
                quote!(self.#method(value);)
            }
            None => self.hand_out(shared, key),
        };
        quote!({
            if let __rt::Some(value) = #read? { #hand_out }
            __rt::Ok(())
        })
    }

    fn hand_out(&self, shared: &Shared, key: &str) -> TokenStream {
        if shared.value == SharedValue::Json {
            return feed_all(shared.takers.places(), key);
        }
        let parts = match &shared.takers {
            Takers::Whole(places) => return hand_to(places),
            Takers::Parts(parts) => parts,
        };
        let patterns: Vec<TokenStream> = parts.iter().enumerate().map(|(at, part)| part_pattern(at, part)).collect();
        let pattern = parts_tree(&patterns);
        let handed = parts.iter().enumerate().map(|(at, part)| {
            let (variable, handed) = (numbered('v', at), hand_to(&part.takers));
            match (part.certainty, part.joint) {
                (Certainty::Always, _) => quote!({ let value = #variable; #handed }),
                (_, true) => quote!(if let __rt::Some(value) = #variable { #handed }),
                (_, false) => quote!(if let __rt::Some(__rt::One(value)) = #variable { #handed }),
            }
        });
        quote! {
            let #pattern = value;
            #(#handed)*
        }
    }

    fn shared_type(&self, value: &SharedValue, here: &Here<'_>) -> TokenStream {
        match value {
            SharedValue::Leaf(ty) => self.ty(ty, here),
            SharedValue::Json => quote!(__rt::Value),
            SharedValue::Object { wrappers, slots: SlotsPath::Shape(path) } => {
                wrappers.iter().rev().fold(self.path(*path, here), |inner, wrapper| match wrapper {
                    Wrapper::Nullable => quote!(::core::option::Option<#inner>),
                    Wrapper::List => quote!(::std::vec::Vec<#inner>),
                })
            }
            SharedValue::Object { wrappers, slots } => {
                let joint = self.joint_type(wrappers, *slots, here);
                quote!(<#joint as __rt::Joint>::Parts)
            }
        }
    }

    fn joint_type(&self, wrappers: &[Wrapper], slots: SlotsPath, here: &Here<'_>) -> TokenStream {
        let slots = self.slots_path(slots, here);
        wrappers.iter().rev().fold(quote!(__rt::Whole<#slots>), |inner, wrapper| match wrapper {
            Wrapper::Nullable => quote!(__rt::OrNull<#inner>),
            Wrapper::List => quote!(__rt::ListOf<#inner>),
        })
    }

    /// Returns the path to slots, from a module `__slots` or `__joints`.
    pub(super) fn slots_path(&self, path: SlotsPath, here: &Here<'_>) -> TokenStream {
        let module = match path {
            SlotsPath::Shape(Path::Here(_)) | SlotsPath::Joint(Path::Here(_)) => here.up.clone(),
            SlotsPath::Shape(Path::Fragment(fragment, _)) | SlotsPath::Joint(Path::Fragment(fragment, _)) => {
                let (root, module) = (self.root(), ident(&self.module.fragments[fragment].data.module));
                quote!(#root fragments::#module::)
            }
        };
        match path {
            SlotsPath::Shape(shape) => {
                let name = match shape {
                    ShapePath::Here(at) => ident(&here.definition.shapes[&at].name),
                    ShapePath::Fragment(fragment, at) => ident(&self.module.fragments[fragment].data.shapes[&at].name),
                };
                quote!(#module __slots::#name)
            }
            SlotsPath::Joint(Path::Here(at) | Path::Fragment(_, at)) => {
                let name = joint_name(at);
                quote!(#module __joints::#name)
            }
        }
    }
}

impl Renderer<'_> {
    /// Returns the slots at a path.
    pub(super) fn slots_of<'s>(&'s self, path: SlotsPath, definition: &'s Definition) -> &'s Slots {
        let definition = self.definition_of(path, definition);
        match path {
            SlotsPath::Shape(ShapePath::Here(shape) | ShapePath::Fragment(_, shape)) => {
                &definition.shapes[&shape].slots
            }
            SlotsPath::Joint(Path::Here(joint) | Path::Fragment(_, joint)) => &definition.joints[joint],
        }
    }

    /// Returns the definition that contains slots, given relative to another.
    pub(super) fn definition_of<'s>(&'s self, path: SlotsPath, definition: &'s Definition) -> &'s Definition {
        match path {
            SlotsPath::Shape(Path::Here(_)) | SlotsPath::Joint(Path::Here(_)) => definition,
            SlotsPath::Shape(Path::Fragment(fragment, _)) | SlotsPath::Joint(Path::Fragment(fragment, _)) => {
                &self.module.fragments[fragment].data
            }
        }
    }

    /// Returns the path to the slots of a fragment's own selection set.
    pub(super) fn root_slots(&self, fragment: FragmentId) -> SlotsPath {
        SlotsPath::Shape(ShapePath::Fragment(fragment, self.module.fragments[fragment].root))
    }
}

fn give_name(key: KeyId) -> Ident {
    format_ident!("give_{}", key.0)
}

fn part_pattern(at: usize, part: &SharedPart) -> TokenStream {
    let variable = numbered('v', at);
    match (part.certainty, part.joint) {
        (Certainty::Always, true) => quote!(#variable),
        (Certainty::Always, false) => quote!(__rt::One(#variable)),
        _ => quote!(__rt::Maybe(#variable)),
    }
}

/// Returns code that gives a value to each taker; the last one gets the original.
fn hand_to(takers: &[Place]) -> TokenStream {
    let Some((last, rest)) = takers.split_last() else { return TokenStream::new() };
    let clones = rest.iter().map(|place| take(place, &quote!(__rt::Clone::clone(&value))));
    let original = take(last, &quote!(value));
    quote!(#(#clones)* #original)
}

fn take(place: &Place, value: &TokenStream) -> TokenStream {
    let nested = place.nested.iter().map(|at| numbered('f', *at));
    let path = quote!(self.#(#nested.)*);
    match place.end {
        PlaceEnd::Slot(slot) => {
            let slot = numbered('s', slot);
            quote!(#path #slot = __rt::Some(#value);)
        }
        PlaceEnd::Key(key) => {
            let method = give_name(key);
            quote!(#path #method(#value);)
        }
    }
}

/// Returns code that gives a value as JSON to slots and nested slots.
fn feed_all<'p>(takers: impl Iterator<Item = &'p Place>, key: &str) -> TokenStream {
    let mut fed: Vec<TokenStream> = Vec::new();
    let mut seen: Vec<NestedId> = Vec::new();
    for place in takers {
        match (place.nested.first(), place.end) {
            (Some(nested), _) if seen.contains(nested) => {}
            (Some(nested), _) => {
                seen.push(*nested);
                let slot = numbered('f', *nested);
                fed.push(quote!(__rt::feed(&mut self.#slot, #key, &value);));
            }
            (None, PlaceEnd::Slot(slot)) => {
                let slot = numbered('s', slot);
                fed.push(quote!(self.#slot = __rt::from_value(&value);));
            }
            (None, PlaceEnd::Key(_)) => {}
        }
    }
    quote!(#(#fed)*)
}

/// Returns parts as nested pairs, whose depth is the logarithm of their number, since deep types are slow to compile.
pub(super) fn parts_tree(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [] => quote!(()),
        [only] => only.clone(),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            let (left, right) = (parts_tree(left), parts_tree(right));
            quote!((#left, #right))
        }
    }
}
