//! The rules of the specification (section 5): what is said about them. They are judged in `document::rules`.

use super::applied::{
    KnownArgumentNames, KnownDirectives, KnownTypeNames, ProvidedRequiredArguments, UniqueDirectivesPerLocation,
};
use super::prelude::*;
use crate::diagnostic::Code;
use serde::de::DeserializeOwned;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Validity {}

impl Rule for Validity {}

const fn of_specification(meta: Meta) -> Entry {
    let mut entry = entry::<Validity>(meta);
    entry.is_validity = true;
    entry
}

/// A rule that SDL files have to keep as well, if its option says so.
const fn also_of_schema<R: Rule + Default + DeserializeOwned + JsonSchema + 'static>(meta: Meta) -> Entry {
    let mut entry = entry::<R>(Meta { reads: Reads::Both, ..meta });
    entry.is_validity = true;
    entry
}

/// What `generate` warns of.
const fn of_files(mut meta: Meta) -> Entry {
    meta.category = Category::Correctness;
    meta.recommended = Level::Warn;
    meta.usual = Level::Warn;
    of_specification(meta)
}

macro_rules! rules {
    ($($kind:ident$(<$options:ident>)? $code:ident [$($known:literal),*] $what:literal $why:literal $bad:literal $good:literal)*) => {
        pub const ALL: [Entry; rules!(@count $($code)*)] = [$($kind$(::<$options>)?(Meta {
            recommended: Level::Error,
            usual: Level::Error,
            known_as: &[$($known),*],
            what: $what,
            why: $why,
            bad: $bad,
            good: $good,
            ..Meta::new(Code::$code.name(), Category::Validity)
        })),*];
    };
    (@count) => { 0 };
    (@count $first:ident $($rest:ident)*) => { 1 + rules!(@count $($rest)*) };
}

