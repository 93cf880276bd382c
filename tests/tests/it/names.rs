//! Names depend on what they name: an addition can make one disappear, but never changes its meaning.

use crate::support::Project;
use graphwright_tests::additions::{self, Outcome, Texts, add_all};
use graphwright_tests::invented_texts;
use graphwright_tests::meanings::{Meaning, Meanings};
use insta::assert_snapshot;

fn meanings(schema: &str, documents: &[(&str, &str)]) -> Meanings {
    let documents = documents.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let texts = Texts { schema: schema.to_owned(), documents, ..Texts::default() };
    additions::generated(&texts).unwrap().expect("valid")
}

/// Returns the names of a module with their meanings.
fn shown(meanings: &Meanings, prefix: &str) -> String {
    let all = meanings.iter().filter_map(|(path, meaning)| Some((path.strip_prefix(prefix)?, meaning)));
    let line = |(path, meaning): (&str, &Meaning)| match meaning {
        Meaning::Key(key) | Meaning::Value(key) => Some(format!("{path} {key}")),
        Meaning::Operation(_, document) => Some(format!("{path} {document}")),
        Meaning::Types(types) => Some(format!("{path} {}", types.iter().cloned().collect::<Vec<_>>().join("|"))),
        Meaning::Ours(what) => Some(format!("{path} ({what})")),
        Meaning::Selects(keys) => Some(format!("{path} {{{}}}", keys.iter().cloned().collect::<Vec<_>>().join(" "))),
        Meaning::Ways(_) | Meaning::Parameters(_) => None,
    };
    all.filter_map(line).collect::<Vec<_>>().join("\n")
}

const SCHEMA: &str = "
enum E { FOO BAR }
input I { userID: String }
interface Node { id: ID! }
interface Pet { name: String! owner: User }
type User implements Node { id: ID! userID: String userId: Int friend: User }
type Cat implements Pet & Node { id: ID! name: String! owner: User meow: Int }
type Dog implements Pet { name: String! owner: User bark: Int }
union Any = User | Cat | Dog
type Query { e(e: E, i: I): E user: User any: Any node: Node a: Int b: Int }
";

