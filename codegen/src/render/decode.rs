//! The hidden slots of a shape, through which it is decoded in one pass.

use super::project::Convert;
use super::{Here, Renderer, ident, index, joined, numbered};
use crate::ir::{Arms, Field, Hand, Leaf, Members, Payload, Route, Shape, ShapeRef, Spread, Target, Ty, same_outside};
use indexmap::IndexMap;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// The numbers that the keys of a shape and of its nested slots have.
#[derive(Default)]
pub(super) struct Numbers {
    /// Of each key; the first of several.
    of: IndexMap<String, usize>,
    /// How many numbers come before those of each nested fragment.
    before: Vec<usize>,
    /// How many there are.
    count: usize,
}

impl Renderer<'_> {
    /// The slots of a shape; the code stands in the module `__slots` below that of the shapes.
    /// `asked` says that others will ask whether anything has come: the slots of a fragment.
    pub(super) fn slots(&self, shape: &Shape, here: &Here<'_>, asked: bool) -> TokenStream {
        let name = ident(&shape.name);
        let output = here.named(&shape.name);
        let slots = &shape.slots;
        let own = slots.own.iter().enumerate().map(|(at, ty)| {
            let (slot, ty) = (numbered('s', at), self.ty(ty, here));
            quote!(pub #slot: __rt::Option<#ty>,)
        });
        let nested = slots.nested.iter().enumerate().map(|(at, fragment)| {
            let (slot, ty) = (numbered('f', at), self.fragment_slots(*fragment));
            quote!(pub #slot: #ty,)
        });
        let waiting = waiting(shape).map(|at| {
            let slot = numbered('p', at);
            quote!(pub #slot: __rt::Option<__rt::Value>,)
        });
        let present = conditional_spreads(shape).map(|nested| {
            let present = numbered('n', nested);
            quote!(pub #present: bool,)
        });
        let held = Held::new(shape);
        let asked = asked.then(|| self.asked(shape, &held));
        let note = note(shape);
        let numbers = self.numbers(shape);
        let (key, accept) = (self.key(&numbers), self.accept(shape, &numbers));
        let finish = self.finish(shape, &held, here);
        let group = shape.arms.as_ref().map(group_function);
        let group = group.map(|group| quote!(impl #name { #group }));
        quote! {
            #[derive(::core::default::Default)]
            pub struct #name { #(#own)* #(#nested)* #(#waiting)* #(#present)* }
            #group
            impl __rt::Slots for #name {
                type Output = #output;
                #[inline]
                fn key(name: &str) -> u32 { #key }
                #[inline]
                fn accept<'de, A: __rt::MapAccess<'de>>(&mut self, key: u32, map: &mut A) -> __rt::Result<(), A::Error> {
                    #accept
                }
                #note
                #asked
                #[inline]
                fn finish<E: __rt::Error>(&mut self) -> __rt::Result<Self::Output, E> { #finish }
            }
        }
    }

    /// The numbers of the keys of a shape: its own, then those of its nested slots in turn.
    fn numbers(&self, shape: &Shape) -> Numbers {
        let own = shape.slots.keys.iter().enumerate().map(|(at, key)| (key.key.clone(), at));
        let mut numbers = Numbers { of: own.collect(), before: Vec::new(), count: shape.slots.keys.len() };
        for fragment in &shape.slots.nested {
            let theirs = self.numbers_of(*fragment);
            numbers.before.push(numbers.count);
            for (key, number) in &theirs.of {
                if !numbers.of.contains_key(key) {
                    numbers.of.insert(key.clone(), numbers.count + number);
                }
            }
            numbers.count += theirs.count;
        }
        numbers
    }

    /// The same for the slots of a fragment. Those that it nests come before it in the module, so that a chain of fragments
    /// needs no stack.
    fn numbers_of(&self, fragment: usize) -> Rc<Numbers> {
        let mut open = vec![fragment];
        while let Some(at) = open.last().copied() {
            let is_known = |fragment: &usize| self.numbers.borrow().contains_key(fragment);
            let root = self.root_of(at).filter(|_| !is_known(&at));
            let nested = root.map(|root| root.slots.nested.as_slice()).unwrap_or_default();
            let before = open.len();
            open.extend(nested.iter().filter(|nested| !is_known(nested)));
            if open.len() == before {
                open.pop();
                if let Some(root) = root {
                    let numbers = Rc::new(self.numbers(root));
                    self.numbers.borrow_mut().insert(at, numbers);
                }
            }
        }
        self.numbers.borrow().get(&fragment).cloned().unwrap_or_default()
    }

    /// The number of a key.
    fn key(&self, numbers: &Numbers) -> TokenStream {
        let cases = numbers.of.iter().map(|(key, number)| {
            let number = index(*number);
            quote!(#key => #number,)
        });
        quote!(match name { #(#cases)* _ => __rt::NO_KEY })
    }

    fn accept(&self, shape: &Shape, numbers: &Numbers) -> TokenStream {
        let listed = shape.slots.keys.iter().enumerate().map(|(at, key)| {
            let number = index(at);
            let action = match &key.route {
                Route::Slot(slot) => store(shape, *slot),
                Route::Nested(nested) => self.forward(shape, *nested, &key.key),
                Route::ByGroup(targets) => self.by_group(shape, at, &key.key, targets),
            };
            quote!(#number => #action,)
        });
        // Fragments without keys have no numbers.
        let ends = numbers.before.iter().skip(1).chain([&numbers.count]);
        let ranges = numbers.before.iter().zip(ends).enumerate().filter(|(_, (start, end))| start < end);
        let mut ranges: Vec<(usize, TokenStream, TokenStream)> = ranges
            .map(|(at, (start, end))| {
                let (start, end) = (index(*start), index(*end));
                (at, quote!(#start), quote!(#start..#end))
            })
            .collect();
        if let Some((_, start, range)) = ranges.last_mut() {
            *range = quote!(#start..);
        }
        let otherwise = ranges.is_empty().then(|| quote!(_ => __rt::skip(map),));
        let nested = ranges.into_iter().map(|(at, start, range)| {
            let slot = numbered('f', at);
            quote!(#range => __rt::Slots::accept(&mut self.#slot, key - #start, map),)
        });
        quote!(match key { #(#listed)* #(#nested)* #otherwise })
    }

    fn forward(&self, shape: &Shape, nested: usize, key: &str) -> TokenStream {
        let slot = numbered('f', nested);
        let numbers = self.numbers_of(shape.slots.nested[nested]);
        let number = numbers.of.get(key).map_or_else(
            || quote!(__rt::NO_KEY),
            |number| {
                let number = index(*number);
                quote!(#number)
            },
        );
        quote!(__rt::Slots::accept(&mut self.#slot, #number, map))
    }

    /// The type decides where the value goes; before it is known, the value waits.
    fn by_group(&self, shape: &Shape, at: usize, key: &str, targets: &[Target]) -> TokenStream {
        let Some(arms) = &shape.arms else { return quote!(__rt::skip(map)) };
        let (tag, waiting) = (numbered('s', arms.tag), numbered('p', at));
        let cases = targets.iter().enumerate().filter_map(|(group, target)| {
            let group = index(group);
            let action = match target {
                Target::Slot(slot) => store(shape, *slot),
                Target::Nested(nested) => self.forward(shape, *nested, key),
                Target::Skip => return None,
            };
            Some(quote!(__rt::Some(#group) => #action,))
        });
        quote! {
            match self.#tag.as_ref().map(|name| Self::group(name.as_str())) {
                #(#cases)*
                __rt::Some(_) => __rt::skip(map),
                __rt::None => __rt::put(&mut self.#waiting, map),
            }
        }
    }

    fn finish(&self, shape: &Shape, held: &Held, here: &Here<'_>) -> TokenStream {
        let group = self.group(shape);
        let untold = shape.arms.as_ref().and_then(|arms| untold(arms, shape));
        let waiting = self.settle(shape);
        let hands = hand_over(shape);
        let spreads = spread_lets(&shape.members.spreads, held, self);
        let output = here.named(&shape.name);
        let body = match &shape.arms {
            Some(arms) if arms.alone => self.finish_arms(arms, held, here),
            Some(arms) => {
                let field = ident(&arms.field);
                let on = self.finish_arms(arms, held, here);
                let members = finish_members(&shape.members);
                // First what depends on the type: it may copy from the common fragments.
                quote!({
                    let on = #on;
                    #output { #members #field: on }
                })
            }
            None => {
                let members = finish_members(&shape.members);
                quote!(#output { #members })
            }
        };
        quote! {
            #untold
            #group
            #waiting
            #hands
            #spreads
            __rt::Ok(#body)
        }
    }

    /// What the slots of a fragment are asked: whether anything has come, and whether everything has.
    fn asked(&self, shape: &Shape, held: &Held) -> TokenStream {
        let filled = filled(shape);
        let (group, waiting, hands) = (self.group(shape), self.settle(shape), hand_over(shape));
        let nested = (0..shape.slots.nested.len()).map(|at| numbered('f', at));
        let members = complete_members(&shape.members, held);
        let arms = shape.arms.as_ref().map(|arms| {
            let tag = numbered('s', arms.tag);
            let cases = arms.arms.iter().enumerate().map(|(group, arm)| {
                let (group, members) = (index(group), complete_members(&arm.payload.members(), held));
                quote!(#group => #members,)
            });
            let other = complete_members(&arms.other.members(), held);
            quote!(&& self.#tag.as_ref().is_some_and(|name| match Self::group(name.as_str()) { #(#cases)* _ => #other }))
        });
        quote! {
            #filled
            fn settle<E: __rt::Error>(&mut self) -> __rt::Result<(), E> {
                #group
                #waiting
                #hands
                #(__rt::Slots::settle::<E>(&mut self.#nested)?;)*
                __rt::Ok(())
            }
            fn complete(&self) -> bool { #members #arms }
        }
    }

    fn group(&self, shape: &Shape) -> Option<TokenStream> {
        let arms = shape.arms.as_ref()?;
        let (tag, other) = (numbered('s', arms.tag), index(arms.arms.len()));
        Some(quote!(let group = self.#tag.as_ref().map_or(#other, |name| Self::group(name.as_str()));))
    }

    /// Values that came before the type name go where they belong.
    fn settle(&self, shape: &Shape) -> TokenStream {
        let keys = shape.slots.keys.iter().enumerate().filter_map(|(at, key)| match &key.route {
            Route::ByGroup(targets) => Some((at, &key.key, targets)),
            Route::Slot(_) | Route::Nested(_) => None,
        });
        let settled = keys.map(|(at, key, targets)| {
            let waiting = numbered('p', at);
            let cases = targets.iter().enumerate().filter_map(|(group, target)| {
                let group = index(group);
                let action = match target {
                    Target::Slot(slot) => {
                        let slot = numbered('s', *slot);
                        quote!(self.#slot = __rt::Some(__rt::from_value(value)?))
                    }
                    Target::Nested(nested) => {
                        let slot = numbered('f', *nested);
                        quote!(__rt::feed(&mut self.#slot, #key, value)?)
                    }
                    Target::Skip => return None,
                };
                Some(quote!(#group => #action,))
            });
            quote! {
                if let __rt::Some(value) = self.#waiting.take() {
                    match group { #(#cases)* _ => {} }
                }
            }
        });
        quote!(#(#settled)*)
    }

    fn finish_arms(&self, arms: &Arms, held: &Held, here: &Here<'_>) -> TokenStream {
        let name = here.named(&arms.name);
        let cases = arms.arms.iter().enumerate().map(|(group, arm)| {
            let (group, variant) = (index(group), ident(&arm.variant));
            let built = self.build_payload(&arm.payload, arms, held, here);
            match built {
                (lets, Some(value)) => quote!(#group => { #lets #name::#variant(#value) }),
                (lets, None) => quote!(#group => { #lets #name::#variant }),
            }
        });
        let (lets, value) = self.build_payload(&arms.other, arms, held, here);
        let value = value.unwrap_or_default();
        quote!(match group { #(#cases)* _ => { #lets #name::Other(#value) } })
    }

    /// Statements that come first, and the value of the variant if it has one.
    fn build_payload(
        &self,
        payload: &Payload,
        arms: &Arms,
        held: &Held,
        here: &Here<'_>,
    ) -> (TokenStream, Option<TokenStream>) {
        let tag = numbered('s', arms.tag);
        let tag = quote!(self.#tag.take().unwrap_or_default());
        match payload {
            Payload::Unit => (TokenStream::new(), None),
            Payload::TypeName => (TokenStream::new(), Some(tag)),
            Payload::Fragment(spread) => {
                let lets = spread_lets(std::slice::from_ref(spread), held, self);
                let variable = spread_variable(spread.fragment);
                (lets, Some(quote!(#variable)))
            }
            Payload::Struct { name, typename, members } => {
                let lets = spread_lets(&members.spreads, held, self);
                let name = here.named(name);
                let typename = typename.as_ref().map(|field| {
                    let field = ident(field);
                    quote!(#field: #tag,)
                });
                let members = finish_members(members);
                (lets, Some(quote!(#name { #typename #members })))
            }
        }
    }
}

/// An error if the type name did not come, and something did that depends on it.
fn untold(arms: &Arms, shape: &Shape) -> Option<TokenStream> {
    let common: BTreeSet<usize> = shape.members.fields.iter().map(|field| field.slot).collect();
    let payloads = (0..shape.groups()).filter_map(|group| arms.payload(group).own_members());
    let depending: BTreeSet<usize> = payloads
        .flat_map(|members| &members.fields)
        .map(|field| field.slot)
        .filter(|slot| !common.contains(slot))
        .collect();
    let tag = numbered('s', arms.tag);
    let slots: Vec<TokenStream> = depending
        .into_iter()
        .map(|slot| numbered('s', slot))
        .chain(waiting_idents(shape))
        .map(|slot| quote!(self.#slot.is_some()))
        .collect();
    (!slots.is_empty()).then(|| {
        let came = joined(&slots, &quote!(||));
        quote! {
            if self.#tag.is_none() && (#came) {
                return __rt::required(__rt::None, "__typename");
            }
        }
    })
}

/// Which group a type name belongs to.
fn group_function(arms: &Arms) -> TokenStream {
    let cases = arms.arms.iter().enumerate().map(|(group, arm)| {
        let (group, types) = (index(group), &arm.types);
        quote!(#(#types)|* => #group,)
    });
    let other = index(arms.arms.len());
    quote! {
        fn group(name: &str) -> usize {
            match name { #(#cases)* _ => #other }
        }
    }
}

/// Numbers of the keys whose values may have to wait for the type name.
fn waiting(shape: &Shape) -> impl Iterator<Item = usize> + '_ {
    let keys = shape.slots.keys.iter().enumerate();
    keys.filter(|(_, key)| matches!(key.route, Route::ByGroup(_))).map(|(at, _)| at)
}

fn waiting_idents(shape: &Shape) -> impl Iterator<Item = Ident> + '_ {
    waiting(shape).map(|at| numbered('p', at))
}

fn store(shape: &Shape, slot: usize) -> TokenStream {
    let target = numbered('s', slot);
    match &shape.slots.own[slot] {
        Ty::Leaf(Leaf::TypeName) => {
            let likely: Vec<&String> = match &shape.arms {
                Some(arms) => arms.arms.iter().flat_map(|arm| &arm.types).collect(),
                None => vec![&shape.on_type],
            };
            quote!(__rt::put_type_name(&mut self.#target, map, &[#(#likely),*]))
        }
        _ => quote!(__rt::put(&mut self.#target, map)),
    }
}

/// True if everything has come that is never left out.
fn complete_members(members: &Members, held: &Held) -> TokenStream {
    let fields = members.fields.iter().filter(|field| !field.conditional).map(|field| {
        let slot = numbered('s', field.slot);
        quote!(self.#slot.is_some())
    });
    let spreads = members.spreads.iter().filter(|spread| !spread.conditional).filter_map(|spread| {
        let slot = numbered('f', *held.nested.get(&spread.fragment)?);
        Some(quote!(__rt::Slots::complete(&self.#slot)))
    });
    let all: Vec<TokenStream> = fields.chain(spreads).collect();
    if all.is_empty() { quote!(true) } else { joined(&all, &quote!(&&)) }
}

/// The method that tells whether any value has come.
fn filled(shape: &Shape) -> TokenStream {
    // A type name proves nothing: it may be there on somebody else's account.
    let telling = |at: &usize| shape.slots.own[*at] != Ty::Leaf(Leaf::TypeName);
    let own = (0..shape.slots.own.len()).filter(telling).map(|at| numbered('s', at)).chain(waiting_idents(shape));
    let nested = (0..shape.slots.nested.len()).map(|at| numbered('f', at));
    let own = own.map(|slot| quote!(self.#slot.is_some()));
    let all: Vec<TokenStream> = own.chain(nested.map(|slot| quote!(__rt::Slots::filled(&self.#slot)))).collect();
    let all = if all.is_empty() { quote!(false) } else { joined(&all, &quote!(||)) };
    quote!(fn filled(&self) -> bool { #all })
}

/// The method that remembers which conditional fragments are there on their own account.
fn note(shape: &Shape) -> Option<TokenStream> {
    let present = conditional_spreads(shape).map(|nested| {
        let (present, slot) = (numbered('n', nested), numbered('f', nested));
        quote!(self.#present = __rt::Slots::filled(&self.#slot);)
    });
    let nested = (0..shape.slots.nested.len()).map(|at| numbered('f', at));
    (!shape.slots.nested.is_empty()).then(|| {
        quote! {
            fn note(&mut self) {
                #(#present)*
                #(__rt::Slots::note(&mut self.#nested);)*
            }
        }
    })
}

/// Nested slots of fragments that may not be there.
fn conditional_spreads(shape: &Shape) -> impl Iterator<Item = usize> {
    let held = Held::new(shape);
    let conditional = shape.all_spreads().into_iter().filter(|spread| spread.conditional && spread.held_by.is_none());
    let set: BTreeSet<usize> = conditional.filter_map(|spread| held.nested.get(&spread.fragment).copied()).collect();
    set.into_iter()
}

/// The fragments of a shape.
struct Held {
    /// Where each is among the nested slots.
    nested: HashMap<usize, usize>,
    /// Whether each may not be there.
    conditional: HashMap<usize, bool>,
}

impl Held {
    fn new(shape: &Shape) -> Self {
        let nested = shape.slots.nested.iter().enumerate().map(|(at, fragment)| (*fragment, at)).collect();
        let mut conditional = HashMap::new();
        for spread in shape.all_spreads() {
            conditional.entry(spread.fragment).or_insert(spread.conditional);
        }
        Self { nested, conditional }
    }
}

/// Values that several want are handed to the fragments, by group if it differs.
fn hand_over(shape: &Shape) -> TokenStream {
    let all = &shape.slots.hands;
    let Some(first) = all.first() else { return TokenStream::new() };
    if all.iter().all(|hands| hands == first) {
        let hands = first.iter().map(|one| hand(one, &shape.slots.own));
        return quote!(#(#hands)*);
    }
    let cases = all.iter().enumerate().map(|(group, hands)| {
        let hands = hands.iter().map(|one| hand(one, &shape.slots.own));
        let pattern = if group + 1 == all.len() {
            quote!(_)
        } else {
            let group = index(group);
            quote!(#group)
        };
        quote!(#pattern => { #(#hands)* })
    });
    quote!(match group { #(#cases)* })
}

fn hand(hand: &Hand, slots: &[Ty]) -> TokenStream {
    let ty = &slots[hand.slot];
    let from = numbered('s', hand.slot);
    let to = numbered('s', hand.to);
    let nested = hand.nested.iter().map(|at| numbered('f', *at));
    let value = match &hand.into {
        None => quote!(self.#from.clone()),
        Some(into) if same_outside(ty, into) => quote!(self.#from.as_ref().and_then(__rt::Project::project)),
        Some(into) => {
            let same = |from, to| from == to && matches!(from, ShapeRef::Fragment(_));
            let value = Convert { same: &same }.value(ty, into, &quote!(value));
            quote!(self.#from.as_ref().and_then(|value| #value))
        }
    };
    quote!(self.#(#nested.)*#to = #value;)
}

fn spread_variable(fragment: usize) -> Ident {
    numbered('v', fragment)
}

/// Finishes the fragments, those that others hold behind their holders.
fn spread_lets(spreads: &[Spread], held: &Held, renderer: &Renderer<'_>) -> TokenStream {
    let lets = behind_holders(spreads).into_iter().map(|spread| {
        let variable = spread_variable(spread.fragment);
        let value = match &spread.held_by {
            Some(way) => held_value(spread, way, held, renderer),
            None => finish_spread(spread, held),
        };
        quote!(let #variable = #value;)
    });
    quote!(#(#lets)*)
}

/// Fragments in an order in which each comes behind the one that holds it.
pub(super) fn behind_holders(spreads: &[Spread]) -> Vec<&Spread> {
    let of: HashMap<usize, &Spread> = spreads.iter().map(|spread| (spread.fragment, spread)).collect();
    let depth = |spread: &Spread| {
        // A holder in another place is done before all of these.
        let holder = |spread: &Spread| of.get(spread.held_by.as_ref()?.first()?).copied();
        std::iter::successors(holder(spread), |spread| holder(spread)).take(spreads.len()).count()
    };
    let mut order: Vec<&Spread> = spreads.iter().collect();
    order.sort_by_cached_key(|spread| depth(spread));
    order
}

fn finish_spread(spread: &Spread, held: &Held) -> TokenStream {
    let Some(nested) = held.nested.get(&spread.fragment).copied() else {
        return TokenStream::new();
    };
    let (slot, present) = (numbered('f', nested), numbered('n', nested));
    if !spread.conditional {
        return quote!(__rt::Slots::finish::<E>(&mut self.#slot)?);
    }
    quote! {
        if __rt::arrived::<_, E>(self.#present, &mut self.#slot)? {
            __rt::Some(__rt::Slots::finish::<E>(&mut self.#slot)?)
        } else {
            __rt::None
        }
    }
}

/// A copy of what another fragment holds.
fn held_value(spread: &Spread, way: &[usize], held: &Held, renderer: &Renderer<'_>) -> TokenStream {
    let Some((first, rest)) = way.split_first() else { return TokenStream::new() };
    let mut path = TokenStream::new();
    let mut at = *first;
    for next in rest.iter().chain([&spread.fragment]) {
        let field = renderer.spread_field(at, *next);
        path.extend(quote!(.#field));
        at = *next;
    }
    let variable = spread_variable(*first);
    match (held.conditional.get(first) == Some(&true), spread.conditional) {
        (true, _) => quote!(#variable.as_ref().map(|holder| holder #path.clone())),
        (false, true) => quote!(__rt::Some(#variable #path.clone())),
        (false, false) => quote!(#variable #path.clone()),
    }
}

fn finish_members(members: &Members) -> TokenStream {
    let fields = members.fields.iter().map(|field| {
        let (name, value) = (ident(&field.name), finish_field(field));
        quote!(#name: #value,)
    });
    let spreads = members.spreads.iter().map(|spread| {
        let (name, variable) = (ident(&spread.name), spread_variable(spread.fragment));
        quote!(#name: #variable,)
    });
    quote!(#(#fields)* #(#spreads)*)
}

fn finish_field(field: &Field) -> TokenStream {
    let slot = numbered('s', field.slot);
    match (&field.ty, field.conditional) {
        (_, true) => quote!(self.#slot.take()),
        (Ty::Nullable(_), false) => quote!(self.#slot.take().flatten()),
        (_, false) => {
            let key = &field.key;
            quote!(__rt::required(self.#slot.take(), #key)?)
        }
    }
}
