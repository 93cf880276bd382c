//! `alphabetize`

use super::prelude::*;
use crate::lint::parameters::required;
use std::cmp::Ordering;

pub const ENTRY: Entry = entry::<Alphabetize>(Meta {
    fixable: Fixable::Safe,
    known_as: &["graphql-eslint", "biome/useSortedFields"],
    what: "Finds selections, variables, arguments, definitions and members of definitions that are not in alphabetical order.",
    why: "A fixed order gives every new line one place and causes fewer merge conflicts. Sorting arguments and \
          definitions changes nothing. Sorting selections and variables is unsafe: it changes the order of generated fields \
          and of the parameters of the generated `new`. `--fix` reports reordered parameters.",
    ..meta!("alphabetize", Category::Style, Reads::Both)
});

/// Without options, arguments are sorted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Alphabetize {
    /// Operations and fragments of a file.
    definitions: bool,
    /// Selections of operations.
    operations: bool,
    /// Selections of fragments.
    fragments: bool,
    /// Variables.
    variables: bool,
    /// Arguments of fields.
    arguments: bool,
    /// Arguments of directives.
    directive_arguments: bool,
    /// The lists to sort in SDL files of the schema. Without it, these files are not checked.
    schema: Option<Box<SchemaOrder>>,
    /// The order of groups: names, `*` for all others, `...` for fragments, `{` for fields with selections.
    groups: Vec<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct SchemaOrder {
    /// Definitions and extensions of a file.
    definitions: bool,
    /// Fields of object types.
    object_fields: bool,
    /// Fields of interfaces.
    interface_fields: bool,
    /// Fields of input objects.
    input_fields: bool,
    /// Values of enums.
    enum_values: bool,
    /// Arguments in definitions of fields.
    field_arguments: bool,
    /// Arguments in definitions of directives.
    directive_definitions: bool,
    /// Arguments of applied directives.
    directive_arguments: bool,
    /// The order of groups: names, and `*` for all others.
    groups: Vec<String>,
}

impl Alphabetize {
    fn has_options(&self) -> bool {
        self.definitions
            || self.operations
            || self.fragments
            || self.variables
            || self.arguments
            || self.directive_arguments
            || self.schema.is_some()
    }
}

/// The order of groups by names, kinds and `*`; if empty, items are sorted alphabetically.
struct Order<'o>(&'o [String]);

impl Order<'_> {
    fn group(&self, name: &str, kind: &str) -> usize {
        let place = |wanted: &str| self.0.iter().position(|group| group == wanted);
        place(name).or_else(|| place(kind)).or_else(|| place("*")).unwrap_or_default()
    }

    fn compare(&self, one: &Item<'_>, other: &Item<'_>) -> Ordering {
        let by_group = self.group(one.name, one.kind).cmp(&self.group(other.name, other.kind));
        let by_name = by_group.then_with(|| alphabetical(one.name, other.name));
        // A definition comes before its extensions.
        by_name.then_with(|| (one.kind == "extend").cmp(&(other.kind == "extend")))
    }

    /// Returns the findings about the order of a list.
    fn unsorted(&self, cx: &TextContext<'_>, items: &[Item<'_>], note: Option<&str>) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for pair in items.windows(2) {
            let [before, item] = pair else { continue };
            // Inline fragments and anonymous operations have no name; named items come before them.
            let is_after = match (before.kind, item.kind) {
                (_, "on") => false,
                ("on", _) => true,
                _ => self.compare(before, item) == Ordering::Greater,
            };
            if is_after {
                let other =
                    if before.kind == "on" { "the unnamed one".to_owned() } else { format!("`{}`", before.name) };
                let finding = cx.finding(item.place, format!("`{}` should come before {other}", item.name));
                findings.push(match note {
                    Some(note) => finding.note(note),
                    None => finding,
                });
            }
        }
        if !findings.is_empty() && !can_move(cx, items) {
            // Comments and descriptions belong to adjacent items, which only a person can sort.
            findings = findings
                .into_iter()
                .map(|finding| finding.help("sort by hand, since there are comments between them"))
                .collect();
        }
        findings
    }

    /// Reports the order of a list; one fix sorts the whole list.
    fn check(&self, cx: &TextContext<'_>, items: &[Item<'_>], safety: Safety, note: Option<&str>) {
        let findings = self.unsorted(cx, items, note);
        if !findings.is_empty() {
            let texts = items.iter().map(|item| item.whole.map(|whole| cx.text()[whole.range()].to_owned()));
            let edits = texts.collect::<Option<Vec<_>>>().map(|texts| self.sorted(cx, items, texts));
            say(cx, findings, context::edits("sort them", safety, edits.unwrap_or_default()));
        }
    }

    /// Returns the edits that sort a list: texts are swapped, the text between them stays.
    fn sorted(&self, cx: &TextContext<'_>, items: &[Item<'_>], texts: Vec<String>) -> Vec<Edit> {
        let mut order: Vec<usize> = (0..items.len()).collect();
        if can_move(cx, items) {
            order.sort_by(|one, other| match (items[*one].kind, items[*other].kind) {
                ("on", "on") => Ordering::Equal,
                ("on", _) => Ordering::Greater,
                (_, "on") => Ordering::Less,
                _ => self.compare(&items[*one], &items[*other]),
            });
        }
        let places = items.iter().filter_map(|item| item.whole);
        let edits = places.zip(&order).map(|(span, from)| Edit { span, text: texts[*from].clone() });
        edits.filter(|edit| cx.text()[edit.span.range()] != edit.text).collect()
    }
}

