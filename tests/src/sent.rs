//! The document that is sent, compared with its source: the same operation after expansion, and the same answers.
//!
//! Nothing of the generator is used here: texts are parsed, spreads are replaced by what the file of the source resolves
//! them to, and selections are collected for each object type as the specification does it.

use crate::random::variable_values;
use anyhow::{Context, Result, anyhow, bail};
use apollo_compiler::ast::{
    Argument, Definition, Directive, DirectiveList, Document, Field, FragmentDefinition, InlineFragment,
    OperationDefinition, Selection, Value as Literal,
};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};
use graphwright_fixtures::generated::{Generated, Shape, mixed};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The most selections of an expanded operation: the specification sets no bound.
const MOST_SELECTIONS: usize = 200_000;

/// How often each operation is executed beside its source.
const EXECUTIONS: u64 = 3;

/// The files of operations, and what only the client knows.
#[derive(Default)]
pub struct Source {
    files: BTreeMap<String, File>,
    client: ClientParts,
}

struct File {
    document: Document,
    /// Files whose fragments come before those of all others.
    needs: Vec<String>,
}

/// What the server must never see.
#[derive(Default)]
struct ClientParts {
    directives: HashSet<String>,
    /// Coordinates of fields.
    fields: HashSet<String>,
}

impl Source {
    /// Files by name, each with the names of those whose fragments it uses, and the SDL of what only the client knows.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str, Vec<String>)>, client: &str) -> Self {
        let mut source = Self { files: BTreeMap::new(), client: ClientParts::new(client) };
        for (name, text, needs) in files {
            let document = Document::parse(without_descriptions(text), name).unwrap_or_else(|found| found.partial);
            source.files.insert(name.to_owned(), File { document, needs });
        }
        source
    }

    /// The one file of a case.
    pub fn single(text: &str) -> Self {
        Self::new([("query.graphql", text, Vec::new())], "")
    }

    /// Compares a sent document with the operation of a file.
    ///
    /// # Errors
    /// What differs.
    pub fn check(&self, schema: &Valid<Schema>, file: &str, operation: Option<&str>, sent: &str) -> Result<()> {
        let sent = Document::parse(sent, "sent").map_err(|found| anyhow!("not a document: {}", found.errors))?;
        check_definitions(&sent)?;
        let written = &self.files.get(file).with_context(|| format!("no file {file}"))?.document;
        let written = operation_of(written, operation).context("the operation is not in its file")?;
        let sent_operation = operation_of(&sent, operation).context("the operation is not in what is sent")?;
        let written = Expansion::new(schema, |from, name| self.fragment(from, name)).operation(written, file)?;
        let written = self.client.without(schema, &written)?;
        let expanded = Expansion::new(schema, |_, name| Some((String::new(), fragment_of(&sent, name)?)));
        let expanded = expanded.operation(sent_operation, "")?;
        compare_heads(&written, &expanded)?;
        let root = schema.root_operation(written.operation_type).context("the schema has no such root")?;
        let mut comparison = Comparison { schema, seen: HashSet::new() };
        let (left, right) = (Merged::root(&written.selection_set), Merged::root(&expanded.selection_set));
        comparison.compare("$", root, &left, &right)?;
        execute_both(schema, &written, &sent, operation)
    }

    /// The fragment that a name means in a file: one of its own, one of the files that it needs, or the only one.
    fn fragment(&self, from: &str, name: &str) -> Option<(String, &Node<FragmentDefinition>)> {
        let file = self.files.get(from)?;
        let in_file = |name_of_file: &String| {
            let found = fragment_of(&self.files.get(name_of_file)?.document, name)?;
            Some((name_of_file.clone(), found))
        };
        in_file(&from.to_owned())
            .or_else(|| file.needs.iter().find_map(in_file))
            .or_else(|| self.files.keys().find_map(in_file))
    }
}

