//! `unbounded-list`

use super::connections::{argument, is_connection, is_followed, sizes};
use super::prelude::*;
use crate::convention::connection::DIRECTIONS;

pub const ENTRY: Entry = entry::<UnboundedList>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Unsafe,
    what: "Finds connections without `first` or `last`, with both, or with a page size above the server's maximum.",
    why: "Without a size, the server chooses one or rejects the operation, as GitHub's does. A size above its maximum \
          is rejected or silently reduced.",
    bad: "query Users { users { nodes { name } } }",
    good: "query Users { users(first: 50) { nodes { name } } }",
    ..Meta::new("unbounded-list", Category::Performance)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct UnboundedList {
    /// The server's maximum page size, if it is known.
    max: Option<i64>,
    /// The page size that the fix sets.
    size: i64,
    /// Whether paginated lists (`after: $cursor`) also need a size, as on GitHub.
    always: bool,
}

/// Other argument names for the size of a list.
const LIMITS: [&str; 9] = ["limit", "take", "count", "size", "top", "max", "pageSize", "perPage", "per_page"];

/// Returns true if the schema has a default size that no argument overrides (specification, 6.4.1).
fn has_default_size(field: &Field, of: &FieldDefinition) -> bool {
    of.arguments.iter().any(|one| {
        let name = one.name.as_str();
        let is_size = DIRECTIONS.iter().any(|one| one.size == name) || LIMITS.contains(&name);
        let has_default = one.default_value.as_ref().is_some_and(|value| !matches!(&**value, Value::Null));
        let is_null = argument(field, name).is_some_and(|given| matches!(&*given.value, Value::Null));
        is_size && has_default && !is_null
    })
}

/// Returns true if only aggregates such as counts are selected, no items, also in fragments.
fn only_counts<'a>(cx: &Cx<'a>, field: &'a Node<Field>, of: &'a FieldDefinition) -> bool {
    let set = SelectionSet { owner: Owner::Field(field), parent: Some(of.ty.inner_named_type()) };
    cx.documents.fields(set).all(|one| one.field.selection_set.is_empty())
}

/// Returns true if the arguments limit the items: they identify them, or set a size under another name.
fn is_bounded(field: &Field, of: &FieldDefinition) -> bool {
    let by_argument = field.arguments.iter().any(|argument| {
        let is_null = matches!(&*argument.value, Value::Null);
        !is_null && (LIMITS.contains(&argument.name.as_str()) || names_items(&argument.name, &argument.value))
    });
    by_argument || has_default_size(field, of)
}

/// Returns true for an argument that identifies items, or a filter that contains one.
fn names_items(name: &str, value: &Value) -> bool {
    const KEYS: [&str; 10] = ["id", "ids", "_id", "uuid", "uuids", "slug", "slugs", "handle", "key", "keys"];
    const FILTERS: [&str; 5] = ["where", "filter", "filters", "input", "and"];
    if KEYS.contains(&name) {
        // `{ id: { neq: 1 } }` excludes a single item.
        const ALL_BUT: [&str; 6] = ["neq", "ne", "not", "nin", "notIn", "not_in"];
        return !value
            .as_object()
            .is_some_and(|fields| fields.iter().any(|(name, _)| ALL_BUT.contains(&name.as_str())));
    }
    let fields = value.as_object().filter(|_| FILTERS.contains(&name)).unwrap_or_default();
    fields.iter().any(|(name, value)| names_items(name, value))
}

impl Default for UnboundedList {
    fn default() -> Self {
        Self { max: None, size: 50, always: false }
    }
}

impl Rule for UnboundedList {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        // Check defaults of variables that are used as sizes anywhere in the operation.
        let Some(max) = self.max else { return };
        for variable in &operation.variables {
            let Some(value) = variable.default_value.as_ref() else { continue };
            let is_size = DIRECTIONS.iter().any(|one| variable.name.to_lowercase().ends_with(one.size))
                || variable.name == "pageSize";
            if let Some(size) = value.to_i32().filter(|size| is_size && i64::from(*size) > max) {
                let message = format!("the default {size} of `${}` exceeds the maximum page size {max}", variable.name);
                let place = cx.documents.place(value);
                cx.say(cx.finding(place, message).fix(cx.replacement(
                    place,
                    max.to_string(),
                    format!("set it to {max}"),
                    Safety::Unsafe,
                )));
            }
        }
    }

    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, place: &Place<'a>) {
        let is_sent = !cx.schema.is_client_field(place.set.parent, field);
        let Some(of) = of.filter(|of| is_sent && is_connection(cx, of)) else { return };
        let given: Vec<&Node<Argument>> = sizes(field).collect();
        for size in &given {
            let Some(value) = size.value.to_i32() else { continue };
            let place = cx.documents.place(&size.value);
            if let Some(max) = self.max.filter(|max| i64::from(value) > *max) {
                let message = format!("the page size {value} exceeds the maximum of {max}");
                cx.say(cx.finding(place, message).fix(cx.replacement(
                    place,
                    max.to_string(),
                    format!("set it to {max}"),
                    Safety::Unsafe,
                )));
            } else if value < 0 {
                cx.say(cx.finding(place, format!("invalid page size {value}")));
            }
        }
        if let [_, second] = given.as_slice()
            && !given.iter().any(|one| matches!(&*one.value, Value::Variable(_) | Value::Null))
        {
            cx.say(cx.finding(cx.name(&second.name), format!("`{}` has both `first` and `last`", field.name)));
        }
        let has_size = given.iter().any(|size| !matches!(&*size.value, Value::Null));
        let is_open = !has_size && !is_bounded(field, of) && (self.always || !is_followed(field));
        if is_open && !only_counts(cx, field, of) {
            let has = |name: &str| of.arguments.iter().any(|argument| argument.name == name);
            let name = if has("first") { "first" } else { "last" };
            let message = format!("`{}` has no `{name}`, so the server chooses the page size", field.name);
            let fix = self
                .size_edit(cx, field, name)
                .map(|(at, new)| Fix::new(Safety::Unsafe, format!("set the size to {}", self.size), at, new));
            cx.say(
                cx.finding(cx.name(&field.name), message).help(format!("set a size: `{name}: {}`", self.size)).fix(fix),
            );
        }
    }
}

impl UnboundedList {
    /// Returns the position and the text of a size argument: replacing a null, before the other arguments, or in new
    /// parentheses.
    fn size_edit<'a>(&self, cx: &Cx<'a>, field: &'a Field, name: &str) -> Option<(Span, String)> {
        if let Some(null) = argument(field, name) {
            return cx.documents.place(&null.value).map(|span| (span, self.size.to_string()));
        }
        let new = format!("{name}: {}", self.size);
        match field.arguments.first() {
            Some(first) => cx.node(first).map(|span| (cx.span(span.start..span.start), format!("{new}, "))),
            None => cx.name(&field.name).map(|span| (cx.span(span.end..span.end), format!("({new})"))),
        }
    }
}
