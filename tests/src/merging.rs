//! Field Selection Merging (5.3.2) as the specification writes it, and random documents to judge with it.
//!
//! This compares every pair of fields, again wherever they meet, and shares no code with the rule that it checks.

use crate::random::Dice;
use anyhow::{Result, anyhow, bail};
use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, Selection, Type};
use graphwright_codegen::internal::query::Documents;
use graphwright_codegen::internal::validate::validate;
use graphwright_codegen::source::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Types with fields of one name that agree in some types and clash in others.
const SCHEMA: &str = "
type Query { root: I other: J a: A union: U }
interface I { n(k: Int, l: [In]): Int i: I a: A list: [I] }
interface J { n(k: Int, l: [In]): Int i: J s: String }
type A implements I & J { n(k: Int, l: [In]): Int! i: A a: A list: [I] s: String x: Int y: String u: U }
type B implements I { n(k: Int, l: [In]): Int i: B a: A list: [I!] s: Int x: Int! y: [String] u: U }
type C implements J { n(k: Int, l: [In]): Int i: J s: String x: E y: String u: U }
union U = A | B | C
enum E { ONE TWO }
input In { p: Int q: String }
";

/// A field that random documents select: its name, and the type of its selection set, if it has one.
type Choice = (&'static str, Option<&'static str>);

/// The possible selections of random documents for each type.
const FIELDS: [(&str, &[Choice]); 6] = [
    ("I", &[("n", None), ("i", Some("I")), ("a", Some("A")), ("list", Some("I"))]),
    ("J", &[("n", None), ("i", Some("J")), ("s", None)]),
    ("A", &[("n", None), ("i", Some("A")), ("s", None), ("x", None), ("y", None), ("u", Some("U"))]),
    ("B", &[("n", None), ("i", Some("B")), ("s", None), ("x", None), ("y", None), ("list", Some("I"))]),
    ("C", &[("n", None), ("i", Some("J")), ("s", None), ("x", None), ("y", None), ("u", Some("U"))]),
    ("U", &[("__typename", None)]),
];
const ARGUMENTS: [&str; 5] =
    ["(k: 1)", "(k: 2)", "(k: 1, l: [{p: 1, q: \"a\"}])", "(l: [{q: \"a\", p: 1}], k: 1)", "(k: $v)"];

/// Judges random documents by the rule and by the specification's algorithm: how many are valid, and how many are not.
///
/// # Errors
/// A document that the two disagree about.
pub fn compare(seeds: std::ops::Range<u64>) -> Result<(usize, usize)> {
    const CODES: [&str; 2] = ["overlapping-fields-can-be-merged", "same-response-shape"];
    let mut sources = Sources::default();
    let id = sources.add("schema.graphql", SCHEMA);
    let (schema, sources) = graphwright_codegen::internal::schema::load(sources, &[id])?;
    let (mut valid, mut invalid) = (0, 0);
    for seed in seeds {
        let text = document(seed);
        let parsed = Document::parse(text.as_str(), "query.graphql").map_err(|found| anyhow!("{}", found.errors))?;
        let expected = Reference::can_merge(schema.whole(), &parsed);
        let mut sources = sources.clone();
        let id = sources.add("query.graphql", text.as_str());
        let (documents, _) = Documents::parse(&sources, &[id], &[]);
        let told = validate(&schema, &documents, &sources).iter().any(|one| CODES.contains(&one.code.name()));
        if told == expected {
            bail!(
                "seed {seed}: the specification says that fields can{} be merged of\n{text}",
                if expected { "" } else { "not" }
            );
        }
        *(if expected { &mut valid } else { &mut invalid }) += 1;
    }
    Ok((valid, invalid))
}

/// Returns a random document: an operation, and fragments that spread later ones.
fn document(seed: u64) -> String {
    let mut dice = Dice(seed);
    let fragments = dice.below(6);
    let mut text = String::from("query Q($v: Int) { root {");
    let mut left = 4 + dice.below(16);
    selections(&mut dice, "I", 0, (0, fragments), &mut left, &mut text);
    text.push_str("} root {");
    selections(&mut dice, "I", 0, (0, fragments), &mut left, &mut text);
    text.push_str("} }");
    for number in 0..fragments {
        let ty = FIELDS[dice.below(FIELDS.len())].0;
        let _ = write!(text, "\nfragment F{number} on {ty} {{");
        selections(&mut dice, ty, 1, (number + 1, fragments), &mut left, &mut text);
        text.push('}');
    }
    text
}

