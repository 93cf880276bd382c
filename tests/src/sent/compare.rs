//! Two operations without spreads: the same variables, and for each object type the same fields under the same
//! conditions.

use anyhow::{Result, bail};
use apollo_compiler::ast::{Argument, Directive, DirectiveList, OperationDefinition, Selection, Value as Literal};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Compares the sent document with the written one.
///
/// # Errors
/// The differences.
pub fn compare(schema: &Schema, root: &str, written: &OperationDefinition, sent: &OperationDefinition) -> Result<()> {
    compare_heads(written, sent)?;
    let mut comparison = Comparison { schema, seen: HashSet::new() };
    let (written, sent) = (Merged::root(&written.selection_set), Merged::root(&sent.selection_set));
    comparison.compare("$", root, &written, &sent)
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

/// Returns the variables that something in an operation uses.
pub fn used_variables(operation: &OperationDefinition) -> BTreeSet<String> {
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

/// Conditions and other directives that something is subject to: its own, and those around it.
type Tags = BTreeSet<String>;

/// Returns the tags that directives are; those that decide nothing are left out.
fn tags(directives: &DirectiveList) -> Tags {
    directives.iter().filter(|directive| always(directive) != Some(true)).map(|one| one.to_string()).collect()
}

/// Returns whether a directive includes its selection, if that is known.
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

    /// Returns the specification's CollectFields for one type, with all conditions kept.
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
    /// Compares the selections of every possible object type, and of a type that the schema does not have.
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
    /// The difference between these sets and others.
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
