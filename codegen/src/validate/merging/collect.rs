//! The fields of selection sets, with all that fragments add to them.

use super::super::Rules;
use super::{Member, Merging, Selected};
use crate::query::{self, Follow, SelectedField, SelectionSet};
use crate::syntax::NodeId;
use crate::syntax::print::quoted;
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Field, Type, Value};
use std::fmt::Write as _;

/// A selection set to begin with.
pub(super) struct Start<'a> {
    pub set: SelectionSet<'a>,
    /// The member whose selection set it is.
    pub below: Option<usize>,
}

impl<'a> Merging<'a> {
    /// The fields that are selected below some, as members of one set.
    pub(super) fn collect_below(&mut self, rules: &Rules<'a>, members: &[usize]) -> Vec<usize> {
        let start = |member: &usize| {
            let Selected { field, definition, .. } = self.selected(*member);
            Start { set: field.below(*definition), below: Some(*member) }
        };
        let starts: Vec<Start<'a>> = members.iter().map(start).collect();
        self.collect(rules, starts)
    }

    /// The fields of selection sets that merge, each once, as members of one set.
    pub(super) fn collect(&mut self, rules: &Rules<'a>, starts: impl IntoIterator<Item = Start<'a>>) -> Vec<usize> {
        let first = self.members.len();
        let mut walk = rules.documents.walk(Follow::Once);
        for Start { set, below } in starts {
            walk.enter(set);
            for selected in &mut walk {
                match selected {
                    query::Selected::Field(field) => {
                        let field = self.number(rules, field);
                        self.members.push(Member { field, below });
                    }
                    query::Selected::Inline { .. } | query::Selected::Spread(_) => {}
                }
            }
        }
        self.covered.extend(walk.into_entered());
        self.looked_at += self.members.len() - first;
        (first..self.members.len()).collect()
    }

    /// The number of a field.
    fn number(&mut self, rules: &Rules<'a>, field: SelectedField<'a>) -> usize {
        let id = NodeId::of(field.field);
        if let Some(known) = self.numbers.get(&id) {
            return *known;
        }
        let definition = field.definition(rules.schema);
        let object = field.parent.map(|name| name.as_str()).filter(|name| rules.schema.is_object(name));
        let (call, _) = self.calls.insert_full(call(field.field));
        let shape = definition.map(|definition| self.shapes.insert_full(shape(rules, &definition.ty)).0);
        self.fields.push(Selected { field, object, definition, call, shape });
        self.numbers.insert(id, self.fields.len() - 1);
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
