//! `no-reserved-alias`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoReservedAlias>(Meta {
    recommended: Level::Error,
    usual: Level::Error,
    known_as: &["relay/disallow_reserved_aliases"],
    what: "Finds aliases that begin with two underscores, and other fields under the alias `id`.",
    why: "Names with two leading underscores are reserved: generated code reads the type from `__typename`. Caches use `id` as the \
          identity of an object.",
    ..meta!("no-reserved-alias", Category::Correctness, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoReservedAlias {}

impl Rule for NoReservedAlias {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, place: &Place<'a>) {
        let Some(alias) = &field.alias else { return };
        if alias.starts_with("__") && *alias != field.name {
            let message = format!("the alias `{alias}` begins with two underscores, which are reserved");
            cx.say(cx.finding(cx.name(alias), message));
        } else if alias == "id"
            && of.is_some_and(|of| of.name != "id" && of.ty.inner_named_type() != "ID")
            && place.set.parent.is_some_and(|parent| cx.has_field(parent, "id"))
        {
            let message = format!("`{}` is selected as `id`, which is another field of the type", field.name);
            cx.say(cx.finding(cx.name(alias), message));
        }
    }
}
