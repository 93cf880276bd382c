//! The conditional fragments that a decoded response must contain: encoding does not show this if the parent has the
//! same keys.
//!
//! The program of the cases prints decoded data with `Debug`; here the text is parsed and compared with the response.

use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, DirectiveList, Document, FragmentDefinition, Selection, Value as Literal};
use graphwright_codegen::internal::ir::{
    ArmsPlace, Definition as Lowered, FragmentId, Members, Module, ON_FIELD, Operation, Payload, Shape, ShapeRef, Ty,
};
use serde_json::{Map, Value};

/// Returns true if a sent document has spreads that may be left out.
pub fn has_conditional_spreads(document: &str) -> bool {
    document.contains("...") && (document.contains("@include") || document.contains("@skip"))
}

/// Finds the fragments that are not there and ought to be, and counts those that are.
///
/// # Errors
/// The first that is missing, by its path in the answer.
pub fn check(
    schema: &Schema,
    module: &Module,
    operation: &Operation,
    variables: &Map<String, Value>,
    answer: &Value,
    debug: &str,
) -> Result<usize, String> {
    let document = Document::parse(operation.document.as_str(), "sent").unwrap_or_else(|found| found.partial);
    let Some((tree, "")) = Tree::parse(debug) else { return Err(format!("no debug text: {debug}")) };
    let definition = document.definitions.iter().find_map(|definition| match definition {
        Definition::OperationDefinition(node) => Some(node),
        _ => None,
    });
    let Some(node) = definition else { return Ok(0) };
    let mut variables = variables.clone();
    for variable in &node.variables {
        if let Some(default) = variable.default_value.as_ref().and_then(|value| value.to_bool()) {
            variables.entry(variable.name.to_string()).or_insert(Value::Bool(default));
        }
    }
    let mut walk = Walk { schema, module, document: &document, variables, there: 0 };
    let root = Scope { definition: &operation.data, sets: vec![&node.selection_set] };
    walk.value(&root, &Ty::Shape(operation.root), &tree, answer, "$")?;
    Ok(walk.there)
}

/// A selection set as written, with all fields of one key together, and the definition whose types it has.
struct Scope<'a> {
    definition: &'a Lowered,
    sets: Vec<&'a [Selection]>,
}

struct Walk<'a> {
    schema: &'a Schema,
    module: &'a Module,
    document: &'a Document,
    variables: Map<String, Value>,
    there: usize,
}

impl<'a> Walk<'a> {
    fn value(&mut self, scope: &Scope<'a>, ty: &Ty, tree: &Tree, json: &Value, path: &str) -> Result<(), String> {
        match (ty, tree, json) {
            (Ty::Nullable(inner), Tree::Named(name, fields), _) if name == "Some" && !fields.is_empty() => {
                self.value(scope, inner, &fields[0].1, json, path)
            }
            (Ty::List(inner), Tree::List(trees), Value::Array(items)) => {
                let mut all = trees.iter().zip(items).enumerate();
                all.try_for_each(|(at, (tree, item))| self.value(scope, inner, tree, item, &format!("{path}[{at}]")))
            }
            (Ty::Shape(ShapeRef::Local(at)), _, Value::Object(object)) => {
                self.shape(scope, &scope.definition.shapes[at], tree, object, path)
            }
            (Ty::Shape(ShapeRef::Fragment(at)), _, Value::Object(_)) => self.fragment(*at, tree, json, path),
            _ => Ok(()),
        }
    }

    fn fragment(&mut self, at: FragmentId, tree: &Tree, json: &Value, path: &str) -> Result<(), String> {
        let fragment = &self.module.fragments[at];
        let Some(node) = self.fragment_of(&fragment.graphql) else { return Ok(()) };
        let definition = &fragment.data;
        let scope = Scope { definition, sets: vec![&node.selection_set] };
        self.value(&scope, &Ty::Shape(fragment.root.into()), tree, json, path)
    }

