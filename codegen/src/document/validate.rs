//! The specification's rules over every document (section 5), as our diagnostics.
//!
//! apollo-compiler finds most violations; [`super::gaps`] finds those that it does not.
//! Names of rules are the ones that graphql-js and its linters use.

use super::{Documents, FragmentId, Unresolved, gaps, message_of, spreads};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::schema::Schema;
use crate::source::{Sources, Span};
use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, Document, Field, FragmentDefinition, FragmentSpread, OperationDefinition, OperationType, Selection,
};
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::DiagnosticData;
use std::collections::HashSet;

/// The code of a response key that has different types in types that exclude each other: the part
/// of `overlapping-fields-can-be-merged` that a configuration may allow.
pub const SAME_RESPONSE_SHAPE: &str = "same-response-shape";

/// All violations in all documents.
pub fn validate(schema: &Schema, documents: &Documents, sources: &Sources) -> Vec<Diagnostic> {
    let used = used_fragments(documents, sources);
    let files = 0..documents.files.len();
    let mut found: Vec<Diagnostic> =
        files.flat_map(|file| validate_file(schema, documents, sources, file, &used)).collect();
    let mut seen = HashSet::new();
    found.retain(|diagnostic| seen.insert((diagnostic.code, diagnostic.primary.clone(), diagnostic.message.clone())));
    found
}

/// The violations in one file, and in the fragments of other files that it needs.
pub fn validate_file(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    file: usize,
    used: &HashSet<FragmentId>,
) -> Vec<Diagnostic> {
    let mut found = check_spreads(documents, sources, file);
    found.extend(check_file(schema, documents, sources, file, used));
    let line = |one: &Diagnostic| one.primary.as_ref().map(|label| sources.position(label.span).line);
    let known: HashSet<_> = found.iter().map(|one| (one.code, line(one))).collect();
    let gaps = gaps::check(schema, documents, sources, file);
    found.extend(gaps.into_iter().filter(|one| !known.contains(&(one.code, line(one)))));
    found
}

/// The fragments that some operation of the project reaches.
pub fn used_fragments(documents: &Documents, sources: &Sources) -> HashSet<FragmentId> {
    let mut used = HashSet::new();
    for file in 0..documents.files.len() {
        for operation in documents.operations(file) {
            used.extend(documents.reach(sources, file, &operation.selection_set));
        }
    }
    used
}

/// Spreads whose fragment cannot be found or chosen across files.
fn check_spreads(documents: &Documents, sources: &Sources, file: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for definition in &documents.files[file].ast.definitions {
        let selections = match definition {
            Definition::OperationDefinition(operation) => &operation.selection_set,
            Definition::FragmentDefinition(fragment) => &fragment.selection_set,
            _ => continue,
        };
        for name in spreads(selections) {
            if let Err(Unresolved::Ambiguous(ids)) = documents.resolve(sources, file, name) {
                let mut diagnostic = Diagnostic::error(
                    "unique-fragment-names",
                    format!("several files define a fragment `{name}`, and they differ"),
                )
                .at(spread_place(documents, selections, name), "which one is meant?")
                .help("rename one of them, or say which file is meant with `#import \"…\"`");
                for id in ids {
                    let definition = &documents.fragment(id).definition;
                    diagnostic = diagnostic.also(name_place(documents, definition.name.location()), "one is here");
                }
                found.push(diagnostic);
            }
        }
    }
    found
}

fn spread_place(documents: &Documents, selections: &[super::Selection], name: &str) -> Option<Span> {
    selections.iter().find_map(|selection| match selection {
        Selection::FragmentSpread(spread) if spread.fragment_name == name => documents.place(spread),
        Selection::FragmentSpread(_) => None,
        Selection::Field(field) => spread_place(documents, &field.selection_set, name),
        Selection::InlineFragment(inline) => spread_place(documents, &inline.selection_set, name),
    })
}

fn name_place(documents: &Documents, location: Option<apollo_compiler::parser::SourceSpan>) -> Option<Span> {
    documents.places.span(location)
}