fn selections(
    dice: &mut Dice,
    parent: &str,
    depth: usize,
    fragments: (usize, usize),
    left: &mut usize,
    text: &mut String,
) {
    for _ in 0..(1 + dice.below(4)).min((*left).max(1)) {
        *left = left.saturating_sub(1);
        let deep = depth > 3 || *left == 0;
        match dice.below(10) {
            0 | 1 if !deep => {
                let ty = FIELDS[dice.below(FIELDS.len())].0;
                let _ = write!(text, " ... on {ty} {{");
                selections(dice, ty, depth + 1, fragments, left, text);
                text.push('}');
            }
            2 | 3 if fragments.0 < fragments.1 => {
                let _ = write!(text, " ...F{}", fragments.0 + dice.below(fragments.1 - fragments.0));
            }
            _ => field(dice, parent, depth, fragments, left, text),
        }
    }
}

fn field(dice: &mut Dice, parent: &str, depth: usize, fragments: (usize, usize), left: &mut usize, text: &mut String) {
    let fields = FIELDS.iter().find(|(ty, _)| *ty == parent).map(|(_, fields)| *fields).unwrap_or_default();
    let shallow: Vec<_> = fields.iter().filter(|(_, below)| (depth <= 4 && *left > 0) || below.is_none()).collect();
    let Some((name, below)) = dice.pick(&shallow).copied().copied() else { return };
    let alias = match dice.below(24) {
        0 => "p: ",
        1 => "s: ",
        _ => "",
    };
    let arguments = if name == "n" && dice.one_in(8) { ARGUMENTS[dice.below(ARGUMENTS.len())] } else { "" };
    let _ = write!(text, " {alias}{name}{arguments}");
    if let Some(ty) = below {
        text.push_str(" {");
        selections(dice, ty, depth + 1, fragments, left, text);
        text.push('}');
    }
}

/// A field in a set, and the type that it is selected from.
#[derive(Clone, Copy)]
struct Selected<'a> {
    field: &'a Field,
    parent: &'a str,
}

/// The specification's algorithm over one document.
struct Reference<'a> {
    schema: &'a Schema,
    fragments: BTreeMap<&'a str, &'a FragmentDefinition>,
}

impl<'a> Reference<'a> {
    /// Returns true if the fields of every selection set of a document can be merged.
    fn can_merge(schema: &'a Schema, document: &'a Document) -> bool {
        let fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
        let fragments = fragments.map(|fragment| (fragment.name.as_str(), &**fragment)).collect();
        let reference = Self { schema, fragments };
        document.definitions.iter().all(|definition| match definition {
            Definition::OperationDefinition(operation) => reference.every_set(&operation.selection_set, "Query"),
            Definition::FragmentDefinition(fragment) => {
                reference.every_set(&fragment.selection_set, &fragment.type_condition)
            }
            _ => true,
        })
    }

    fn every_set(&self, selections: &'a [Selection], parent: &'a str) -> bool {
        self.fields_in_set_can_merge(&self.set(&[(selections, parent)]))
            && selections.iter().all(|selection| match selection {
                Selection::Field(field) => {
                    let below = self.ty(Selected { field, parent }).map(|ty| ty.inner_named_type().as_str());
                    below.is_none_or(|below| self.every_set(&field.selection_set, below))
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref().map_or(parent, |name| name.as_str());
                    self.every_set(&inline.selection_set, condition)
                }
                Selection::FragmentSpread(_) => true,
            })
    }