/// Validates by apollo-compiler.
///
/// # Errors
/// It refuses the document.
pub fn validate(schema: &Valid<Schema>, sent: &str, conflicts: bool) -> Result<()> {
    match ExecutableDocument::parse_and_validate(schema, sent, "sent") {
        Ok(_) => Ok(()),
        Err(found) if !conflicts && found.errors.iter().all(|one| one.error.to_string().contains("conflict")) => Ok(()),
        Err(found) => bail!("apollo-compiler refuses it: {}", found.errors),
    }
}

impl ClientParts {
    /// Everything in the SDL of what only the client knows.
    fn new(sdl: &str) -> Self {
        let document = Document::parse(sdl, "client").unwrap_or_else(|found| found.partial);
        let mut parts = Self::default();
        for definition in &document.definitions {
            match definition {
                Definition::DirectiveDefinition(node) => drop(parts.directives.insert(node.name.to_string())),
                Definition::ObjectTypeExtension(node) => parts.add_fields(&node.name, &node.fields),
                Definition::ObjectTypeDefinition(node) => parts.add_fields(&node.name, &node.fields),
                Definition::InterfaceTypeExtension(node) => parts.add_fields(&node.name, &node.fields),
                Definition::InterfaceTypeDefinition(node) => parts.add_fields(&node.name, &node.fields),
                _ => {}
            }
        }
        parts
    }

    fn add_fields(&mut self, ty: &Name, fields: &[Node<apollo_compiler::ast::FieldDefinition>]) {
        self.fields.extend(fields.iter().map(|field| format!("{ty}.{}", field.name)));
    }

    /// An expanded operation without them, and without the variables that only they used.
    fn without(&self, schema: &Schema, operation: &OperationDefinition) -> Result<OperationDefinition> {
        let root = schema.root_operation(operation.operation_type).context("the schema has no such root")?;
        let mut kept = operation.clone();
        self.directives(&mut kept.directives);
        self.selections(schema, &mut kept.selection_set, root);
        let (before, after) = (used_variables(operation), used_variables(&kept));
        kept.variables
            .retain(|variable| !before.contains(variable.name.as_str()) || after.contains(variable.name.as_str()));
        for variable in &mut kept.variables {
            self.directives(&mut variable.make_mut().directives);
        }
        Ok(kept)
    }

    fn selections(&self, schema: &Schema, selections: &mut Vec<Selection>, parent: &str) {
        let is_marked = |directives: &DirectiveList| self.directives.contains("client") && directives.has("client");
        selections.retain(|selection| match selection {
            Selection::Field(field) => {
                !is_marked(&field.directives) && !self.fields.contains(&format!("{parent}.{}", field.name))
            }
            Selection::InlineFragment(inline) => !is_marked(&inline.directives),
            Selection::FragmentSpread(_) => true,
        });
        for selection in selections.iter_mut() {
            match selection {
                Selection::Field(field) => {
                    let field = field.make_mut();
                    self.directives(&mut field.directives);
                    let ty = schema.type_field(parent, &field.name).map(|definition| &definition.ty);
                    let ty = ty.map_or("", |ty| ty.inner_named_type().as_str());
                    self.selections(schema, &mut field.selection_set, ty);
                }
                Selection::InlineFragment(inline) => {
                    let inline = inline.make_mut();
                    self.directives(&mut inline.directives);
                    let ty = inline.type_condition.as_ref().map_or(parent, |condition| condition.as_str());
                    self.selections(schema, &mut inline.selection_set, ty);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        // An inline fragment of nothing but client-only fields is nothing.
        selections.retain(|selection| match selection {
            Selection::InlineFragment(inline) => !inline.selection_set.is_empty(),
            _ => true,
        });
    }

    fn directives(&self, directives: &mut DirectiveList) {
        directives.0.retain(|directive| !self.directives.contains(directive.name.as_str()));
    }
}

fn used_variables(operation: &OperationDefinition) -> BTreeSet<String> {
    fn directives(list: &DirectiveList, used: &mut BTreeSet<String>) {
        for directive in &list.0 {
            arguments(&directive.arguments, used);
        }
    }
    fn arguments(list: &[Node<Argument>], used: &mut BTreeSet<String>) {
        list.iter().for_each(|argument| value(&argument.value, used));
    }
    fn value(literal: &Literal, used: &mut BTreeSet<String>) {
        match literal {
            Literal::Variable(name) => drop(used.insert(name.to_string())),
            Literal::List(items) => items.iter().for_each(|item| value(item, used)),
            Literal::Object(fields) => fields.iter().for_each(|(_, field)| value(field, used)),
            _ => {}
        }
    }
    fn selections(list: &[Selection], used: &mut BTreeSet<String>) {
        for selection in list {
            match selection {
                Selection::Field(field) => {
                    arguments(&field.arguments, used);
                    directives(&field.directives, used);
                    selections(&field.selection_set, used);
                }
                Selection::InlineFragment(inline) => {
                    directives(&inline.directives, used);
                    selections(&inline.selection_set, used);
                }
                Selection::FragmentSpread(spread) => directives(&spread.directives, used),
            }
        }
    }
    let mut used = BTreeSet::new();
    directives(&operation.directives, &mut used);
    selections(&operation.selection_set, &mut used);
    used
}

/// Replaces spreads by inline fragments.
struct Expansion<'a, F> {
    schema: &'a Schema,
    fragment: F,
    /// Fragments around, to find cycles.
    open: Vec<(String, String)>,
    selections: usize,
}

impl<'a, F: Fn(&str, &str) -> Option<(String, &'a Node<FragmentDefinition>)>> Expansion<'a, F> {
    fn new(schema: &'a Schema, fragment: F) -> Self {
        Self { schema, fragment, open: Vec::new(), selections: 0 }
    }

