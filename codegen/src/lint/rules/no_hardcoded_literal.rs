//! `no-hardcoded-literal`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoHardcodedLiteral>(Meta {
    fixable: Fixable::Unsafe,
    what: "Finds arguments with a literal text or identifier, where a variable could be.",
    why: "With a variable, one document serves all values: servers and caches know it by its hash.",
    ..meta!("no-hardcoded-literal", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoHardcodedLiteral {
    /// Arguments whose values may be literals.
    ignore: Vec<String>,
    /// Whether numbers count, too.
    numbers: bool,
}

impl Rule for NoHardcodedLiteral {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        let root = cx.schema.definitions().root_operation(operation.operation_type).map(|name| name.as_str());
        self.selections(cx, operation, root, &operation.selection_set);
    }
}

impl NoHardcodedLiteral {
    fn selections<'a>(
        &self,
        cx: &Cx<'a>,
        operation: &'a Node<OperationDefinition>,
        parent: Option<&'a str>,
        selections: &'a [Selection],
    ) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let of = parent.and_then(|parent| cx.schema.field(parent, &field.name));
                    for argument in &field.arguments {
                        self.argument_of(cx, operation, of.map(|of| &**of), argument);
                    }
                    let below = of.map(|of| of.ty.inner_named_type().as_str());
                    self.selections(cx, operation, below, &field.selection_set);
                }
                Selection::InlineFragment(inline) => {
                    let parent = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                    self.selections(cx, operation, parent, &inline.selection_set);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn argument_of<'a>(
        &self,
        cx: &Cx<'a>,
        operation: &'a Node<OperationDefinition>,
        of: Option<&'a FieldDefinition>,
        argument: &'a Node<Argument>,
    ) {
        let is_literal = match &*argument.value {
            Value::String(_) => true,
            Value::Int(_) | Value::Float(_) => self.numbers,
            _ => false,
        };
        if !is_literal || self.ignore.iter().any(|one| *one == *argument.name) {
            return;
        }
        let name = &argument.name;
        let place = cx.documents.place(&argument.value);
        let finding = cx.finding(place, format!("the value of `{name}` could be a variable"));
        let definition = of.and_then(|of| of.arguments.iter().find(|one| one.name == *name));
        let is_free = !operation.variables.iter().any(|variable| variable.name == *name);
        let fix = definition.filter(|_| is_free && operation.name.is_some()).and_then(|definition| {
            let value = place?;
            let declared = format!("${name}: {}", definition.ty);
            let declaration = match operation.variables.last() {
                Some(last) => {
                    let end = cx.node(last)?.end;
                    Edit { span: cx.span(end..end), text: format!(", {declared}") }
                }
                None => {
                    let end = operation.name.as_ref().and_then(|name| cx.name(name))?.end;
                    Edit { span: cx.span(end..end), text: format!("({declared})") }
                }
            };
            let usage =
                Edit { span: Span { end: cx.tokens().end_before(value.end), ..value }, text: format!("${name}") };
            context::edits(format!("make it the variable `${name}`"), Safety::Unsafe, vec![declaration, usage])
        });
        cx.say(finding.fix(fix));
    }
}