    /// FieldsInSetCanMerge(set).
    fn fields_in_set_can_merge(&self, set: &[Selected<'a>]) -> bool {
        pairs(set).all(|(a, b)| {
            let is_object = |name: &str| self.schema.get_object(name).is_some();
            let meet = a.parent == b.parent || !is_object(a.parent) || !is_object(b.parent);
            self.same_response_shape(a, b)
                && (!meet
                    || a.field.name == b.field.name
                        && same_arguments(a.field, b.field)
                        && self.fields_in_set_can_merge(&self.merged(a, b)))
        })
    }

    /// SameResponseShape(fieldA, fieldB).
    fn same_response_shape(&self, a: Selected<'a>, b: Selected<'a>) -> bool {
        let (Some(mut type_a), Some(mut type_b)) = (self.ty(a), self.ty(b)) else { return true };
        loop {
            if type_a.is_non_null() != type_b.is_non_null() || type_a.is_list() != type_b.is_list() {
                return false;
            }
            if !type_a.is_list() {
                break;
            }
            (type_a, type_b) = (type_a.item_type(), type_b.item_type());
        }
        let (name_a, name_b) = (type_a.inner_named_type(), type_b.inner_named_type());
        let is_leaf = |name: &str| {
            self.schema.types.get(name).is_none_or(|definition| definition.is_scalar() || definition.is_enum())
        };
        if is_leaf(name_a) || is_leaf(name_b) {
            return name_a == name_b;
        }
        pairs(&self.merged(a, b)).all(|(a, b)| self.same_response_shape(a, b))
    }

    fn merged(&self, a: Selected<'a>, b: Selected<'a>) -> Vec<Selected<'a>> {
        let starts = [a, b].into_iter().filter_map(|one| {
            let ty = self.ty(one)?.inner_named_type().as_str();
            Some((one.field.selection_set.as_slice(), ty))
        });
        self.set(&starts.collect::<Vec<_>>())
    }

    /// Returns the fields of selection sets, fragments and inline fragments visited.
    fn set(&self, starts: &[(&'a [Selection], &'a str)]) -> Vec<Selected<'a>> {
        let (mut found, mut visited) = (Vec::new(), BTreeSet::new());
        for (selections, parent) in starts {
            self.visit(selections, parent, &mut visited, &mut found);
        }
        found
    }

    fn visit(
        &self,
        selections: &'a [Selection],
        parent: &'a str,
        visited: &mut BTreeSet<&'a str>,
        found: &mut Vec<Selected<'a>>,
    ) {
        for selection in selections {
            match selection {
                Selection::Field(field) => found.push(Selected { field, parent }),
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref().map_or(parent, |name| name.as_str());
                    self.visit(&inline.selection_set, condition, visited, found);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragments.get(spread.fragment_name.as_str());
                    if let Some(fragment) = fragment.filter(|fragment| visited.insert(&fragment.name)) {
                        self.visit(&fragment.selection_set, &fragment.type_condition, visited, found);
                    }
                }
            }
        }
    }

    fn ty(&self, one: Selected<'a>) -> Option<&'a Type> {
        self.schema.type_field(one.parent, &one.field.name).ok().map(|definition| &definition.ty)
    }
}

/// Returns all pairs of distinct fields of one response key.
fn pairs<'s, 'a>(set: &'s [Selected<'a>]) -> impl Iterator<Item = (Selected<'a>, Selected<'a>)> + 's {
    set.iter().enumerate().flat_map(move |(at, a)| {
        let rest = set[at + 1..].iter().filter(|b| b.field.response_name() == a.field.response_name());
        rest.map(|b| (*a, *b))
    })
}

fn same_arguments(a: &Field, b: &Field) -> bool {
    let given = |field: &Field| -> BTreeMap<String, String> {
        let arguments = field.arguments.iter();
        arguments.map(|argument| (argument.name.to_string(), shown(&argument.value))).collect()
    };
    given(a) == given(b)
}

/// Returns a value as text, the fields of objects in alphabetical order.
fn shown(value: &apollo_compiler::ast::Value) -> String {
    use apollo_compiler::ast::Value;
    match value {
        Value::List(items) => items.iter().map(|item| format!("[{}]", shown(item))).collect(),
        Value::Object(fields) => {
            let fields: BTreeMap<String, String> =
                fields.iter().map(|(name, value)| (name.to_string(), shown(value))).collect();
            format!("{fields:?}")
        }
        other => other.to_string(),
    }
}