    fn operation(mut self, operation: &OperationDefinition, file: &str) -> Result<OperationDefinition> {
        let mut expanded = operation.clone();
        expanded.selection_set = self.selections(&operation.selection_set, file)?;
        Ok(expanded)
    }

    fn selections(&mut self, selections: &[Selection], file: &str) -> Result<Vec<Selection>> {
        self.selections += selections.len();
        if self.selections > MOST_SELECTIONS {
            bail!("expands to more than {MOST_SELECTIONS} selections");
        }
        let expanded = selections.iter().map(|selection| match selection {
            Selection::Field(field) => {
                let set = self.selections(&field.selection_set, file)?;
                Ok(Selection::Field(Node::new(Field { selection_set: set, ..Field::clone(field) })))
            }
            Selection::InlineFragment(inline) => {
                let set = self.selections(&inline.selection_set, file)?;
                Ok(Selection::InlineFragment(Node::new(InlineFragment {
                    selection_set: set,
                    ..InlineFragment::clone(inline)
                })))
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.fragment_name.as_str();
                let (home, fragment) = (self.fragment)(file, name).with_context(|| format!("no fragment {name}"))?;
                let open = (home, name.to_owned());
                if self.open.contains(&open) || !self.schema.types.contains_key(&fragment.type_condition) {
                    bail!("the fragment {name} cannot be spread");
                }
                self.open.push(open.clone());
                let set = self.selections(&fragment.selection_set, &open.0)?;
                self.open.pop();
                let directives = spread.directives.0.iter().chain(&fragment.directives.0).cloned().collect();
                Ok(Selection::InlineFragment(Node::new(InlineFragment {
                    type_condition: Some(fragment.type_condition.clone()),
                    directives: DirectiveList(directives),
                    selection_set: set,
                })))
            }
        });
        expanded.collect()
    }
}

fn operation_of<'a>(document: &'a Document, name: Option<&str>) -> Option<&'a Node<OperationDefinition>> {
    document.definitions.iter().find_map(|definition| match definition {
        Definition::OperationDefinition(node) if node.name.as_deref() == name => Some(node),
        _ => None,
    })
}

fn fragment_of<'a>(document: &'a Document, name: &str) -> Option<&'a Node<FragmentDefinition>> {
    document.definitions.iter().find_map(|definition| match definition {
        Definition::FragmentDefinition(node) if node.name == name => Some(node),
        _ => None,
    })
}

