//! `codegen-name-collision`

use super::prelude::*;
use crate::rust_name::field_name;
use std::collections::HashMap;

pub const ENTRY: Entry = entry::<CodegenNameCollision>(Meta {
    recommended: Level::Warn,
    what: "Finds response keys and variables that would have the same Rust name.",
    why: "Generated code then keeps the GraphQL names with a suffix, `fullName_` and `full_name_`; an alias is easier to read.",
    ..meta!("codegen-name-collision", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct CodegenNameCollision {}

impl Rule for CodegenNameCollision {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        check(cx, operation.variables.iter().map(|variable| &variable.name), "variables");
    }

    fn set<'a>(&self, cx: &Cx<'a>, set: &SelectionSet<'a>) {
        check(
            cx,
            set.selections().iter().filter_map(Selection::as_field).map(|field| field.response_name()),
            "response keys",
        );
    }
}

fn check<'a>(cx: &Cx<'a>, names: impl Iterator<Item = &'a Name>, what: &str) {
    let mut known: HashMap<String, &Name> = HashMap::new();
    for name in names {
        let rust = field_name(name);
        match known.get(&rust) {
            Some(first) if *first != name => {
                let message = format!("the {what} `{first}` and `{name}` have the same Rust name `{rust}`");
                cx.say(cx.finding(cx.name(name), message).also(cx.name(first), "the other one"));
            }
            Some(_) => {}
            None => {
                known.insert(rust, name);
            }
        }
    }
}