fn check_file(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    file: usize,
    used: &HashSet<FragmentId>,
) -> Vec<Diagnostic> {
    let whole = with_needed_fragments(documents, sources, file);
    let has_operations = documents.operations(file).next().is_some();
    let mut found = check_unreached(schema, documents, sources, file, &whole);
    let Err(errors) = whole.to_executable_validate(schema.definitions()) else { return found };
    for error in errors.errors.iter() {
        let name = error.error.unstable_error_name().unwrap_or("validation");
        // Incremental delivery is not part of the specification: a schema that declares `@defer`
        // decides itself how it may be used.
        if name.contains("Defer") {
            continue;
        }
        if name == "MissingSubselection" && has_selection_set(documents, sources, error.error) {
            continue;
        }
        if name == "SubscriptionUsesMultipleFields" && has_one_root_field(documents, sources, file, error.error) {
            continue;
        }
        if name == "UnusedFragment" && (!has_operations || is_used(documents, file, error.error, used)) {
            continue;
        }
        found.push(diagnostic(schema, documents, sources, name, error.error));
    }
    found
}

/// Violations inside fragments that no operation of the file reaches. apollo-compiler checks
/// fragments from operations only, so an operation is made that spreads each of them; what that
/// says about variables is not true of the fragment.
fn check_unreached(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    file: usize,
    whole: &Document,
) -> Vec<Diagnostic> {
    const ABOUT_OPERATIONS: [&str; 3] = ["UndefinedVariable", "DisallowedVariableUsage", "UnusedFragment"];
    let mut reached = HashSet::new();
    for operation in documents.operations(file) {
        reached.extend(documents.reach(sources, file, &operation.selection_set));
    }
    let own = documents.files[file].ast.definitions.iter().filter_map(Definition::as_fragment_definition);
    let is_reached = |name: &str| reached.iter().any(|id| documents.fragment(*id).definition.name == name);
    let unreached = own.filter(|fragment| !is_reached(&fragment.name) && schema.is_composite(&fragment.type_condition));
    let selections: Vec<Selection> = unreached.map(|fragment| probe(fragment)).collect();
    if selections.is_empty() {
        return Vec::new();
    }
    let mut document = whole.clone();
    document.definitions.retain(|definition| definition.as_fragment_definition().is_some());
    document.definitions.push(Definition::OperationDefinition(Node::new(OperationDefinition {
        operation_type: OperationType::Query,
        name: None,
        variables: Vec::new(),
        directives: Default::default(),
        selection_set: selections,
    })));
    let Err(invalid) = document.to_executable_validate(schema.probes()) else { return Vec::new() };
    let errors = invalid.errors.iter().filter_map(|error| {
        let name = error.error.unstable_error_name().unwrap_or("validation");
        let spurious = name == "MissingSubselection" && has_selection_set(documents, sources, error.error);
        (!ABOUT_OPERATIONS.contains(&name) && !name.contains("Defer") && !spurious)
            .then(|| diagnostic(schema, documents, sources, name, error.error))
    });
    errors.collect()
}

/// True if the subscription that an error is about has a single response key at its root: the same
/// field twice, or in a fragment too, is one field (5.2.4.1).
fn has_one_root_field(documents: &Documents, sources: &Sources, file: usize, error: &DiagnosticData) -> bool {
    let Some(span) = documents.places.span(error.location()) else { return false };
    let operation = documents.operations(file).find(|operation| {
        documents.place(operation).is_some_and(|place| place.start <= span.start && span.end <= place.end)
    });
    let Some(operation) = operation else { return false };
    let mut open: Vec<&[Selection]> = vec![&operation.selection_set];
    let fragments = documents.reach(sources, file, &operation.selection_set);
    let mut keys = HashSet::new();
    while let Some(selections) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    keys.insert(field.alias.as_ref().unwrap_or(&field.name).as_str());
                }
                Selection::InlineFragment(inline) => open.push(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    let fragments = fragments.iter().map(|id| &documents.fragment(*id).definition);
                    open.extend(
                        fragments
                            .filter(|found| found.name == spread.fragment_name)
                            .map(|found| found.selection_set.as_slice()),
                    );
                }
            }
        }
    }
    keys.len() == 1
}

