//! The hidden slots of shapes and joints, which decode them in one pass.

use super::shared::parts_tree;
use super::{Here, Renderer, ident, index, numbered};
use crate::ir::{
    Arms, ArmsPlace, Certainty, Definition, Field, FragmentId, Hop, JointId, KeyId, Leaf, Members, Nested, NestedId,
    ON_FIELD, Payload, Route, Shape, ShapeRef, SlotId, Slots, SlotsPath, Spread, TYPENAME_FIELD, Tag, Ty,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::HashMap;

impl Renderer<'_> {
    /// Returns the slots of a shape; the code is in the module `__slots` below that of the shapes.
    pub(super) fn slots(&self, shape: &Shape, here: &Here<'_>) -> TokenStream {
        let name = ident(&shape.name);
        let output = here.named(&shape.name);
        let finish = self.finish(shape, here);
        let body = Body { arms: shape.arms.as_ref(), on_type: Some(&shape.on_type), output, finish };
        self.slots_struct(&name, &shape.slots, &body, here)
    }

    /// Returns the slots of a joint; the code is in the module `__joints` beside `__slots`, since shapes can have any
    /// name.
    pub(super) fn joint(&self, at: JointId, slots: &Slots, here: &Here<'_>) -> TokenStream {
        let name = joint_name(at);
        let types: Vec<TokenStream> = slots.nested.iter().map(|part| self.part_type(part, here)).collect();
        let values: Vec<TokenStream> = slots.nested.iter().enumerate().map(|(at, part)| part_value(at, part)).collect();
        let (output, value) = (parts_tree(&types), parts_tree(&values));
        let body = Body { arms: None, on_type: None, output, finish: quote!(__rt::Ok(#value)) };
        self.slots_struct(&name, slots, &body, here)
    }

    fn slots_struct(&self, name: &Ident, slots: &Slots, body: &Body<'_>, here: &Here<'_>) -> TokenStream {
        let Body { arms, output, finish, .. } = body;
        let own = slots.own.keys().enumerate().map(|(at, slot)| {
            let (slot, ty) = (numbered('s', at), self.ty(&slot.ty, here));
            quote!(pub(crate) #slot: __rt::Option<#ty>,)
        });
        let nested = slots.nested.iter().enumerate().map(|(at, nested)| {
            let (slot, ty) = (numbered('f', at), self.slots_path(nested.slots, here));
            quote!(pub(crate) #slot: #ty,)
        });
        let present = (0..slots.nested.len()).map(NestedId).filter(|at| notes(slots, *at, body)).map(|at| {
            let present = numbered('n', at);
            quote!(pub(crate) #present: bool,)
        });
        let group = arms.map(|_| quote!(pub(crate) group: __rt::Option<u32>, pub(crate) tag: __rt::TypeName,));
        let waits = slots.keys.iter().any(|key| waits(&key.route));
        let waiting = waits.then(|| quote!(pub(crate) waiting: __rt::Waiting,));
        let (key, accept) = (self.key(slots, here), self.accept(slots, body, here));
        let (types, tell) = (self.types_of(slots, body), self.tell(slots, arms.is_some(), waits, here));
        let give = self.give(slots, name, here);
        quote! {
            #[derive(::core::default::Default)]
            pub(crate) struct #name { #(#own)* #(#nested)* #(#present)* #group #waiting }
            #give
            impl __rt::Slots for #name {
                type Output = #output;
                #types
                #[inline]
                fn key(name: &str) -> u32 { #key }
                #[inline]
                fn accept<'de, A: __rt::MapAccess<'de>, R: __rt::Rigor>(
                    &mut self,
                    key: u32,
                    map: &mut A,
                ) -> __rt::Result<(), A::Error> {
                    #accept
                }
                #tell
                #[inline]
                fn finish<F: __rt::Finish>(self) -> __rt::Result<Self::Output, F::Error> { #finish }
            }
        }
    }

    /// Returns for each of the nested slots the number of keys before theirs.
    fn before(&self, slots: &Slots, definition: &Definition) -> Vec<usize> {
        let mut next = slots.keys.len();
        let of_nested = slots.nested.iter().map(|nested| {
            let numbers = self.slots_of(nested.slots, definition).numbers;
            let before = next;
            next = before.saturating_add(numbers);
            before
        });
        of_nested.collect()
    }

    /// Returns the number of a key: of a listed key, or of the first nested slots that accept it. A few keys are
    /// matched together; otherwise, each slots type has its own match, or chains of fragments would repeat keys at
    /// every link.
    fn key(&self, slots: &Slots, here: &Here<'_>) -> TokenStream {
        const FEW: usize = 24;
        if slots.known.len() <= FEW {
            let numbers =
                slots.known.iter().filter_map(|key| Some((&**key, self.number(slots, key, here.definition)?)));
            let cases = numbers.map(|(key, number)| (key, index(number))).map(|(key, number)| quote!(#key => #number,));
            return quote!(match name { #(#cases)* _ => __rt::NO_KEY });
        }
        let cases = slots.keys.iter().enumerate().map(|(number, key)| {
            let (key, number) = (&*key.key, index(number));
            quote!(#key => #number,)
        });
        let mut nested = slots.nested.iter().zip(self.before(slots, here.definition)).map(|(nested, before)| {
            let (path, before) = (self.slots_path(nested.slots, here), index(before));
            (quote!(<#path as __rt::Slots>::key(name)), before)
        });
        let otherwise = match (nested.next(), slots.nested.len()) {
            (None, _) => quote!(__rt::NO_KEY),
            (Some((number, before)), 1) => quote!(__rt::nested_key(#number, #before)),
            (Some((number, before)), _) => {
                let rest = nested.map(|(number, before)| {
                    quote! {
                        if key == __rt::NO_KEY { key = __rt::nested_key(#number, #before); }
                    }
                });
                quote!({ let mut key = __rt::nested_key(#number, #before); #(#rest)* key })
            }
        };
        if slots.keys.is_empty() { otherwise } else { quote!(match name { #(#cases)* _ => #otherwise }) }
    }

    /// Returns the number of one key.
    fn number(&self, slots: &Slots, key: &str, definition: &Definition) -> Option<usize> {
        if let Some(listed) = slots.keys.iter().position(|listed| &*listed.key == key) {
            return Some(listed);
        }
        let mut nested = slots.nested.iter().zip(self.before(slots, definition));
        nested.find_map(|(nested, before)| {
            let inner = self.slots_of(nested.slots, definition);
            let is_known = inner.known.contains(key);
            let number = is_known.then(|| self.number(inner, key, self.definition_of(nested.slots, definition)))?;
            Some(before.saturating_add(number?))
        })
    }

    fn accept(&self, slots: &Slots, body: &Body<'_>, here: &Here<'_>) -> TokenStream {
        let context = Accept { renderer: self, slots, body, here };
        let listed = slots.keys.iter().enumerate().map(|(at, key)| {
            let (number, action) = (index(at), context.route(&key.route, KeyId(at)));
            quote!(#number => #action,)
        });
        let nested = self.before(slots, here.definition).into_iter().enumerate().filter_map(|(at, first)| {
            let numbers = self.slots_of(slots.nested[at].slots, here.definition).numbers;
            let last = first.saturating_add(numbers).checked_sub(1).filter(|last| *last >= first)?;
            let action = context.nested_range(NestedId(at), first);
            let (first, last) = (index(first), index(last));
            Some(quote!(#first ..= #last => #action,))
        });
        quote!(match key { #(#listed)* #(#nested)* _ => __rt::skip(map) })
    }

    /// Returns the types that slots distinguish, with the group of each.
    fn types_of(&self, slots: &Slots, body: &Body<'_>) -> Option<TokenStream> {
        if let Some(arms) = body.arms {
            let types = arms.arms.iter().enumerate().flat_map(|(group, arm)| {
                let group = index(group);
                arm.types.iter().map(move |ty| quote!((#ty, #group)))
            });
            let other = index(arms.arms.len());
            return Some(quote! {
                const TYPES: &'static [(&'static str, u32)] = &[#(#types),*];
                const OTHER: u32 = #other;
            });
        }
        let on_type = body.on_type?;
        let used = slots.own.keys().any(|slot| slot.ty == Ty::Leaf(Leaf::TypeName));
        used.then(|| quote!(const TYPES: &'static [(&'static str, u32)] = &[(#on_type, 0)];))
    }

    /// Returns the method that takes the type name.
    fn tell(&self, slots: &Slots, has_arms: bool, waits: bool, here: &Here<'_>) -> Option<TokenStream> {
        if !slots.known.contains("__typename") {
            return None;
        }
        let own = has_arms.then(|| {
            quote! {
                let (group, tag) = __rt::type_of::<Self>(name);
                self.group = __rt::Some(group);
                self.tag = tag;
            }
        });
        let field = slots.typename.map(|slot| {
            let slot = numbered('s', slot);
            quote!(self.#slot = __rt::Some(__rt::type_of::<Self>(name).1);)
        });
        let nested = slots
            .nested
            .iter()
            .enumerate()
            .filter(|(_, nested)| self.slots_of(nested.slots, here.definition).known.contains("__typename"));
        let nested = nested.map(|(at, _)| {
            let slot = numbered('f', at);
            quote!(__rt::Slots::tell::<E>(&mut self.#slot, name)?;)
        });
        let replay = waits.then(|| quote!(__rt::replay(self, |slots| &mut slots.waiting)?;));
        Some(quote! {
            fn tell<E: __rt::Error>(&mut self, name: &str) -> __rt::Result<(), E> {
                #own
                #field
                #(#nested)*
                #replay
                __rt::Ok(())
            }
        })
    }

    fn finish(&self, shape: &Shape, here: &Here<'_>) -> TokenStream {
        let output = here.named(&shape.name);
        let held = shape.all_spreads().iter().any(|spread| spread.held_by.is_some());
        let building = Building { renderer: self, shape, here, lets: held };
        let lets = building.lets(&shape.members.spreads);
        let members = building.members(&shape.members);
        let body = match &shape.arms {
            Some(arms) if arms.place == ArmsPlace::Alone => building.arms(arms),
            Some(arms) => {
                let (field, on) = (ident(ON_FIELD), building.arms(arms));
                // Parts that depend on the type come first: they may copy from the common fragments.
                quote!({
                    let on = #on;
                    #output { #members #field: on }
                })
            }
            None => quote!(#output { #members }),
        };
        quote! {
            #lets
            __rt::Ok(#body)
        }
    }

    fn part_type(&self, part: &Nested, here: &Here<'_>) -> TokenStream {
        let path = self.slots_path(part.slots, here);
        let output = quote!(<#path as __rt::Slots>::Output);
        let output = match part.slots {
            SlotsPath::Shape(_) => quote!(__rt::One<#output>),
            SlotsPath::Joint(_) => output,
        };
        match part.certainty {
            Certainty::Always => output,
            Certainty::IfIncluded | Certainty::IfOfType => quote!(__rt::Maybe<#output>),
        }
    }
}

/// The differences between the slots of shapes and of joints.
pub(super) struct Body<'s> {
    pub arms: Option<&'s Arms>,
    /// The parent type of a shape's selection set.
    on_type: Option<&'s str>,
    output: TokenStream,
    finish: TokenStream,
}

/// Returns the Rust name of the slots of a joint.
pub(super) fn joint_name(at: JointId) -> Ident {
    quote::format_ident!("Joint{}", at.0)
}

fn part_value(at: usize, part: &Nested) -> TokenStream {
    let slot = numbered('f', at);
    let joint = matches!(part.slots, SlotsPath::Joint(_));
    match (part.certainty, joint) {
        (Certainty::Always, true) => quote!(__rt::Slots::finish::<F>(self.#slot)?),
        (Certainty::Always, false) => quote!(__rt::One(__rt::Slots::finish::<F>(self.#slot)?)),
        (_, true) => quote!(__rt::Maybe(__rt::if_complete(self.#slot))),
        (_, false) => quote!(__rt::Maybe(__rt::if_complete(self.#slot).map(__rt::One))),
    }
}

/// Returns true if the slots record whether a value arrived that only these nested slots use: those of a conditional
/// fragment.
pub(super) fn notes(slots: &Slots, nested: NestedId, body: &Body<'_>) -> bool {
    body.on_type.is_some() && slots.nested[nested].certainty != Certainty::Always
}

/// Returns true if values of the key may have to wait for the type name, since several slots could take them.
pub(super) fn waits(route: &Route) -> bool {
    let Route::ByGroup(routes) = route else { return false };
    let mut targets: Vec<&Route> = Vec::new();
    for route in routes.iter().filter(|route| **route != Route::Skip) {
        if !targets.contains(&route) {
            targets.push(route);
        }
    }
    !matches!(targets.as_slice(), [Route::Slot(_) | Route::Nested(_)])
}

/// Code that accepts the values of keys.
struct Accept<'c, 'r> {
    renderer: &'c Renderer<'r>,
    slots: &'c Slots,
    body: &'c Body<'c>,
    here: &'c Here<'c>,
}

impl Accept<'_, '_> {
    fn route(&self, route: &Route, key: KeyId) -> TokenStream {
        match route {
            Route::Skip => quote!(__rt::skip(map)),
            Route::Slot(slot) => self.store(*slot, &quote!(R)),
            Route::Nested(nested) => self.forward(*nested, key, &quote!(R)),
            Route::TypeName => quote!(__rt::read_type_name(self, map)),
            Route::Shared(shared) if std::ptr::eq(route, &self.slots.keys[key].route) => {
                self.renderer.read_shared(shared, &self.slots.keys[key].key, Some(key), self.here)
            }
            Route::Shared(shared) => self.renderer.read_shared(shared, &self.slots.keys[key].key, None, self.here),
            Route::ByGroup(routes) => self.by_group(routes, key),
        }
    }

    fn by_group(&self, routes: &[Route], key: KeyId) -> TokenStream {
        let mut targets: Vec<(&Route, Vec<usize>)> = Vec::new();
        for (group, target) in routes.iter().enumerate().filter(|(_, target)| **target != Route::Skip) {
            match targets.iter_mut().find(|(known, _)| *known == target) {
                Some((_, groups)) => groups.push(group),
                None => targets.push((target, vec![group])),
            }
        }
        let untold = match targets.as_slice() {
            // Only one slot could take the value: it is decoded leniently.
            [(Route::Slot(slot), _)] => self.store(*slot, &quote!(__rt::Lenient)),
            [(Route::Nested(nested), _)] => self.forward(*nested, key, &quote!(__rt::Lenient)),
            _ => {
                let number = index(key);
                quote!(__rt::wait(&mut self.waiting, #number, map))
            }
        };
        let cases = targets.iter().map(|(target, groups)| {
            let (groups, action) = (groups.iter().map(|group| index(*group)), self.route(target, key));
            quote!(__rt::Some(#(#groups)|*) => #action,)
        });
        quote! {
            match self.group {
                #(#cases)*
                __rt::Some(_) => __rt::skip(map),
                __rt::None => #untold,
            }
        }
    }

    fn store(&self, slot: SlotId, rigor: &TokenStream) -> TokenStream {
        let target = numbered('s', slot);
        match self.slots.ty(slot) {
            Some(Ty::Leaf(Leaf::TypeName)) => quote!(__rt::put_type_name::<Self, _>(&mut self.#target, map)),
            Some(ty) if is_object(ty) => quote!(<#rigor as __rt::Rigor>::put(&mut self.#target, map)),
            _ => quote!(<#rigor as __rt::Rigor>::put_leaf(&mut self.#target, map)),
        }
    }

    /// Returns code that forwards a key, which others also know, to some nested slots.
    fn forward(&self, nested: NestedId, key: KeyId, rigor: &TokenStream) -> TokenStream {
        let path = self.renderer.slots_path(self.slots.nested[nested].slots, self.here);
        let key = &*self.slots.keys[key].key;
        self.nested(nested, &quote!(<#path as __rt::Slots>::key(#key)), rigor)
    }

    fn nested(&self, nested: NestedId, number: &TokenStream, rigor: &TokenStream) -> TokenStream {
        let slot = numbered('f', nested);
        let accept = quote!(__rt::Slots::accept::<A, #rigor>(&mut self.#slot, #number, map));
        if notes(self.slots, nested, self.body) {
            let present = numbered('n', nested);
            return quote!({ self.#present |= <#rigor as __rt::Rigor>::PROVES; #accept });
        }
        accept
    }

    /// Returns code for the keys that are not listed.
    fn nested_range(&self, nested: NestedId, first: usize) -> TokenStream {
        let number = if first == 0 {
            quote!(key)
        } else {
            let first = index(first);
            quote!(key - #first)
        };
        let rigor = match self.slots.nested[nested].certainty {
            Certainty::IfOfType => quote!(__rt::Lenient),
            Certainty::Always | Certainty::IfIncluded => quote!(R),
        };
        self.nested(nested, &number, &rigor)
    }
}

/// Code that builds a shape from its slots.
struct Building<'c, 'r> {
    renderer: &'c Renderer<'r>,
    shape: &'c Shape,
    here: &'c Here<'c>,
    /// Whether fragments are built before the structs that contain them, since others contain copies.
    lets: bool,
}

impl Building<'_, '_> {
    fn arms(&self, arms: &Arms) -> TokenStream {
        let name = self.here.named(self.shape.arms_name(arms));
        let cases = arms.arms.iter().enumerate().map(|(group, arm)| {
            let (group, variant) = (index(group), ident(&arm.variant));
            match self.payload(&arm.payload) {
                (lets, Some(value)) => quote!(__rt::Some(#group) => { #lets #name::#variant(#value) }),
                (lets, None) => quote!(__rt::Some(#group) => { #lets #name::#variant }),
            }
        });
        let (lets, value) = self.payload(&arms.other);
        let value = value.unwrap_or_default();
        quote! {
            match self.group {
                #(#cases)*
                __rt::Some(_) => { #lets #name::Other(#value) }
                __rt::None => return F::required(__rt::None, "__typename"),
            }
        }
    }

    /// Returns the statements that come first, and the value of the variant if it has one.
    fn payload(&self, payload: &Payload) -> (TokenStream, Option<TokenStream>) {
        let tag = quote!(self.tag);
        match payload {
            Payload::Unit => (TokenStream::new(), None),
            Payload::TypeName => (TokenStream::new(), Some(tag)),
            Payload::Fragment(spread) => (self.lets(std::slice::from_ref(spread)), Some(self.spread(spread))),
            Payload::Struct { name, tag: held, members } => {
                let name = self.here.named(name);
                let typename = (*held == Tag::Field).then(|| {
                    let field = ident(TYPENAME_FIELD);
                    quote!(#field: #tag,)
                });
                let values = self.members(members);
                (self.lets(&members.spreads), Some(quote!(#name { #typename #values })))
            }
        }
    }

    /// Builds fragment values; a fragment contained in another is built after its container.
    fn lets(&self, spreads: &[Spread]) -> TokenStream {
        if !self.lets {
            return TokenStream::new();
        }
        let lets = behind_holders(spreads).into_iter().map(|spread| {
            let variable = spread_variable(spread.fragment);
            let value = match &spread.held_by {
                Some(way) => self.held_value(spread, way),
                None => self.finish_spread(spread),
            };
            quote!(let #variable = #value;)
        });
        quote!(#(#lets)*)
    }

    fn members(&self, members: &Members) -> TokenStream {
        let fields = members.fields.iter().map(|field| {
            let (name, value) = (ident(&field.name), finish_field(&self.shape.slots, field));
            quote!(#name: #value,)
        });
        let spreads = members.spreads.iter().map(|spread| {
            let (name, value) = (ident(&spread.name), self.spread(spread));
            quote!(#name: #value,)
        });
        quote!(#(#fields)* #(#spreads)*)
    }

    fn spread(&self, spread: &Spread) -> TokenStream {
        if self.lets {
            let variable = spread_variable(spread.fragment);
            return quote!(#variable);
        }
        self.finish_spread(spread)
    }

    fn finish_spread(&self, spread: &Spread) -> TokenStream {
        let path = self.renderer.root_slots(spread.fragment);
        let nested = self.shape.slots.nested.iter().position(|nested| nested.slots == path).map(NestedId);
        let Some(nested) = nested else { return TokenStream::new() };
        let (slot, present) = (numbered('f', nested), numbered('n', nested));
        let finish = quote!(__rt::Slots::finish::<F>(self.#slot)?);
        match spread.conditional {
            false => finish,
            true => quote!(if self.#present { __rt::Some(#finish) } else { __rt::if_complete(self.#slot) }),
        }
    }

    /// Returns a copy of the value in another fragment.
    fn held_value(&self, spread: &Spread, way: &[Hop]) -> TokenStream {
        let Some(first) = way.first() else { return TokenStream::new() };
        let fields = way.iter().map(|hop| {
            let fragment = self.renderer.module.fragments[hop.fragment].shape();
            ident(&fragment.members.spreads[hop.spread.0].name)
        });
        let path = quote!(#(.#fields)*);
        let variable = spread_variable(first.fragment);
        let holder = self.shape.all_spreads().into_iter().find(|holder| holder.fragment == first.fragment);
        match (holder.is_some_and(|holder| holder.conditional), spread.conditional) {
            (true, _) => quote!(#variable.as_ref().map(|holder| __rt::Clone::clone(&holder #path))),
            (false, true) => quote!(__rt::Some(__rt::Clone::clone(&#variable #path))),
            (false, false) => quote!(__rt::Clone::clone(&#variable #path)),
        }
    }
}

fn spread_variable(fragment: FragmentId) -> Ident {
    numbered('v', fragment)
}

/// Returns fragments in an order in which each comes after its container.
pub(super) fn behind_holders(spreads: &[Spread]) -> Vec<&Spread> {
    let of: HashMap<FragmentId, &Spread> = spreads.iter().map(|spread| (spread.fragment, spread)).collect();
    let depth = |spread: &Spread| {
        // A container elsewhere is built before all of these.
        let holder = |spread: &Spread| of.get(&spread.held_by.as_ref()?.first()?.fragment).copied();
        std::iter::successors(holder(spread), |spread| holder(spread)).take(spreads.len()).count()
    };
    let mut order: Vec<&Spread> = spreads.iter().collect();
    order.sort_by_cached_key(|spread| depth(spread));
    order
}

fn finish_field(slots: &Slots, field: &Field) -> TokenStream {
    let Some(slot) = slots.of(field).map(|slot| numbered('s', slot)) else { return TokenStream::new() };
    match (&field.ty, field.conditional) {
        (_, true) => quote!(self.#slot),
        (Ty::Nullable(_), false) => quote!(F::nullable(self.#slot)?),
        (_, false) => {
            let key = &field.key;
            quote!(F::required(self.#slot, #key)?)
        }
    }
}

/// Returns true if a value has a selection set.
pub(super) fn is_object(ty: &Ty) -> bool {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => is_object(inner),
        Ty::Shape(ShapeRef::Local(_) | ShapeRef::Fragment(_)) => true,
        Ty::Leaf(_) => false,
    }
}
