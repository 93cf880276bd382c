//! The specification's rules over executable documents (section 5), one file for each theme.
//!
//! In: the schema, all documents, and the index of a file. Out: everything that is wrong in that
//! file, each with the place of the very name or value. Names of rules are those of graphql-js and
//! its linters. Rules are independent: what one finds never hides what another would.

mod directives;
mod fields;
mod fragments;
mod merging;
mod operations;
mod values;
mod variables;

use crate::diagnostic::{Code, Diagnostic, Fix, Safety, closest, question};
use crate::query::{Documents, FileId, FragmentId, Selected, SelectionSet};
use crate::schema::Schema;
use crate::source::{Sources, Span};
use apollo_compiler::ast::{
    Argument, Definition, Directive, DirectiveLocation, FragmentDefinition, InputValueDefinition, OperationDefinition,
    OperationType,
};
use apollo_compiler::coordinate::{
    DirectiveArgumentCoordinate, FieldArgumentCoordinate, SchemaCoordinate, TypeAttributeCoordinate, TypeCoordinate,
};
use apollo_compiler::{Name, Node};
use std::collections::{BTreeSet, HashSet};
use std::fmt;

/// All violations in all documents.
pub fn validate(schema: &Schema, documents: &Documents, sources: &Sources) -> Vec<Diagnostic> {
    let used = used_fragments(documents);
    let mut found: Vec<Diagnostic> =
        documents.files().flat_map(|(file, _)| violations_in(schema, documents, sources, file, &used)).collect();
    let mut seen = HashSet::new();
    found.retain(|diagnostic| seen.insert((diagnostic.code, diagnostic.primary.clone(), diagnostic.message.clone())));
    found.extend(documents.client_only_selection_sets(schema));
    found
}

/// The violations in one file, and in the fragments of other files that it needs; `used` are the
/// fragments that some operation of the project reaches.
pub fn validate_file(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    file: FileId,
    used: &HashSet<FragmentId>,
) -> Vec<Diagnostic> {
    let mut found = violations_in(schema, documents, sources, file, used);
    let definitions = documents.file(file).ast.definitions.iter();
    let sets = definitions.filter_map(|definition| SelectionSet::of_definition(schema, definition));
    let needed: BTreeSet<FragmentId> = sets.flat_map(|set| documents.reach(set.selections())).collect();
    for fragment in needed.into_iter().map(|id| documents.fragment(id)).filter(|fragment| fragment.file != file) {
        let mut rules = Rules { schema, documents, sources, file: fragment.file, found };
        rules.fragment(&fragment.definition);
        found = rules.found;
    }
    found
}

/// The violations in one file alone; see [`validate_file`].
pub fn violations_in(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    file: FileId,
    used: &HashSet<FragmentId>,
) -> Vec<Diagnostic> {
    let mut rules = Rules { schema, documents, sources, file, found: Vec::new() };
    rules.operations();
    rules.fragments(used);
    for definition in &documents.file(file).ast.definitions {
        match definition {
            Definition::OperationDefinition(operation) => rules.operation(operation),
            Definition::FragmentDefinition(fragment) => rules.fragment(fragment),
            _ => {}
        }
    }
    rules.merging();
    rules.found
}

/// The fragments that some operation of the project reaches.
pub fn used_fragments(documents: &Documents) -> HashSet<FragmentId> {
    documents.all_operations().flat_map(|(_, operation)| documents.reach(&operation.selection_set)).collect()
}

/// What all rules share: where they look, and what they have found.
struct Rules<'a> {
    schema: &'a Schema,
    documents: &'a Documents,
    sources: &'a Sources,
    file: FileId,
    found: Vec<Diagnostic>,
}

impl<'a> Rules<'a> {
    fn operation(&mut self, operation: &'a Node<OperationDefinition>) {
        let location = match operation.operation_type {
            OperationType::Query => DirectiveLocation::Query,
            OperationType::Mutation => DirectiveLocation::Mutation,
            OperationType::Subscription => DirectiveLocation::Subscription,
        };
        self.directives(&operation.directives, location);
        self.variable_definitions(operation);
        self.selections(SelectionSet::of_operation(self.schema, operation));
        self.variable_usages(operation);
    }

    fn fragment(&mut self, fragment: &'a Node<FragmentDefinition>) {
        self.directives(&fragment.directives, DirectiveLocation::FragmentDefinition);
        let parent = self.condition(&fragment.type_condition);
        self.selections(SelectionSet { parent, ..SelectionSet::of_fragment(fragment) });
    }

    /// Checks selections in their place. The parent is not known below
    /// what is not known.
    fn selections(&mut self, set: SelectionSet<'a>) {
        for selected in set.members() {
            match selected {
                Selected::Field(field) => {
                    self.directives(&field.field.directives, DirectiveLocation::Field);
                    let below = self.field(field);
                    self.selections(below);
                }
                Selected::Spread(spread) => {
                    self.directives(&spread.directives, DirectiveLocation::FragmentSpread);
                    self.spread(spread, set.parent);
                }
                Selected::Inline { inline, below } => {
                    self.directives(&inline.directives, DirectiveLocation::InlineFragment);
                    let parent = match &inline.type_condition {
                        Some(condition) => {
                            let parent = self.condition(condition);
                            self.possible(set.parent, parent, self.name(condition), None);
                            parent
                        }
                        None => set.parent,
                    };
                    self.selections(SelectionSet { parent, ..below });
                }
            }
        }
    }

