//! Every kind of change: its effect on any client, on the documents here, and on the generated code.

use graphwright_cli::change::{ChangeKind, impact};
use graphwright_codegen::config::{Config, Level};
use graphwright_codegen::internal::schema::Schema;
use graphwright_codegen::internal::{compile, load, output};
use graphwright_codegen::source::Sources;
use insta::assert_snapshot;
use std::fmt::Write;

const SCHEMA: &str = r#"directive @live(every: Int = 1, unit: Unit) repeatable on FIELD | QUERY | OBJECT
schema { query: Query mutation: Mutation }
scalar Date @specifiedBy(url: "https://example.com/date")
interface Node { id: ID! }
union Found = User | Team
enum Unit { SECOND MINUTE }
enum Role { ADMIN MEMBER }
type Query {
  me: User
  users(first: Int = 20, role: Role, text: String): [User!]!
  found: [Found!]!
  node: Node
}
type Mutation { rename(input: Rename!): User  pick(by: By!): User }
type Subscription { renamed: User }
type User implements Node {
  id: ID!
  name: String!
  email: String
  tags: [String!]!
  role: Role!
  since: Date
}
type Team implements Node { id: ID! title: String! }
type Robot { id: ID! }
type Spare { a: Int }
input Rename { id: ID! name: String nick: String = "x" role: Role }
input By @oneOf { id: ID name: String }
"#;

