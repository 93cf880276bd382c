//! The specification's rules for SDL (section 3): duplicate definitions, and extensions without a definition.
//!
//! Loading a schema is tolerant, since its users cannot change it. These rules are for its authors.

use super::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

macro_rules! rules {
    ($($rule:ident $name:literal $what:literal $why:literal)*) => {
        pub const ALL: [Entry; 6] = [$(entry::<$rule>(Meta {
            usual: Level::Error,
            known_as: &["graphql-js", "graphql-eslint"],
            what: $what,
            why: $why,
            ..meta!($name, Category::Correctness, Reads::Schema)
        })),*];

        $(
            #[derive(Debug, Default, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields, default)]
            struct $rule {}

            impl Rule for $rule {
                fn on_schema(&self) -> Option<&dyn SchemaRule> {
                    Some(self)
                }
            }
        )*
    };
}

rules! {
    LoneSchemaDefinition "lone-schema-definition"
        "Finds a second `schema` definition (3.3)." "A schema has one set of root operation types."
    PossibleTypeExtension "possible-type-extension"
        "Finds extensions of undefined types and of types of another kind (3.4.3)." "An extension requires a definition of the same kind."
    UniqueDirectiveNames "unique-directive-names"
        "Finds directives that are defined twice (3.3)." "The schema is ambiguous."
    UniqueFieldDefinitionNames "unique-field-definition-names"
        "Finds duplicate fields of a type (3.6)." "The schema is ambiguous."
    UniqueOperationTypes "unique-operation-types"
        "Finds a second root type for one operation (3.3.1)." "The schema is ambiguous."
    UniqueTypeNames "unique-type-names"
        "Finds types that are defined twice (3.3)." "The schema is ambiguous."
}

impl SchemaRule for LoneSchemaDefinition {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let first = cx.system.schemas.iter().find(|one| !one.is_extension);
        let is_schema = definition.kind == Kind::Schema && !definition.is_extension;
        if is_schema && first.is_some_and(|first| !std::ptr::eq(*first, definition)) {
            let place = cx.definition_span(definition).map(|span| Span { end: span.start, ..span });
            cx.say(cx.finding(place, "the schema is defined twice"));
        }
    }
}

impl SchemaRule for UniqueTypeNames {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let first = cx.system.types.get(definition.text()).and_then(|ty| ty.definition());
        let is_type = !matches!(definition.kind, Kind::Schema | Kind::Directive) && !definition.is_extension;
        if is_type && first.is_some_and(|first| !std::ptr::eq(first, definition)) {
            cx.report(definition.name, format!("the type `{}` is defined twice", definition.text()));
        }
    }
}

impl SchemaRule for UniqueDirectiveNames {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let first = cx.system.directives.get(definition.text()).and_then(|all| all.first());
        if definition.kind == Kind::Directive && first.is_some_and(|first| !std::ptr::eq(*first, definition)) {
            cx.report(definition.name, format!("the directive `@{}` is defined twice", definition.text()));
        }
    }
}

impl SchemaRule for UniqueFieldDefinitionNames {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        if !matches!(definition.kind, Kind::Object | Kind::Interface | Kind::InputObject) {
            return;
        }
        let names = |of: &'a TypeDefinition<'a>| {
            let fields = of.fields.iter().map(|field| &field.name);
            fields.chain(of.inputs.iter().map(|input| &input.name))
        };
        // Fields of the definition and of earlier extensions.
        let parts = cx.system.types.get(definition.text()).map(|ty| ty.parts.as_slice()).unwrap_or_default();
        let earlier = parts.iter().take_while(|part| !std::ptr::eq(**part, definition));
        // A duplicate definition is reported as a whole.
        let earlier = earlier.filter(|part| part.is_extension || definition.is_extension);
        let mut seen: FxHashSet<&str> = earlier.flat_map(|part| names(part)).map(Name::as_str).collect();
        for name in names(definition) {
            if !seen.insert(name) {
                cx.report(Some(name), format!("the field `{}.{name}` is defined twice", definition.text()));
            }
        }
    }
}

impl SchemaRule for UniqueOperationTypes {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        if definition.kind != Kind::Schema {
            return;
        }
        let roots = cx.system.schemas.iter().flat_map(|schema| schema.roots);
        let mut first: FxHashMap<OperationType, &Name> = FxHashMap::default();
        for root in roots {
            first.entry(root.0).or_insert(&root.1);
        }
        for root in definition.roots {
            if !std::ptr::eq(first[&root.0], &raw const root.1) {
                cx.report(Some(&root.1), format!("there is more than one {} type", root.0));
            }
        }
    }
}

impl SchemaRule for PossibleTypeExtension {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let is_type = !matches!(definition.kind, Kind::Schema | Kind::Directive);
        if !definition.is_extension || !is_type {
            return;
        }
        let name = definition.text();
        match cx.system.types.get(name).and_then(|ty| ty.definition()) {
            None => cx.report(definition.name, format!("the type `{name}` is extended but not defined")),
            Some(defined) if defined.kind != definition.kind => {
                let (kind, found) = (kind_name(defined.kind), kind_name(definition.kind));
                cx.report(definition.name, format!("`{name}` is extended as {found} but defined as {kind}"));
            }
            Some(_) => {}
        }
    }
}
