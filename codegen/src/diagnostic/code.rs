//! Codes: the stable names of the kinds of diagnostics.

use serde::Serialize;
use std::fmt;

/// The stable name of a kind of diagnostic, for example `fields-on-correct-type`.
///
/// Those of the pipeline are constants of this type. Lint rules, changes of a schema and their effects have registries of
/// their own, and take their codes from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

impl Code {
    /// The code of an entry of another registry.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal;)*) => {
        impl Code {
            $($(#[$doc])* pub const $code: Self = Self($name);)*
        }
    };
}

codes! {
    /// A text is not GraphQL (specification, 2).
    SYNTAX = "syntax";
    /// A document defines types (5.1.1).
    EXECUTABLE_DEFINITIONS = "executable-definitions";
    /// The schema has no root type for an operation (5.2.1).
    KNOWN_OPERATION_TYPES = "known-operation-types";
    /// Two operations have one name (5.2.2.1).
    UNIQUE_OPERATION_NAMES = "unique-operation-names";
    /// An operation without a name is not the only one of its document (5.2.3.1).
    LONE_ANONYMOUS_OPERATION = "lone-anonymous-operation";
    /// A subscription has several root fields, or none that is certain (5.2.4.1).
    SINGLE_FIELD_SUBSCRIPTIONS = "single-field-subscriptions";
    /// A type has no such field (5.3.1).
    FIELDS_ON_CORRECT_TYPE = "fields-on-correct-type";
    /// Two fields with one response name differ (5.3.2).
    OVERLAPPING_FIELDS_CAN_BE_MERGED = "overlapping-fields-can-be-merged";
    /// Two fields with one response name, of types that exclude each other, have different shapes (5.3.2).
    SAME_RESPONSE_SHAPE = "same-response-shape";
    /// A leaf has selections, or a composite type has none (5.3.3).
    SCALAR_LEAFS = "scalar-leafs";
    /// A field or directive has no such argument (5.4.1).
    KNOWN_ARGUMENT_NAMES = "known-argument-names";
    /// An argument is given twice (5.4.2).
    UNIQUE_ARGUMENT_NAMES = "unique-argument-names";
    /// A required argument is missing (5.4.3).
    PROVIDED_REQUIRED_ARGUMENTS = "provided-required-arguments";
    /// Two fragments have one name (5.5.1.1).
    UNIQUE_FRAGMENT_NAMES = "unique-fragment-names";
    /// The schema has no such type (5.5.1.2).
    KNOWN_TYPE_NAMES = "known-type-names";
    /// A fragment is on a type without fields (5.5.1.3).
    FRAGMENTS_ON_COMPOSITE_TYPES = "fragments-on-composite-types";
    /// No operation uses a fragment (5.5.1.4).
    NO_UNUSED_FRAGMENTS = "no-unused-fragments";
    /// No file defines the fragment of a spread (5.5.2.1).
    KNOWN_FRAGMENT_NAMES = "known-fragment-names";
    /// A fragment spreads itself (5.5.2.2).
    NO_FRAGMENT_CYCLES = "no-fragment-cycles";
    /// A fragment is on a type that its parent can never be (5.5.2.3).
    POSSIBLE_FRAGMENT_SPREADS = "possible-fragment-spreads";
    /// A value is not of the expected type (5.6.1).
    VALUES_OF_CORRECT_TYPE = "values-of-correct-type";
    /// A field of an input object is given twice (5.6.3).
    UNIQUE_INPUT_FIELD_NAMES = "unique-input-field-names";
    /// The schema has no such directive, or not at such a place (5.7.1, 5.7.2).
    KNOWN_DIRECTIVES = "known-directives";
    /// A directive that is not repeatable is repeated (5.7.3).
    UNIQUE_DIRECTIVES_PER_LOCATION = "unique-directives-per-location";
    /// A variable is declared twice (5.8.1).
    UNIQUE_VARIABLE_NAMES = "unique-variable-names";
    /// A variable has an output type (5.8.2).
    VARIABLES_ARE_INPUT_TYPES = "variables-are-input-types";
    /// A variable is not declared (5.8.3).
    NO_UNDEFINED_VARIABLES = "no-undefined-variables";
    /// A variable is not used (5.8.4).
    NO_UNUSED_VARIABLES = "no-unused-variables";
    /// The type of a variable does not fit where it is used (5.8.5).
    VARIABLES_IN_ALLOWED_POSITION = "variables-in-allowed-position";

    /// A document uses `@defer` or `@stream`.
    NO_INCREMENTAL_DELIVERY = "no-incremental-delivery";
    /// A fragment has arguments.
    NO_FRAGMENT_ARGUMENTS = "no-fragment-arguments";
    /// The schema defines a used part twice, differently.
    AMBIGUOUS_DEFINITION = "ambiguous-definition";
    /// Nothing is left of a selection set for the server.
    CLIENT_ONLY_SELECTION_SET = "client-only-selection-set";
    /// A document defines nothing.
    EMPTY_DOCUMENT = "empty-document";
    /// The generated types would hold more copies of fragments than a program can.
    TOO_MANY_COPIES = "too-many-copies";
    /// A name differs from the usual one, which another definition has.
    NAME_COLLISION = "name-collision";

    /// A setting is wrong.
    CONFIG = "config";
    /// There is no such setting.
    UNKNOWN_KEY = "unknown-key";
    /// A pattern matches no file.
    UNMATCHED_PATTERN = "unmatched-pattern";
    /// A file cannot be read, or is not what it should be.
    UNREADABLE = "unreadable";
    /// The schema breaks the specification.
    SCHEMA = "schema";
    /// An introspection result cannot be used.
    INTROSPECTION = "introspection";
    /// A build script cannot go on.
    BUILD = "build";
    /// A fault of this program.
    INTERNAL = "internal";
}
