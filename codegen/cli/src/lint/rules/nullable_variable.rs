//! `nullable-variable-for-required-use`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NullableVariable>(Meta {
    fixable: Fixable::Unsafe,
    what: "Finds nullable variables in non-null positions that are valid only because of a default value.",
    why: "The specification allows them (5.8.5), but a caller who sends null gets an error at run time.",
    ..meta!("nullable-variable-for-required-use", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NullableVariable {}

impl Rule for NullableVariable {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        for variable in operation.variables.iter().filter(|variable| !variable.ty.is_non_null()) {
            let set = SelectionSet::of_operation(cx.schema, operation);
            if let Some(place) = required_use(cx, set, &variable.name) {
                let message =
                    format!("`${}` of type `{}` is used where null is not allowed", variable.name, variable.ty);
                let ty = cx.node(variable).and_then(|span| {
                    let colon = cx.tokens().find(b':', span.range())?;
                    let end = cx.tokens().find(b'=', span.range()).or_else(|| cx.tokens().find(b'@', span.range()));
                    let end = end.map_or(span.end, |at| cx.tokens().end_before(at));
                    (end > colon).then(|| cx.span(end..end))
                });
                let fix = cx.replacement(ty, "!", "make it non-null", Safety::Unsafe);
                let finding = cx.finding(cx.name(&variable.name), message).also(Some(place), "used here");
                cx.say(finding.help(format!("write `{}!`", variable.ty)).fix(fix));
            }
        }
    }
}

/// Returns a position in this file where null is not allowed and the variable is used.
fn required_use<'a>(cx: &Cx<'a>, set: SelectionSet<'a>, name: &Name) -> Option<Span> {
    set.members().find_map(|selected| match selected {
        Selected::Field(selected) => {
            let of = selected.definition(cx.schema);
            let here = selected.field.arguments.iter().find_map(|argument| {
                let of = of?.arguments.iter().find(|one| one.name == argument.name)?;
                let is_it = matches!(&*argument.value, Value::Variable(used) if used == name);
                (is_it && of.ty.is_non_null()).then(|| cx.documents.place(&argument.value)).flatten()
            });
            here.or_else(|| required_use(cx, selected.below(of), name))
        }
        Selected::Inline { below, .. } => required_use(cx, below, name),
        Selected::Spread(_) => None,
    })
}