/// One operation, and fragments of different names that it reaches.
fn check_definitions(sent: &Document) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut operations = 0;
    for definition in &sent.definitions {
        match definition {
            Definition::OperationDefinition(_) => operations += 1,
            Definition::FragmentDefinition(node) if names.insert(node.name.as_str()) => {}
            Definition::FragmentDefinition(node) => bail!("the fragment {} is sent twice", node.name),
            _ => bail!("sent is something that is neither operation nor fragment"),
        }
    }
    if operations != 1 {
        bail!("{operations} operations are sent");
    }
    Ok(())
}

fn compare_heads(written: &OperationDefinition, sent: &OperationDefinition) -> Result<()> {
    let head = |operation: &OperationDefinition| {
        let used = used_variables(operation);
        // A variable that nothing uses may be left out.
        let variables = operation.variables.iter().filter(|variable| used.contains(variable.name.as_str()));
        let variables: BTreeSet<String> =
            variables.map(|variable| variable.serialize().no_indent().to_string()).collect();
        (operation.operation_type, operation.name.clone(), tags(&operation.directives), variables)
    };
    let (ours, theirs) = (head(sent), head(written));
    if ours != theirs {
        bail!("sent is {ours:?} instead of {theirs:?}");
    }
    let known: BTreeSet<&str> = written.variables.iter().map(|variable| variable.name.as_str()).collect();
    if let Some(other) = sent.variables.iter().find(|variable| !known.contains(variable.name.as_str())) {
        bail!("the variable ${} is sent", other.name);
    }
    Ok(())
}

/// Conditions and other directives that something is subject to: its own, and those around it.
type Tags = BTreeSet<String>;

/// The tags that directives are; those that decide nothing are left out.
fn tags(directives: &DirectiveList) -> Tags {
    directives.iter().filter(|directive| always(directive) != Some(true)).map(|one| one.to_string()).collect()
}

/// Whether a directive includes what it is on, if that is known.
fn always(directive: &Directive) -> Option<bool> {
    let is_skip = match directive.name.as_str() {
        "skip" => true,
        "include" => false,
        _ => return None,
    };
    let value = directive.specified_argument_by_name("if")?.to_bool()?;
    Some(value != is_skip)
}

/// Selection sets that merge, each with the tags around it.
struct Merged<'a>(Vec<(&'a [Selection], Tags)>);

/// A response key as one concrete type has it.
#[derive(Default)]
struct Collected<'a> {
    /// Field names with arguments: more than one in a document that is not valid.
    calls: BTreeSet<String>,
    /// The tags of each selection of the key.
    tags: BTreeSet<Tags>,
    sets: Vec<(&'a [Selection], Tags)>,
    name: Option<&'a Name>,
}

impl<'a> Merged<'a> {
    fn root(selections: &'a [Selection]) -> Self {
        Self(vec![(selections, Tags::new())])
    }

    /// The specification's CollectFields for one type, with all conditions kept.
    fn collect(&self, is: &dyn Fn(&str) -> bool) -> BTreeMap<&'a str, Collected<'a>> {
        let mut fields: BTreeMap<&str, Collected<'_>> = BTreeMap::new();
        for (selections, tags) in &self.0 {
            collect(selections, tags, is, &mut fields);
        }
        fields
    }
}

