//! `naming-convention`

use super::prelude::*;
use std::collections::BTreeMap;

pub const ENTRY: Entry = entry::<NamingConvention>(Meta {
    fixable: Fixable::Unsafe,
    known_as: &["graphql-eslint", "biome/useGraphqlNamingConvention"],
    what: "Finds names in documents and in the schema that violate a naming convention.",
    why: "A consistent style is easier to read and to search. Rust names are idiomatic regardless of this rule.",
    ..meta!("naming-convention", Category::Style, Reads::Both)
});

/// Without options: operations and fragments in PascalCase, variables in camelCase.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NamingConvention {
    /// Operations whose kind has no own setting.
    operations: Option<Convention>,
    /// Queries.
    query: Option<Convention>,
    /// Mutations.
    mutation: Option<Convention>,
    /// Subscriptions.
    subscription: Option<Convention>,
    /// Fragments.
    fragments: Option<Convention>,
    /// Variables.
    variables: Option<Convention>,
    /// Names in SDL files of the schema. Without it, these files are not checked.
    schema: Option<Box<SchemaNames>>,
    /// Whether names may begin with an underscore.
    allow_leading_underscore: bool,
    /// Whether names may end with an underscore.
    allow_trailing_underscore: bool,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct SchemaNames {
    /// Types whose kind has no own setting.
    types: Option<Convention>,
    /// Object types.
    objects: Option<Convention>,
    /// Interfaces.
    interfaces: Option<Convention>,
    /// Unions.
    unions: Option<Convention>,
    /// Enums.
    enums: Option<Convention>,
    /// Scalars.
    scalars: Option<Convention>,
    /// Input objects.
    input_objects: Option<Convention>,
    /// Fields of objects and interfaces.
    fields: Option<Convention>,
    /// Fields of single types, by type name, in addition to `fields`.
    fields_of: BTreeMap<String, Convention>,
    /// Arguments in definitions, and fields of input objects.
    input_values: Option<Convention>,
    /// Arguments of applied directives.
    arguments: Option<Convention>,
    /// Directives.
    directives: Option<Convention>,
    /// Values of enums.
    enum_values: Option<Convention>,
}