/// True if the field that an error is about has a selection set: where nothing in it is valid,
/// apollo-compiler also says that there is none.
fn has_selection_set(documents: &Documents, sources: &Sources, error: &DiagnosticData) -> bool {
    let span = documents.places.span(error.location());
    span.is_some_and(|span| sources.text(span.source)[span.range()].trim_end().ends_with('}'))
}

/// `fragment: T { ...fragment }`, on the root of [`Schema::probes`], which has a field for every
/// composite type.
fn probe(fragment: &FragmentDefinition) -> Selection {
    let spread = FragmentSpread { fragment_name: fragment.name.clone(), directives: Default::default() };
    Selection::Field(Node::new(Field {
        alias: Some(fragment.name.clone()),
        name: fragment.type_condition.clone(),
        arguments: Vec::new(),
        directives: Default::default(),
        selection_set: vec![Selection::FragmentSpread(Node::new(spread))],
    }))
}

/// True if the fragment that an error speaks of is used by an operation of another file.
fn is_used(documents: &Documents, file: usize, error: &DiagnosticData, used: &HashSet<FragmentId>) -> bool {
    let message = error.to_string();
    let name = quoted_names(&message).into_iter().next().unwrap_or_default();
    used.iter().any(|id| {
        let fragment = documents.fragment(*id);
        fragment.definition.name == name && (fragment.file == file || documents.is_name_shared(*id))
    })
}

/// The definitions of a file and of the fragments that it needs from others.
fn with_needed_fragments(documents: &Documents, sources: &Sources, file: usize) -> Document {
    let own = &documents.files[file].ast;
    let mut whole = own.clone();
    let mut added = HashSet::new();
    for definition in &own.definitions {
        let selections = match definition {
            Definition::OperationDefinition(operation) => &operation.selection_set,
            Definition::FragmentDefinition(fragment) => &fragment.selection_set,
            _ => continue,
        };
        for id in documents.reach(sources, file, selections) {
            let fragment = documents.fragment(id);
            if fragment.file != file && added.insert(id) {
                whole.definitions.push(Definition::FragmentDefinition(fragment.definition.clone()));
            }
        }
    }
    whole
}