/// Reports findings; the fix for all of them is attached to the first one.
fn say(cx: &TextContext<'_>, findings: Vec<Diagnostic>, mut fix: Option<Fix>) {
    for finding in findings {
        cx.say(finding.fix(fix.take()));
    }
}

/// Returns true if only the items have to move: there are no comments between or beside them, and no
/// descriptions.
fn can_move(cx: &TextContext<'_>, items: &[Item<'_>]) -> bool {
    let (Some(first), Some(last)) = (items.first().and_then(|one| one.whole), items.last().and_then(|one| one.whole))
    else {
        return false;
    };
    let text = cx.text();
    let start = context::comments_above(text, first.start);
    let end = text[last.end..].find(['\n', '\r']).map_or(text.len(), |at| last.end + at);
    // The line of the list's end may contain more, and a comment there may belong to the last item.
    !text[start..end].contains('#')
        && !after_opening(text, first.start).contains('#')
        && items.iter().all(|item| item.whole.is_some())
}

/// Returns the span of a movable node; `None` if it has a description, which would not move with it.
fn movable<T>(cx: &Cx<'_>, node: &Node<T>) -> Option<Span> {
    let described = &cx.documents.file(cx.file).descriptions;
    cx.node(node).filter(|span| !described.contains_key(&span.start))
}

/// Returns the text before an item on its line, and on the lines of comments before it.
fn after_opening(text: &str, start: usize) -> &str {
    let from = text[..start].rfind(['{', '(', '}', ')']).unwrap_or_default();
    &text[from..start]
}

/// Returns a part of a text with edits applied.
fn with_edits(text: &str, span: Span, edits: &[Edit]) -> String {
    let mut new = String::new();
    let mut from = span.start;
    for edit in edits {
        new.push_str(&text[from..edit.span.start]);
        new.push_str(&edit.text);
        from = edit.span.end;
    }
    new.push_str(&text[from..span.end]);
    new
}

/// Compares names in natural order: `_` before digits before letters, ignoring case; if they are otherwise equal,
/// lower case first.
fn alphabetical(one: &str, other: &str) -> Ordering {
    let letters = |name: &str| name.bytes().map(|byte| (byte != b'_', byte.to_ascii_lowercase())).collect::<Vec<_>>();
    let cases = |name: &str| name.bytes().map(|byte| byte.is_ascii_uppercase()).collect::<Vec<_>>();
    letters(one).cmp(&letters(other)).then_with(|| cases(one).cmp(&cases(other)))
}

/// An item of a list.
struct Item<'n> {
    name: &'n str,
    /// `...`, `{`, `on` for unnamed items, or empty.
    kind: &'static str,
    place: Option<Span>,
    whole: Option<Span>,
}

fn item<'a>(cx: &Cx<'a>, selected: Selected<'a>) -> Item<'a> {
    match selected {
        Selected::Field(SelectedField { field, .. }) => {
            let name = field.response_name();
            let kind = if field.selection_set.is_empty() { "" } else { "{" };
            Item { name, kind, place: cx.name(name), whole: cx.node(field) }
        }
        Selected::Spread(spread) => {
            let name = &spread.fragment_name;
            Item { name, kind: "...", place: cx.name(name), whole: cx.node(spread) }
        }
        Selected::Inline { inline, .. } => {
            Item { name: "", kind: "on", place: cx.head(inline), whole: cx.node(inline) }
        }
    }
}

