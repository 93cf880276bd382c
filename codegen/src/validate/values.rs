//! Rules about literals (5.6).

use super::{Position, Rules, attribute, of_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::TypeDefinition;
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::coordinate::SchemaCoordinate;
use apollo_compiler::schema::InputObjectType;
use apollo_compiler::{Name, Node};

impl<'a> Rules<'a> {
    /// `values-of-correct-type`, `unique-input-field-names`: a literal in a place of the given type.
    /// Variables in it are the business of other rules.
    pub(super) fn value(&mut self, value: &'a Node<Value>, ty: &'a Type, what: &Position) {
        match (&**value, ty) {
            (Value::Variable(_), _) => {}
            (Value::Null, _) if ty.is_non_null() => {
                self.wrong(value, format!("{what} of type `{ty}` must not be null"), what.of.clone())
            }
            (Value::Null, _) => {}
            (Value::List(items), Type::List(item) | Type::NonNullList(item)) => {
                let what = what.item();
                items.iter().for_each(|value| self.value(value, item, &what));
            }
            // A single value is coerced to a list of it (3.11, Input Coercion).
            (_, Type::List(item) | Type::NonNullList(item)) => self.value(value, item, what),
            (_, Type::Named(name) | Type::NonNullNamed(name)) => self.named(value, name, what),
        }
    }

    fn named(&mut self, value: &'a Node<Value>, name: &'a Name, what: &Position) {
        let definition = self.schema.ty(name);
        match (definition, &**value) {
            (Some(TypeDefinition::InputObject(input)), Value::Object(fields)) => self.object(value, fields, input),
            (Some(TypeDefinition::Enum(definition)), Value::Enum(given)) => {
                if !definition.values.contains_key(given) {
                    let message = format!("the enum `{name}` has no value `{given}`");
                    let place = self.documents.place(value);
                    let diagnostic = Diagnostic::error(Code::VALUES_OF_CORRECT_TYPE, message).at(place, "");
                    let diagnostic = diagnostic.about(attribute(name, given)).about(of_type(name));
                    self.found.push(self.suggest(
                        diagnostic,
                        given,
                        definition.values.keys().map(|name| name.as_str()),
                    ));
                }
            }
            (Some(TypeDefinition::Enum(definition)), given) => {
                let text = given.as_str().filter(|text| definition.values.contains_key(*text));
                let place = self.documents.place(value);
                let message = format!("{what} must be a value of the enum `{name}`, not {}", described(given));
                let mut diagnostic = Diagnostic::error(Code::VALUES_OF_CORRECT_TYPE, message).at(place, "");
                diagnostic.about.extend(what.of.clone());
                let diagnostic = diagnostic.about(of_type(name));
                self.found.push(match text {
                    Some(text) => diagnostic.help(format!("values of enums have no quotes: `{text}`")),
                    None => diagnostic,
                });
            }
            (Some(TypeDefinition::Scalar(_)), given) => {
                let wrong = match name.as_str() {
                    "Int" => match given {
                        Value::Int(number) if number.try_to_i32().is_err() => {
                            Some(format!("`{number}` does not fit into 32 bits"))
                        }
                        Value::Int(_) => None,
                        _ => Some(format!("{what} must be an integer, not {}", described(given))),
                    },
                    "Float" => match given {
                        Value::Int(number) if number.try_to_f64().is_err() => {
                            Some(format!("`{number}` is too large for `Float`"))
                        }
                        Value::Float(number) if number.try_to_f64().is_err() => {
                            Some(format!("`{number}` is too large for `Float`"))
                        }
                        Value::Int(_) | Value::Float(_) => None,
                        _ => Some(format!("{what} must be a number, not {}", described(given))),
                    },
                    "String" if given.as_str().is_none() => {
                        Some(format!("{what} must be a string, not {}", described(given)))
                    }
                    "Boolean" if given.to_bool().is_none() => {
                        Some(format!("{what} must be true or false, not {}", described(given)))
                    }
                    "ID" if !matches!(given, Value::String(_) | Value::Int(_)) => {
                        Some(format!("{what} must be a string or an integer, not {}", described(given)))
                    }
                    "String" | "Boolean" | "ID" => None,
                    // A custom scalar takes what its server takes.
                    _ => {
                        self.shapeless(value);
                        None
                    }
                };
                if let Some(message) = wrong {
                    self.wrong(value, message, what.of.clone());
                }
            }
            (Some(TypeDefinition::InputObject(_)), given) => {
                let message = format!("{what} must be an object of type `{name}`, not {}", described(given));
                self.wrong(value, message, what.of.iter().cloned().chain([of_type(name).into()]));
            }
            _ => self.shapeless(value),
        }
    }

    fn object(&mut self, value: &'a Node<Value>, fields: &'a [(Name, Node<Value>)], input: &'a InputObjectType) {
        let ty = &input.name;
        self.unique_fields(fields);
        for (name, field) in fields {
            self.ambiguous(ty, Some(name), name);
            match input.fields.get(name) {
                Some(definition) => {
                    let position = Position::new(format!("field `{name}`"), attribute(ty, name));
                    self.value(field, &definition.ty, &position);
                }
                None => {
                    let message = format!("the input `{ty}` has no field `{name}`");
                    let diagnostic = Diagnostic::error(Code::VALUES_OF_CORRECT_TYPE, message).at(self.name(name), "");
                    let diagnostic = diagnostic.about(attribute(ty, name)).about(of_type(ty));
                    self.found.push(self.suggest(diagnostic, name, input.fields.keys().map(|name| name.as_str())));
                    self.shapeless(field);
                }
            }
        }
        for definition in input.fields.values().filter(|definition| definition.is_required()) {
            if !fields.iter().any(|(name, _)| *name == definition.name) {
                let message =
                    format!("the input `{ty}` needs the field `{}` of type `{}`", definition.name, definition.ty);
                self.wrong(value, message, [attribute(ty, &definition.name).into()]);
            }
        }
        if self.schema.is_one_of(ty) {
            let about = [of_type(ty).into()];
            match fields {
                [(name, only)] if only.is_null() => {
                    let message = format!("field `{name}` of the one-of input `{ty}` must not be null");
                    self.wrong(only, message, about);
                }
                [_] => {}
                _ => {
                    let count = fields.len();
                    let message = format!("exactly one field of the one-of input `{ty}` must be given, not {count}");
                    self.wrong(value, message, about);
                }
            }
        }
    }

    /// A value of which nothing is known but that its objects have each field once.
    pub(super) fn shapeless(&mut self, value: &'a Node<Value>) {
        match &**value {
            Value::List(items) => items.iter().for_each(|item| self.shapeless(item)),
            Value::Object(fields) => {
                self.unique_fields(fields);
                fields.iter().for_each(|(_, field)| self.shapeless(field));
            }
            _ => {}
        }
    }

    fn unique_fields(&mut self, fields: &'a [(Name, Node<Value>)]) {
        for (at, (name, _)) in fields.iter().enumerate() {
            if let Some((first, _)) = fields[..at].iter().find(|(earlier, _)| earlier == name) {
                self.twice(Code::UNIQUE_INPUT_FIELD_NAMES, "field", first, name);
            }
        }
    }

    fn wrong(&mut self, value: &Node<Value>, message: String, about: impl IntoIterator<Item = SchemaCoordinate>) {
        let place = self.documents.place(value);
        let mut diagnostic = Diagnostic::error(Code::VALUES_OF_CORRECT_TYPE, message).at(place, "");
        diagnostic.about.extend(about);
        self.found.push(diagnostic);
    }
}

fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Enum(name) => format!("the name `{name}`"),
        Value::Variable(name) => format!("`${name}`"),
        Value::String(_) => "a string".to_owned(),
        Value::Float(number) => format!("`{number}`"),
        Value::Int(number) => format!("`{number}`"),
        Value::Boolean(value) => format!("`{value}`"),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
