//! All rules, one file for each; rules of the specification share a file, since `validate` implements them.

mod prelude;

mod alphabetize;
mod applied;
mod codegen_name_collision;
mod connections;
mod deprecated_removal_due;
mod description_style;
mod input_name;
mod lone_executable_definition;
mod match_document_filename;
mod mutation_payload_errors;
mod naming_convention;
mod nested_list_fanout;
mod no_anonymous_operations;
mod no_deprecated;
mod no_duplicate_fields;
mod no_hardcoded_literal;
mod no_hashtag_description;
mod no_introspection;
mod no_offset_with_cursor;
mod no_one_place_fragments;
mod no_reserved_alias;
mod no_root_type;
mod no_scalar_result_type_on_mutation;
mod no_typename_prefix;
mod no_unreachable_types;
mod no_unused_fields;
mod no_unused_fragments;
mod nullable_variable;
mod operation_limits;
mod query_cost;
mod redundant_fields;
mod redundant_fragment;
mod relay_arguments;
mod relay_connection_types;
mod relay_edge_types;
mod relay_page_info;
mod require_deprecation_date;
mod require_deprecation_reason;
mod require_description;
mod require_field_of_type_query_in_mutation_result;
mod require_import_fragment;
mod require_nullable_fields_with_oneof;
mod require_nullable_result_in_root;
mod require_page_info;
mod require_selections;
mod require_type_pattern_with_oneof;
mod require_typename_on_abstract;
mod schema_validity;
mod selection_set_depth;
mod stable_page_order;
mod strict_id_in_types;
mod suppressions;
mod unbounded_list;
mod unique_enum_value_names;
mod unique_fragment_name;
mod unique_operation_name;
mod validity;
mod wasteful_page_size;

use super::rule::{Category, Entry};
use super::settings::unknown;
use std::sync::OnceLock;

pub use connections::{argument as argument_of, is_connection, sizes};
pub use suppressions::{INVALID_SUPPRESSION, UNUSED_SUPPRESSION};

/// The schema for the examples of rules.
pub const EXAMPLE_SCHEMA: &str = include_str!("example.graphql");

/// Rules of the specification whose level may be other than `error`: other clients work without them, or only
/// `generate` does not support what they forbid.
pub const MAY_BE_ALLOWED: [&str; 6] = [
    "same-response-shape",
    "no-unused-fragments",
    "no-unused-variables",
    "known-directives",
    "no-incremental-delivery",
    "no-fragment-arguments",
];

/// Returns all rules, by name.
pub fn all() -> &'static [Entry] {
    static ALL: OnceLock<Vec<Entry>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = vec![
            alphabetize::ENTRY,
            codegen_name_collision::ENTRY,
            deprecated_removal_due::ENTRY,
            description_style::ENTRY,
            input_name::ENTRY,
            lone_executable_definition::ENTRY,
            match_document_filename::ENTRY,
            mutation_payload_errors::ENTRY,
            naming_convention::ENTRY,
            nested_list_fanout::ENTRY,
            no_anonymous_operations::ENTRY,
            no_deprecated::ENTRY,
            no_duplicate_fields::ENTRY,
            no_hardcoded_literal::ENTRY,
            no_hashtag_description::ENTRY,
            no_introspection::ENTRY,
            no_offset_with_cursor::ENTRY,
            no_one_place_fragments::ENTRY,
            no_reserved_alias::ENTRY,
            no_root_type::ENTRY,
            no_scalar_result_type_on_mutation::ENTRY,
            no_typename_prefix::ENTRY,
            no_unreachable_types::ENTRY,
            no_unused_fields::ENTRY,
            no_unused_fragments::ENTRY,
            nullable_variable::ENTRY,
            operation_limits::ENTRY,
            query_cost::ENTRY,
            redundant_fields::ENTRY,
            redundant_fragment::ENTRY,
            relay_arguments::ENTRY,
            relay_connection_types::ENTRY,
            relay_edge_types::ENTRY,
            relay_page_info::ENTRY,
            require_deprecation_date::ENTRY,
            require_deprecation_reason::ENTRY,
            require_description::ENTRY,
            require_field_of_type_query_in_mutation_result::ENTRY,
            require_import_fragment::ENTRY,
            require_nullable_fields_with_oneof::ENTRY,
            require_nullable_result_in_root::ENTRY,
            require_page_info::ENTRY,
            require_selections::ENTRY,
            require_type_pattern_with_oneof::ENTRY,
            require_typename_on_abstract::ENTRY,
            selection_set_depth::ENTRY,
            stable_page_order::ENTRY,
            strict_id_in_types::ENTRY,
            suppressions::INVALID,
            suppressions::UNUSED,
            unbounded_list::ENTRY,
            unique_enum_value_names::ENTRY,
            unique_fragment_name::ENTRY,
            unique_operation_name::ENTRY,
            wasteful_page_size::ENTRY,
        ];
        all.extend(validity::ALL);
        all.extend(schema_validity::ALL);
        all.sort_by_key(|entry| entry.meta.name);
        all
    })
}

/// Names in other tools of rules that are named differently here.
const OTHER_NAMES: [(&str, &str); 6] = [
    ("fragments-on-composite-type", "fragments-on-composite-types"),
    ("possible-fragment-spread", "possible-fragment-spreads"),
    ("one-field-subscriptions", "single-field-subscriptions"),
    ("value-literals-of-correct-type", "values-of-correct-type"),
    ("unique-directive-names-per-location", "unique-directives-per-location"),
    ("require-pagination-argument", "unbounded-list"),
];

/// Returns the rule with a name, its own or that in another tool.
pub fn find(name: &str) -> Option<&'static Entry> {
    let name = name.strip_prefix("@graphql-eslint/").unwrap_or(name);
    let name = OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, ours)| ours);
    all().binary_search_by_key(&name, |entry| entry.meta.name).ok().map(|at| &all()[at])
}

/// Returns the rules of a category.
pub fn of_category(category: Category) -> impl Iterator<Item = &'static Entry> {
    all().iter().filter(move |entry| entry.meta.category == category)
}

/// Returns the category of a name.
pub fn category(name: &str) -> Option<Category> {
    Category::ALL.into_iter().find(|category| category.name() == name)
}

/// Returns the rules for the name of a rule or a category.
///
/// # Errors
/// The name is unknown.
pub fn named(name: &str) -> Result<Vec<&'static str>, String> {
    if let Some(category) = category(name) {
        return Ok(of_category(category).map(|entry| entry.meta.name).collect());
    }
    let known = names().chain(Category::ALL.into_iter().map(Category::name));
    find(name).map(|entry| vec![entry.meta.name]).ok_or_else(|| unknown("rule", name, known).to_string())
}

/// Returns the names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    all().iter().map(|entry| entry.meta.name)
}
