//! `no-anonymous-operations`

use super::prelude::*;
use std::path::Path;

pub const ENTRY: Entry = entry::<NoAnonymousOperations>(Meta {
    recommended: Level::Error,
    usual: Level::Error,
    fixable: Fixable::Unsafe,
    known_as: &["graphql-eslint", "biome/useGraphqlNamedOperations"],
    what: "Finds operations without a name.",
    why: "The generated type is named after the operation, and servers group logs and statistics by its name.",
    ..meta!("no-anonymous-operations", Category::Correctness, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoAnonymousOperations {}

impl Rule for NoAnonymousOperations {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        if operation.name.is_some() {
            return;
        }
        let head = cx.head(operation);
        let word = operation.operation_type.name();
        let finding = cx.finding(head, format!("this {word} has no name"));
        let of_field = operation.selection_set.iter().find_map(Selection::as_field);
        let of_field = of_field.map(|field| names::pascal(&field.name));
        let of_file = Path::new(cx.path()).file_stem().map(|stem| names::pascal(&stem.to_string_lossy()));
        let (index, _) = cx.project;
        let is_free = |name: &String| names::is_name(name) && index.operations_named(name).next().is_none();
        let name = of_field.into_iter().chain(of_file).find(is_free);
        let finding = match &name {
            Some(name) => finding.help(format!("give it a name, for example `{word} {name}`")),
            None => finding.help("give it a name"),
        };
        let fix = name.zip(head).map(|(name, head)| {
            let is_short = cx.text()[head.range()].starts_with('{');
            let new = if is_short { format!("{word} {name} ") } else { format!(" {name}") };
            let at = if is_short { head.start } else { head.end };
            Fix::new(Safety::Unsafe, format!("name it `{name}`"), cx.span(at..at), new)
                .defining(DefinedName::Operation(name))
        });
        cx.say(finding.fix(fix));
    }
}
