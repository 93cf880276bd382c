//! Random variables as JSON, and equal Rust expressions.

use crate::random::Dice;
use graphwright_codegen::internal::ir::{Input, InputField, Leaf, Module, Operation, Presence, Ty};
use graphwright_codegen::internal::rust_name::is_keyword;
use serde_json::{Map, Value, json};

/// Random variables for an operation: some omitted, some null.
pub fn random(module: &Module, operation: &Operation, seed: u64) -> Value {
    let mut maker = Maker { module, dice: Dice(seed) };
    maker.object(&operation.variables, 0)
}

struct Maker<'a> {
    module: &'a Module,
    dice: Dice,
}

impl Maker<'_> {
    fn object(&mut self, fields: &[InputField], depth: usize) -> Value {
        let mut object = Map::new();
        for field in fields {
            let given = field.presence == Presence::Required || (depth < 3 && !self.dice.one_in(3));
            if !given {
                continue;
            }
            let null = field.presence == Presence::Nullable && self.dice.one_in(3);
            let value = if null { Value::Null } else { self.value(&field.ty, depth) };
            object.insert(field.graphql.clone(), value);
        }
        Value::Object(object)
    }

    fn value(&mut self, ty: &Ty, depth: usize) -> Value {
        match ty {
            Ty::Nullable(_) if depth > 3 || self.dice.one_in(3) => Value::Null,
            Ty::Nullable(inner) => self.value(inner, depth),
            Ty::List(inner) => {
                let count = if depth > 3 { 0 } else { self.dice.below(3) };
                (0..count).map(|_| self.value(inner, depth + 1)).collect()
            }
            Ty::Leaf(leaf) => self.leaf(leaf, depth),
            Ty::Shape(_) => Value::Null,
        }
    }

    fn leaf(&mut self, leaf: &Leaf, depth: usize) -> Value {
        match leaf {
            Leaf::Int => json!([0, -1, i32::MAX, i32::MIN][self.dice.below(4)]),
            Leaf::Float => json!([0.0, -1.5, 1e300, 0.1][self.dice.below(4)]),
            Leaf::Boolean => json!(self.dice.one_in(2)),
            Leaf::Id => [json!("id"), json!(7), json!("")][self.dice.below(3)].clone(),
            Leaf::String | Leaf::TypeName => json!(["", "text", "\"\\\n\u{0}\u{1f600}"][self.dice.below(3)]),
            Leaf::Scalar(_) => [json!({"a": [1, null]}), json!("x"), json!(1.5)][self.dice.below(3)].clone(),
            Leaf::Enum(name) => {
                let values = self.module.enums.iter().find(|one| one.graphql == *name).map(|one| &one.values);
                let value = values.and_then(|values| values.get(self.dice.below(values.len() + 1)));
                json!(value.map_or("FROM_THE_FUTURE", |value| &value.graphql))
            }
            Leaf::Input(name) => match self.input(name).cloned() {
                Some(input) if input.one_of => self.one_of(&input, depth),
                Some(input) => self.object(&input.fields, depth + 1),
                None => Value::Null,
            },
            Leaf::Rust(path) if path.to_lowercase().contains("str") => json!("text"),
            Leaf::Rust(_) => json!(1),
        }
    }

    /// Returns one of the fields; deep down, one that does not go deeper.
    fn one_of(&mut self, input: &Input, depth: usize) -> Value {
        let shallow = |field: &&InputField| !matches!(field.ty, Ty::Leaf(Leaf::Input(_)));
        let fields: Vec<&InputField> = if depth > 3 && input.fields.iter().any(|field| shallow(&field)) {
            input.fields.iter().filter(shallow).collect()
        } else {
            input.fields.iter().collect()
        };
        let field = fields[self.dice.below(fields.len())];
        json!({ field.graphql.as_str(): self.value(&field.ty, depth + 1) })
    }

    fn input(&self, name: &str) -> Option<&Input> {
        self.module.inputs.iter().find(|input| input.graphql == name)
    }
}

