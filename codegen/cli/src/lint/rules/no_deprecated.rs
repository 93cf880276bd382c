//! `no-deprecated`

use super::prelude::*;
use crate::schema::deprecation;

pub const ENTRY: Entry = entry::<NoDeprecated>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Unsafe,
    known_as: &["graphql-eslint", "graphql-js/NoDeprecatedCustomRule"],
    what: "Finds deprecated fields, arguments, input fields and enum values.",
    why: "They will be removed, and usually have a replacement, which the schema names.",
    ..meta!("no-deprecated", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoDeprecated {
    /// Allowed coordinates: `User.login`, `Role.GUEST`, `Query.users(role:)`, `User.*`.
    allow: Vec<String>,
    /// Regular expressions for ignored reasons.
    allow_reasons: Vec<Pattern>,
}

impl NoDeprecated {
    /// Returns the reason, unless it is allowed.
    fn reason<'a>(&self, directives: &'a apollo_compiler::ast::DirectiveList, coordinate: &str) -> Option<&'a str> {
        let reason = deprecation(directives)?;
        let parent = coordinate.split_once('.').map_or(coordinate, |(parent, _)| parent);
        let is_allowed = self.allow.iter().any(|one| one == coordinate || one.strip_suffix(".*") == Some(parent));
        (!is_allowed && !self.allow_reasons.iter().any(|pattern| pattern.is_match(reason))).then_some(reason)
    }
}

impl Rule for NoDeprecated {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, place: &Place<'a>) {
        let (Some(of), Some(parent)) = (of, place.set.parent) else { return };
        let coordinate = format!("{parent}.{}", of.name);
        if let Some(reason) = self.reason(&of.directives, &coordinate) {
            let finding = deprecated(cx.finding(cx.name(&field.name), format!("`{coordinate}` is deprecated")), reason);
            cx.say(finding.fix(replacement(cx, field, of, parent, reason)));
        }
    }

    fn argument<'a>(&self, cx: &Cx<'a>, argument: &'a Node<Argument>, of: Option<&'a InputValueDefinition>) {
        let Some(of) = of else { return };
        if let Some(reason) = self.reason(&of.directives, &format!("({}:)", of.name)) {
            let message = format!("the argument `{}` is deprecated", of.name);
            cx.say(deprecated(cx.finding(cx.name(&argument.name), message), reason));
        }
    }

    fn input_field<'a>(&self, cx: &Cx<'a>, name: &'a Name, of: &'a InputValueDefinition) {
        if let Some(reason) = self.reason(&of.directives, name) {
            cx.say(deprecated(cx.finding(cx.name(name), format!("the input field `{name}` is deprecated")), reason));
        }
    }

    fn enum_value<'a>(&self, cx: &Cx<'a>, name: &'a Name, of: &'a EnumValueDefinition) {
        if let Some(reason) = self.reason(&of.directives, name) {
            cx.say(deprecated(cx.finding(cx.name(name), format!("the enum value `{name}` is deprecated")), reason));
        }
    }
}

fn deprecated(finding: Diagnostic, reason: &str) -> Diagnostic {
    finding.note(format!("the schema says: {}", reason.trim()))
}

/// Returns a fix that selects a field with the same type and arguments that the reason names in backticks.
fn replacement<'a>(cx: &Cx<'a>, field: &Node<Field>, of: &FieldDefinition, parent: &str, reason: &str) -> Option<Fix> {
    let named = reason.split('`').skip(1).step_by(2).map(|name| name.rsplit('.').next().unwrap_or(name));
    let mut same = named.filter(|name| {
        let other = cx.schema.field(parent, name);
        other.is_some_and(|other| {
            other.ty.clone().nullable() == of.ty.clone().nullable() && other.arguments == of.arguments
        })
    });
    let name = same.next().filter(|name| of.name != *name)?;
    let new = if field.alias.is_some() { name.to_owned() } else { format!("{}: {name}", of.name) };
    cx.replacement(cx.name(&field.name), new, format!("select `{name}` instead"), Safety::Unsafe)
}
