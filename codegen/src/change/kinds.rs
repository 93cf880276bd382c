//! The kinds of changes, and why each is what it is.

use super::Level;

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name, in settings and files.
    pub name: &'static str,
    /// What it means, if nothing else decides.
    pub level: Level,
    /// Why.
    pub why: &'static str,
}

macro_rules! kinds {
    ($($name:literal $level:ident $why:literal)*) => {
        /// All kinds.
        pub const KINDS: &[Kind] = &[$(Kind { name: $name, level: Level::$level, why: $why }),*];
    };
}

kinds! {
    "type-removed" Breaking "operations that name the type, or select fields of it, are refused"
    "type-kind-changed" Breaking "what could be selected or sent as one kind cannot be as another"
    "type-added" Safe ""
    "field-removed" Breaking "operations that select it are refused"
    "field-type-changed" Breaking "answers hold values that clients do not expect: null, a list, or another type"
    "field-type-narrowed" Safe ""
    "field-added" Safe ""
    "deprecated" Safe ""
    "deprecation-removed" Safe ""
    "deprecation-reason-changed" Safe ""
    "argument-removed" Breaking "operations that give it are refused"
    "required-argument-added" Breaking "operations that do not give it are refused"
    "optional-argument-added" Dangerous "who does not give it gets whatever the server does without it"
    "argument-type-changed" Breaking "values that were allowed are refused"
    "argument-type-widened" Safe ""
    "argument-default-changed" Dangerous "who does not give it gets another answer"
    "required-input-field-added" Breaking "values that do not have it are refused"
    "optional-input-field-added" Safe ""
    "defaulted-input-field-added" Dangerous "who does not give it gets whatever its default does"
    "input-field-removed" Breaking "values that have it are refused"
    "input-field-type-changed" Breaking "values that were allowed are refused"
    "input-field-type-widened" Safe ""
    "input-field-default-changed" Dangerous "who does not give it gets another answer"
    "one-of-added" Breaking "values with more than one field, or none, are refused"
    "one-of-removed" Safe ""
    "enum-value-removed" Breaking "operations that send it are refused"
    "enum-value-added" Dangerous "clients get a value that they may not know"
    "union-member-removed" Breaking "conditions on it are refused"
    "union-member-added" Dangerous "clients get an object of a type that they may not know"
    "interface-removed" Breaking "conditions that relied on it are refused"
    "interface-added" Dangerous "clients of the interface get an object of a type that they may not know"
    "root-type-changed" Breaking "operations of the kind select from another type"
    "root-type-added" Safe ""
    "specified-by-changed" Dangerous "values of the scalar may be written in another way"
    "directive-removed" Breaking "operations that use it are refused"
    "directive-added" Safe ""
    "directive-argument-removed" Breaking "operations that give it are refused"
    "required-directive-argument-added" Breaking "operations that do not give it are refused"
    "optional-directive-argument-added" Safe ""
    "directive-argument-type-changed" Breaking "values that were allowed are refused"
    "directive-argument-type-widened" Safe ""
    "directive-argument-default-changed" Dangerous "who does not give it gets another effect"
    "directive-location-removed" Breaking "operations that use it there are refused"
    "directive-location-added" Safe ""
    "directive-repeatable-removed" Breaking "operations that repeat it are refused"
    "directive-repeatable-added" Safe ""
    "description-changed" Safe ""
    "applied-directive-changed" Safe ""
}

/// The kind of a name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
