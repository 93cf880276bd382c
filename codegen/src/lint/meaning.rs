//! What operations mean, in a form that two texts can be compared by.
//!
//! Fragments are put in their places, fields of one response key are merged, and arguments are sorted: documents with the
//! same meaning send the same request in other words. `__typename` does not count, since it changes no other value.

use crate::document::{Documents, FragmentId};
use crate::schema::{Schema, TypeSet};
use crate::source::Sources;
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Directive, Selection, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The meaning of every operation of some documents, by name and kind, and in the order of the text where names repeat.
pub fn meaning(schema: &Schema, documents: &Documents, sources: &Sources) -> BTreeMap<(String, usize), u64> {
    let mut all: BTreeMap<(String, usize), u64> = BTreeMap::new();
    for file in 0..documents.files.len() {
        for operation in documents.operations(file) {
            let root = schema.definitions().root_operation(operation.operation_type);
            let mut merged = Merged::default();
            let reader = Reader { schema, documents, sources };
            if let Some(root) = root {
                let place = Place { file, types: schema.types.possible(root), parent: root, conditions: Vec::new() };
                reader.add(&operation.selection_set, &place, &mut Vec::new(), &mut merged);
            }
            let mut hasher = DefaultHasher::new();
            let mut variables: Vec<String> =
                operation.variables.iter().map(|variable| variable.serialize().no_indent().to_string()).collect();
            variables.sort();
            (variables, directives(&operation.directives), merged).hash(&mut hasher);
            let name = operation.name.as_ref().map(ToString::to_string).unwrap_or_default();
            let name = format!("{} {name}", operation.operation_type);
            let count = all.keys().filter(|(known, _)| *known == name).count();
            all.insert((name, count), hasher.finish());
        }
    }
    all
}

/// Fields by response key, name, arguments, types and conditions.
#[derive(Debug, Default, Hash)]
struct Merged(BTreeMap<(String, String, Vec<String>, Vec<usize>, Vec<String>), Merged>);

struct Reader<'a> {
    schema: &'a Schema,
    documents: &'a Documents,
    sources: &'a Sources,
}

struct Place<'a> {
    file: usize,
    types: TypeSet,
    parent: &'a str,
    conditions: Vec<String>,
}

impl Reader<'_> {
    fn add(&self, selections: &[Selection], place: &Place<'_>, way: &mut Vec<FragmentId>, merged: &mut Merged) {
        for selection in selections {
            match selection {
                Selection::Field(field) if field.name == "__typename" => {}
                Selection::Field(field) => {
                    let mut conditions = [place.conditions.clone(), directives(&field.directives)].concat();
                    conditions.sort();
                    conditions.dedup();
                    let arguments = arguments(&field.arguments);
                    let types: Vec<usize> = place.types.iter().collect();
                    let key = (field.response_name().to_string(), field.name.to_string(), arguments, types, conditions);
                    let below = merged.0.entry(key).or_default();
                    let ty = self.schema.field(place.parent, &field.name).map(|of| of.ty.inner_named_type().as_str());
                    if let Some(ty) = ty.filter(|_| !field.selection_set.is_empty()) {
                        let types = self.schema.types.possible(ty);
                        let inner = Place { file: place.file, types, parent: ty, conditions: Vec::new() };
                        self.add(&field.selection_set, &inner, way, below);
                    }
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref().map_or(place.parent, |name| name.as_str());
                    let inner = self.narrowed(place, place.file, condition, &inline.directives);
                    self.add(&inline.selection_set, &inner, way, merged);
                }
                Selection::FragmentSpread(spread) => {
                    let Ok(id) = self.documents.resolve(self.sources, place.file, &spread.fragment_name) else {
                        continue;
                    };
                    if way.contains(&id) {
                        continue;
                    }
                    let fragment = self.documents.fragment(id);
                    let condition = &fragment.definition.type_condition;
                    let inner = self.narrowed(place, fragment.file, condition, &spread.directives);
                    way.push(id);
                    self.add(&fragment.definition.selection_set, &inner, way, merged);
                    way.pop();
                }
            }
        }
    }

    fn narrowed<'p>(&self, place: &Place<'_>, file: usize, condition: &'p str, given: &[Node<Directive>]) -> Place<'p> {
        Place {
            file,
            types: place.types.intersection(&self.schema.types.possible(condition)),
            parent: condition,
            conditions: [place.conditions.clone(), directives(given)].concat(),
        }
    }
}

fn directives(directives: &[Node<Directive>]) -> Vec<String> {
    directives.iter().map(|one| format!("@{}{:?}", one.name, arguments(&one.arguments))).collect()
}

fn arguments(arguments: &[Node<Argument>]) -> Vec<String> {
    let mut all: Vec<String> = arguments.iter().map(|one| format!("{}:{}", one.name, value(&one.value))).collect();
    all.sort();
    all
}

fn value(one: &Value) -> String {
    match one {
        Value::Object(fields) => {
            let mut all: Vec<String> = fields.iter().map(|(name, field)| format!("{name}:{}", value(field))).collect();
            all.sort();
            format!("{{{}}}", all.join(","))
        }
        Value::List(items) => format!("[{}]", items.iter().map(|item| value(item)).collect::<Vec<_>>().join(",")),
        other => other.serialize().no_indent().to_string(),
    }
}
