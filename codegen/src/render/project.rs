//! How the value of a shape gives the part of it that a fragment selects again.

use super::{Here, Renderer, ident};
use crate::ir::{
    Arms, Definition, Field, Members, Payload, Projection, Shape, ShapePath, ShapeRef, Spread, Ty, same_outside,
};
use proc_macro2::TokenStream;
use quote::quote;

/// A member of the source, and how to get at it.
struct Found<T> {
    member: T,
    /// A reference to it.
    reference: TokenStream,
}

impl Renderer<'_> {
    /// One `Project` implementation.
    pub(super) fn projection(&self, projection: &Projection, here: &Here<'_>) -> TokenStream {
        let source = self.at(projection.source, here);
        let target = self.at(projection.target, here);
        let (from, to) = (self.path(projection.source, here), self.path(projection.target, here));
        let body = match &source.arms {
            None => self.one(projection, source, target, 0, here),
            Some(arms) => self.each_arm(projection, source, target, arms, here),
        };
        quote! {
            impl __rt::Project<#to> for #from {
                fn project(&self) -> __rt::Option<#to> { #body }
            }
        }
    }

    fn at<'s>(&'s self, path: ShapePath, here: &'s Here<'_>) -> &'s Shape {
        match path {
            ShapePath::Here(shape) => &here.definition.shapes[shape],
            ShapePath::Fragment(fragment, shape) => &self.module.fragments[fragment].shapes[shape],
        }
    }

    fn each_arm(
        &self,
        projection: &Projection,
        source: &Shape,
        target: &Shape,
        arms: &Arms,
        here: &Here<'_>,
    ) -> TokenStream {
        let value = if arms.alone {
            quote!(self)
        } else {
            let field = ident(&arms.field);
            quote!(&self.#field)
        };
        let name = self.enum_path(projection.source, arms, here);
        let cases = (0..source.groups()).map(|group| {
            let variant = arms.arms.get(group).map_or_else(|| ident("Other"), |arm| ident(&arm.variant));
            let binding = if matches!(arms.payload(group), Payload::Unit) { quote!() } else { quote!((arm)) };
            let body = self.one(projection, source, target, group, here);
            quote!(#name::#variant #binding => { #body })
        });
        quote!(match #value { #(#cases)* })
    }

    /// The target, for one group of the source; `arm` is bound to the variant's content.
    fn one(
        &self,
        projection: &Projection,
        source: &Shape,
        target: &Shape,
        group: usize,
        here: &Here<'_>,
    ) -> TokenStream {
        if let ShapePath::Fragment(fragment, shape) = projection.target
            && self.module.fragments[fragment].root == ShapeRef::Local(shape)
            && let Some(found) = find_spread(source, group, fragment)
        {
            let reference = found.reference;
            return if found.member.conditional {
                quote!(::core::clone::Clone::clone(#reference))
            } else {
                quote!(__rt::Some(::core::clone::Clone::clone(#reference)))
            };
        }
        let context = Context { renderer: self, projection, source, group, here };
        let members = context.members(&target.members);
        let to = self.path(projection.target, here);
        let value = match (&target.arms, projection.groups.get(group).copied().flatten()) {
            (Some(arms), Some(into)) => {
                let on = context.variant(arms, into);
                if arms.alone {
                    on
                } else {
                    let field = ident(&arms.field);
                    quote!(#to { #members #field: #on })
                }
            }
            _ => quote!(#to { #members }),
        };
        quote!(__rt::Some(#value))
    }

    /// The path to the enum of a shape.
    fn enum_path(&self, path: ShapePath, arms: &Arms, here: &Here<'_>) -> TokenStream {
        self.sibling(path, &arms.name, here)
    }

    /// The path to a type in the same module as a shape.
    fn sibling(&self, path: ShapePath, name: &str, here: &Here<'_>) -> TokenStream {
        match path {
            ShapePath::Here(_) => here.named(name),
            ShapePath::Fragment(fragment, _) => {
                let root = self.root();
                let (module, name) = (ident(&self.module.fragments[fragment].module), ident(name));
                quote!(#root fragments::#module::#name)
            }
        }
    }
}

struct Context<'c, 'r> {
    renderer: &'c Renderer<'r>,
    projection: &'c Projection,
    source: &'c Shape,
    group: usize,
    here: &'c Here<'c>,
}

impl Context<'_, '_> {
    fn members(&self, members: &Members) -> TokenStream {
        let fields = members.fields.iter().map(|field| {
            let (name, value) = (ident(&field.name), self.field(field));
            quote!(#name: #value,)
        });
        let spreads = members.spreads.iter().map(|spread| {
            let (name, value) = (ident(&spread.name), self.spread(spread));
            quote!(#name: #value,)
        });
        quote!(#(#fields)* #(#spreads)*)
    }

    fn field(&self, field: &Field) -> TokenStream {
        let Some(found) = find_field(self.source, self.group, &field.key) else {
            let name = self.typename();
            return if field.conditional { quote!(__rt::Some(#name)) } else { name };
        };
        let reference = &found.reference;
        let (from, to) = (&found.member.ty, &field.ty);
        let conditions = (found.member.conditional, field.conditional);
        if self.same_type(from, to) {
            return match conditions {
                (false, false) | (true, true) => quote!(::core::clone::Clone::clone(#reference)),
                (false, true) => quote!(__rt::Some(::core::clone::Clone::clone(#reference))),
                (true, false) => quote!(::core::clone::Clone::clone(#reference)?),
            };
        }
        if same_outside(from, to) {
            return match conditions {
                (false, false) => quote!(__rt::Project::project(#reference)?),
                // A part of a conditional field that is missing means that the field is.
                (false, true) => quote!(__rt::Project::project(#reference)),
                (true, true) => quote!((#reference).as_ref().and_then(__rt::Project::project)),
                (true, false) => quote!(__rt::Project::project((#reference).as_ref()?)?),
            };
        }
        let same = |from, to| self.whole(from, self.projection.source) == self.whole(to, self.projection.target);
        let convert = Convert { same: &same };
        let whole = convert.value(from, to, &quote!(value));
        match conditions {
            (false, conditional) => {
                let value = convert.value(from, to, reference);
                if conditional { value } else { quote!(#value?) }
            }
            (true, false) => quote!((#reference).as_ref().and_then(|value| #whole)?),
            (true, true) => quote!((#reference).as_ref().and_then(|value| #whole)),
        }
    }

    fn spread(&self, spread: &Spread) -> TokenStream {
        let Some(found) = find_spread(self.source, self.group, spread.fragment) else {
            return quote!(return __rt::None);
        };
        let reference = &found.reference;
        match (found.member.conditional, spread.conditional) {
            (false, false) | (true, true) => quote!(::core::clone::Clone::clone(#reference)),
            (false, true) => quote!(__rt::Some(::core::clone::Clone::clone(#reference))),
            (true, false) => quote!(::core::clone::Clone::clone(#reference)?),
        }
    }

    /// The type name of the source's value.
    fn typename(&self) -> TokenStream {
        if let Some(field) = self.source.members.fields.iter().find(|field| field.key == "__typename") {
            let name = ident(&field.name);
            let copy = quote!(::core::clone::Clone::clone(&self.#name));
            return if field.conditional { quote!(#copy?) } else { copy };
        }
        let Some(arms) = &self.source.arms else { return quote!(__rt::TypeName::default()) };
        match (arms.payload(self.group), arms.arms.get(self.group)) {
            (Payload::TypeName, _) => quote!(::core::clone::Clone::clone(arm)),
            (Payload::Struct { typename: Some(field), .. }, _) => {
                let field = ident(field);
                quote!(::core::clone::Clone::clone(&arm.#field))
            }
            (_, Some(arm)) => {
                let only = arm.types.first().map(String::as_str).unwrap_or_default();
                quote!(__rt::TypeName::from_static(#only))
            }
            (_, None) => quote!(__rt::TypeName::default()),
        }
    }

    fn variant(&self, arms: &Arms, group: usize) -> TokenStream {
        let target = self.projection.target;
        let name = self.renderer.enum_path(target, arms, self.here);
        let variant = arms.arms.get(group).map_or_else(|| ident("Other"), |arm| ident(&arm.variant));
        match arms.payload(group) {
            Payload::Unit => quote!(#name::#variant),
            Payload::TypeName => {
                let typename = self.typename();
                quote!(#name::#variant(#typename))
            }
            Payload::Fragment(spread) => {
                let value = self.spread(spread);
                quote!(#name::#variant(#value))
            }
            Payload::Struct { name: payload, typename, members } => {
                let payload = self.renderer.sibling(target, payload, self.here);
                let typename = typename.as_ref().map(|field| {
                    let (field, value) = (ident(field), self.typename());
                    quote!(#field: #value,)
                });
                let members = self.members(members);
                quote!(#name::#variant(#payload { #typename #members }))
            }
        }
    }

    /// True if both types are the same Rust type.
    fn same_type(&self, source: &Ty, target: &Ty) -> bool {
        match (source, target) {
            (Ty::Nullable(source), Ty::Nullable(target)) | (Ty::List(source), Ty::List(target)) => {
                self.same_type(source, target)
            }
            (Ty::Leaf(source), Ty::Leaf(target)) => source == target,
            (Ty::Shape(source), Ty::Shape(target)) => {
                let source = self.whole(*source, self.projection.source);
                let target = self.whole(*target, self.projection.target);
                source == target
            }
            _ => false,
        }
    }

    fn whole(&self, reference: ShapeRef, inside: ShapePath) -> ShapePath {
        match (reference, inside) {
            (ShapeRef::Fragment(fragment), _) => match self.definition(fragment).root {
                ShapeRef::Local(shape) => ShapePath::Fragment(fragment, shape),
                ShapeRef::Fragment(other) => ShapePath::Fragment(other, usize::MAX),
            },
            (ShapeRef::Local(shape), ShapePath::Here(_)) => ShapePath::Here(shape),
            (ShapeRef::Local(shape), ShapePath::Fragment(fragment, _)) => ShapePath::Fragment(fragment, shape),
        }
    }

    fn definition(&self, fragment: usize) -> &Definition {
        &self.renderer.module.fragments[fragment]
    }
}

/// Makes a value of one type from one of another: both are types of the same response key, that differ
/// in nulls, in shapes, or in the Rust types of a leaf.
pub(super) struct Convert<'c> {
    /// True if two shapes are the same Rust type.
    pub same: &'c dyn Fn(ShapeRef, ShapeRef) -> bool,
}

impl Convert<'_> {
    /// An `Option` of the new value; `value` is a reference to the old one.
    pub(super) fn value(&self, from: &Ty, to: &Ty, value: &TokenStream) -> TokenStream {
        let inner = |from, to| self.value(from, to, &quote!(value));
        match (from, to) {
            (Ty::Nullable(from), Ty::Nullable(to)) => {
                let inner = inner(from, to);
                quote! {
                    match #value {
                        __rt::Some(value) => #inner.map(__rt::Some),
                        __rt::None => __rt::Some(__rt::None),
                    }
                }
            }
            (Ty::Nullable(from), to) => {
                let inner = inner(from, to);
                quote!((#value).as_ref().and_then(|value| #inner))
            }
            (from, Ty::Nullable(to)) => {
                let inner = self.value(from, to, value);
                quote!(#inner.map(__rt::Some))
            }
            (Ty::List(from), Ty::List(to)) => {
                let inner = inner(from, to);
                quote!(__rt::each(#value, |value| #inner))
            }
            (Ty::Shape(from), Ty::Shape(to)) if !(self.same)(*from, *to) => quote!(__rt::Project::project(#value)),
            (Ty::Leaf(from), Ty::Leaf(to)) if from != to => quote!(__rt::reread(#value)),
            _ => quote!(__rt::Some(::core::clone::Clone::clone(#value))),
        }
    }
}

fn find_field(shape: &Shape, group: usize, key: &str) -> Option<Found<Field>> {
    let in_common = shape.members.fields.iter().find(|field| field.key == key);
    let common = in_common.map(|field| {
        let name = ident(&field.name);
        Found { member: field.clone(), reference: quote!(&self.#name) }
    });
    common.or_else(|| match shape.arms.as_ref()?.payload(group) {
        Payload::Struct { members, .. } => {
            let field = members.fields.iter().find(|field| field.key == key)?;
            let name = ident(&field.name);
            Some(Found { member: field.clone(), reference: quote!(&arm.#name) })
        }
        _ => None,
    })
}

fn find_spread(shape: &Shape, group: usize, fragment: usize) -> Option<Found<Spread>> {
    let in_common = shape.members.spreads.iter().find(|spread| spread.fragment == fragment);
    let common = in_common.map(|spread| {
        let name = ident(&spread.name);
        Found { member: spread.clone(), reference: quote!(&self.#name) }
    });
    common.or_else(|| match shape.arms.as_ref()?.payload(group) {
        Payload::Fragment(spread) if spread.fragment == fragment => {
            Some(Found { member: spread.clone(), reference: quote!(arm) })
        }
        Payload::Struct { members, .. } => {
            let spread = members.spreads.iter().find(|spread| spread.fragment == fragment)?;
            let name = ident(&spread.name);
            Some(Found { member: spread.clone(), reference: quote!(&arm.#name) })
        }
        _ => None,
    })
}
