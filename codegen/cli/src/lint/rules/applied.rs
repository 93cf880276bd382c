//! Rules of the specification for both documents and SDL: `validate` checks the former, this module the latter.

use super::prelude::*;
use crate::schema::SCALARS;
use crate::source::Sources;
use apollo_compiler::ast::DirectiveLocation;
use rustc_hash::FxHashSet;

/// The directives that need no definition (specification, 3.13), with their arguments.
const BUILT_IN_DIRECTIVES: [(&str, &[&str]); 5] =
    [("skip", &["if"]), ("include", &["if"]), ("deprecated", &["reason"]), ("specifiedBy", &["url"]), ("oneOf", &[])];

macro_rules! options {
    ($($rule:ident)*) => {$(
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct $rule {
            /// Whether SDL files of the schema are checked as well.
            schema: bool,
        }

        impl Rule for $rule {
            fn on_schema(&self) -> Option<&dyn SchemaRule> {
                self.schema.then_some(self)
            }
        }
    )*};
}

options! { KnownTypeNames KnownArgumentNames ProvidedRequiredArguments UniqueDirectivesPerLocation }

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KnownDirectives {
    /// Directives that the client removes before it sends a document.
    ignore: Vec<String>,
    /// Whether SDL files of the schema are checked as well.
    schema: bool,
}

impl Rule for KnownDirectives {
    fn keeps(&self, found: &Diagnostic, sources: &Sources) -> bool {
        let Some(place) = &found.primary else { return true };
        let written = sources.text(place.span.source)[place.span.range()].trim_start_matches('@');
        !self.ignore.iter().any(|name| name == written)
    }

    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        self.schema.then_some(self)
    }
}

impl SchemaRule for KnownTypeNames {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let roots = definition.roots.iter().map(|root| &root.1);
        definition.names.iter().chain(roots).for_each(|name| check(cx, name));
    }

    fn element<'a>(&self, cx: &SchemaContext<'a>, element: &Element<'a>) {
        if let Some(ty) = element.ty {
            check(cx, ty.inner_named_type());
        }
    }
}

fn check(cx: &SchemaContext<'_>, name: &Name) {
    if !cx.system.types.contains_key(name.as_str()) && !SCALARS.contains(&name.as_str()) {
        let help = crate::diagnostic::did_you_mean(name, cx.system.types.keys().copied());
        let finding = cx.finding(cx.name(name), format!("unknown type `{name}`"));
        cx.say(match help {
            Some(help) => finding.help(help),
            None => finding,
        });
    }
}

impl SchemaRule for KnownDirectives {
    fn directive<'a>(&self, cx: &SchemaContext<'a>, on: &Element<'a>, directive: &'a Node<Directive>) {
        let name = directive.name.as_str();
        let definitions = cx.system.directives.get(name).map(Vec::as_slice).unwrap_or_default();
        let location = location(on);
        let is_built_in = BUILT_IN_DIRECTIVES.iter().any(|(known, _)| *known == name);
        if definitions.is_empty() && !is_built_in {
            cx.report(Some(&directive.name), format!("unknown directive `@{name}`"));
        } else if !definitions.is_empty() && !definitions.iter().any(|one| one.locations.contains(&location)) {
            cx.report(Some(&directive.name), format!("`@{name}` may not be used on {}", location.name()));
        }
    }
}

fn location(on: &Element<'_>) -> DirectiveLocation {
    use DirectiveLocation as L;
    match on.kind {
        ElementKind::Definition(Kind::Schema) => L::Schema,
        ElementKind::Definition(Kind::Scalar) => L::Scalar,
        ElementKind::Definition(Kind::Object) => L::Object,
        ElementKind::Definition(Kind::Interface) => L::Interface,
        ElementKind::Definition(Kind::Union) => L::Union,
        ElementKind::Definition(Kind::Enum) => L::Enum,
        ElementKind::Definition(Kind::InputObject) => L::InputObject,
        ElementKind::Field => L::FieldDefinition,
        ElementKind::Argument | ElementKind::Definition(Kind::Directive) => L::ArgumentDefinition,
        ElementKind::InputField => L::InputFieldDefinition,
        ElementKind::EnumValue => L::EnumValue,
    }
}

impl SchemaRule for KnownArgumentNames {
    fn directive<'a>(&self, cx: &SchemaContext<'a>, _: &Element<'a>, directive: &'a Node<Directive>) {
        let name = directive.name.as_str();
        let defined = cx.system.directives.get(name).and_then(|all| all.first());
        let built_in = BUILT_IN_DIRECTIVES.iter().find(|(known, _)| *known == name);
        let knows = |argument: &str| match (defined, built_in) {
            (Some(one), _) => one.inputs.iter().any(|input| input.name == argument),
            (None, Some((_, arguments))) => arguments.contains(&argument),
            // Another rule reports the directive itself.
            (None, None) => true,
        };
        for argument in directive.arguments.iter().filter(|argument| !knows(&argument.name)) {
            cx.report(Some(&argument.name), format!("`@{name}` has no argument `{}`", argument.name));
        }
    }
}

impl SchemaRule for ProvidedRequiredArguments {
    fn directive<'a>(&self, cx: &SchemaContext<'a>, _: &Element<'a>, directive: &'a Node<Directive>) {
        let name = directive.name.as_str();
        let defined = cx.system.directives.get(name).and_then(|all| all.first());
        let required = defined.into_iter().flat_map(|one| one.inputs).filter(|input| input.is_required());
        for input in required.filter(|input| directive.specified_argument_by_name(&input.name).is_none()) {
            cx.report(Some(&directive.name), format!("`@{name}` lacks the required argument `{}`", input.name));
        }
    }
}

impl SchemaRule for UniqueDirectivesPerLocation {
    fn element<'a>(&self, cx: &SchemaContext<'a>, element: &Element<'a>) {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for directive in element.directives {
            let name = directive.name.as_str();
            let defined = cx.system.directives.get(name).and_then(|all| all.first());
            let may_repeat =
                defined.is_some_and(|one| one.node.as_directive_definition().is_some_and(|one| one.repeatable));
            if !may_repeat && !seen.insert(name) {
                cx.report(Some(&directive.name), format!("`@{name}` is used twice on {}", element.coordinate()));
            }
        }
    }
}