fn diagnostic(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    name: &str,
    error: &DiagnosticData,
) -> Diagnostic {
    let message = message_of(&error.to_string());
    let span = documents.places.span(error.location());
    let span = span.map(|span| narrowed(sources, span, &message));
    let diagnostic = Diagnostic::error(rule(name), &message).at(span, "");
    if name == "ConflictingFieldType" {
        return diagnostic.help("give one of them an alias; `same_response_shape = \"warn\"` lets it pass");
    }
    match suggestion(schema, documents, name, &message) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The place of the first name that the message quotes, if the span begins with more than that
/// name: a caret under the name says more than one under a whole field.
fn narrowed(sources: &Sources, span: Span, message: &str) -> Span {
    let text = &sources.text(span.source)[span.range()];
    let names = quoted_names(message);
    let found = names.iter().rev().find_map(|name| {
        let name = name.rsplit(['.', ':']).next().unwrap_or(name).trim_start_matches(['$', '@']);
        let at = text.find(name)?;
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        let is_name = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let first_line = !text[..at].contains('\n');
        (!name.is_empty() && first_line && !is_name(before) && !is_name(after)).then_some((at, name.len()))
    });
    match found {
        Some((at, length)) => Span { source: span.source, start: span.start + at, end: span.start + at + length },
        None => span,
    }
}

fn quoted_names(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// "Did you mean" for the rules whose message names what is unknown and where it was looked for.
fn suggestion(schema: &Schema, documents: &Documents, name: &str, message: &str) -> Option<String> {
    let types = &schema.definitions().types;
    let names = quoted_names(message);
    match (name, names.as_slice()) {
        ("UndefinedField", [parent, field]) => {
            let fields: Vec<&str> = match types.get(*parent)? {
                ExtendedType::Object(object) => object.fields.keys().map(|name| name.as_str()).collect(),
                ExtendedType::Interface(interface) => interface.fields.keys().map(|name| name.as_str()).collect(),
                _ => return Some(format!("`{parent}` is a union: select its members with `... on`")),
            };
            did_you_mean(field, fields)
        }
        ("UndefinedArgument", [argument, coordinate]) => {
            let (parent, rest) = coordinate.split_once('.')?;
            let field = schema.field(parent, rest.split('(').next()?)?;
            did_you_mean(argument, field.arguments.iter().map(|argument| argument.name.as_str()))
        }
        ("UndefinedInputValue", [field, input]) => {
            let fields = &schema.definitions().get_input_object(input)?.fields;
            did_you_mean(field, fields.keys().map(|name| name.as_str()))
        }
        ("UndefinedEnumValue", [value, definition]) => {
            let values = &schema.definitions().get_enum(definition)?.values;
            did_you_mean(value, values.keys().map(|name| name.as_str()))
        }
        ("UndefinedFragment", [fragment]) => {
            did_you_mean(fragment, documents.fragments.iter().map(|fragment| fragment.definition.name.as_str()))
        }
        ("UndefinedDirective", [directive]) => {
            let directive = directive.trim_start_matches('@');
            did_you_mean(directive, schema.definitions().directive_definitions.keys().map(|name| name.as_str()))
        }
        (
            "UndefinedDefinition"
            | "UndefinedTypeInNamedFragmentTypeCondition"
            | "UndefinedTypeInInlineFragmentTypeCondition",
            [ty, ..],
        ) => did_you_mean(ty, types.keys().map(|name| name.as_str())),
        _ => None,
    }
}

/// The usual name of the rule that an error of apollo-compiler belongs to.
fn rule(name: &str) -> &'static str {
    match name {
        "UndefinedField" => "fields-on-correct-type",
        "UndefinedArgument" => "known-argument-names",
        "RequiredArgument" => "provided-required-arguments",
        "UndefinedVariable" => "no-undefined-variables",
        "UnusedVariable" => "no-unused-variables",
        "UnusedFragment" => "no-unused-fragments",
        "UndefinedFragment" => "known-fragment-names",
        "UndefinedDirective" | "UnsupportedLocation" => "known-directives",
        "UniqueDirective" => "unique-directives-per-location",
        "UniqueArgument" => "unique-argument-names",
        "UniqueVariable" => "unique-variable-names",
        "UniqueInputValue" => "unique-input-field-names",
        "OperationNameCollision" => "unique-operation-names",
        "FragmentNameCollision" => "unique-fragment-names",
        "ConflictingFieldType" => SAME_RESPONSE_SHAPE,
        "ConflictingFieldName" | "ConflictingFieldArgument" => "overlapping-fields-can-be-merged",
        "MissingSubselection" | "SubselectionOnScalarType" | "SubselectionOnEnumType" => "scalar-leafs",
        "InvalidFragmentTarget" => "fragments-on-composite-types",
        "InvalidFragmentSpread" => "possible-fragment-spreads",
        "UndefinedDefinition"
        | "UndefinedTypeInNamedFragmentTypeCondition"
        | "UndefinedTypeInInlineFragmentTypeCondition" => "known-type-names",
        "DisallowedVariableUsage" => "variables-in-allowed-position",
        "VariableInputType" => "variables-are-input-types",
        "UnsupportedValueType"
        | "IntCoercionError"
        | "FloatCoercionError"
        | "UndefinedEnumValue"
        | "UndefinedInputValue"
        | "RequiredField" => "values-of-correct-type",
        "RecursiveFragmentDefinition" => "no-fragment-cycles",
        "AmbiguousAnonymousOperation" => "lone-anonymous-operation",
        "SubscriptionUsesMultipleFields" | "SubscriptionUsesIntrospection" | "SubscriptionUsesConditionalSelection" => {
            "single-field-subscriptions"
        }
        "TypeSystemDefinition" => "executable-definitions",
        "UndefinedRootOperation" => "known-operation-types",
        _ => "validation",
    }
}