    fn shape(
        &mut self,
        scope: &Scope<'a>,
        shape: &Shape,
        tree: &Tree,
        object: &Map<String, Value>,
        path: &str,
    ) -> Result<(), String> {
        let typename = match object.get("__typename").and_then(Value::as_str) {
            Some(name) if self.schema.types.contains_key(name) => name,
            _ => shape.on_type.as_str(),
        };
        let mut seen = Seen::default();
        for set in &scope.sets {
            self.collect(set, typename, &mut seen);
        }
        for (members, tree) in parts(shape, tree) {
            for spread in &members.spreads {
                let name = self.module.fragments[spread.fragment].graphql.as_str();
                let Some(held) = tree.field(&spread.name) else { continue };
                let (is_held, held) = match held {
                    Tree::Named(some, fields) if spread.conditional && some == "Some" && fields.len() == 1 => {
                        (true, &fields[0].1)
                    }
                    held => (!spread.conditional, held),
                };
                let is_expected = seen.spreads.contains(&name) && self.selects_something(name, typename, object);
                if is_expected && !is_held {
                    return Err(format!("{path} of {typename}: the fragment {name} ought to be there and is {held:?}"));
                }
                self.there += usize::from(is_expected && spread.conditional);
                if is_held {
                    self.fragment(spread.fragment, held, &Value::Object(object.clone()), path)?;
                }
            }
            for field in &members.fields {
                let (Some(held), Some(json)) = (tree.field(&field.name), object.get(&field.key)) else { continue };
                let sets = seen.fields.iter().filter(|(key, _)| *key == field.key).map(|(_, set)| *set).collect();
                let below = Scope { definition: scope.definition, sets };
                let ty = if field.conditional { Ty::Nullable(Box::new(field.ty.clone())) } else { field.ty.clone() };
                self.value(&below, &ty, held, json, &format!("{path}.{}", field.key))?;
            }
        }
        Ok(())
    }

    /// Returns true if something in the answer is there because of a fragment.
    fn selects_something(&self, name: &str, typename: &str, object: &Map<String, Value>) -> bool {
        let Some(node) = self.fragment_of(name) else { return false };
        let mut seen = Seen::default();
        self.collect(&node.selection_set, typename, &mut seen);
        seen.fields.iter().any(|(key, _)| object.contains_key(*key))
            || seen.spreads.iter().any(|spread| self.selects_something(spread, typename, object))
    }

    /// Collects the selections of a type under the variables, with fragments by name.
    fn collect<'s>(&self, selections: &'s [Selection], typename: &str, seen: &mut Seen<'s>) {
        for selection in selections {
            match selection {
                Selection::Field(field) if self.is_included(&field.directives) => {
                    seen.fields.push((field.response_name(), &field.selection_set));
                }
                Selection::InlineFragment(inline)
                    if self.is_included(&inline.directives)
                        && inline.type_condition.as_ref().is_none_or(|condition| self.is(typename, condition)) =>
                {
                    self.collect(&inline.selection_set, typename, seen);
                }
                Selection::FragmentSpread(spread) if self.is_included(&spread.directives) => {
                    let node = self.fragment_of(&spread.fragment_name);
                    if node.is_some_and(|node| self.is(typename, &node.type_condition)) {
                        seen.spreads.push(spread.fragment_name.as_str());
                    }
                }
                _ => {}
            }
        }
    }

    fn is(&self, typename: &str, condition: &str) -> bool {
        typename == condition || self.schema.is_subtype(condition, typename)
    }

    fn is_included(&self, directives: &DirectiveList) -> bool {
        let argument = |name: &str| match &**directives.get(name)?.specified_argument_by_name("if")? {
            Literal::Boolean(value) => Some(*value),
            Literal::Variable(variable) => self.variables.get(variable.as_str())?.as_bool(),
            _ => None,
        };
        argument("include").unwrap_or(true) && !argument("skip").unwrap_or(false)
    }

    fn fragment_of(&self, name: &str) -> Option<&'a FragmentDefinition> {
        self.document.definitions.iter().find_map(|definition| match definition {
            Definition::FragmentDefinition(node) if node.name == name => Some(&**node),
            _ => None,
        })
    }
}