impl Rule for Alphabetize {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        self.schema.as_ref().map(|schema| &**schema as &dyn SchemaRule)
    }

    fn file(&self, cx: &Cx<'_>) {
        if !self.definitions {
            return;
        }
        let items = cx.documents.file(cx.file).ast.definitions.iter().filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(match &operation.name {
                Some(name) => Item { name, kind: "{", place: cx.name(name), whole: movable(cx, operation) },
                None => {
                    Item { name: "", kind: "on", place: cx.operation_name(operation), whole: movable(cx, operation) }
                }
            }),
            Definition::FragmentDefinition(fragment) => {
                let name = &fragment.name;
                Some(Item { name, kind: "{", place: cx.name(name), whole: movable(cx, fragment) })
            }
            _ => None,
        });
        Order(&self.groups).check(cx, &items.collect::<Vec<_>>(), Safety::Safe, None);
    }

    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        if self.variables {
            let items = operation.variables.iter().map(|variable| Item {
                name: &variable.name,
                kind: "",
                place: cx.name(&variable.name),
                whole: movable(cx, variable),
            });
            let note = (required(operation).count() > 1)
                .then_some("the generated `new` takes its parameters in the order of the variables; check its calls");
            Order(&self.groups).check(cx, &items.collect::<Vec<_>>(), Safety::Unsafe, note);
        }
        if self.operations {
            self.selections(cx, SelectionSet::of_operation(cx.schema, operation));
        }
    }

    fn fragment<'a>(&self, cx: &Cx<'a>, fragment: &'a Node<FragmentDefinition>) {
        if self.fragments {
            self.selections(cx, SelectionSet::of_fragment(fragment));
        }
    }

    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, _: Option<&'a FieldDefinition>, _: &Place<'a>) {
        if self.arguments || !self.has_options() {
            self.arguments(cx, &field.arguments);
        }
    }

    fn directive<'a>(&self, cx: &Cx<'a>, directive: &'a Node<Directive>) {
        if self.directive_arguments {
            self.arguments(cx, &directive.arguments);
        }
    }
}

fn definition_item<'a>(cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) -> Item<'a> {
    let whole = cx.definition_span(definition);
    match definition.name {
        Some(name) => {
            let kind = if definition.is_extension { "extend" } else { "" };
            Item { name, kind, place: cx.name(name), whole }
        }
        None => Item { name: "", kind: "on", place: whole, whole },
    }
}

impl SchemaOrder {
    fn check(&self, cx: &SchemaContext<'_>, items: &[Item<'_>]) {
        Order(&self.groups).check(cx, items, Safety::Safe, None);
    }

    fn elements<'a, T>(&self, cx: &SchemaContext<'a>, nodes: &'a [Node<T>], name: impl Fn(&'a T) -> &'a Name) {
        let item = |node: &'a Node<T>| {
            let name = name(node);
            Item { name, kind: "", place: cx.name(name), whole: cx.node(node) }
        };
        self.check(cx, &nodes.iter().map(item).collect::<Vec<_>>());
    }
}

impl SchemaRule for SchemaOrder {
    fn file(&self, cx: &SchemaContext<'_>) {
        if !self.definitions {
            return;
        }
        self.check(cx, &cx.definitions.iter().map(|definition| definition_item(cx, definition)).collect::<Vec<_>>());
    }

    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let (sorts_fields, sorts_inputs) = match definition.kind {
            Kind::Object => (self.object_fields, false),
            Kind::Interface => (self.interface_fields, false),
            Kind::InputObject => (false, self.input_fields),
            Kind::Directive => (false, self.directive_definitions),
            _ => (false, false),
        };
        if sorts_fields {
            self.elements(cx, definition.fields, |field| &field.name);
        }
        if sorts_inputs {
            self.elements(cx, definition.inputs, |input| &input.name);
        }
        if self.enum_values {
            self.elements(cx, definition.values, |value| &value.value);
        }
    }

    fn field<'a>(&self, cx: &SchemaContext<'a>, _: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        if self.field_arguments {
            self.elements(cx, &field.arguments, |argument| &argument.name);
        }
    }

    fn directive<'a>(&self, cx: &SchemaContext<'a>, _: &Element<'a>, directive: &'a Node<Directive>) {
        if self.directive_arguments {
            self.elements(cx, &directive.arguments, |argument| &argument.name);
        }
    }
}

impl Alphabetize {
    fn arguments<'a>(&self, cx: &Cx<'a>, arguments: &'a [Node<Argument>]) {
        let items = arguments.iter().map(|argument| Item {
            name: &argument.name,
            kind: "",
            place: cx.name(&argument.name),
            whole: cx.node(argument),
        });
        Order(&self.groups).check(cx, &items.collect::<Vec<_>>(), Safety::Safe, None);
    }

    fn selections<'a>(&self, cx: &Cx<'a>, set: SelectionSet<'a>) {
        let mut findings = Vec::new();
        let edits = self.tree(cx, set, &mut findings);
        say(cx, findings, context::edits("sort them", Safety::Unsafe, edits));
    }

    /// Returns the findings about selections and nested ones, and the edits that sort all of them at once.
    fn tree<'a>(&self, cx: &Cx<'a>, set: SelectionSet<'a>, findings: &mut Vec<Diagnostic>) -> Vec<Edit> {
        let items: Vec<Item<'a>> = set.members().map(|selected| item(cx, selected)).collect();
        findings.extend(Order(&self.groups).unsorted(cx, &items, None));
        let mut texts = Vec::new();
        for (selected, item) in set.members().zip(&items) {
            let below = match selected {
                Selected::Field(selected) => self.tree(cx, selected.below(None), findings),
                Selected::Inline { below, .. } => self.tree(cx, below, findings),
                Selected::Spread(_) => Vec::new(),
            };
            let Some(whole) = item.whole else { return Vec::new() };
            texts.push(with_edits(cx.text(), whole, &below));
        }
        Order(&self.groups).sorted(cx, &items, texts)
    }
}
