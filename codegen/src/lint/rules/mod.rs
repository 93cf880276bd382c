//! All rules, one file for each; those of the specification share one, since they are judged elsewhere.

mod prelude;

mod alphabetize;
mod codegen_name_collision;
mod connections;
mod deprecated_removal_due;
mod lone_executable_definition;
mod match_document_filename;
mod mutation_payload_errors;
mod naming_convention;
mod nested_list_fanout;
mod no_anonymous_operations;
mod no_deprecated;
mod no_duplicate_fields;
mod no_hardcoded_literal;
mod no_introspection;
mod no_offset_with_cursor;
mod no_one_place_fragments;
mod no_reserved_alias;
mod no_unused_fragments;
mod nullable_variable;
mod operation_limits;
mod query_cost;
mod redundant_fields;
mod redundant_fragment;
mod require_import_fragment;
mod require_page_info;
mod require_selections;
mod require_typename_on_abstract;
mod selection_set_depth;
mod stable_page_order;
mod suppressions;
mod unbounded_list;
mod unique_fragment_name;
mod unique_operation_name;
mod validity;
mod wasteful_page_size;

use super::rule::Entry;
use std::sync::OnceLock;

pub(crate) use no_deprecated::deprecation;

pub use connections::{SIZES, argument as argument_of, is_connection};
pub use suppressions::{INVALID_SUPPRESSION, UNUSED_SUPPRESSION};

/// The schema that the examples of the rules are written against.
pub const EXAMPLE_SCHEMA: &str = include_str!("example.graphql");

/// Rules of the specification that may have another level than `error`: clients live without them, or with what only
/// `generate` cannot take.
pub const MAY_BE_ALLOWED: [&str; 6] = [
    "same-response-shape",
    "no-unused-fragments",
    "no-unused-variables",
    "known-directives",
    "no-incremental-delivery",
    "no-fragment-arguments",
];

/// All rules, by name.
pub fn all() -> &'static [Entry] {
    static ALL: OnceLock<Vec<Entry>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = vec![
            alphabetize::ENTRY,
            codegen_name_collision::ENTRY,
            deprecated_removal_due::ENTRY,
            lone_executable_definition::ENTRY,
            match_document_filename::ENTRY,
            mutation_payload_errors::ENTRY,
            naming_convention::ENTRY,
            nested_list_fanout::ENTRY,
            no_anonymous_operations::ENTRY,
            no_deprecated::ENTRY,
            no_duplicate_fields::ENTRY,
            no_hardcoded_literal::ENTRY,
            no_introspection::ENTRY,
            no_offset_with_cursor::ENTRY,
            no_one_place_fragments::ENTRY,
            no_reserved_alias::ENTRY,
            no_unused_fragments::ENTRY,
            nullable_variable::ENTRY,
            operation_limits::ENTRY,
            query_cost::ENTRY,
            redundant_fields::ENTRY,
            redundant_fragment::ENTRY,
            require_import_fragment::ENTRY,
            require_page_info::ENTRY,
            require_selections::ENTRY,
            require_typename_on_abstract::ENTRY,
            selection_set_depth::ENTRY,
            stable_page_order::ENTRY,
            suppressions::UNUSED,
            suppressions::INVALID,
            unbounded_list::ENTRY,
            unique_fragment_name::ENTRY,
            unique_operation_name::ENTRY,
            wasteful_page_size::ENTRY,
        ];
        all.extend(validity::ALL);
        all.sort_by_key(|entry| entry.meta.name);
        all
    })
}

/// Names of other tools for rules that have another one here.
const OTHER_NAMES: [(&str, &str); 6] = [
    ("fragments-on-composite-type", "fragments-on-composite-types"),
    ("possible-fragment-spread", "possible-fragment-spreads"),
    ("one-field-subscriptions", "single-field-subscriptions"),
    ("value-literals-of-correct-type", "values-of-correct-type"),
    ("unique-directive-names-per-location", "unique-directives-per-location"),
    ("require-pagination-argument", "unbounded-list"),
];

/// The rule of a name, its own or that of another tool.
pub fn find(name: &str) -> Option<&'static Entry> {
    let name = name.strip_prefix("@graphql-eslint/").unwrap_or(name);
    let name = OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, ours)| ours);
    all().binary_search_by_key(&name, |entry| entry.meta.name).ok().map(|at| &all()[at])
}

/// The names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    all().iter().map(|entry| entry.meta.name)
}
