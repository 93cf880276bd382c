//! Which derives of the settings the types can have.
//!
//! The code of a derive fails to compile where a part of the type lacks the trait, in code that the user did not write.
//! So the derives of the standard library are checked here, at the setting. What other derives need is not known.

use super::{
    Arms, Definition, Enum, FragmentId, Input, InputField, Leaf, Members, Module, Payload, Presence, Scalar, Shape,
    ShapeRef, Tag, Ty,
};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use std::collections::BTreeMap;

/// Where comments set derives: by the GraphQL name of the definition, and the path of the derive.
pub type DerivePlaces = BTreeMap<(Option<String>, String), Span>;

/// A trait of the standard library, or of serde, that a derive implements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
}

impl Trait {
    /// What custom scalars have.
    pub(crate) const OF_SCALARS: &[Self] = &[Self::Clone, Self::Debug, Self::PartialEq, Self::Eq];
    /// What enums have.
    pub(crate) const OF_ENUMS: &[Self] = &[Self::Clone, Self::Debug, Self::PartialEq, Self::Eq, Self::Hash];

    /// The trait that a path of the settings names, with or without the modules of `std` or `core`.
    pub(crate) fn named(path: &str) -> Option<Self> {
        let bare = path.trim_start_matches("::");
        let bare = bare.strip_prefix("std::").or_else(|| bare.strip_prefix("core::")).unwrap_or(bare);
        let modules = ["clone::", "marker::", "fmt::", "default::", "cmp::", "hash::", "serde::"];
        let name = modules.iter().find_map(|module| bare.strip_prefix(module)).unwrap_or(bare);
        Some(match name {
            "Clone" => Self::Clone,
            "Copy" => Self::Copy,
            "Debug" => Self::Debug,
            "Default" => Self::Default,
            "PartialEq" => Self::PartialEq,
            "Eq" => Self::Eq,
            "PartialOrd" => Self::PartialOrd,
            "Ord" => Self::Ord,
            "Hash" => Self::Hash,
            "Serialize" => Self::Serialize,
            "Deserialize" => Self::Deserialize,
            _ => return None,
        })
    }

    /// The trait that this one extends and that is derived with it.
    pub(crate) fn implied(self) -> Option<Self> {
        match self {
            Self::Copy => Some(Self::Clone),
            Self::Eq | Self::PartialOrd | Self::Ord => Some(Self::PartialEq),
            _ => None,
        }
    }

    /// True if a type that is given this trait has another one.
    fn gives(self, other: Self) -> bool {
        self == other || self.implied() == Some(other)
    }

    fn name(self) -> String {
        format!("{self:?}")
    }

    /// The traits that this one extends and that have to be set with it.
    fn needs(self) -> &'static [Trait] {
        match self {
            Self::Ord => &[Self::Eq, Self::PartialOrd],
            _ => &[],
        }
    }
}

/// The derives that are set and that the types cannot have.
pub fn check(module: &Module, config: &Config, places: &DerivePlaces) -> Vec<Diagnostic> {
    let usual = module.default_derives.iter().filter_map(|path| Trait::named(path)).collect();
    let mut checker = Checker { module, usual, config, places, found: Vec::new() };
    let operations = module.documents.iter().flat_map(|document| &document.operations);
    let operations = operations.map(|operation| (operation.name.as_ref(), &operation.data));
    let fragments = module.fragments.iter().map(|fragment| (Some(&fragment.graphql), &fragment.data));
    for (graphql, definition) in operations.chain(fragments) {
        for shape in definition.shapes.values() {
            checker.shape(graphql, definition, shape);
        }
    }
    module.enums.iter().for_each(|one| checker.enumeration(one));
    module.inputs.iter().for_each(|one| checker.input(one));
    module.scalars.iter().for_each(|one| checker.scalar(one));
    checker.found
}

struct Checker<'a> {
    module: &'a Module,
    /// What all structs have.
    usual: Vec<Trait>,
    config: &'a Config,
    places: &'a DerivePlaces,
    found: Vec<Diagnostic>,
}

/// Why a part of a type lacks a trait, and what could be done.
struct Lack {
    why: String,
    help: Option<String>,
}

impl Lack {
    fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), help: None }
    }
}