fn collect<'a>(
    selections: &'a [Selection],
    around: &Tags,
    is: &dyn Fn(&str) -> bool,
    fields: &mut BTreeMap<&'a str, Collected<'a>>,
) {
    for selection in selections {
        let directives = match selection {
            Selection::Field(field) => &field.directives,
            Selection::InlineFragment(inline) => &inline.directives,
            Selection::FragmentSpread(spread) => &spread.directives,
        };
        if directives.iter().any(|directive| always(directive) == Some(false)) {
            continue;
        }
        let mut own = tags(directives);
        own.extend(around.iter().cloned());
        match selection {
            Selection::Field(field) => {
                let found = fields.entry(field.response_name()).or_default();
                let mut arguments: Vec<String> =
                    field.arguments.iter().map(|one| format!("{}: {}", one.name, one.value)).collect();
                arguments.sort();
                found.calls.insert(format!("{}({})", field.name, arguments.join(", ")));
                found.tags.insert(own.clone());
                found.sets.push((&field.selection_set, own));
                found.name = Some(&field.name);
            }
            Selection::InlineFragment(inline) if inline.type_condition.as_ref().is_none_or(|name| is(name)) => {
                collect(&inline.selection_set, &own, is, fields);
            }
            _ => {}
        }
    }
}

struct Comparison<'a> {
    schema: &'a Schema,
    /// Pairs of selection sets that were compared, by type.
    seen: HashSet<String>,
}

impl<'a> Comparison<'a> {
    /// Compares what every object type sees that can be in a place, and what a type that the schema does not have sees.
    fn compare(&mut self, path: &str, parent: &str, written: &Merged<'_>, sent: &Merged<'_>) -> Result<()> {
        let seen = format!("{parent} {} {}", written.identity(), sent.identity());
        if !self.seen.insert(seen) {
            return Ok(());
        }
        let mut groups = HashSet::new();
        for object in self.possible(parent).into_iter().map(Some).chain([None]) {
            let schema = self.schema;
            let is = |condition: &str| {
                let ty = object.unwrap_or(parent);
                ty == condition || schema.is_subtype(condition, ty)
            };
            let (ours, theirs) = (sent.collect(&is), written.collect(&is));
            let types: Vec<String> = theirs.values().map(|one| self.ty(object.unwrap_or(parent), one)).collect();
            // Types that see the same are compared once.
            let group = (shown(&theirs), shown(&ours), types);
            if !groups.insert(group) {
                continue;
            }
            let here = format!("{path} of {}", object.unwrap_or("an unknown type"));
            if let Some(key) = ours.keys().find(|key| !theirs.contains_key(*key) && **key != "__typename") {
                bail!("{here}: `{key}` is sent and was not written");
            }
            for (key, theirs) in &theirs {
                let Some(ours) = ours.get(key) else { bail!("{here}: `{key}` is not sent") };
                // The type name may be asked for always where it was conditional.
                if *key == "__typename" && theirs.calls == ours.calls {
                    continue;
                }
                if theirs.calls != ours.calls {
                    bail!("{here}: `{key}` is {:?} instead of {:?}", ours.calls, theirs.calls);
                }
                if theirs.tags != ours.tags {
                    bail!("{here}: `{key}` depends on {:?} instead of {:?}", ours.tags, theirs.tags);
                }
                if theirs.sets.iter().any(|(set, _)| !set.is_empty()) {
                    let ty = self.ty(object.unwrap_or(parent), theirs);
                    let (written, sent) = (Merged(theirs.sets.clone()), Merged(ours.sets.clone()));
                    self.compare(&format!("{path}.{key}"), &ty, &written, &sent)?;
                }
            }
        }
        Ok(())
    }

    fn ty(&self, parent: &str, field: &Collected<'_>) -> String {
        let definition = field.name.and_then(|name| self.schema.type_field(parent, name).ok());
        definition.map(|definition| definition.ty.inner_named_type().to_string()).unwrap_or_default()
    }

    fn possible(&self, parent: &str) -> Vec<&'a str> {
        let schema = self.schema;
        match schema.types.get(parent) {
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.as_str()).collect(),
            Some(ExtendedType::Interface(_)) => {
                let objects = schema.types.values().filter(|ty| ty.is_object());
                objects.map(|ty| ty.name().as_str()).filter(|name| schema.is_subtype(parent, name)).collect()
            }
            _ => Vec::from_iter(schema.types.get_key_value(parent).map(|(name, _)| name.as_str())),
        }
    }
}