    /// Arguments of a field or a directive; `place` is where one is missing.
    fn arguments(
        &mut self,
        arguments: &'a [Node<Argument>],
        definitions: &'a [Node<InputValueDefinition>],
        owner: &Owner<'_>,
        place: Option<Span>,
    ) {
        self.unique_arguments(arguments);
        for argument in arguments {
            let name = argument.name.as_str();
            let Some(definition) = definitions.iter().find(|definition| definition.name == argument.name) else {
                let message = format!("{owner} has no argument `{name}`");
                let known = definitions.iter().map(|definition| definition.name.as_str());
                let diagnostic =
                    Diagnostic::error(Code::KNOWN_ARGUMENT_NAMES, message).at(self.name(&argument.name), "");
                let diagnostic = diagnostic.about(owner.argument(&argument.name));
                self.found.push(self.suggest(diagnostic, &argument.name, known));
                self.shapeless(&argument.value);
                continue;
            };
            let position = Position::new(format!("argument `{name}`"), owner.argument(&argument.name));
            self.value(&argument.value, &definition.ty, &position);
        }
        for definition in definitions.iter().filter(|definition| definition.is_required()) {
            if !arguments.iter().any(|argument| argument.name == definition.name) {
                let (name, ty) = (&definition.name, &definition.ty);
                let message = format!("{owner} needs the argument `{name}` of type `{ty}`");
                let diagnostic = Diagnostic::error(Code::PROVIDED_REQUIRED_ARGUMENTS, message).at(place, "");
                self.found.push(diagnostic.about(owner.argument(name)));
            }
        }
    }

    /// Arguments of what is not known.
    fn stray_arguments(&mut self, arguments: &'a [Node<Argument>]) {
        self.unique_arguments(arguments);
        for argument in arguments {
            self.shapeless(&argument.value);
        }
    }

    fn unique_arguments(&mut self, arguments: &'a [Node<Argument>]) {
        for (at, argument) in arguments.iter().enumerate() {
            if let Some(first) = arguments[..at].iter().find(|earlier| earlier.name == argument.name) {
                self.twice(Code::UNIQUE_ARGUMENT_NAMES, "argument", &first.name, &argument.name);
            }
        }
    }

    /// A name that is given twice where it may be given once.
    fn twice(&mut self, rule: Code, what: &str, first: &Name, second: &Name) {
        let message = format!("there can be only one {what} `{second}` here");
        let diagnostic = Diagnostic::error(rule, message).at(self.name(second), "the second one");
        self.found.push(diagnostic.also(self.name(first), "the first one"));
    }

    /// "Did you mean", if anything is near; the only name that is near is a fix.
    fn suggest<'n>(&self, diagnostic: Diagnostic, name: &Name, known: impl IntoIterator<Item = &'n str>) -> Diagnostic {
        let near = closest(name, known);
        let diagnostic = match question(&near) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        match (near.as_slice(), self.name(name)) {
            ([only], Some(span)) => {
                diagnostic.fix(Some(Fix::new(Safety::Unsafe, format!("write `{only}`"), span, *only)))
            }
            _ => diagnostic,
        }
    }

    fn name(&self, name: &Name) -> Option<Span> {
        self.documents.places.span(name.location())
    }

    /// The first word of a node: its keyword, or its brace.
    fn head<T>(&self, node: &Node<T>) -> Option<Span> {
        let span = self.documents.place(node)?;
        let text = &self.sources.text(span.source)[span.range()];
        let length = text.find(|next: char| !next.is_ascii_alphanumeric()).unwrap_or(text.len()).max(1);
        Some(Span { end: (span.start + length).min(span.end), ..span })
    }

    /// The name of an operation, or the first word of one that has none.
    fn operation_place(&self, operation: &Node<OperationDefinition>) -> Option<Span> {
        operation.name.as_ref().and_then(|name| self.name(name)).or_else(|| self.head(operation))
    }

    fn directive_place(&self, directive: &Node<Directive>) -> Option<Span> {
        let span = self.name(&directive.name)?;
        Some(Span { start: span.start.saturating_sub(1), ..span })
    }
}

/// What has arguments.
enum Owner<'a> {
    Field { parent: &'a Name, name: &'a Name },
    Directive(&'a Name),
}

impl Owner<'_> {
    fn argument(&self, argument: &Name) -> SchemaCoordinate {
        let argument = argument.clone();
        match self {
            Self::Field { parent, name } => {
                FieldArgumentCoordinate { ty: (*parent).clone(), field: (*name).clone(), argument }.into()
            }
            Self::Directive(name) => DirectiveArgumentCoordinate { directive: (*name).clone(), argument }.into(),
        }
    }
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { name, .. } => write!(f, "the field `{name}`"),
            Self::Directive(name) => write!(f, "`@{name}`"),
        }
    }
}

/// Where a value is written.
struct Position {
    words: String,
    /// The argument or input field that it is for; the default of a variable is for none.
    of: Option<SchemaCoordinate>,
}

impl Position {
    fn new(words: String, of: impl Into<SchemaCoordinate>) -> Self {
        Self { words, of: Some(of.into()) }
    }

    /// The position of an item of a list.
    fn item(&self) -> Self {
        Self { words: format!("an item of {self}"), of: self.of.clone() }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

fn of_type(name: &Name) -> TypeCoordinate {
    TypeCoordinate { ty: name.clone() }
}

fn attribute(ty: &Name, name: &Name) -> TypeAttributeCoordinate {
    TypeAttributeCoordinate { ty: ty.clone(), attribute: name.clone() }
}
