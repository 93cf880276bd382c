//! `require-description`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireDescription>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds definitions in the schema without a description, and optionally operations without a comment.",
    why: "Users of an API read descriptions first, in editors and in generated code.",
    ..meta!("require-description", Category::Style, Reads::Both)
});

/// Without options, types, directives and the fields of root operation types need a description.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireDescription {
    /// Types whose kind has no own setting.
    types: bool,
    /// Object types.
    objects: Option<bool>,
    /// Interfaces.
    interfaces: Option<bool>,
    /// Unions.
    unions: Option<bool>,
    /// Enums.
    enums: Option<bool>,
    /// Scalars.
    scalars: Option<bool>,
    /// Input objects.
    input_objects: Option<bool>,
    /// Directives.
    directives: bool,
    /// Fields of objects and interfaces.
    fields: bool,
    /// Fields of the root operation types.
    root_fields: bool,
    /// Arguments, and fields of input objects.
    input_values: bool,
    /// Values of enums.
    enum_values: bool,
    /// Operations: a description, or a comment on the line above.
    operations: bool,
    /// Regular expressions for schema coordinates (`Type`, `Type.field`, `@directive`) that need no description.
    ignore: Vec<Pattern>,
}

impl RequireDescription {
    fn has_schema_options(&self) -> bool {
        let kinds = [self.objects, self.interfaces, self.unions, self.enums, self.scalars, self.input_objects];
        let others = [self.types, self.directives, self.fields, self.root_fields, self.input_values, self.enum_values];
        kinds.iter().any(Option::is_some) || others.contains(&true)
    }

    fn needs(&self, cx: &SchemaContext<'_>, element: &Element<'_>) -> bool {
        let of_type = |own: Option<bool>| own.unwrap_or(self.types);
        let is_usual = !self.has_schema_options();
        match element.kind {
            ElementKind::Definition(_) if element.definition.is_extension => false,
            ElementKind::Definition(Kind::Schema) => false,
            ElementKind::Definition(Kind::Directive) => self.directives || is_usual,
            ElementKind::Definition(Kind::Object) => of_type(self.objects) || is_usual,
            ElementKind::Definition(Kind::Interface) => of_type(self.interfaces) || is_usual,
            ElementKind::Definition(Kind::Union) => of_type(self.unions) || is_usual,
            ElementKind::Definition(Kind::Enum) => of_type(self.enums) || is_usual,
            ElementKind::Definition(Kind::Scalar) => of_type(self.scalars) || is_usual,
            ElementKind::Definition(Kind::InputObject) => of_type(self.input_objects) || is_usual,
            ElementKind::Field => {
                let is_root = || cx.system.roots().any(|root| root == element.definition.text());
                self.fields || (self.root_fields || is_usual) && is_root()
            }
            ElementKind::Argument | ElementKind::InputField => self.input_values,
            ElementKind::EnumValue => self.enum_values,
        }
    }
}

impl Rule for RequireDescription {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        let Some(head) = cx.head(operation).filter(|_| self.operations) else { return };
        let text = cx.text();
        let is_described =
            cx.tokens().end_before(head.start).checked_sub(1).is_some_and(|at| text.as_bytes()[at] == b'"');
        let comment = context::comments_above(text, head.start);
        let last = text[comment..head.start].lines().last().unwrap_or_default().trim_start_matches([' ', '\t', '#']);
        if !is_described && (last.is_empty() || last.starts_with("eslint")) {
            let name = operation.name.as_ref().map_or_else(|| "the operation".to_owned(), |name| format!("`{name}`"));
            cx.say(cx.finding(Some(head), format!("{name} has no description")));
        }
    }

    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        let is_about_schema = !self.operations || self.has_schema_options();
        is_about_schema.then_some(self)
    }
}

impl SchemaRule for RequireDescription {
    fn element<'a>(&self, cx: &SchemaContext<'a>, element: &Element<'a>) {
        let is_blank = element.description.is_none_or(|description| description.trim().is_empty());
        if !is_blank || !self.needs(cx, element) {
            return;
        }
        let coordinate = element.coordinate();
        if !self.ignore.iter().any(|pattern| pattern.is_match(coordinate.trim_matches('`'))) {
            cx.report(element.name, format!("{coordinate} has no description"));
        }
    }
}