impl Merged<'_> {
    /// What tells these sets from others.
    fn identity(&self) -> String {
        self.0.iter().map(|(set, tags)| format!("{:p}{}{tags:?}", set.as_ptr(), set.len())).collect()
    }
}

fn shown(fields: &BTreeMap<&str, Collected<'_>>) -> Vec<String> {
    let one = |(key, field): (&&str, &Collected<'_>)| {
        format!("{key} {:?} {:?} {}", field.calls, field.tags, Merged(field.sets.clone()).identity())
    };
    fields.iter().map(one).collect()
}

/// Executes source and sent document over the same data, which depends on paths, types and arguments.
fn execute_both(
    schema: &Valid<Schema>,
    written: &OperationDefinition,
    sent: &Document,
    name: Option<&str>,
) -> Result<()> {
    let mut source = Document::new();
    source.definitions.push(Definition::OperationDefinition(Node::new(written.clone())));
    let executable = |document: &Document| {
        let executable = document.to_executable(schema).map_err(|found| anyhow!("{}", found.errors))?;
        anyhow::Ok(Valid::assume_valid(executable))
    };
    let (source, sent) = (executable(&source).context("the source")?, executable(sent)?);
    for seed in (0..EXECUTIONS).map(mixed) {
        let variables = variable_values(schema, &written.variables, seed);
        let variables: JsonMap = serde_json::from_value(Value::Object(variables))?;
        let (theirs, ours) =
            (execute(schema, &source, name, &variables, seed), execute(schema, &sent, name, &variables, seed));
        if let Some(difference) = differ("$", &ours?, &theirs.context("the source")?) {
            bail!("the answers differ: {difference}; seed {seed}");
        }
    }
    Ok(())
}

fn execute(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    name: Option<&str>,
    variables: &JsonMap,
    seed: u64,
) -> Result<Value> {
    let operation = document.operations.get(name).map_err(|error| anyhow!("{}", error.message()))?;
    let shape = Shape { nulls: 5, ..Shape::default() };
    let root = Generated::root(operation.object_type().as_str(), seed, shape);
    let known = |name: &str| operation.variables.iter().any(|variable| variable.name == name);
    let variables = variables.iter().filter(|(name, _)| known(name.as_str()));
    let variables = variables.map(|(name, value)| (name.clone(), value.clone())).collect();
    let variables = Valid::assume_valid(variables);
    let response = Execution::new(schema, document)
        .operation(operation)
        .coerced_variable_values(&variables)
        .enable_schema_introspection(true)
        .execute_sync(&root)
        .map_err(|error| anyhow!("{}", error.message()))?;
    Ok(serde_json::to_value(response.data)?)
}

/// The first difference; type names may have been added.
fn differ(path: &str, sent: &Value, written: &Value) -> Option<String> {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            if let Some(key) = sent.keys().find(|key| *key != "__typename" && !written.contains_key(*key)) {
                return Some(format!("{path}.{key} was not asked for"));
            }
            written.iter().find_map(|(key, value)| match sent.get(key) {
                Some(ours) => differ(&format!("{path}.{key}"), ours, value),
                None => Some(format!("{path}.{key} is missing")),
            })
        }
        (Value::Array(sent), Value::Array(written)) if sent.len() == written.len() => {
            let items = sent.iter().zip(written).enumerate();
            items.into_iter().find_map(|(at, (ours, value))| differ(&format!("{path}[{at}]"), ours, value))
        }
        _ if sent == written => None,
        _ => Some(format!("{path} is {sent} instead of {written}")),
    }
}