#[derive(Default)]
struct Seen<'s> {
    fields: Vec<(&'s str, &'s [Selection])>,
    spreads: Vec<&'s str>,
}

/// Returns the structs of a value, its own and that of its variant, each with its members.
fn parts<'t>(shape: &Shape, tree: &'t Tree) -> Vec<(Members, &'t Tree)> {
    let Some(arms) = &shape.arms else { return vec![(shape.members.clone(), tree)] };
    let (own, chosen) = match arms.place {
        ArmsPlace::Alone => (None, Some(tree)),
        ArmsPlace::Inside { .. } => (Some((shape.members.clone(), tree)), tree.field(ON_FIELD)),
    };
    let variant = chosen.and_then(|chosen| match chosen {
        Tree::Named(name, fields) => {
            let payload = arms.arms.iter().find(|arm| arm.variant == *name).map_or(&arms.other, |arm| &arm.payload);
            match (payload, fields.as_slice()) {
                (Payload::Struct { members, .. }, [(_, inner)]) => Some((members.clone(), inner)),
                // The variant holds the fragment itself, as if it were its only field.
                (Payload::Fragment(spread), [_]) => {
                    let mut spread = spread.clone();
                    "0".clone_into(&mut spread.name);
                    Some((Members { fields: Vec::new(), spreads: vec![spread] }, chosen))
                }
                _ => None,
            }
        }
        _ => None,
    });
    own.into_iter().chain(variant).collect()
}

/// The `Debug` output of a value.
#[derive(Debug)]
enum Tree {
    /// A struct, tuple struct or variant, or just a word or number; fields of tuples are numbered.
    Named(String, Vec<(String, Tree)>),
    List(Vec<Tree>),
    Text,
}

impl Tree {
    fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Named(_, fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns a value, and the text after it.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let text = text.trim_start();
        if let Some(rest) = text.strip_prefix('"') {
            let mut escaped = false;
            let end = rest.find(|letter| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            })?;
            return Some((Self::Text, &rest[end + 1..]));
        }
        let end = text.find(|letter| "()[]{},: \"".contains(letter)).unwrap_or(text.len());
        let (name, rest) = (&text[..end], text[end..].trim_start());
        match rest.chars().next() {
            Some('(') => Self::fields(name, &rest[1..], ')'),
            Some('{') => Self::fields(name, &rest[1..], '}'),
            Some('[') => {
                let (Self::Named(_, items), rest) = Self::fields(name, &rest[1..], ']')? else { return None };
                Some((Self::List(items.into_iter().map(|(_, item)| item).collect()), rest))
            }
            _ if name.is_empty() => None,
            _ => Some((Self::Named(name.to_owned(), Vec::new()), &text[end..])),
        }
    }

    /// Parses the content of brackets.
    fn fields<'t>(name: &str, mut text: &'t str, close: char) -> Option<(Self, &'t str)> {
        let mut fields = Vec::new();
        loop {
            text = text.trim_start();
            if let Some(rest) = text.strip_prefix(close) {
                return Some((Self::Named(name.to_owned(), fields), rest));
            }
            let (mut value, mut rest) = Self::parse(text)?;
            let mut key = fields.len().to_string();
            if close == '}' {
                if let Self::Named(field, _) = &value {
                    key.clone_from(field);
                }
                (value, rest) = Self::parse(rest.trim_start().strip_prefix(':')?)?;
            }
            fields.push((key, value));
            text = rest.trim_start();
            text = text.strip_prefix(',').unwrap_or(text);
        }
    }
}