rules! {
    of_specification SYNTAX []
        "Finds what is not GraphQL (2)." "Nothing can read it."
        "query Viewer { viewer { name }" "query Viewer { viewer { name } }"
    of_specification EXECUTABLE_DEFINITIONS ["graphql-js", "graphql-eslint"]
        "Finds type definitions among operations (5.1.1)." "A server that executes a document refuses it."
        "query Viewer { viewer { name } }\ntype Extra { name: String }" "query Viewer { viewer { name } }"
    of_specification KNOWN_OPERATION_TYPES ["graphql-js"]
        "Finds operations of a kind that the schema has no root type for (5.2.1)." "No server of this schema can run it."
        "" "subscription Renamed { userRenamed { name } }"
    of_specification UNIQUE_OPERATION_NAMES ["graphql-js"]
        "Finds two operations of one name in one document (5.2.2.1)." "A request names the operation that it means."
        "query Viewer { viewer { name } }\nquery Viewer { viewer { email } }" "query Viewer { viewer { name } }\nquery Mail { viewer { email } }"
    of_specification LONE_ANONYMOUS_OPERATION ["graphql-js", "graphql-eslint"]
        "Finds operations without a name beside others (5.2.3.1)." "Nothing could say which one is meant."
        "{ viewer { name } }\nquery Mail { viewer { email } }" "query Viewer { viewer { name } }\nquery Mail { viewer { email } }"
    of_specification SINGLE_FIELD_SUBSCRIPTIONS ["graphql-js", "graphql-eslint/one-field-subscriptions"]
        "Finds subscriptions with more than one field at the root (5.2.4.1)." "A subscription is one stream of events."
        "subscription Both { userRenamed { name } teamRenamed { title } }" "subscription Renamed { userRenamed { name } }"
    of_specification FIELDS_ON_CORRECT_TYPE ["graphql-js", "graphql-eslint"]
        "Finds fields that the type does not have (5.3.1)." "The server refuses the operation."
        "query Viewer { viewer { nmae } }" "query Viewer { viewer { name } }"
    of_specification OVERLAPPING_FIELDS_CAN_BE_MERGED ["graphql-js", "graphql-eslint"]
        "Finds two fields under one response key that are not the same (5.3.2)." "The response has one value for the key."
        "query Viewer { viewer { name name: email } }" "query Viewer { viewer { name mail: email } }"
    of_specification SAME_RESPONSE_SHAPE ["graphql-js"]
        "Finds two types under one response key, in types that exclude each other (5.3.2)."
        "Clients that go by the key alone cannot say what it is. Generated code here can."
        "query Search { search(text: \"a\") { ... on User { value: name } ... on Team { value: members { id } } } }"
        "query Search { search(text: \"a\") { ... on User { value: name } ... on Team { value: title } } }"
    of_specification SCALAR_LEAFS ["graphql-js", "graphql-eslint"]
        "Finds objects without a selection, and selections on leafs (5.3.3)." "The server refuses the operation."
        "query Viewer { viewer }" "query Viewer { viewer { name } }"
    also_of_schema<KnownArgumentNames> KNOWN_ARGUMENT_NAMES ["graphql-js", "graphql-eslint"]
        "Finds arguments that the field or directive does not have (5.4.1)." "The server refuses the operation."
        "query User { user(identity: 1, id: 1) { name } }" "query User { user(id: 1) { name } }"
    of_specification UNIQUE_ARGUMENT_NAMES ["graphql-js", "graphql-eslint"]
        "Finds arguments that are given twice (5.4.2)." "Only one of the values could count."
        "query User { user(id: 1, id: 2) { name } }" "query User { user(id: 1) { name } }"
    also_of_schema<ProvidedRequiredArguments> PROVIDED_REQUIRED_ARGUMENTS ["graphql-js", "graphql-eslint"]
        "Finds fields and directives without an argument that they need (5.4.3)." "The server refuses the operation."
        "query User { user { name } }" "query User { user(id: 1) { name } }"
    of_specification UNIQUE_FRAGMENT_NAMES ["graphql-js"]
        "Finds two fragments of one name in one document (5.5.1.1)." "A spread could mean either."
        "query V { viewer { ...A } }\nfragment A on User { name }\nfragment A on User { email }"
        "query V { viewer { ...A } }\nfragment A on User { name }"
    also_of_schema<KnownTypeNames> KNOWN_TYPE_NAMES ["graphql-js", "graphql-eslint"]
        "Finds types that the schema does not have (5.5.1.2)." "The server refuses the operation."
        "query Node { node(id: 1) { ... on Usre { name } } }" "query Node { node(id: 1) { ... on User { name } } }"
    of_specification FRAGMENTS_ON_COMPOSITE_TYPES ["graphql-js", "graphql-eslint/fragments-on-composite-type"]
        "Finds fragments on types that have no fields (5.5.1.3)." "There is nothing to select from."
        "query Viewer { viewer { role { ... on Role { x } } } }" "query Viewer { viewer { role } }"
    of_specification KNOWN_FRAGMENT_NAMES ["graphql-js", "graphql-eslint"]
        "Finds spreads of fragments that are nowhere (5.5.2.1)." "The server refuses the operation."
        "query Viewer { viewer { ...Name } }" "query Viewer { viewer { ...Name } }\nfragment Name on User { name }"
    of_specification NO_FRAGMENT_CYCLES ["graphql-js", "graphql-eslint"]
        "Finds fragments that spread themselves (5.5.2.2)." "They would never end."
        "query Viewer { viewer { ...A } }\nfragment A on User { manager { ...A } }"
        "query Viewer { viewer { ...A } }\nfragment A on User { manager { name } }"
    of_specification POSSIBLE_FRAGMENT_SPREADS ["graphql-js", "graphql-eslint/possible-fragment-spread"]
        "Finds conditions that can never hold (5.5.2.3)." "What is in them is never selected."
        "query Viewer { viewer { ... on Team { title } } }" "query Viewer { viewer { ... on Node { id } } }"
    of_specification VALUES_OF_CORRECT_TYPE ["graphql-js", "graphql-eslint/value-literals-of-correct-type"]
        "Finds values of another type than is expected (5.6.1)." "The server refuses the operation."
        "query Users { users(first: \"ten\") { totalCount } }" "query Users { users(first: 10) { totalCount } }"
    of_specification UNIQUE_INPUT_FIELD_NAMES ["graphql-js", "graphql-eslint"]
        "Finds input objects with a field given twice (5.6.3)." "Only one of the values could count."
        "mutation R { renameUser(input: { id: 1, name: \"a\", name: \"b\" }) { errors { field } } }"
        "mutation R { renameUser(input: { id: 1, name: \"a\" }) { errors { field } } }"
    also_of_schema<KnownDirectives> KNOWN_DIRECTIVES ["graphql-js", "graphql-eslint"]
        "Finds directives that neither the schema nor the client has, and directives where they cannot stand (5.7)."
        "The server refuses the operation. Name those of your client in `ignore`, or define them in `client_directives`."
        "query Viewer { viewer { name @lcient } }" "query Viewer { viewer { name @client } }"
    also_of_schema<UniqueDirectivesPerLocation> UNIQUE_DIRECTIVES_PER_LOCATION ["graphql-js", "graphql-eslint/unique-directive-names-per-location"]
        "Finds directives that stand twice in one place (5.7.3)." "Only one could count."
        "query Viewer($a: Boolean!) { viewer { name @skip(if: $a) @skip(if: $a) } }"
        "query Viewer($a: Boolean!) { viewer { name @skip(if: $a) } }"
    of_specification UNIQUE_VARIABLE_NAMES ["graphql-js", "graphql-eslint"]
        "Finds variables that are defined twice (5.8.1)." "Only one could count."
        "query User($id: ID!, $id: ID!) { user(id: $id) { name } }" "query User($id: ID!) { user(id: $id) { name } }"
    of_specification VARIABLES_ARE_INPUT_TYPES ["graphql-js", "graphql-eslint"]
        "Finds variables of types that are for output only (5.8.2)." "No value of such a type can be sent."
        "query User($user: User) { viewer { name } }" "query User($id: ID!) { user(id: $id) { name } }"
    of_specification NO_UNDEFINED_VARIABLES ["graphql-js", "graphql-eslint"]
        "Finds variables that the operation does not define (5.8.3)." "They have no value."
        "query User { user(id: $id) { name } }" "query User($id: ID!) { user(id: $id) { name } }"
    of_specification NO_UNUSED_VARIABLES ["graphql-js", "graphql-eslint"]
        "Finds variables that the operation does not use (5.8.4)." "Callers have to give them for nothing."
        "query Viewer($id: ID) { viewer { name } }" "query User($id: ID!) { user(id: $id) { name } }"
    of_specification VARIABLES_IN_ALLOWED_POSITION ["graphql-js", "graphql-eslint"]
        "Finds variables of a type that does not fit where they stand (5.8.5)." "The server refuses the operation."
        "query User($id: ID) { user(id: $id) { name } }" "query User($id: ID!) { user(id: $id) { name } }"
    of_files EMPTY_DOCUMENT []
        "Finds files with no operation and no fragment." "Something was meant to be in it."
        "# nothing" "query Viewer { viewer { name } }"
    of_specification CLIENT_ONLY_SELECTION_SET []
        "Finds selection sets in which only the client knows what is selected." "Nothing would be left of them in what is sent."
        "" "query Viewer { viewer { name } }"
    of_specification NO_INCREMENTAL_DELIVERY []
        "Finds `@defer` and `@stream`." "Generated types hold an answer that comes in one piece. Where only other clients use the documents, turn it off."
        "query Viewer { viewer { ... @defer { name } } }" "query Viewer { viewer { name } }"
    of_specification NO_FRAGMENT_ARGUMENTS []
        "Finds `@arguments` and `@argumentDefinitions`." "A fragment is one type and is sent once, whatever it is given. Use variables of the operation in it, which servers know."
        "query Viewer { viewer { ...Bits @arguments(size: 1) } }\nfragment Bits on User { name }"
        "query Viewer { viewer { ...Bits } }\nfragment Bits on User { name }"
    of_specification AMBIGUOUS_DEFINITION []
        "Finds uses of what the schema defines twice, differently." "Nobody knows which of the two the server means."
        "" "query Viewer { viewer { name } }"
}
