//! The fields of selection sets, with all that fragments add to them.

use super::super::Rules;
use super::{Member, Merging, Selected};
use crate::document::FragmentId;
use crate::syntax::print::{owner, quoted};
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Field, FragmentSpread, Selection, Type, Value};
use rustc_hash::FxHashSet;
use std::fmt::Write as _;

/// A selection set to begin with.
pub(super) struct Start<'a> {
    pub selections: &'a [Selection],
    /// The type that it selects from, if that is known.
    pub parent: Option<&'a str>,
    /// The file that spreads are resolved from.
    pub file: usize,
    /// The member whose selection set it is.
    pub below: Option<usize>,
}

/// A selection set that is being walked.
struct Walked<'a> {
    rest: std::slice::Iter<'a, Selection>,
    parent: Option<&'a str>,
    file: usize,
}

impl<'a> Merging<'a> {
    /// The fields that are selected below some, as members of one set.
    pub(super) fn collect_below(&mut self, rules: &Rules<'a>, members: &[usize]) -> Vec<usize> {
        let starts: Vec<Start<'a>> = (members.iter())
            .map(|member| {
                let selected = self.selected(*member);
                let parent = selected.ty.map(|ty| ty.inner_named_type().as_str());
                let (selections, file) = (&selected.field.selection_set, selected.file);
                Start { selections, parent, file, below: Some(*member) }
            })
            .collect();
        self.collect(rules, starts)
    }

    /// The fields of selection sets that merge, each once, as members of one set.
    pub(super) fn collect(&mut self, rules: &Rules<'a>, starts: impl IntoIterator<Item = Start<'a>>) -> Vec<usize> {
        let first = self.members.len();
        let mut fragments: FxHashSet<FragmentId> = FxHashSet::default();
        for Start { selections, parent, file, below } in starts {
            // A chain of fragments can be longer than the stack is deep.
            let mut open = vec![Walked { rest: selections.iter(), parent, file }];
            while let Some(walked) = open.last_mut() {
                let (parent, file) = (walked.parent, walked.file);
                match walked.rest.next() {
                    None => {
                        open.pop();
                    }
                    Some(Selection::Field(field)) => {
                        let field = self.number(rules, field, parent, file);
                        self.members.push(Member { field, below });
                    }
                    Some(Selection::InlineFragment(inline)) => {
                        let parent = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                        open.push(Walked { rest: inline.selection_set.iter(), parent, file });
                    }
                    Some(Selection::FragmentSpread(spread)) => {
                        let Some(id) = self.resolve(rules, file, spread) else { continue };
                        if fragments.insert(id) {
                            self.covered.insert(id);
                            let fragment = rules.documents.fragment(id);
                            let parent = Some(fragment.definition.type_condition.as_str());
                            let rest = fragment.definition.selection_set.iter();
                            open.push(Walked { rest, parent, file: fragment.file });
                        }
                    }
                }
            }
        }
        self.looked_at += self.members.len() - first;
        (first..self.members.len()).collect()
    }

    fn resolve(&mut self, rules: &Rules<'a>, file: usize, spread: &'a Node<FragmentSpread>) -> Option<FragmentId> {
        let resolve = || rules.documents.resolve(rules.sources, file, &spread.fragment_name).ok();
        *self.resolved.entry(owner(spread)).or_insert_with(resolve)
    }

    /// The number of a field.
    fn number(&mut self, rules: &Rules<'a>, field: &'a Node<Field>, parent: Option<&'a str>, file: usize) -> usize {
        if let Some(known) = self.numbers.get(&owner(field)) {
            return *known;
        }
        let ty = parent.and_then(|parent| rules.schema.field(parent, &field.name)).map(|definition| &definition.ty);
        let is_object = |name: &&str| rules.schema.is_object(name);
        let (call, _) = self.calls.insert_full(call(field));
        let shape = ty.map(|ty| self.shapes.insert_full(shape(rules, ty)).0);
        self.fields.push(Selected { field, object: parent.filter(is_object), ty, file, call, shape });
        self.numbers.insert(owner(field), self.fields.len() - 1);
        self.fields.len() - 1
    }
}

/// The lists and nulls of a type, and what is in them: texts are equal if SameResponseShape (5.3.2) holds of the types
/// themselves.
fn shape(rules: &Rules<'_>, ty: &Type) -> String {
    match ty {
        Type::Named(name) if rules.schema.is_composite(name) => "{}".to_owned(),
        Type::NonNullNamed(name) if rules.schema.is_composite(name) => "{}!".to_owned(),
        Type::Named(name) => name.to_string(),
        Type::NonNullNamed(name) => format!("{name}!"),
        Type::List(item) => format!("[{}]", shape(rules, item)),
        Type::NonNullList(item) => format!("[{}]!", shape(rules, item)),
    }
}

/// A field's name and arguments; the order of arguments, and of fields in objects, does not matter.
fn call(field: &Field) -> String {
    let mut text = field.name.to_string();
    let mut arguments: Vec<&Node<Argument>> = field.arguments.iter().collect();
    arguments.sort_by(|left, right| left.name.cmp(&right.name));
    for argument in arguments {
        let _ = write!(text, ",{}:", argument.name);
        value(&mut text, &argument.value);
    }
    text
}

fn value(text: &mut String, of: &Value) {
    match of {
        Value::Null => text.push_str("null"),
        Value::Boolean(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Enum(name) => text.push_str(name),
        Value::Variable(name) => {
            let _ = write!(text, "${name}");
        }
        Value::Int(number) => text.push_str(number.as_str()),
        Value::Float(number) => text.push_str(number.as_str()),
        Value::String(string) => text.push_str(&quoted(string)),
        Value::List(items) => {
            text.push('[');
            for item in items {
                value(text, item);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|(left, _), (right, _)| left.cmp(right));
            text.push('{');
            for (name, field) in fields {
                let _ = write!(text, "{name}:");
                value(text, field);
                text.push(',');
            }
            text.push('}');
        }
    }
}