impl Checker<'_> {
    fn shape(&mut self, graphql: Option<&String>, definition: &Definition, shape: &Shape) {
        let set = [&self.module.default_derives, &self.module.derives, &definition.derives, &shape.derives];
        let set: Vec<&String> = set.into_iter().flatten().collect();
        let traits: Vec<Trait> = set.iter().filter_map(|path| Trait::named(path)).collect();
        for path in set {
            let Some(derived) = Trait::named(path) else { continue };
            let lack = extended(derived, &self.usual, &traits).or_else(|| self.lack_of_shape(shape, derived));
            let Some(lack) = lack else { continue };
            let of = graphql.map_or_else(String::new, |name| format!(" of `{name}`"));
            let place = self.places.get(&(graphql.cloned(), path.clone()));
            self.report(derived, &format!("the type `{}`{of}", shape.name), lack, place.copied());
        }
    }

    fn lack_of_shape(&self, shape: &Shape, derived: Trait) -> Option<Lack> {
        let payloads: Vec<&Payload> = shape.arms.iter().flat_map(Arms::payloads).collect();
        if !payloads.is_empty() && derived == Trait::Default {
            return Some(Lack::new("an enum has no default variant"));
        }
        let of_payloads = payloads.into_iter().find_map(|payload| match payload {
            Payload::Unit => None,
            Payload::TypeName => lack_of_text(derived, "the name of a type"),
            Payload::Fragment(spread) => self.lack_of_fragment(spread.fragment, derived),
            Payload::Struct { tag, members, .. } => {
                let name = if *tag == Tag::Field { lack_of_text(derived, "the name of a type") } else { None };
                name.or_else(|| self.lack_of_members(members, derived))
            }
        });
        self.lack_of_members(&shape.members, derived).or(of_payloads)
    }

    fn lack_of_members(&self, members: &Members, derived: Trait) -> Option<Lack> {
        let of_field = members.fields.iter().find_map(|field| {
            let lack = self.lack_of(&field.ty, derived, field.conditional)?;
            Some(Lack { why: format!("its field `{}` is {}", field.key, lack.why), ..lack })
        });
        let of_spread = members.spreads.iter().filter(|spread| derived != Trait::Default || !spread.conditional);
        of_field.or_else(|| of_spread.into_iter().find_map(|spread| self.lack_of_fragment(spread.fragment, derived)))
    }

    /// Why the type of a value lacks a trait, in words that follow "is".
    fn lack_of(&self, ty: &Ty, derived: Trait, optional: bool) -> Option<Lack> {
        match ty {
            Ty::Nullable(_) | Ty::List(_) if derived == Trait::Default => None,
            _ if optional && derived == Trait::Default => None,
            Ty::List(_) if derived == Trait::Copy => Some(Lack::new("a list")),
            Ty::Nullable(inner) | Ty::List(inner) => self.lack_of(inner, derived, false),
            Ty::Leaf(leaf) => self.lack_of_leaf(leaf, derived),
            // The types of a definition all have the derives of those that hold them, and each is checked.
            Ty::Shape(ShapeRef::Local(_)) => None,
            Ty::Shape(ShapeRef::Fragment(fragment)) => {
                let lack = self.lack_of_fragment(*fragment, derived)?;
                Some(Lack { why: format!("of a fragment, and {}", lack.why), ..lack })
            }
        }
    }

    fn lack_of_fragment(&self, fragment: FragmentId, derived: Trait) -> Option<Lack> {
        let fragment = &self.module.fragments[fragment];
        let set = self.module.derives.iter().chain(&fragment.data.derives).filter_map(|path| Trait::named(path));
        let name = &fragment.graphql;
        (!self.usual.contains(&derived) && !set.into_iter().any(|given| given.gives(derived))).then(|| Lack {
            why: format!("the fragment `{name}` is not given it"),
            help: Some(format!("set `derives` for the fragment `{name}` too")),
        })
    }

    fn lack_of_leaf(&self, leaf: &Leaf, derived: Trait) -> Option<Lack> {
        match leaf {
            Leaf::Float if matches!(derived, Trait::Eq | Trait::Ord | Trait::Hash) => Some(Lack {
                why: "a `Float`".to_owned(),
                help: Some("`f64` does not have it; another type can be set for the field".to_owned()),
            }),
            Leaf::Int | Leaf::Boolean | Leaf::Float => None,
            Leaf::String => lack_of_text(derived, "a `String`"),
            Leaf::Id => lack_of_text(derived, "an `ID`"),
            Leaf::TypeName => lack_of_text(derived, "the name of a type"),
            Leaf::Enum(name) => self.lack_of_type(name, "the enum", Trait::OF_ENUMS, derived),
            Leaf::Scalar(name) => self.lack_of_type(name, "the scalar", Trait::OF_SCALARS, derived),
            Leaf::Input(name) => self.lack_of_type(name, "the input object", &self.usual, derived),
            Leaf::Rust(_) => None,
        }
    }

    /// Why a type of `types` lacks a trait.
    fn lack_of_type(&self, graphql: &str, kind: &str, usual: &[Trait], derived: Trait) -> Option<Lack> {
        let given = self.config.types.get(graphql).map(|settings| settings.derives.as_slice()).unwrap_or_default();
        let has = usual.contains(&derived)
            || given.iter().filter_map(|path| Trait::named(path)).any(|given| given.gives(derived));
        (!has).then(|| Lack {
            why: format!("of {kind} `{graphql}`, which is not given it"),
            help: Some(format!("set `derives` under `[extensions.graphwright.types.{graphql}]`")),
        })
    }

    fn enumeration(&mut self, one: &Enum) {
        self.named(&one.graphql, "the enum", Trait::OF_ENUMS, &one.derives, |_, derived| match derived {
            Trait::Copy => Some(Lack::new("values that the schema did not have are kept as text")),
            Trait::Default => Some(Lack::new("an enum has no default variant")),
            _ => None,
        });
    }

    fn scalar(&mut self, one: &Scalar) {
        self.named(&one.graphql, "the scalar", Trait::OF_SCALARS, &one.derives, |_, derived| match derived {
            Trait::Copy | Trait::PartialOrd | Trait::Ord => Some(Lack {
                why: "it is kept as JSON".to_owned(),
                help: Some("a Rust type can be set for the scalar under `scalars`".to_owned()),
            }),
            _ => None,
        });
    }

    fn input(&mut self, one: &Input) {
        let usual = self.usual.clone();
        self.named(&one.graphql, "the input object", &usual, &one.derives, |checker, derived| {
            if one.one_of && derived == Trait::Default {
                return Some(Lack::new("an enum has no default variant"));
            }
            one.fields.iter().find_map(|field| {
                let lack = checker.lack_of_input(field, derived)?;
                Some(Lack { why: format!("its field `{}` is {}", field.graphql, lack.why), ..lack })
            })
        });
    }

    fn lack_of_input(&self, field: &InputField, derived: Trait) -> Option<Lack> {
        match (derived, field.presence) {
            (Trait::Default, Presence::Optional | Presence::Nullable) => None,
            (Trait::PartialOrd | Trait::Ord, Presence::Nullable) => Some(Lack::new("an `Input`, which has no order")),
            (Trait::Copy, _) if field.boxed => Some(Lack::new("recursive")),
            _ => self.lack_of(&field.ty, derived, false),
        }
    }

    fn named(
        &mut self,
        graphql: &str,
        kind: &str,
        usual: &[Trait],
        derives: &[String],
        lack: impl Fn(&Self, Trait) -> Option<Lack>,
    ) {
        let traits: Vec<Trait> = derives.iter().filter_map(|path| Trait::named(path)).collect();
        for derived in &traits {
            let found = extended(*derived, usual, &traits).or_else(|| lack(self, *derived));
            if let Some(found) = found {
                self.report(*derived, &format!("{kind} `{graphql}`"), found, None);
            }
        }
    }

    fn report(&mut self, derived: Trait, what: &str, lack: Lack, place: Option<Span>) {
        let message = format!("`{}` cannot be derived for {what}: {}", derived.name(), lack.why);
        let diagnostic = Diagnostic::error(Code::CONFIG, message).at(place, "");
        self.found.push(match lack.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
}

/// Why a trait cannot be derived beside the others that a type has: it needs one of them, or is there already.
fn extended(derived: Trait, usual: &[Trait], set: &[Trait]) -> Option<Lack> {
    if matches!(derived, Trait::Serialize | Trait::Deserialize) {
        return Some(Lack::new("generated types have their own implementation"));
    }
    let needed = derived.needs().iter().find(|needed| !usual.contains(needed) && !set.contains(needed))?;
    Some(Lack {
        why: format!("it needs `{}`", needed.name()),
        help: Some(format!("add `{}` to `derives`", needed.name())),
    })
}

fn lack_of_text(derived: Trait, what: &str) -> Option<Lack> {
    (derived == Trait::Copy).then(|| Lack::new(what))
}
