//! `require-selections`

use super::prelude::*;
use indexmap::IndexMap;
use std::collections::BTreeMap;

pub const ENTRY: Entry = entry::<RequireSelections>(Meta {
    fixable: Fixable::Unsafe,
    known_as: &["graphql-eslint"],
    what: "Finds selection sets that lack a required field, by default `id`.",
    why: "Normalised caches need the identity of objects in every selection; without such a cache, leave the rule off.",
    ..meta!("require-selections", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireSelections {
    /// The required fields; one of those that the type has is enough.
    fields: Vec<String>,
    /// Whether all required fields that the type has must be selected.
    all: bool,
    /// Required fields of single types; an empty list requires none.
    types: BTreeMap<String, Vec<String>>,
}

impl Default for RequireSelections {
    fn default() -> Self {
        Self { fields: vec!["id".to_owned()], all: false, types: BTreeMap::new() }
    }
}

impl RequireSelections {
    /// Returns the required fields of a type.
    fn wanted<'s>(&'s self, cx: &Cx<'_>, ty: &str) -> Vec<&'s str> {
        let fields = self.types.get(ty).unwrap_or(&self.fields);
        fields.iter().map(String::as_str).filter(|field| cx.has_field(ty, field)).collect()
    }

    /// Returns the missing fields in a selection on one object type.
    fn missing<'s>(&'s self, cx: &Cx<'_>, ty: &str, keys: &[&str]) -> Vec<&'s str> {
        let wanted = self.wanted(cx, ty);
        let missing: Vec<&str> = wanted.iter().filter(|field| !keys.contains(field)).copied().collect();
        if self.all || missing.len() == wanted.len() { missing } else { Vec::new() }
    }
}

impl Rule for RequireSelections {
    fn set<'a>(&self, cx: &Cx<'a>, set: &SelectionSet<'a>) {
        // An inline fragment is checked together with its enclosing selection set.
        let (Some(parent), false) = (set.parent, matches!(set.owner, Owner::Inline(_) | Owner::Operation(_))) else {
            return;
        };
        let types = &cx.schema.types;
        if !cx.schema.is_composite(parent) {
            return;
        }
        let collected = cx.keys(*set);
        let is_concrete = cx.schema.is_object(parent);
        let mut conditions: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for one in &collected {
            // A field under an alias also counts: caches know which field a key refers to.
            conditions
                .entry(one.parent.map(|name| name.as_str()).unwrap_or_default())
                .or_default()
                .extend([one.response, one.name]);
        }
        // The required fields by type. For an abstract type, only members with selections count.
        let mut asked: BTreeMap<usize, (bool, Vec<&str>)> =
            types.possible(parent).iter().map(|at| (at, (is_concrete, Vec::new()))).collect();
        for (condition, keys) in conditions {
            // A field cannot be required of an interface that does not have it.
            let can_ask = !self.wanted(cx, condition).is_empty();
            for at in types.possible(condition).iter() {
                if let Some((is_meant, all)) = asked.get_mut(&at) {
                    *is_meant |= can_ask;
                    all.extend(&keys);
                }
            }
        }
        let mut missing: Vec<(&str, Vec<&str>)> = Vec::new();
        for (at, (is_meant, keys)) in asked {
            let ty = types.object(at).as_str();
            let is_only_typename = keys.iter().all(|key| *key == "__typename");
            if is_meant && !is_only_typename {
                let lacks = self.missing(cx, ty, &keys);
                if !lacks.is_empty() {
                    missing.push((ty, lacks));
                }
            }
        }
        let Some((ty, fields)) = missing.first() else { return };
        // If all fields are required, each missing one is a finding; if they are alternatives, there is one finding.
        let findings: Vec<&[&str]> = if self.all { fields.chunks(1).collect() } else { vec![fields.as_slice()] };
        let of = if missing.len() == 1 || is_concrete {
            (*ty).to_owned()
        } else {
            format!("{ty} and {} more", missing.len() - 1)
        };
        for fields in findings {
            let shown: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
            let message = format!("the selection of `{parent}` lacks {}", shown.join(" or "));
            let finding = cx.finding(cx.open_brace(set.owner), message);
            let finding = if is_concrete { finding } else { finding.note(format!("required for {of}")) };
            // Insert only fields that are valid as they are, under an unused key.
            let is_free = |field: &str| !collected.iter().any(|one| one.response == field);
            let is_plain = |field: &str| {
                cx.schema.field(parent, field).is_some_and(|of| {
                    !cx.schema.is_composite(of.ty.inner_named_type())
                        && !of.arguments.iter().any(|one| one.is_required())
                })
            };
            let fix = fields.first().filter(|field| is_free(field) && is_plain(field));
            cx.say(finding.fix(fix.and_then(|field| cx.insertion(set.owner, field, Safety::Unsafe))));
        }
    }
}