/// Blanks out descriptions of operations, fragments and variables, which apollo-parser does not know.
fn without_descriptions(text: &str) -> String {
    let bytes = text.trim_start_matches('\u{feff}').as_bytes();
    let mut kept = bytes.to_vec();
    let (mut at, mut depth, mut before) = (0, 0_i32, b' ');
    while at < bytes.len() {
        let end = match bytes[at] {
            b'#' => at + bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len() - at),
            b'"' => {
                let end = end_of_string(bytes, at);
                if depth == 0 && !matches!(before, b':' | b'=' | b'[' | b',') {
                    kept[at..end].fill(b' ');
                }
                end
            }
            byte => {
                depth += i32::from(matches!(byte, b'{' | b'[')) - i32::from(matches!(byte, b'}' | b']'));
                at + 1
            }
        };
        if !bytes[at].is_ascii_whitespace() && bytes[at] != b'#' {
            before = bytes[at];
        }
        at = end;
    }
    String::from_utf8(kept).unwrap_or_default()
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let (quote, block) = if bytes[start..].starts_with(b"\"\"\"") { (3, true) } else { (1, false) };
    let mut at = start + quote;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'\\', b'"', b'"', b'"', ..] if block => at += 4,
            [b'\\', ..] if !block => at += 2,
            [b'"', b'"', b'"', ..] if block => return at + 3,
            [b'"', ..] if !block => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::Source;
    use apollo_compiler::Schema;

    const SCHEMA: &str = "
        directive @log(level: Int) repeatable on FIELD | INLINE_FRAGMENT
        type Query { node(id: ID, first: Int = 1): Node nodes: [Node!]! user: User }
        interface Node { id: ID! }
        type User implements Node { id: ID! name(short: Boolean): String friend: User }
        type Post implements Node { id: ID! title: String }";

    /// What is wrong with a sent document for one that was written.
    fn found(written: &str, sent: &str) -> String {
        let schema = Schema::parse_and_validate(SCHEMA, "schema.graphql").unwrap();
        match Source::single(written).check(&schema, "query.graphql", Some("Q"), sent) {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_same_operation_in_other_words_is_the_same() {
        let written = "query Q($id: ID, $x: Boolean!) { node(id: $id) { ...F ... on User @include(if: $x) { name } } }
            fragment F on Node { id ... on User { friend { ...F } } }";
        assert_eq!(found(written, written), "the fragment F cannot be spread");
        let written = "query Q($id: ID, $x: Boolean!) { node(id: $id) { ...F ... on User @include(if: $x) { name } } }
            fragment F on Node { id ... on User { friend { id } } }";
        let sent = "query Q($id:ID,$x:Boolean!){node(id:$id){__typename ... on User{friend{__typename id}}
            ... on User@include(if:$x){name}id}}";
        assert_eq!(found(written, sent), "");
    }

    #[test]
    fn whatever_differs_is_found() {
        let of = |sent: &str| {
            found(
                "query Q($id: ID, $x: Boolean!) { nodes { id ... on User @include(if: $x) { name(short: true) } } node(id: $id) { id } }",
                sent,
            )
        };
        let cases = [
            "query Q($id:ID,$x:Boolean!){nodes{id ... on User@include(if:$x){name(short:true)}}}",
            "query Q($id:ID,$x:Boolean!){nodes{id ... on User{name(short:true)}}node(id:$id){id}}",
            "query Q($id:ID,$x:Boolean!){nodes{id ... on User@include(if:$x){name}}node(id:$id){id}}",
            "query Q($id:ID,$x:Boolean!){nodes{id ...F}node(id:$id){id}}fragment F on User{name(short:true)}fragment F on User{name}",
            "query Q($id:ID!,$x:Boolean!){nodes{id ... on User@include(if:$x){name(short:true)}}node(id:$id){id}}",
            "query Q($id:ID,$x:Boolean!){nodes{id ... on User@include(if:$x){name(short:true)}}node(id:$id){id}user{id}}",
            "query Q($id:ID,$x:Boolean!){nodes{id ... on User@include(if:$x){name(short:true)friend{id}}}node(id:$id){id}}",
            "query Q($id:ID,$x:Boolean!,$k:Int){nodes{id ... on User@include(if:$x){name(short:true)}}node(id:$id){id}}",
        ];
        let found: Vec<String> = cases.iter().map(|sent| of(sent)).collect();
        insta::assert_snapshot!(found.join("\n"), @"");
    }
}
