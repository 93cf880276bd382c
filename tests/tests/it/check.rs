//! `graphwright check` against a server whose schema changes, and `graphwright diff`.

use crate::support::Project;
use graphwright_fixtures::{Server, Settings};
use insta::assert_snapshot;

const SCHEMA: &str = "type Query {
  me: User
  users(first: Int = 20, role: Role): [User!]!
  search(text: String!): [Found!]!
}

type Mutation {
  rename(input: RenameInput!): User
}

union Found = User | Team

interface Node {
  id: ID!
}

type User implements Node {
  id: ID!
  name: String!
  email: String
  role: Role!
  teams: [Team!]!
}

type Team implements Node {
  id: ID!
  title: String!
}

type Unused {
  a: Int
}

enum Role {
  ADMIN
  MEMBER
}

input RenameInput {
  id: ID!
  name: String
}
";

const ME: &str = "query Me {
  me {
    ...Person
    email
  }
}
";

const OTHERS: &str = "query Users {
  users {
    id
    role
    teams {
      title
    }
  }
}

query Search($text: String!) {
  search(text: $text) {
    ... on User {
      name
    }
  }
}

mutation Rename($input: RenameInput!) {
  rename(input: $input) {
    id
  }
}

fragment Person on User {
  id
  name
}
";

fn project() -> Project {
    let project = Project::small();
    project.write("schema.graphql", SCHEMA);
    project.write("ops/me.graphql", ME);
    project.write("ops/others.graphql", OTHERS);
    project
}

/// Returns the output after the server's schema changed: findings, one a line, and the summary.
fn changed(from: &str, to: &str) -> String {
    assert!(SCHEMA.contains(from), "{from}");
    check(&SCHEMA.replacen(from, to, 1), &[])
}

fn check(schema: &str, arguments: &[&str]) -> String {
    let project = project();
    project.write("server.graphql", schema);
    let settings = Settings { schema: Some(project.path("server.graphql")), open: true, ..Settings::default() };
    let server = Server::start(settings).unwrap();
    let url = format!("{}/api", server.url());
    let all = [&["check", "--against", &url, "--format", "compact"], arguments].concat();
    let ran = project.run(&all);
    format!("exit {}\n{}{}", ran.code, ran.stdout, ran.stderr)
}