/// Returns a Rust expression of the operation's struct that encodes to these variables; `None` if the harness does not
/// support a value.
///
/// `root` is the path of the output, `document` that of the module of the operation's document, from there.
pub fn expression(
    module: &Module,
    root: &str,
    document: &[String],
    operation: &Operation,
    variables: &Value,
) -> Option<String> {
    let writer = Writer { module, root };
    let path: Vec<String> = document.iter().chain([&operation.data.name]).map(|name| raw(name)).collect();
    let name = format!("{root}::{}", path.join("::"));
    writer.literal(&name, &operation.variables, variables)
}

struct Writer<'a> {
    module: &'a Module,
    root: &'a str,
}

impl Writer<'_> {
    fn literal(&self, name: &str, fields: &[InputField], object: &Value) -> Option<String> {
        let fields: Option<Vec<String>> = fields
            .iter()
            .map(|field| {
                let given = object.get(&field.graphql);
                let value = match (field.presence, given) {
                    (Presence::Required, Some(value)) => self.boxed(field, value)?,
                    (Presence::Required, None) => return None,
                    (Presence::Optional, None) => "::core::option::Option::None".to_owned(),
                    (Presence::Optional, Some(value)) => {
                        format!("::core::option::Option::Some({})", self.boxed(field, value)?)
                    }
                    (Presence::Nullable, None) => "::graphwright::Input::Omitted".to_owned(),
                    (Presence::Nullable, Some(Value::Null)) => "::graphwright::Input::Null".to_owned(),
                    (Presence::Nullable, Some(value)) => {
                        format!("::graphwright::Input::Value({})", self.boxed(field, value)?)
                    }
                };
                Some(format!("{}: {value}", raw(&field.name)))
            })
            .collect();
        Some(format!("{name} {{ {} }}", fields?.join(", ")))
    }

    fn boxed(&self, field: &InputField, value: &Value) -> Option<String> {
        let value = self.value(&field.ty, value)?;
        Some(if field.boxed { format!("::std::boxed::Box::new({value})") } else { value })
    }

    fn value(&self, ty: &Ty, value: &Value) -> Option<String> {
        match ty {
            Ty::Nullable(_) if value.is_null() => Some("::core::option::Option::None".to_owned()),
            Ty::Nullable(inner) => Some(format!("::core::option::Option::Some({})", self.value(inner, value)?)),
            Ty::List(inner) => {
                let items: Option<Vec<String>> = value.as_array()?.iter().map(|item| self.value(inner, item)).collect();
                Some(format!("::std::vec![{}]", items?.join(", ")))
            }
            Ty::Leaf(leaf) => self.leaf(leaf, value),
            Ty::Shape(_) => None,
        }
    }

    fn leaf(&self, leaf: &Leaf, value: &Value) -> Option<String> {
        let root = self.root;
        let json = format!("::serde_json::from_str({:?}).unwrap()", value.to_string());
        Some(match leaf {
            Leaf::Int | Leaf::Boolean => value.to_string(),
            Leaf::Float => format!("{:?}f64", value.as_f64()?),
            Leaf::String | Leaf::TypeName => format!("::std::string::String::from({:?})", value.as_str()?),
            Leaf::Id => match value.as_str() {
                Some(text) => format!("::graphwright::Id::from({text:?})"),
                None => format!("::graphwright::Id::from({value}i64)"),
            },
            Leaf::Enum(name) => {
                format!("{root}::types::{}::from({:?})", raw(self.module.type_name(name)?), value.as_str()?)
            }
            Leaf::Scalar(name) => format!("{root}::types::{}({json})", raw(self.module.type_name(name)?)),
            Leaf::Rust(_) => json,
            Leaf::Input(name) => {
                let input = self.module.inputs.iter().find(|input| input.graphql == *name)?;
                let path = format!("{root}::types::{}", raw(&input.name));
                if !input.one_of {
                    return self.literal(&path, &input.fields, value);
                }
                let (key, value) = value.as_object()?.iter().next()?;
                let field = input.fields.iter().find(|field| field.graphql == *key)?;
                format!("{path}::{}({})", raw(&field.setter), self.boxed(field, value)?)
            }
        })
    }
}

/// A name as it is written in Rust.
pub fn raw(name: &str) -> String {
    if is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}