impl SchemaNames {
    /// Returns the conventions for an element.
    fn of(&self, element: &Element<'_>) -> Vec<Full> {
        let own = match element.kind {
            ElementKind::Definition(Kind::Object) => &self.objects,
            ElementKind::Definition(Kind::Interface) => &self.interfaces,
            ElementKind::Definition(Kind::Union) => &self.unions,
            ElementKind::Definition(Kind::Enum) => &self.enums,
            ElementKind::Definition(Kind::Scalar) => &self.scalars,
            ElementKind::Definition(Kind::InputObject) => &self.input_objects,
            ElementKind::Definition(Kind::Directive) => &self.directives,
            ElementKind::Definition(Kind::Schema) => &None,
            ElementKind::Field => &self.fields,
            ElementKind::Argument | ElementKind::InputField => &self.input_values,
            ElementKind::EnumValue => &self.enum_values,
        };
        let mut all: Vec<Full> = own.iter().map(Convention::full).collect();
        match element.kind {
            ElementKind::Field => {
                all.extend(self.fields_of.get(element.definition.text()).map(Convention::full));
            }
            // An extension has the name of its type, which is checked at the definition.
            ElementKind::Definition(kind) if !matches!(kind, Kind::Directive | Kind::Schema) => {
                let has_style = all.iter().any(|own| own.style.is_some());
                let types = self.types.as_ref().filter(|_| !has_style && !element.definition.is_extension);
                all.extend(types.map(Convention::full));
            }
            _ => {}
        }
        all
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Convention {
    /// A style alone.
    Style(Style),
    /// A style and more.
    Full(Box<Full>),
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Full {
    /// The style of joining words.
    style: Option<Style>,
    /// The required prefix.
    prefix: Option<String>,
    /// The required suffix.
    suffix: Option<String>,
    /// The required prefixes: one of these.
    required_prefixes: Vec<String>,
    /// The required suffixes: one of these.
    required_suffixes: Vec<String>,
    /// The forbidden prefixes.
    forbidden_prefixes: Vec<String>,
    /// The forbidden suffixes.
    forbidden_suffixes: Vec<String>,
    /// Regular expressions that names must not match.
    forbidden_patterns: Vec<Pattern>,
    /// A regular expression that names must match. A group named after a style (`(?<snake_case>…)`) must have that
    /// style.
    required_pattern: Option<Pattern>,
    /// A regular expression for names that are not checked.
    ignore: Option<Pattern>,
}

impl Convention {
    fn full(&self) -> Full {
        match self {
            Self::Style(style) => Full { style: Some(*style), ..Full::default() },
            Self::Full(full) => (**full).clone(),
        }
    }
}

impl NamingConvention {
    fn has_settings(&self) -> bool {
        [&self.operations, &self.query, &self.mutation, &self.subscription, &self.fragments, &self.variables]
            .iter()
            .any(|one| one.is_some())
            || self.schema.is_some()
    }

    fn check(
        &self,
        cx: &Cx<'_>,
        what: &str,
        name: &Name,
        own: Option<&Convention>,
        usual: Style,
    ) -> Option<(Diagnostic, Option<String>)> {
        let full = match own {
            Some(own) => own.full(),
            None if self.has_settings() => Full::default(),
            None => Full { style: Some(usual), ..Full::default() },
        };
        self.underscores(cx, name);
        let (message, suggested) = wrong(&full, name)?;
        let finding = cx.finding(cx.name(name), format!("the {what} `{name}` {message}"));
        Some((finding, suggested.filter(|new| names::is_name(new))))
    }

    fn underscores(&self, cx: &TextContext<'_>, name: &Name) {
        let is_nothing_else = name.trim_matches('_').is_empty();
        let begins = !self.allow_leading_underscore && name.starts_with('_');
        let ends = !self.allow_trailing_underscore && name.ends_with('_') && !(begins && is_nothing_else);
        for word in [begins.then_some("begin"), ends.then_some("end")].into_iter().flatten() {
            cx.say(cx.finding(cx.name(name), format!("the name `{name}` should not {word} with an underscore")));
        }
    }
}

/// Returns the violation of a name, and a better name.
fn wrong(full: &Full, name: &str) -> Option<(String, Option<String>)> {
    if full.ignore.as_ref().is_some_and(|ignore| ignore.is_match(name)) {
        return None;
    }
    let plain = name.trim_matches('_');
    if let Some(prefix) = full.prefix.as_ref().filter(|prefix| !plain.starts_with(prefix.as_str())) {
        return Some((format!("should begin with `{prefix}`"), Some(format!("{prefix}{plain}"))));
    }
    if let Some(suffix) = full.suffix.as_ref().filter(|suffix| !plain.ends_with(suffix.as_str())) {
        return Some((format!("should end with `{suffix}`"), Some(format!("{plain}{suffix}"))));
    }
    if let Some(pattern) = full.forbidden_patterns.iter().find(|pattern| pattern.is_match(plain)) {
        let new = pattern.replace(plain);
        return Some((format!("matches `{pattern}`, which is forbidden"), Some(new)));
    }
    if let Some(pattern) = &full.required_pattern {
        let Some(groups) = pattern.groups(plain) else {
            return Some((format!("does not match `{pattern}`"), None));
        };
        let style = |group: &str| serde_json::from_value::<Style>(serde_json::Value::String(group.to_owned())).ok();
        for (style, text) in groups.iter().filter_map(|(group, text)| Some((style(group)?, text))) {
            if !style.fits(text) {
                return Some((format!("contains `{text}`, which should be in {style}"), None));
            }
        }
        // The rest of the name must have the style of the whole.
        let rest = pattern.replace(plain);
        return match full.style {
            Some(style) if !style.fits(&rest) => Some((format!("should be in {style}"), None)),
            _ => None,
        };
    }
    if let Some(prefix) = full.forbidden_prefixes.iter().find(|prefix| plain.starts_with(prefix.as_str())) {
        let new = plain[prefix.len()..].to_owned();
        return Some((format!("should not begin with `{prefix}`"), Some(new)));
    }
    if let Some(suffix) = full.forbidden_suffixes.iter().find(|suffix| plain.ends_with(suffix.as_str())) {
        let new = plain[..plain.len() - suffix.len()].to_owned();
        return Some((format!("should not end with `{suffix}`"), Some(new)));
    }
    let lacks =
        |list: &[String], has: fn(&str, &str) -> bool| !list.is_empty() && !list.iter().any(|one| has(plain, one));
    if lacks(&full.required_prefixes, |name, prefix| name.starts_with(prefix)) {
        return Some((format!("should begin with one of: {}", full.required_prefixes.join(", ")), None));
    }
    if lacks(&full.required_suffixes, |name, suffix| name.ends_with(suffix)) {
        return Some((format!("should end with one of: {}", full.required_suffixes.join(", ")), None));
    }
    let style = full.style.filter(|style| !style.fits(plain))?;
    Some((format!("should be in {style}"), Some(style.apply(plain))))
}

impl Rule for NamingConvention {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        if let Some(name) = &operation.name {
            let own = match operation.operation_type {
                OperationType::Query => &self.query,
                OperationType::Mutation => &self.mutation,
                OperationType::Subscription => &self.subscription,
            };
            let own = own.as_ref().or(self.operations.as_ref());
            if let Some((finding, new)) = self.check(cx, operation.operation_type.name(), name, own, Style::Pascal) {
                let (index, _) = cx.project;
                let taken = new.as_ref().is_some_and(|new| index.operations_named(new).next().is_some());
                let note = new.as_ref().filter(|_| taken);
                let finding = match note {
                    Some(new) => finding.note(format!("another operation is named `{new}`")),
                    None => finding,
                };
                let fix = new.filter(|_| !taken).and_then(|new| {
                    let title = format!("rename it to `{new}`");
                    cx.replacement(cx.name(name), &new, title, Safety::Unsafe)
                        .map(|fix| fix.defining(DefinedName::Operation(new)))
                });
                cx.say(finding.fix(fix));
            }
        }
        for variable in &operation.variables {
            let found = self.check(cx, "variable", &variable.name, self.variables.as_ref(), Style::Camel);
            let Some((finding, new)) = found else { continue };
            // Renaming a variable that fragments use would require changing them.
            let is_shared = !cx.documents.reach(&operation.selection_set).is_empty();
            let is_taken = |new: &String| operation.variables.iter().any(|other| *other.name == **new);
            let fix = new.filter(|new| !is_shared && !is_taken(new)).and_then(|new| {
                let places = usages(cx, operation, &variable.name);
                let edits = places.into_iter().map(|span| Edit { span, text: new.clone() }).collect();
                context::edits(format!("rename it to `${new}`"), Safety::Unsafe, edits)
            });
            cx.say(finding.fix(fix));
        }
    }

    fn fragment<'a>(&self, cx: &Cx<'a>, fragment: &'a Node<FragmentDefinition>) {
        let found = self.check(cx, "fragment", &fragment.name, self.fragments.as_ref(), Style::Pascal);
        if let Some((finding, new)) = found {
            let fix = new.and_then(|new| rename_fragment(cx, fragment, &new));
            cx.say(finding.fix(fix));
        }
    }

    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        self.schema.is_some().then_some(self)
    }

    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, _: Option<&'a FieldDefinition>, _: &Place<'a>) {
        if let Some(alias) = &field.alias
            && !alias.starts_with("__")
        {
            self.underscores(cx, alias);
        }
    }
}

