//! `mutation-payload-errors`

use super::prelude::*;
use crate::convention::payload_errors::{FIELDS, MESSAGES, is_error_list};

pub const ENTRY: Entry = entry::<MutationPayloadErrors>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Unsafe,
    what: "Finds mutations that do not select the user errors of their payload.",
    why: "Servers report rejected input only there: without the list, a mutation that did nothing looks like one that \
          succeeded.",
    bad: "mutation Rename($input: RenameUserInput!) { renameUser(input: $input) { user { name } } }",
    good: "mutation Rename($input: RenameUserInput!) {\n  renameUser(input: $input) { user { name } errors { field messages } }\n}",
    ..Meta::new("mutation-payload-errors", Category::Correctness)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct MutationPayloadErrors {
    /// Payload types whose errors need not be selected.
    ignore: Vec<String>,
}

impl Rule for MutationPayloadErrors {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        if operation.operation_type != OperationType::Mutation {
            return;
        }
        for mutation in cx.collect(SelectionSet::of_operation(cx.schema, operation)) {
            self.mutation(cx, mutation);
        }
    }
}

impl MutationPayloadErrors {
    fn mutation<'a>(&self, cx: &Cx<'a>, mutation: context::Collected<'a>) {
        let context::Collected { selected, through } = mutation;
        let field = selected.field;
        let Some(of) = selected.definition(cx.schema) else { return };
        let ty = of.ty.inner_named_type();
        if !cx.schema.is_object(ty) || of.ty.is_list() {
            return;
        }
        if self.ignore.iter().any(|one| one == ty.as_str()) || is_entity(cx, ty, &field.name) {
            return;
        }
        let lists: Vec<&FieldDefinition> = (cx.schema.fields(ty))
            .filter(|field| is_error_list(&field.name, &field.ty) && tells_errors(cx, field))
            .map(|field| &**field)
            .collect();
        let below: Vec<SelectedField<'a>> = cx.documents.fields(selected.below(Some(of))).collect();
        // One list is enough: Shopify's payloads have an old and a new one.
        let is_selected = |list: &&FieldDefinition| below.iter().any(|one| one.field.name == list.name);
        let Some(list) = lists.iter().find(|list| !list.directives.has("deprecated")).or_else(|| lists.first()) else {
            return;
        };
        if lists.iter().any(is_selected) {
            return;
        }
        let item = list.ty.inner_named_type();
        let parts: Vec<&str> = FIELDS.into_iter().chain(MESSAGES).filter(|name| cx.has_field(item, name)).collect();
        let is_leaf = !cx.schema.is_composite(item);
        let new = if is_leaf { list.name.to_string() } else { format!("{} {{ {} }}", list.name, parts.join(" ")) };
        let can_fix = is_leaf || !parts.is_empty();
        let is_here = cx.is_here(field);
        let spread = || through.and_then(|spread| cx.name(&spread.fragment_name));
        let place = if is_here { cx.name(&field.name) } else { spread() };
        let message = format!("`{}` does not select `{}`, the payload's list of user errors", field.name, list.name);
        let fix = (can_fix && is_here).then(|| cx.insertion(Owner::Field(field), &new, Safety::Unsafe));
        cx.say(cx.finding(place, message).help(format!("select `{new}`")).fix(fix.flatten()));
    }
}

/// Returns true if a mutation returns the data itself, which has an identity, and whose errors are part of the data.
///
/// A payload can also have an identifier. Its name identifies it as a payload: by its suffix, or because it is the
/// mutation's name (`createTask: CreateTask`, as in Graphene and Saleor).
fn is_entity(cx: &Cx<'_>, ty: &Name, mutation: &Name) -> bool {
    const PAYLOADS: [&str; 6] = ["Payload", "Response", "Result", "Output", "Mutation", "Return"];
    let letters = |name: &Name| name.replace('_', "").to_lowercase();
    let is_named = PAYLOADS.iter().any(|end| ty.ends_with(end)) || letters(ty) == letters(mutation);
    !is_named && (cx.has_field(ty, "id") || cx.schema.types.always(ty, "Node"))
}

/// Returns true if the items of a list describe errors: strings and codes, or objects with a message, a field or a
/// code.
fn tells_errors(cx: &Cx<'_>, list: &FieldDefinition) -> bool {
    let item = list.ty.inner_named_type();
    let is_object = cx.schema.is_object(item);
    let mut parts = MESSAGES.into_iter().chain(FIELDS).chain(["code"]);
    !cx.has_field(item, "id") && (!is_object || parts.any(|part| cx.has_field(item, part)))
}