#[test]
fn the_right_operations_are_named_at_the_right_lines() {
    assert_snapshot!(check(SCHEMA, &[]), @r"
    exit 0
    no effect on 4 operations
    ");
    // No operation uses it.
    assert_snapshot!(changed("type Unused {\n  a: Int\n}", "type Unused {\n  b: Int!\n}"), @r"
    exit 0
    no effect on 4 operations
    schema changes: 1 breaking, 0 dangerous, 1 safe; --all lists them
    ");
    // 1: a field that a fragment selects is gone.
    assert_snapshot!(changed("  name: String!\n  email", "  email"), @r"
    exit 1
    ops/others.graphql:14:7: error[operation-breaks]: type `User` has no field `name`
    ops/others.graphql:27:3: error[operation-breaks]: type `User` has no field `name`
    errors in 2 of 4 operations
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    // 2: a field that is selected can be null now.
    assert_snapshot!(changed("title: String!", "title: String"), @r"
    exit 1
    ops/others.graphql:6:7: warning[types-change]: the Rust type of `users.teams.title` changes from `String` to `Option<String>`
    Rust types change in 1 of 4 operations
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    // 3: a field cannot be null any more.
    assert_snapshot!(changed("email: String", "email: String!"), @r"
    exit 1
    ops/me.graphql:4:5: warning[types-change]: the Rust type of `me.email` changes from `Option<String>` to `String`
    Rust types change in 1 of 4 operations
    schema changes: 0 breaking, 0 dangerous, 1 safe; --all lists them
    ");
    // 4: an argument must be given.
    assert_snapshot!(changed("role: Role): [User!]!", "role: Role, team: ID!): [User!]!"), @r"
    exit 1
    ops/others.graphql:2:3: error[operation-breaks]: the field `users` needs the argument `team` of type `ID!`
    errors in 1 of 4 operations
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    // 5: a variable has a type that does not fit any more.
    assert_snapshot!(changed("search(text: String!)", "search(text: ID!)"), @r"
    exit 1
    ops/others.graphql:11:14: error[operation-breaks]: variable `$text` of type `String!` cannot be used where `ID!` is expected
    errors in 1 of 4 operations
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    // 6: an enum has one more value.
    assert_snapshot!(changed("  MEMBER\n", "  MEMBER\n  GUEST\n"), @r"
    exit 1
    ops/others.graphql:4:5: warning[types-change]: the enum `Role` has the new value `GUEST`
    Rust types change in 1 of 4 operations
    schema changes: 0 breaking, 1 dangerous, 0 safe; --all lists them
    ");
    // 7: a field is deprecated.
    assert_snapshot!(changed("email: String", "email: String @deprecated(reason: \"Use `mail`.\")"), @r"
    exit 0
    ops/me.graphql:4:5: info[newly-deprecated]: `User.email` is newly deprecated: Use `mail`.
    newly deprecated usage in 1 of 4 operations
    schema changes: 0 breaking, 0 dangerous, 1 safe; --all lists them
    ");
    // 8: a union has one more member.
    assert_snapshot!(changed("union Found = User | Team", "union Found = User | Team | Unused"), @r"
    exit 0
    ops/others.graphql:12:3: warning[behaviour-changes]: `Found` can be 1 more type: `Unused`
    behaviour may change in 1 of 4 operations
    schema changes: 0 breaking, 1 dangerous, 0 safe; --all lists them
    ");
    // 9: a default is another one.
    assert_snapshot!(changed("first: Int = 20", "first: Int = 100"), @r"
    exit 0
    ops/others.graphql:2:3: warning[behaviour-changes]: the default of the argument `Query.users(first:)` changed from `20` to `100`
    behaviour may change in 1 of 4 operations
    schema changes: 0 breaking, 1 dangerous, 0 safe; --all lists them
    ");
    // 10: an input has one more field, which may be left out; and one that must not.
    assert_snapshot!(changed("  name: String\n}", "  name: String\n  nick: String\n}"), @r"
    exit 1
    ops/others.graphql:19:18: warning[types-change]: the input `RenameInput` has the new field `nick: Input<String>`
    Rust types change in 1 of 4 operations
    schema changes: 0 breaking, 0 dangerous, 1 safe; --all lists them
    ");
    assert_snapshot!(changed("  name: String\n}", "  name: String!\n}"), @r"
    exit 1
    ops/others.graphql:19:18: warning[types-change]: the Rust type of the field `name` of the input `RenameInput` changes from `Input<String>` to `String`
    Rust types change in 1 of 4 operations
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    // 11: a type is removed, with the fields that return it.
    assert_snapshot!(changed("  teams: [Team!]!\n}", "}"), @r"
    exit 1
    ops/others.graphql:5:5: error[operation-breaks]: type `User` has no field `teams`
    errors in 1 of 4 operations
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    // 12: a list is a single value.
    assert_snapshot!(changed("teams: [Team!]!", "teams: Team"), @r"
    exit 1
    ops/others.graphql:5:5: warning[types-change]: the Rust type of `users.teams` changes from `Vec<{…}>` to `Option<{…}>`
    Rust types change in 1 of 4 operations
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
}

#[test]
fn what_fails_is_a_choice() {
    let deprecated = SCHEMA.replace("email: String", "email: String @deprecated");
    let code = |schema: &str, arguments: &[&str]| check(schema, arguments).lines().next().unwrap().to_owned();
    assert_eq!(code(&deprecated, &[]), "exit 0");
    assert_eq!(code(&deprecated, &["--fail-on", "deprecated"]), "exit 1");
    let gone = SCHEMA.replace("  a: Int\n", "  b: Int\n");
    assert_eq!(code(&gone, &[]), "exit 0");
    assert_eq!(code(&gone, &["--fail-on", "breaking"]), "exit 1");
    let broken = SCHEMA.replace("  role: Role!\n", "");
    assert_eq!(code(&broken, &["--fail-on", "never"]), "exit 0");
}

#[test]
fn the_schema_file_is_written_anew_and_then_nothing_has_changed() {
    let project = project();
    project.write("server.graphql", SCHEMA.replace("title: String!", "title: String"));
    let settings = Settings { schema: Some(project.path("server.graphql")), open: true, ..Settings::default() };
    let server = Server::start(settings).unwrap();
    let config = project.read("graphql.config.toml");
    let url = format!("{config}\n[extensions.graphwright.introspect]\nurl = \"{}/api\"\n", server.url());
    project.write("graphql.config.toml", url);
    let first = project.run(&["check", "--update", "--format", "markdown"]);
    assert_snapshot!(first.stdout, @r"
    ## GraphQL: Rust types change in 1 of 4 operations

    Schema changes: 1 breaking, 0 dangerous, 0 safe.

    ### Changed Rust types

    Operations: `Users`

    - `ops/others.graphql:6:7`: the Rust type of `users.teams.title` changes from `String` to `Option<String>` (the schema changed: the type of `Team.title` changed from `String!` to `String`)
    ");
    assert_eq!(first.code, 1);
    let second = project.run(&["check"]);
    assert_snapshot!(format!("{}{}", second.stdout, second.shown(&[])), @r"
    exit 0
    no effect on 4 operations
    ");
    // An unreachable server changes nothing.
    drop(server);
    let before = project.read("schema.graphql");
    assert_eq!(project.run(&["check", "--update", "--against", "http://127.0.0.1:1/api"]).code, 3);
    assert_eq!(project.read("schema.graphql"), before);
}

#[test]
fn two_schemas_are_compared() {
    let project = project();
    let new = SCHEMA
        .replace("  name: String!\n  email", "  email")
        .replace("  MEMBER\n", "  MEMBER\n  GUEST\n")
        .replace("first: Int = 20", "first: Int = 100")
        .replace("type Unused {", "\"Nothing.\"\ntype Unused {");
    project.write("new.graphql", &new);
    let diff = |arguments: &[&str]| {
        let ran = project.run(&[&["diff", "schema.graphql", "new.graphql"], arguments].concat());
        format!("{}{}", ran.stdout, ran.shown(&[]))
    };
    assert_snapshot!(diff(&[]), @r"
    breaking   the field `User.name` was removed
               field-removed: operations that select it are rejected
    dangerous  the default of the argument `Query.users(first:)` changed from `20` to `100`
               argument-default-changed: operations that omit it get different responses
    dangerous  the value `GUEST` was added to `Role`
               enum-value-added: clients get a value that they may not know
    exit 1
    1 breaking, 2 dangerous, 1 safe
    ");
    assert_snapshot!(diff(&["--format", "markdown", "--all"]), @r"
    ## Schema: 1 breaking, 2 dangerous, 1 safe

    ### Breaking (1)

    - the field `User.name` was removed - operations that select it are rejected

    ### Dangerous (2)

    - the default of the argument `Query.users(first:)` changed from `20` to `100` - operations that omit it get different responses
    - the value `GUEST` was added to `Role` - clients get a value that they may not know

    ### Safe (1)

    - `Unused` now has a description
    exit 1
    1 breaking, 2 dangerous, 1 safe
    ");
    assert_snapshot!(diff(&["--format", "github", "--level", "field-removed=safe", "--fail-on", "dangerous"]), @r"
    ::warning file=new.graphql,line=3,col=9,endLine=3,endColumn=14,title=argument-default-changed::the default of the argument `Query.users(first:)` changed from `20` to `100`; operations that omit it get different responses
    ::warning file=new.graphql,line=37,col=3,endLine=37,endColumn=8,title=enum-value-added::the value `GUEST` was added to `Role`; clients get a value that they may not know
    exit 1
    0 breaking, 2 dangerous, 2 safe
    ");
    project.write("accepted.json", r#"{"accepted": [{"kind": "field-removed", "coordinate": "User.*", "reason": "nobody reads it", "until": "2999-12-31"}]}"#);
    assert_snapshot!(diff(&["--accepted", "accepted.json"]), @r"
    dangerous  the default of the argument `Query.users(first:)` changed from `20` to `100`
               argument-default-changed: operations that omit it get different responses
    dangerous  the value `GUEST` was added to `Role`
               enum-value-added: clients get a value that they may not know
    exit 0
    0 breaking, 2 dangerous, 1 safe, 1 accepted
    ");
    project.write(
        "accepted.json",
        r#"{"accepted": [{"kind": "field-removed", "coordinate": "User.name", "until": "2020-01-01"}]}"#,
    );
    assert!(diff(&["--accepted", "accepted.json"]).contains("exit 1"));
    project.write("accepted.json", r#"{"accepted": [{"kind": "field-remove", "coordinate": "User.name"}]}"#);
    assert_snapshot!(diff(&["--accepted", "accepted.json"]), @r"
    exit 2
    error: in accepted.json: unknown kind of change `field-remove`; did you mean `field-removed`?
    ");
    assert_snapshot!(project.run(&["diff", "schema.graphql", "nowhere.graphql"]).shown(&[]), @r"
    exit 2
    error: cannot read nowhere.graphql: No such file or directory (os error 2)
    ");
    // The same schema as an introspection response is the same schema.
    let settings = Settings { schema: Some(project.path("schema.graphql")), open: true, ..Settings::default() };
    let server = Server::start(settings).unwrap();
    let url = format!("{}/api", server.url());
    project.run(&["introspect", &url, "--format", "json", "--out", "schema.json"]);
    for other in ["schema.json", url.as_str()] {
        let ran = project.run(&["diff", "schema.graphql", other]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, "no changes\n"), "{other}");
    }
}

/// Returns the output for one document when one schema becomes another.
fn between(old: &str, new: &str, document: &str, arguments: &[&str]) -> String {
    let project = Project::small();
    project.write("schema.graphql", old);
    project.write("new.graphql", new);
    project.write("ops/me.graphql", document);
    let all = [&["check", "--against", "new.graphql", "--format", "compact"], arguments].concat();
    let ran = project.run(&all);
    format!("exit {}\n{}{}", ran.code, ran.stdout, ran.stderr)
}

#[test]
fn types_that_change_in_other_ways_are_told() {
    let abstracts = "type Query { u: U n: N }\nunion U = A | B\ninterface N { id: Int }\ntype A implements N { id: Int }\ntype B implements N { id: Int }\n";
    let narrowed = abstracts.replace("u: U", "u: A");
    assert_snapshot!(between(abstracts, &narrowed, "query Q { u { ... on N { id } } }", &[]), @r"
    exit 1
    ops/me.graphql:1:11: warning[types-change]: `u` no longer has the Rust variant `N`
    Rust types change in 1 of 1 operation
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    let fewer = abstracts.replace("type B implements N", "type B");
    assert_snapshot!(between(abstracts, &fewer, "query Q { u { __typename ... on N { id } ... on B { id } } }", &[]), @r"
    exit 0
    no effect on 1 operation
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    let kind = "type Query { r: E! d: E }\nenum E { X Y }\n";
    assert_snapshot!(between(kind, &kind.replace("enum E { X Y }", "scalar E"), "query Q { r }", &[]), @r"
    exit 1
    ops/me.graphql:1:11: warning[types-change]: the Rust type of `r` changes from the enum to the scalar `E`
    Rust types change in 1 of 1 operation
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    let nested = "type Query { f(i: Outer): Int }\ninput Outer { e: E }\nenum E { X Y }\n";
    assert_snapshot!(between(nested, &nested.replace("X Y", "X"), "query Q($i: Outer) { f(i: $i) }", &[]), @r"
    exit 1
    ops/me.graphql:1:10: warning[types-change]: the enum `E` no longer has the value `Y`
    Rust types change in 1 of 1 operation
    schema changes: 1 breaking, 0 dangerous, 0 safe; --all lists them
    ");
    let shared = "type Query { a: E b: [E] }\nenum E { X }\n";
    assert_snapshot!(between(shared, &shared.replace("{ X }", "{ X Y }"), "query A { a }\nquery B { b }\nquery C { a }", &[]), @r"
    exit 1
    ops/me.graphql:1:11: warning[types-change]: the enum `E` has the new value `Y`
    ops/me.graphql:2:11: warning[types-change]: the enum `E` has the new value `Y`
    ops/me.graphql:3:11: warning[types-change]: the enum `E` has the new value `Y`
    Rust types change in 3 of 3 operations
    schema changes: 0 breaking, 1 dangerous, 0 safe; --all lists them
    ");
    let old = "type Query { f(i: In, old: Int): Int }\ninput In { a: Int k: E }\nenum E { X Y }\n";
    let new = "type Query { f(i: In, old: Int @deprecated): Int }\ninput In { a: Int @deprecated k: E }\nenum E { X @deprecated Y }\n";
    let document = "query Q { f(old: 1, i: {a: 1, k: X}) }";
    assert_snapshot!(between(old, new, document, &["--fail-on", "deprecated"]), @r"
    exit 1
    ops/me.graphql:1:13: info[newly-deprecated]: `Query.f(old:)` is newly deprecated: No longer supported
    ops/me.graphql:1:25: info[newly-deprecated]: `In.a` is newly deprecated: No longer supported
    ops/me.graphql:1:34: info[newly-deprecated]: `E.X` is newly deprecated: No longer supported
    newly deprecated usage in 1 of 1 operation
    schema changes: 0 breaking, 0 dangerous, 3 safe; --all lists them
    ");
}

#[test]
fn answers_that_can_be_others_are_told() {
    // Defaults of fields that a literal in the document omits, however deep.
    let old = "type Query { f(i: In): Int }\ninput In { a: Int = 1 b: Int in: [In!] }\n";
    let new = old.replace("a: Int = 1 b: Int", "a: Int = 2 b: Int c: Int = 3");
    let document = "query Literal { f(i: {b: 1, in: {a: 1, b: 2}}) }\nquery Given { f(i: {a: 1}) }\nquery Default($i: In = {b: 1}) { f(i: $i) }";
    assert_snapshot!(between(old, &new, document, &[]), @r"
    exit 1
    ops/me.graphql:1:22: warning[behaviour-changes]: the default of the input field `In.a` changed from `1` to `2`
    ops/me.graphql:1:22: warning[behaviour-changes]: the input field `In.c` of type `Int` was added
    ops/me.graphql:1:33: warning[behaviour-changes]: the input field `In.c` of type `Int` was added
    ops/me.graphql:2:20: warning[behaviour-changes]: the input field `In.c` of type `Int` was added
    ops/me.graphql:3:16: warning[types-change]: the input `In` has the new field `c: Input<i32>`
    ops/me.graphql:3:16: warning[behaviour-changes]: the default of the input field `In.a` changed from `1` to `2`
    ops/me.graphql:3:24: warning[behaviour-changes]: the default of the input field `In.a` changed from `1` to `2`
    ops/me.graphql:3:24: warning[behaviour-changes]: the input field `In.c` of type `Int` was added
    Rust types change in 1, behaviour may change in 3 of 3 operations
    schema changes: 0 breaking, 2 dangerous, 0 safe; --all lists them
    ");
    // Defaults of directives that are used without the argument.
    let old = "directive @live(every: Int = 1) on FIELD | QUERY | INLINE_FRAGMENT\ntype Query { a: Int }\n";
    let document = "query A @live { a @live(every: 3) ... @live { b: a } }\nquery B { a }";
    assert_snapshot!(between(old, &old.replace("= 1", "= 2"), document, &[]), @r"
    exit 0
    ops/me.graphql:1:10: warning[behaviour-changes]: the default of the argument `@live(every:)` changed from `1` to `2`
    ops/me.graphql:1:40: warning[behaviour-changes]: the default of the argument `@live(every:)` changed from `1` to `2`
    behaviour may change in 1 of 2 operations
    schema changes: 0 breaking, 1 dangerous, 0 safe; --all lists them
    ");
    // Objects of new types, and of types that are not new: however many, they are one finding for each selection.
    let old = "type Query { node: Node user: User }\ninterface Node { id: ID }\ntype User implements Node { id: ID }\ntype Old { id: ID }\n";
    let new = old.replace("type Old", "type Old implements Node")
        + &["A", "B", "C", "D"].map(|name| format!("type {name} implements Node {{ id: ID }}\n")).concat();
    let document = "query N { node { id } }\nquery U { user { ... on Node { id } } }";
    assert_snapshot!(between(old, &new, document, &[]), @r"
    exit 0
    ops/me.graphql:1:11: warning[behaviour-changes]: `Node` can be 5 more types: `A`, `B`, `C`, `D` and 1 other
    behaviour may change in 1 of 2 operations
    schema changes: 0 breaking, 1 dangerous, 4 safe; --all lists them
    ");
}

#[test]
fn a_schema_that_is_none_is_not_written() {
    let old = "type Query { a: Int }\n";
    let project = Project::small();
    project.write("schema.graphql", old);
    project.write("ops/me.graphql", "query Q { a }");
    for new in ["type Query { a: Nowhere }\n", "type A { b: Int }\n"] {
        project.write("new.graphql", new);
        assert_eq!(project.run(&["check", "--against", "new.graphql", "--update"]).code, 2, "{new}");
        assert_eq!(project.read("schema.graphql"), old);
    }
}

#[test]
fn a_revision_is_how_it_was() {
    let project = Project::small();
    project.write("schema.graphql", "type Query { a: Int b: Int }\n");
    project.write("ops/me.graphql", "query Q { a }");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"];
        let all = [identity.as_slice(), arguments].concat();
        assert!(
            std::process::Command::new("git").args(all).current_dir(project.folder.path()).status().unwrap().success()
        );
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    project.write("schema.graphql", "type Query { b: Int }\n");
    let ran = project.run(&["check", "--against", "git:HEAD:schema.graphql", "--format", "compact", "--all"]);
    assert_snapshot!(format!("{}{}", ran.stdout, ran.shown(&[])), @r"
    ops/me.graphql:1:11: error[operation-breaks]: type `Query` has no field `a`
    exit 1
    breaking: the field `Query.a` was removed
    errors in 1 of 1 operation
    schema changes: 1 breaking, 0 dangerous, 0 safe
    ");
}

#[test]
fn root_types_that_are_not_said_go_by_their_names() {
    let project = Project::small();
    project.write("old.graphql", "type Query { a: Int }\ntype Mutation { b: Int }\n");
    project.write("new.graphql", "schema { query: Query }\ntype Query { a: Int }\ntype Mutation { b: Int }\n");
    let ran = project.run(&["diff", "old.graphql", "new.graphql"]);
    assert_snapshot!(format!("{}{}", ran.stdout, ran.shown(&[])), @r"
    breaking   the root type `Mutation` for a mutation was removed
               root-type-changed: operations of the kind select from another type
    exit 1
    1 breaking, 0 dangerous, 0 safe
    ");
}

#[test]
fn the_cause_is_the_change_of_the_very_part_that_is_used() {
    let cause = |old: &str, new: &str, document: &str| {
        let project = Project::small();
        project.write("schema.graphql", old);
        project.write("new.graphql", new);
        project.write("ops/me.graphql", document);
        let ran = project.run(&["check", "--against", "new.graphql"]);
        let causes = ran.stdout.lines().filter_map(|line| line.split_once("the schema changed: "));
        let causes: Vec<&str> = causes.map(|(_, cause)| cause).collect();
        causes.join("; ")
    };
    let of_user = |fields: &str| format!("type Query {{ user: User }}\ntype User {{ id: ID {fields} }}\n");
    // Words of the message are the names of other fields.
    let (old, new) = (of_user("name: Int field: Int type: Int"), of_user(""));
    assert_eq!(cause(&old, &new, "{ user { name } }"), "the field `User.name` was removed");
    let (old, new) = (of_user("has: Int no: Int"), of_user(""));
    assert_eq!(cause(&old, &new, "{ user { has } }"), "the field `User.has` was removed");
    // An alias is the name of another field.
    let posts = |of_user: &str, of_post: &str| {
        format!(
            "type Query {{ user: User post: Post }}\ntype User {{ name: {of_user} }}\ntype Post {{ title: {of_post} }}\n"
        )
    };
    let (old, new) = (posts("String!", "String!"), posts("String", "String"));
    assert_eq!(
        cause(&old, &new, "{ user { title: name } }"),
        "the type of `User.name` changed from `String!` to `String`"
    );
    // The selection is on the type of a changed field.
    let (old, new) = (of_user("a: Int"), "type Query { user: Int }\ntype User { id: ID a: Int }\n".to_owned());
    assert_eq!(cause(&old, &new, "{ user { a } }"), "the type of `Query.user` changed from `User` to `Int`");
    let arguments =
        |definition: &str| format!("type Query {{ f({definition}): Int }}\ninput In {{ a: Int }}\nenum E {{ X Y }}\n");
    let (old, new) = (arguments("a: Int, in: In, e: E"), arguments("a: Int, in: In, e: E, b: Int!"));
    assert_eq!(cause(&old, &new, "{ f }"), "the argument `Query.f(b:)` of type `Int!` was added");
    let new = old.replace("a: Int,", "a: String,");
    assert_eq!(
        cause(&old, &new, "query Q($v: Int) { f(a: $v) }"),
        "the type of the argument `Query.f(a:)` changed from `Int` to `String`"
    );
    let new = old.replace("X Y", "Y");
    assert_eq!(cause(&old, &new, "{ f(e: X) }"), "the value `X` was removed from `E`");
    let new = old.replace("{ a: Int }", "{ a: Int b: Int! }");
    assert_eq!(cause(&old, &new, "{ f(in: {a: 1}) }"), "the input field `In.b` of type `Int!` was added");
}