const DOCUMENT: &str = "query Me @live(every: 2, unit: SECOND) { me { name email tags role since } }
query Users($role: Role) { users(role: $role, text: \"a\") { id @live @live } }
query Found { found { ... on User { name } ... on Team { title } } node { id ... on User { name } } }
mutation Rename($input: Rename!) { rename(input: $input) { id } }
mutation Pick($by: By!) { pick(by: $by) { id } }
";

/// Changes by kind: the text in the schema, and its replacement.
const CHANGES: &[(&str, &str, &str)] = &[
    ("type-removed", "union Found = User | Team", "union Found = User"),
    ("type-removed", "type Spare { a: Int }\n", ""),
    ("type-kind-changed", "type Spare { a: Int }", "enum Spare { A }"),
    ("type-added", "type Spare", "type Other { a: Int }\ntype Spare"),
    ("field-removed", "  email: String\n", ""),
    ("field-type-changed", "name: String!\n  email", "name: String\n  email"),
    ("field-type-changed", "tags: [String!]!", "tags: String"),
    ("field-type-narrowed", "email: String", "email: String!"),
    ("field-added", "  email: String\n", "  email: String\n  phone: String\n"),
    ("deprecated", "email: String", "email: String @deprecated(reason: \"Use `mail`.\")"),
    ("deprecation-removed", "", ""),
    ("deprecation-reason-changed", "", ""),
    ("argument-removed", ", text: String)", ")"),
    ("argument-removed", "first: Int = 20, ", ""),
    ("required-argument-added", "text: String)", "text: String, team: ID!)"),
    ("optional-argument-added", "text: String)", "text: String, team: ID)"),
    ("argument-type-changed", "text: String)", "text: ID)"),
    ("argument-type-changed", "role: Role, text", "role: Role!, text"),
    ("argument-type-widened", "input: Rename!", "input: Rename"),
    ("argument-default-changed", "first: Int = 20", "first: Int = 100"),
    ("argument-default-changed", "first: Int = 20", "first: Int"),
    ("required-input-field-added", "input Rename { id: ID!", "input Rename { id: ID! team: ID!"),
    ("optional-input-field-added", "input Rename { id: ID!", "input Rename { id: ID! team: ID"),
    ("defaulted-input-field-added", "input Rename { id: ID!", "input Rename { id: ID! team: Int = 1"),
    ("input-field-removed", " name: String nick", " nick"),
    ("input-field-type-changed", " name: String nick", " name: String! nick"),
    ("input-field-type-widened", "input Rename { id: ID!", "input Rename { id: ID"),
    ("input-field-default-changed", "nick: String = \"x\"", "nick: String = \"y\""),
    ("one-of-added", "input Rename {", "input Rename @oneOf {"),
    ("one-of-removed", "input By @oneOf", "input By"),
    ("enum-value-removed", "SECOND MINUTE", "MINUTE"),
    ("enum-value-removed", "ADMIN MEMBER", "ADMIN"),
    ("enum-value-added", "ADMIN MEMBER", "ADMIN MEMBER GUEST"),
    ("union-member-removed", "union Found = User | Team", "union Found = User"),
    ("union-member-added", "union Found = User | Team", "union Found = User | Team | Robot"),
    ("interface-removed", "type User implements Node", "type User"),
    ("interface-added", "type Robot {", "type Robot implements Node {"),
    ("root-type-changed", " mutation: Mutation", ""),
    ("root-type-added", "mutation: Mutation }", "mutation: Mutation subscription: Subscription }"),
    ("specified-by-changed", "example.com/date", "example.com/day"),
    ("directive-removed", "directive @live(every: Int = 1, unit: Unit) repeatable on FIELD | QUERY | OBJECT\n", ""),
    ("directive-added", "schema {", "directive @other on FIELD\nschema {"),
    ("directive-argument-removed", ", unit: Unit)", ")"),
    ("required-directive-argument-added", "unit: Unit)", "unit: Unit, from: ID!)"),
    ("optional-directive-argument-added", "unit: Unit)", "unit: Unit, from: ID)"),
    ("directive-argument-type-changed", "every: Int = 1", "every: String = \"1\""),
    ("directive-argument-type-widened", "", ""),
    ("directive-argument-default-changed", "every: Int = 1", "every: Int = 2"),
    ("directive-location-removed", "FIELD | QUERY | OBJECT", "FIELD | OBJECT"),
    ("directive-location-removed", "FIELD | QUERY | OBJECT", "FIELD | QUERY"),
    ("directive-location-added", "FIELD | QUERY | OBJECT", "FIELD | QUERY | OBJECT | MUTATION"),
    ("directive-repeatable-removed", "repeatable on", "on"),
    ("directive-repeatable-added", "", ""),
    ("description-changed", "type User implements", "\"Somebody.\"\ntype User implements"),
    ("applied-directive-changed", "type Spare {", "type Spare @live {"),
];

/// Changes that are other kinds in reverse.
const BACKWARDS: &[(&str, &str)] = &[
    ("deprecation-removed", "email: String @deprecated(reason: \"Use `mail`.\")"),
    ("directive-argument-type-widened", "unit: Unit!"),
    ("directive-repeatable-added", "on FIELD"),
];

fn pair(kind: &str, from: &str, to: &str) -> (String, String) {
    match BACKWARDS.iter().find(|(name, _)| *name == kind) {
        Some((_, "on FIELD")) => (SCHEMA.replacen("repeatable on", "on", 1), SCHEMA.to_owned()),
        Some((_, old @ "unit: Unit!")) => (SCHEMA.replacen("unit: Unit", old, 1), SCHEMA.to_owned()),
        Some((_, old)) => (SCHEMA.replacen("email: String", old, 1), SCHEMA.to_owned()),
        None if kind == "deprecation-reason-changed" => {
            let with = |reason: &str| {
                SCHEMA.replacen("email: String", &format!("email: String @deprecated(reason: \"{reason}\")"), 1)
            };
            (with("Old."), with("Older."))
        }
        None => {
            assert!(SCHEMA.contains(from), "{kind}: {from}");
            (SCHEMA.to_owned(), SCHEMA.replacen(from, to, 1))
        }
    }
}

fn config() -> Config {
    let mut config = Config::default();
    config.generate.unused_variables = Level::Allow;
    config
}

/// Returns the generated code without comments; `None` if the documents are not valid.
fn code(schema: &str) -> Option<String> {
    let mut inputs = load::Inputs::default();
    inputs.schema.push(inputs.sources.add("schema.graphql", schema));
    inputs.documents.push(inputs.sources.add("ops.graphql", DOCUMENT));
    let config = config();
    let compiled = compile(&config, inputs).ok()?;
    Some(output::nested_tokens(&compiled.module, &config).to_string())
}

#[test]
fn every_kind_of_change_has_its_level_and_its_effects() {
    let mut table = String::new();
    for (kind, from, to) in CHANGES {
        let (old, new) = pair(kind, from, to);
        let mut sources = Sources::default();
        let ids = [sources.add("old.graphql", old.as_str()), sources.add("new.graphql", new.as_str())];
        let document = sources.add("ops.graphql", DOCUMENT);
        let [before, after] = ids.map(|id| Schema::load(&mut sources, &[id], "").unwrap());
        let changes = graphwright_tests::diff_parity::changes(&old, &new).unwrap();
        let is_it = |one: &&graphwright_cli::change::Change| one.kind.name() == *kind;
        if *kind == "type-removed" && changes.iter().all(|one| one.kind.name() == "union-member-removed") {
            continue;
        }
        let change = changes.iter().find(is_it).unwrap_or_else(|| panic!("{kind}: {changes:?}"));
        let impact = impact(&config(), &sources, &[document], (&before, &after), &changes);
        let effects: Vec<String> = (impact.affected.iter())
            .map(|(effect, names)| format!("{} {}", effect.code(), names.iter().cloned().collect::<Vec<_>>().join(" ")))
            .collect();
        let rust = match (code(&old), code(&new)) {
            (_, None) => "does not compile",
            (old, new) if old == new => "the same code",
            _ => "other code",
        };
        let effects = if effects.is_empty() { "nobody is affected".to_owned() } else { effects.join(", ") };
        let _ = writeln!(table, "{kind}: {}; {effects}; {rust}", change.level);
    }
    assert_snapshot!(table);
    for kind in ChangeKind::ALL {
        assert!(CHANGES.iter().any(|(name, ..)| *name == kind.name()), "{} is not tried", kind.name());
    }
}