#[test]
fn values_of_enums() {
    let query = ("q.graphql", "query Q($e: E) { e(e: $e) }");
    let named = |values: &str| shown(&meanings(&SCHEMA.replace("FOO BAR", values), &[query]), "types::E::");
    assert_snapshot!(named("FOO BAR"), @r"
    Bar BAR
    Foo FOO
    Unknown (the value that it was given)
    ");
    assert_snapshot!(named("foo FOO BAR"), @r"
    Bar BAR
    FOO_ FOO
    Unknown (the value that it was given)
    foo_ foo
    ");
    assert_snapshot!(named("UNKNOWN IN_PROGRESS InProgress self SELF"), @r"
    IN_PROGRESS_ IN_PROGRESS
    InProgress_ InProgress
    SELF_ SELF
    UNKNOWN_ UNKNOWN
    Unknown (the value that it was given)
    self_ self
    ");
}

#[test]
fn fields_of_outputs_and_inputs() {
    let schema = SCHEMA.replace("userID: String }", "userID: String userId: Int new: Int }");
    let document = "query Q($userID: Int, $userId: Int, $i: I) {
      user { userID userId on: id typename: id kind: __typename }
      a: e(i: $i) b(x: $userID, y: $userId)
    }";
    let schema = schema.replace("b: Int }", "b(x: Int, y: Int): Int }");
    let all = meanings(&schema, &[("q.graphql", document)]);
    assert_snapshot!(shown(&all, "q::q::User."), @r"
    kind kind
    on_ on
    typename_ typename
    userID_ userID
    userId_ userId
    ");
    assert_snapshot!(shown(&all, "types::I"), @r"
    .new new
    .userID_ userID
    .userId_ userId
    ::new_() new
    ::userID_() userID
    ::userId_() userId
    ");
    assert_snapshot!(shown(&all, "q::Q."), @r"
    i i
    userID_ userID
    userId_ userId
    ");
}

#[test]
fn operations_and_fragments() {
    let document = "query A { a } query a { b } query a_ { a b }";
    let all = meanings(SCHEMA, &[("q.graphql", document)]);
    let names: Vec<&String> =
        all.iter().filter(|(_, one)| matches!(one, Meaning::Operation(..))).map(|(path, _)| path).collect();
    assert_eq!(names, ["q::A_", "q::a_", "q::a__"]);
    let one = ("one.graphql", "query One { user { ...F } } fragment F on User { id }");
    let other = ("sub/two.graphql", "query Two { user { ...F } } fragment F on User { userID }");
    assert_snapshot!(shown(&meanings(SCHEMA, &[one]), "fragments::"), @r"
    f::F {id}
    f::F.id id
    ");
    assert_snapshot!(shown(&meanings(SCHEMA, &[one, other]), "fragments::"), @r"
    F__in__one__data_::F__in__one_ {id}
    F__in__one__data_::F__in__one_.id id
    F__in__sub__two__data_::F__in__sub__two_ {userID}
    F__in__sub__two__data_::F__in__sub__two_.user_id userID
    ");
    // Tools copy the fragments of an operation into each file: equal ones are one fragment, and one type.
    let again = ("sub/more.graphql", "query More { user { ...F } } fragment F on User {\n  id, # ID!\n}");
    let outer = "query A { user { ...G } } fragment G on User { ...F } fragment F on User { id }";
    let others = [("a.graphql", outer), ("b.graphql", outer)];
    assert_snapshot!(shown(&meanings(SCHEMA, &[one, again, others[0], others[1]]), "fragments::"), @r"
    f::F {id}
    f::F.id id
    g::G {}
    ");
    // Unless their spreads resolve differently, or their settings differ.
    let differing = outer.replace("{ id }", "{ userID }");
    let of_g = |other: &str| {
        let documents = [others[0], ("b.graphql", other)];
        let shown = shown(&meanings(SCHEMA, &documents), "fragments::");
        shown.lines().filter(|line| line.starts_with('G')).count()
    };
    assert_eq!(of_g(outer), 0);
    assert_eq!(of_g(&differing), 2);
    // The other one is not public.
    assert_eq!(of_g(&outer.replace("fragment G", "\n# @graphwright(visibility: \"pub(crate)\")\nfragment G")), 1);
    assert_eq!(of_g(&outer.replace("fragment G", "\n\"\"\"Described.\"\"\"\nfragment G")), 2);
}

#[test]
fn modules_follow_folders() {
    let delete = |field: &str| format!("query Delete {{ {field} }}");
    let (users, admin) = (delete("a"), delete("b"));
    let one = meanings(SCHEMA, &[("users/delete.graphql", users.as_str())]);
    let both = meanings(SCHEMA, &[("admin/delete.graphql", admin.as_str()), ("users/delete.graphql", users.as_str())]);
    assert_eq!(shown(&one, "users::delete::Delete"), " query Delete{a}");
    assert_eq!(shown(&both, "users::delete::Delete"), " query Delete{a}");
    assert_eq!(shown(&both, "admin::delete::Delete"), " query Delete{b}");
    // A file and the folder of its name are one module; files that differ in nothing but dashes are two.
    let shared = meanings(
        SCHEMA,
        &[
            ("users.graphql", "query delete { a } query All { b }"),
            ("users/delete.graphql", users.as_str()),
            ("a-b.graphql", "query X { a }"),
            ("a_b.graphql", "query X { b }"),
            ("types.graphql", "query X { b a }"),
        ],
    );
    let hashed = |path: &str| {
        path.split_once("__x").map_or(path.to_owned(), |(start, rest)| format!("{start}__x…{}", &rest[8..]))
    };
    let operations: Vec<String> = shared
        .iter()
        .filter_map(|(path, one)| {
            if let Meaning::Operation(_, document) = one { Some(format!("{} {document}", hashed(path))) } else { None }
        })
        .collect();
    assert_snapshot!(operations.join("\n"), @r"
    a_b__file_::X query X{b}
    a_b__file__x…::X query X{a}
    types__file_::X query X{b a}
    users::All query All{b}
    users::delete_ query delete{a}
    users::delete__file_::Delete query Delete{a}
    ");
}

#[test]
fn modules_begin_where_the_first_wildcard_of_a_pattern_is() {
    let project = Project::small();
    let config = project.read("graphql.config.toml");
    let patterns = "[\"ops/*.graphql\", \"./app/**/*.graphql\", \"lib/one/find.graphql\"]";
    project.write("graphql.config.toml", config.replace("\"ops/*.graphql\"", patterns));
    project.write("app/users/find.graphql", "query Find { me { id } }\n");
    project.write("lib/one/find.graphql", "query Find { me { id } }\n");
    let modules = |project: &Project| {
        let ran = project.run(&["generate"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let root = project.read("out/mod.rs");
        root.lines().filter(|line| line.starts_with("pub mod")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(modules(&project), "pub mod find; pub mod me; pub mod users;");
    // The common path of all documents does not matter.
    std::fs::remove_file(project.path("ops/me.graphql")).unwrap();
    project.write("ops/other.graphql", "query Other { me { id } }\n");
    assert_eq!(modules(&project), "pub mod find; pub mod other; pub mod users;");
}

#[test]
fn arms_are_named_by_the_conditions_that_are_written() {
    let query =
        ("q.graphql", "query Q { any { ... on Node { id } ... on Pet { name owner { id } } ... on Cat { meow } } }");
    let named = |schema: &str| shown(&meanings(schema, &[query]), "q::q::Any");
    assert_snapshot!(named(SCHEMA), @r"
    ::Cat Cat
    ::Node User
    ::Other (all other types)
    ::Pet Dog
    Cat.id id
    Cat.meow meow
    Cat.name name
    Cat.owner owner
    Node.id id
    Node.typename __typename
    Pet.name name
    Pet.owner owner
    Pet.typename __typename
    PetOwner.id id
    ");
    // More types, one of them of a combination that there was not.
    let schema = SCHEMA.replace("union Any = ", "type Rock implements Node { id: ID! } type Newt implements Node & Pet { id: ID! name: String! owner: User } union Any = Rock | Newt | ");
    assert_snapshot!(named(&schema), @r"
    ::Cat Cat
    ::Node Rock|User
    ::NodeAndPet Newt
    ::Other (all other types)
    ::Pet Dog
    Cat.id id
    Cat.meow meow
    Cat.name name
    Cat.owner owner
    Node.id id
    Node.typename __typename
    NodeAndPet.id id
    NodeAndPet.name name
    NodeAndPet.owner owner
    NodeAndPet.typename __typename
    Pet.name name
    Pet.owner owner
    Pet.typename __typename
    PetOwner.id id
    ");
}

#[test]
fn what_collides_is_noted_once_and_generated() {
    let project = Project::small();
    project.write(
        "schema.graphql",
        "type Query { a: T b: T }\ntype T { userID: Int userId: Int status: E }\nenum E { UNKNOWN }\n",
    );
    project.write("ops/me.graphql", "query Me {\n  a { userID userId status }\n  b { userID userId }\n}\n");
    let ran = project.run(&["generate"]);
    let shown: Vec<&str> = ran.stderr.lines().filter(|line| !line.contains("written")).collect();
    assert_snapshot!(shown.join("\n"), @r"
    info[name-collision]: value `E.UNKNOWN` cannot be `Unknown` in Rust; generated as `UNKNOWN_`
     --> schema.graphql:3:10
      |
    3 | enum E { UNKNOWN }
      |          ^^^^^^^ `UNKNOWN_`

    info[name-collision]: field `userID` and field `userId` would both be `user_id` in Rust; generated as `userID_` and `userId_`
     --> ops/me.graphql:2:7
      |
    2 |   a { userID userId status }
      |       ^^^^^^ ------ `userId_`
      |       |
      |       `userID_`
      |
      = note: the same in 2 selection sets

    2 notes
    ");
    let quiet = project.run(&["--quiet", "generate", "--output", "other"]);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn obsolete_files_of_folders_go_and_foreign_ones_stay() {
    let project = Project::small();
    let config = project.read("graphql.config.toml").replace("ops/*.graphql", "ops/**/*.graphql");
    project.write("graphql.config.toml", config);
    project.write("ops/users/find.graphql", "query Find { me { id } }\n");
    project.write("ops/users.graphql", "query All { me { id } }\n");
    project.run(&["generate"]);
    assert!(project.read("out/users/mod.rs").contains("pub mod find;"));
    assert!(project.read("out/users/mod.rs").contains("pub struct All"));
    project.write("out/users/mine.rs", "// mine\n");
    project.write("out/nested/mod.rs", "// @generated by graphwright; do not edit.\n// graphwright 0.1.0\n\n");
    std::fs::remove_file(project.path("ops/users/find.graphql")).unwrap();
    project.run(&["generate"]);
    assert!(!project.path("out/users/find.rs").exists());
    assert!(project.path("out/users/mine.rs").exists(), "it is not ours");
    assert!(project.path("out/nested/mod.rs").exists(), "it is another output");
    assert!(project.read("out/users.rs").contains("pub struct All"));
    std::fs::remove_file(project.path("out/users/mine.rs")).unwrap();
    project.write("ops/users/find.graphql", "query Find { me { id } }\n");
    project.run(&["generate"]);
    std::fs::remove_dir_all(project.path("ops/users")).unwrap();
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!project.path("out/users").exists(), "an empty folder goes with its last file");
}

#[test]
fn sorting_variables_says_that_parameters_change_places() {
    let project = Project::small();
    project.write("schema.graphql", "type Query { user(name: String!, mail: String!): Int }\n");
    project
        .write("ops/me.graphql", "query User($name: String!, $mail: String!) {\n  user(name: $name, mail: $mail)\n}\n");
    let config = project.read("graphql.config.toml");
    project.write(
        "graphql.config.toml",
        format!("{config}\n[extensions.graphwright.lint]\nextends = [\"none\"]\n[extensions.graphwright.lint.rules]\nalphabetize = {{ level = \"warn\", variables = true }}\n"),
    );
    let ran = project.run(&["lint"]);
    assert!(
        ran.stderr.contains("the generated `new` takes its parameters in the order of the variables")
            || ran.stdout.contains("takes its parameters in the order of the variables"),
        "{ran:?}"
    );
    let ran = project.run(&["lint", "--fix"]);
    assert!(project.read("ops/me.graphql").contains("$name: String!, $mail"), "not safe: {ran:?}");
    let ran = project.run(&["lint", "--fix", "--unsafe-fixes"]);
    assert!(project.read("ops/me.graphql").contains("$mail: String!, $name"), "{ran:?}");
    assert!(
        ran.stderr.contains("warning: the generated `new` of `User` takes (mail, name) instead of (name, mail)"),
        "{ran:?}"
    );
}

#[test]
fn additions_change_the_meaning_of_no_name() {
    let mut outcome = Outcome::default();
    for seed in 0..5 {
        let (schema, documents) = invented_texts(seed);
        let documents =
            documents.into_iter().enumerate().map(|(at, text)| (format!("f{}/q{at}.graphql", at % 3), text));
        let texts = valid(&schema, documents.collect());
        add_all(&mut outcome, &format!("seed {seed}"), &texts, seed, 30).unwrap();
    }
    let made: usize = outcome.tallies.values().map(|tally| tally.made).sum();
    assert!(made > 50 && outcome.arms > 500, "{outcome}");
    assert_eq!(outcome.failures, Vec::<String>::new());
}

/// Returns those of some documents that are valid by themselves.
fn valid(schema: &str, documents: Vec<(String, String)>) -> Texts {
    let alone = |one: &(String, String)| {
        let texts = Texts { schema: schema.to_owned(), documents: vec![one.clone()], ..Texts::default() };
        additions::generated(&texts).unwrap().is_some()
    };
    let documents = documents.into_iter().filter(alone).collect();
    Texts { schema: schema.to_owned(), documents, ..Texts::default() }
}