impl SchemaRule for NamingConvention {
    fn element<'a>(&self, cx: &SchemaContext<'a>, element: &Element<'a>) {
        let (Some(names), Some(name)) = (&self.schema, element.name) else { return };
        if !element.definition.is_extension || !matches!(element.kind, ElementKind::Definition(_)) {
            self.underscores(cx, name);
        }
        for full in names.of(element) {
            if let Some((message, _)) = wrong(&full, name) {
                cx.report(Some(name), format!("the name of {} {message}", element.coordinate()));
            }
        }
    }

    fn directive<'a>(&self, cx: &SchemaContext<'a>, _: &Element<'a>, directive: &'a Node<Directive>) {
        let convention = self.schema.as_ref().and_then(|names| names.arguments.as_ref());
        let Some(full) = convention.map(Convention::full) else { return };
        for argument in &directive.arguments {
            if let Some((message, _)) = wrong(&full, &argument.name) {
                let name = &argument.name;
                cx.report(Some(name), format!("the argument `{name}` of `@{}` {message}", directive.name));
            }
        }
    }
}

/// Returns every occurrence of a variable in its operation.
pub fn usages(cx: &Cx<'_>, operation: &Node<OperationDefinition>, name: &str) -> Vec<Span> {
    let Some(span) = cx.node(operation) else { return Vec::new() };
    let text = cx.text();
    let mut found = Vec::new();
    let mut from = span.start;
    while let Some(dollar) = cx.tokens().find(b'$', from..span.end) {
        if let Some(start) = cx.tokens().start_after(dollar)
            && let Some(end) = cx.tokens().end_of(start)
            && &text[start..end] == name
        {
            found.push(cx.span(start..end));
        }
        from = dollar + 1;
    }
    found
}

/// Returns a fix that renames the definition and all spreads of a fragment, in all files.
fn rename_fragment(cx: &Cx<'_>, fragment: &Node<FragmentDefinition>, new: &str) -> Option<Fix> {
    let (index, uses) = cx.project;
    let name = fragment.name.as_str();
    // Only a person can resolve duplicate names.
    if index.fragments_named(name).count() != 1 || index.fragments_named(new).next().is_some() {
        return None;
    }
    let users = uses.spread_in.get(name).map(Vec::as_slice).unwrap_or_default();
    let mut places: Vec<Span> = users
        .iter()
        .flat_map(|at| &index.definitions[*at].spreads)
        .filter(|(other, _)| other == name)
        .map(|(_, span)| *span)
        .collect();
    places.extend(cx.name(&fragment.name));
    places.sort();
    places.dedup();
    let edits = places.into_iter().map(|span| Edit { span, text: new.to_owned() }).collect();
    context::edits(format!("rename it to `{new}`"), Safety::Unsafe, edits)
        .map(|fix| fix.defining(DefinedName::Fragment(new.to_owned())))
}
