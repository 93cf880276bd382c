//! `no-hardcoded-literal`

use super::prelude::*;
use std::collections::HashMap;

pub const ENTRY: Entry = entry::<NoHardcodedLiteral>(Meta {
    fixable: Fixable::Unsafe,
    what: "Finds arguments with a literal string or identifier that could be a variable.",
    why: "With a variable, one document serves all values, and servers and caches can identify it by its hash.",
    ..meta!("no-hardcoded-literal", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoHardcodedLiteral {
    /// Arguments whose values may be literals.
    ignore: Vec<String>,
    /// Whether numbers are also reported.
    numbers: bool,
}

impl Rule for NoHardcodedLiteral {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        let mut literals = Vec::new();
        self.collect(cx, SelectionSet::of_operation(cx.schema, operation), &mut literals);
        // Literals that would get the same variable name are named after their field as well, or skipped.
        let mut names: HashMap<String, usize> = HashMap::new();
        for literal in &literals {
            for name in literal.names() {
                *names.entry(name).or_default() += 1;
            }
        }
        let is_taken = |name: &str| operation.variables.iter().any(|variable| variable.name == name);
        let mut is_first = operation.variables.is_empty();
        for literal in literals {
            let name = literal.names().into_iter().find(|name| names.get(name) == Some(&1) && !is_taken(name));
            let finding = cx.finding(
                cx.documents.place(&literal.argument.value),
                format!("the value of `{}` could be a variable", literal.argument.name),
            );
            // The fix for the first variable of an operation adds the parentheses; other fixes have to wait for it.
            let is_open = is_first || !operation.variables.is_empty();
            let fix = name.filter(|_| is_open).and_then(|name| literal.fix(cx, operation, &name));
            is_first &= fix.is_none();
            cx.say(finding.fix(fix));
        }
    }
}

/// An argument with a literal value.
struct Literal<'a> {
    field: &'a Node<Field>,
    of: Option<&'a InputValueDefinition>,
    argument: &'a Node<Argument>,
}

impl Literal<'_> {
    /// Returns names for its variable: the name of the argument, or that with the response key before it.
    fn names(&self) -> [String; 2] {
        let long = format!("{}_{}", self.field.response_name(), self.argument.name);
        [self.argument.name.to_string(), Style::Camel.apply(&long)]
    }

    fn fix(&self, cx: &Cx<'_>, operation: &OperationDefinition, name: &str) -> Option<Fix> {
        let value = cx.documents.place(&self.argument.value)?;
        let declared = format!("${name}: {}", self.of?.ty);
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
        let usage = Edit { span: Span { end: cx.tokens().end_before(value.end), ..value }, text: format!("${name}") };
        context::edits(format!("make it the variable `${name}`"), Safety::Unsafe, vec![declaration, usage])
    }
}

impl NoHardcodedLiteral {
    fn collect<'a>(&self, cx: &Cx<'a>, set: SelectionSet<'a>, found: &mut Vec<Literal<'a>>) {
        for selected in set.members() {
            match selected {
                Selected::Field(selected) => {
                    let (field, of) = (selected.field, selected.definition(cx.schema));
                    for argument in field.arguments.iter().filter(|argument| self.is_literal(argument)) {
                        let of = of.and_then(|of| of.arguments.iter().find(|one| one.name == argument.name));
                        found.push(Literal { field, of: of.map(|of| &**of), argument });
                    }
                    self.collect(cx, selected.below(of), found);
                }
                Selected::Inline { below, .. } => self.collect(cx, below, found),
                Selected::Spread(_) => {}
            }
        }
    }

    fn is_literal(&self, argument: &Argument) -> bool {
        let is_literal = match &*argument.value {
            Value::String(_) => true,
            Value::Int(_) | Value::Float(_) => self.numbers,
            _ => false,
        };
        is_literal && !self.ignore.iter().any(|one| *one == *argument.name)
    }
}
