//! `lone-executable-definition`

use super::prelude::*;

pub const ENTRY: Entry = entry::<LoneExecutableDefinition>(Meta {
    known_as: &["graphql-eslint", "biome/useLoneExecutableDefinition"],
    what: "Finds files with more than one operation or fragment.",
    why: "With one definition per file, the file can be named after it, and a change affects nothing else.",
    ..meta!("lone-executable-definition", Category::Style, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct LoneExecutableDefinition {
    /// Kinds that may share a file with others.
    ignore: Vec<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Fragment,
    Query,
    Mutation,
    Subscription,
}

impl Rule for LoneExecutableDefinition {
    fn file(&self, cx: &Cx<'_>) {
        let all = cx.documents.file(cx.file).ast.definitions.iter().filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => {
                let kind = match operation.operation_type {
                    OperationType::Query => Kind::Query,
                    OperationType::Mutation => Kind::Mutation,
                    OperationType::Subscription => Kind::Subscription,
                };
                Some((kind, operation.operation_type.name(), operation.name.as_ref(), cx.operation_name(operation)))
            }
            Definition::FragmentDefinition(fragment) => {
                Some((Kind::Fragment, "fragment", Some(&fragment.name), cx.name(&fragment.name)))
            }
            _ => None,
        });
        for (_, word, name, place) in all.filter(|(kind, ..)| !self.ignore.contains(kind)).skip(1) {
            let name = name.map(|name| format!(" `{name}`")).unwrap_or_default();
            cx.say(cx.finding(place, format!("the {word}{name} should be in its own file")));
        }
    }
}
