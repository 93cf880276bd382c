//! `relay-connection-types`

use super::prelude::*;
use crate::convention::connection::{EDGES, PAGE_INFO, is_connection_name};

pub const ENTRY: Entry = entry::<RelayConnectionTypes>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds connection types that do not follow the Relay connection specification.",
    why: "A connection is an object type whose name ends with `Connection`, with a list `edges` and a `pageInfo: PageInfo!`. \
          Clients rely on it to paginate all lists in the same manner.",
    ..meta!("relay-connection-types", Category::Correctness, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RelayConnectionTypes {}

impl Rule for RelayConnectionTypes {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for RelayConnectionTypes {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let name = definition.text();
        let is_connection = is_connection_name(name);
        let (edges, page_info) = (definition.field(EDGES), definition.field(PAGE_INFO.0));
        match definition.kind {
            Kind::Schema | Kind::Directive => {}
            Kind::Object if is_connection => {
                if edges.is_none() {
                    cx.report(definition.name, format!("the connection `{name}` lacks the field `edges`"));
                }
                if page_info.is_none() {
                    cx.report(definition.name, format!("the connection `{name}` lacks the field `pageInfo`"));
                }
                if let Some(edges) = edges.filter(|edges| !edges.ty.is_list()) {
                    let message = format!("`{name}.edges` should be a list");
                    cx.say(cx.finding(cx.type_span(&edges.ty), message));
                }
                if let Some(page_info) = page_info.filter(|one| !is_page_info(&one.ty)) {
                    let message = format!("the type of `{name}.pageInfo` should be `PageInfo!`");
                    cx.say(cx.finding(cx.type_span(&page_info.ty), message));
                }
            }
            Kind::Object if edges.is_some() && page_info.is_some() => {
                let message = format!("`{name}` is a connection, so its name should end with `Connection`");
                cx.report(definition.name, message);
            }
            Kind::Object => {}
            _ if is_connection => {
                cx.report(definition.name, format!("the connection `{name}` should be an object type"));
            }
            _ => {}
        }
    }
}

fn is_page_info(ty: &Type) -> bool {
    matches!(ty, Type::NonNullNamed(name) if name == PAGE_INFO.1)
}
