//! The sent documents: one fragment for each name, no client-side selections, and valid for a server.
//!
//! Other programs validate the documents: apollo-compiler's validator, and graphql-js if `cargo xtask interop` has
//! installed it.

use crate::support::{Project, Ran};
use apollo_compiler::{ExecutableDocument, Schema};
use graphwright_tests::graphql_js;
use insta::assert_snapshot;
use serde_json::Value;

const SCHEMA: &str = "type Query { user: User node: Node nodes: [Node!]! }
interface Node { id: ID! }
type User implements Node { id: ID! name: String email: String friends(first: Int): [User!] }
type Bot implements Node { id: ID! name: String }
type Mutation { follow(id: ID!): User }
interface Root { ticks: Int }
type Subscription implements Root { ticks: Int users: User }
";

/// Returns a project with these settings under `[extensions.graphwright]`, and these documents.
fn project(settings: &str, documents: &[(&str, &str)]) -> Project {
    let project = Project::small();
    project.write("schema.graphql", SCHEMA);
    std::fs::remove_dir_all(project.path("ops")).unwrap();
    let general = "schema = \"schema.graphql\"\ndocuments = \"ops/**/*.graphql\"\n\n[extensions.graphwright]\n";
    project.write(
        "graphql.config.toml",
        format!("{general}{settings}\n\n[extensions.graphwright.generate]\noutput = \"out\"\n"),
    );
    for (name, text) in documents {
        project.write(&format!("ops/{name}.graphql"), text);
    }
    project
}

/// Returns the documents of the manifest, one a line, after servers have agreed to them. The generated code must have
/// the same.
fn sent(project: &Project) -> String {
    let ran = project.run(&["manifest"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let manifest: Value = serde_json::from_str(&ran.stdout).unwrap();
    let operations = manifest["operations"].as_array().unwrap();
    let documents: Vec<&str> = operations.iter().map(|one| one["body"].as_str().unwrap()).collect();
    let code = project.run(&["generate", "--stdout"]).stdout;
    for operation in operations {
        let constants = ["body", "id"].map(|key| format!("{:?}", operation[key].as_str().unwrap()));
        assert!(constants.iter().all(|constant| code.contains(constant.as_str())), "{constants:?} are not in {code}");
    }
    judge(&project.read("schema.graphql"), &documents);
    documents.join("\n")
}

fn judge(schema: &str, documents: &[&str]) {
    let parsed = Schema::parse_and_validate(schema, "schema").unwrap();
    for document in documents {
        let verdict = ExecutableDocument::parse_and_validate(&parsed, *document, "sent");
        assert!(verdict.is_ok(), "{document}: {}", verdict.unwrap_err());
    }
    if graphql_js::is_installed() {
        let mut judged = graphql_js::Documents::default();
        documents.iter().for_each(|document| judged.add("sent", schema, document, true));
        let refused: Vec<String> = judged.validate().unwrap().iter().map(ToString::to_string).collect();
        assert!(refused.is_empty(), "{}", refused.join("\n"));
    }
}

fn refused(project: &Project) -> String {
    let lint = project.run(&["lint", "--only", RULES, "--format", "compact"]);
    let generated: Ran = project.run(&["generate"]);
    assert!(!project.path("out").exists(), "nothing is written");
    let heads = generated.stderr.lines().filter(|line| line.starts_with("error") || line.contains("-->"));
    let helps = generated.stderr.lines().filter(|line| line.contains("= help"));
    let shown: Vec<&str> = heads.chain(helps).map(str::trim).collect();
    assert_eq!(lint.stdout.matches("error[").count(), generated.stderr.matches("error[").count(), "{lint:?}");
    format!("exit {}\n{}", generated.code, shown.join("\n"))
}

const RULES: &str = "client-only-selection-set,no-incremental-delivery,no-fragment-arguments,no-undefined-variables,\
                     known-directives,fields-on-correct-type";

#[test]
fn fragments_that_are_the_same_are_sent_once() {
    let project = project(
        "",
        &[
            ("a", "fragment V on User { id }\nfragment M on User { name ...V }"),
            ("b", "# Written elsewhere.\nfragment V on User {\n  id\n}\nfragment N on User { email ...V }"),
            ("q", "query Q { user { ...M ...N } }"),
        ],
    );
    assert_snapshot!(sent(&project), @"query Q{user{...M ...N}}fragment M on User{name ...V}fragment V on User{id}fragment N on User{email ...V}");
}

#[test]
fn fragments_that_differ_are_sent_under_names_of_their_own() {
    let files = [
        ("a", "fragment V on User { id }\nfragment M on User { name ...V }"),
        ("b", "fragment V on User { id email }\nfragment N on User { email ...V }"),
        ("q", "query Q { user { ...M ...N } }\nquery OnlyA { user { ...M } }"),
    ];
    let documents = sent(&project("", &files));
    assert_snapshot!(documents, @r"
    query OnlyA{user{...M}}fragment M on User{name ...V}fragment V on User{id}
    query Q{user{...M ...N}}fragment M on User{name ...V_ab30a944}fragment V_ab30a944 on User{id}fragment N on User{email ...V_3b703893}fragment V_3b703893 on User{id email}
    ");
    // Neither the order of files nor another fragment of that name decides which is which.
    let renamed = [("z/a", files[0].1), ("b", files[1].1), ("q", files[2].1), ("c", "fragment V on Bot { id }")];
    assert_eq!(sent(&project("", &renamed)), documents);
}

#[test]
fn a_name_that_is_made_is_not_one_that_is_taken() {
    let project = project(
        "",
        &[
            ("a", "fragment V on User { id }\nfragment M on User { name ...V }"),
            ("b", "fragment V on User { email }\nfragment N on User { email ...V }"),
            ("q", "query Q { user { ...M ...N ...V_ab30a944 } }\nfragment V_ab30a944 on User { name }"),
        ],
    );
    let documents = sent(&project);
    assert!(documents.contains("...V_ab30a944f}fragment V_ab30a944f on User{id}"), "{documents}");
}

#[test]
fn imports_and_fragments_of_fragments_decide_what_a_name_means() {
    // `Deep` is written alike in both files, and spreads another `V`.
    let project = project(
        "",
        &[
            ("a", "#import \"./v/one.graphql\"\nfragment Deep on User { ...V }\nfragment M on User { ...Deep }"),
            ("b", "#import \"./v/two.graphql\"\nfragment Deep on User { ...V }\nfragment N on User { ...Deep }"),
            ("v/one", "fragment V on User { id }"),
            ("v/two", "fragment V on User { id email }"),
            ("q", "query Q { user { ...M ...N } }"),
        ],
    );
    let documents = sent(&project);
    assert_eq!(documents.matches("fragment Deep_").count(), 2, "{documents}");
    assert_eq!(documents.matches("fragment V_").count(), 2, "{documents}");
}

#[test]
fn apollo_client_fields_and_directives_are_not_sent() {
    let project = project(
        "client = \"apollo\"",
        &[
            (
                "a",
                "query Flag { user { id isLoggedIn @client } }
query Basket($theme: String) { user { id cart(theme: $theme) @client { items { name } } } }
query Page($key: String!, $first: Int) {
  user { friends(first: $first) @connection(key: $key, filter: [\"a\"]) { id ...Seen @unmask ... @nonreactive { name } } }
}
fragment Seen on User { email ...Local }
fragment Local on User { seen @client ... on Node { seenAt @client } }
query Exported { user { id current @client @export(as: \"id\") } node { ... on User { name } } }",
            ),
            ("m", "mutation Follow($id: ID!) { follow(id: $id) { id following @client } }"),
        ],
    );
    assert_snapshot!(sent(&project), @r"
    query Basket{user{id}}
    query Exported{user{id}node{__typename ... on User{name}}}
    query Flag{user{id}}
    mutation Follow($id:ID!){follow(id:$id){id}}
    query Page($first:Int){user{friends(first:$first){id ...Seen ...{name}}}}fragment Seen on User{email}
    ");
    let code = project.run(&["generate", "--stdout"]).stdout;
    for gone in ["is_logged_in", "theme", "cart", "pub key", "following", "seen_at", "struct Local"] {
        assert!(!code.contains(gone), "{gone} is in {code}");
    }
}

const CLIENT: &str = "extend type User { isLoggedIn: Boolean! cart(theme: String): Cart }
extend type Query { drafts: [Draft!]! }
type Cart { items: Int! }
type Draft implements Node { id: ID! text: String! }
directive @cached(for: Int) on FIELD
";

const WITH_CLIENT_FIELDS: &str = "query Me($theme: String, $first: Int) {
  user {
    name @cached(for: 10)
    isLoggedIn
    cart(theme: $theme) { ...Items }
    friends(first: $first) { ...Bits }
  }
  node { id ... on Draft { text } ... on User { email } }
}
fragment Items on Cart { items }
fragment Bits on User { id ...Empty }
fragment Empty on User { isLoggedIn ...Emptier }
fragment Emptier on User { ... on Node { ... on User { cart { items } } } }
";

#[test]
fn fields_and_types_of_a_client_schema_are_checked_and_not_sent() {
    // The file may also match the other patterns.
    let project = project("client_schema = [\"ops/client.graphql\"]", &[("me", WITH_CLIENT_FIELDS)]);
    project.write("ops/client.graphql", CLIENT);
    assert_snapshot!(sent(&project), @"query Me($first:Int){user{name friends(first:$first){...Bits}}node{__typename id ... on User{email}}}fragment Bits on User{id}");
    let code = project.run(&["generate", "--stdout"]).stdout;
    assert!(!code.contains("Draft") && !code.contains("cart") && !code.contains("theme"), "{code}");
    let lint = project.run(&["lint"]);
    assert_eq!((lint.code, lint.stdout.contains("error")), (0, false), "{lint:?}");
    // A misspelt field of the client is still one.
    project.write("ops/me.graphql", WITH_CLIENT_FIELDS.replace("isLoggedIn\n", "isLogedIn\n"));
    let wrong = project.run(&["generate"]);
    assert!(wrong.stderr.contains("has no field `isLogedIn`") && wrong.stderr.contains("`isLoggedIn`?"), "{wrong:?}");
}

#[test]
fn client_fields_are_no_use_of_the_servers_schema_and_never_removed_from_it() {
    let project = project("client_schema = \"client.graphql\"", &[("me", WITH_CLIENT_FIELDS)]);
    project.write("client.graphql", CLIENT);
    let usage: Value = serde_json::from_str(&project.run(&["usage", "--json"]).stdout).unwrap();
    let types: Vec<&str> = usage["types"].as_array().unwrap().iter().map(|ty| ty["name"].as_str().unwrap()).collect();
    assert!(!types.contains(&"Cart") && !types.contains(&"Draft"), "{types:?}");
    let user = usage["types"].as_array().unwrap().iter().find(|ty| ty["name"] == "User").unwrap();
    assert!(user["members"].as_array().unwrap().iter().all(|member| member["name"] != "isLoggedIn"), "{user}");

    project.write("new.graphql", SCHEMA.replace("email: String", "email: String! age: Int"));
    let check = project.run(&["check", "--against", "new.graphql", "--format", "compact", "--all"]);
    assert_snapshot!(format!("{}{}", check.stdout, check.shown(&[])), @r"
    ops/me.graphql:8:49: warning[types-change]: the Rust type of `node.... on User.email` changes from `Option<String>` to `String`
    exit 1
    safe: the type of `User.email` changed from `String` to `String!`
    safe: the field `User.age: Int` was added
    Rust types change in 1 of 1 operation
    schema changes: 0 breaking, 0 dangerous, 2 safe
    ");

    let fmt = project.run(&["fmt", "--check", "client.graphql"]);
    assert!(fmt.stdout.contains("client.graphql"), "{fmt:?}");
}

#[test]
fn selection_sets_of_which_nothing_would_be_sent_are_errors() {
    let project = project(
        "client = \"apollo\"",
        &[(
            "a",
            "query A { user { isLoggedIn @client } }\nquery B { user { ...C } }\nfragment C on User { seen @client }\nquery D { flag @client }\n",
        )],
    );
    assert_snapshot!(refused(&project), @r"
    exit 1
    error[client-only-selection-set]: `user` selects only client-only fields
    --> ops/a.graphql:1:11
    error[client-only-selection-set]: `user` selects only client-only fields
    --> ops/a.graphql:2:11
    error[client-only-selection-set]: `D` selects only client-only fields
    --> ops/a.graphql:4:7
    = help: select a field of the server below `user`, such as `__typename`, or mark `user` itself with `@client`
    = help: select a field of the server below `user`, such as `__typename`, or mark `user` itself with `@client`
    = help: select a field of the server, or take the operation out of `documents`
    ");
}

#[test]
fn relays_directives_are_known_and_not_sent() {
    let project = project(
        "client = \"relay\"\nclient_schema = \"client.graphql\"",
        &[(
            "a",
            "query Me($first: Int) @raw_response_type @throwOnFieldError {
  user { ...Profile @relay(mask: false) ...Draft @alias(as: \"draft\") friends(first: $first) @connection(key: \"f\", filters: []) { id } }
}
fragment Profile on User @refetchable(queryName: \"Again\") @inline { name @required(action: THROW) email @catch(to: NULL) }
fragment Draft on User @relay(plural: true) { draft }
mutation Follow($id: ID!, $connections: [ID!]!) {
  follow(id: $id) @appendNode(connections: $connections, edgeTypeName: \"UserEdge\") { id }
}",
        )],
    );
    project.write("client.graphql", "extend type User { draft: String }\n");
    assert_snapshot!(sent(&project), @r"
    mutation Follow($id:ID!){follow(id:$id){id}}
    query Me($first:Int){user{...Profile friends(first:$first){id}}}fragment Profile on User{name email}
    ");
}

#[test]
fn a_directive_of_the_client_is_not_sent_even_if_the_server_declares_it() {
    let project =
        project("client = \"apollo\"", &[("a", "query A($key: String!) { user @connection(key: $key) { id } }")]);
    project.write("schema.graphql", format!("{SCHEMA}directive @connection on FIELD\n"));
    assert_snapshot!(sent(&project), @"query A{user{id}}");
}

#[test]
fn arguments_of_fragments_are_refused_once_each() {
    let text = "query A($n: Int) { user { ...F @arguments(count: $n) } }
fragment F on User @argumentDefinitions(count: { type: \"Int\", defaultValue: 10 }) { friends(first: $count) { id } }";
    let shown = refused(&project("client = \"relay\"", &[("a", text)]));
    assert_snapshot!(shown, @r"
    exit 1
    error[no-fragment-arguments]: `@arguments`: fragments cannot be given arguments
    --> ops/a.graphql:1:32
    error[no-fragment-arguments]: `@argumentDefinitions`: fragments cannot define arguments
    --> ops/a.graphql:2:20
    = help: use a variable of the operation inside the fragment, or write a fragment for each set of values
    = help: use variables of the operation inside the fragment; every operation that spreads it defines them
    ");
    assert_eq!(refused(&project("", &[("a", text)])), shown, "whatever the client is");
}

#[test]
fn incremental_delivery_is_refused_whether_the_schema_has_it_or_not() {
    let text =
        "query A { user { id ... @defer { name } ...F @defer(label: \"x\") friends @stream(initialCount: 1) { id } } }
fragment F on User { email }";
    let project = project("", &[("a", text)]);
    let shown = refused(&project);
    assert_snapshot!(shown, @r"
    exit 1
    error[no-incremental-delivery]: `@defer`: incremental delivery is not supported
    --> ops/a.graphql:1:25
    error[no-incremental-delivery]: `@defer`: incremental delivery is not supported
    --> ops/a.graphql:1:46
    error[no-incremental-delivery]: `@stream`: incremental delivery is not supported
    --> ops/a.graphql:1:73
    = help: remove the directive; to get this part later, send it as an operation of its own
    = help: remove the directive; to get this part later, send it as an operation of its own
    = help: remove the directive; to get a list in parts, select it page by page, with `first` and `after` from variables
    ");
    let declared = "directive @defer(label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT\ndirective @stream(initialCount: Int) on FIELD\n";
    project.write("schema.graphql", format!("{SCHEMA}{declared}"));
    assert_eq!(refused(&project), shown);
}

#[test]
fn a_type_name_that_cannot_be_asked_for_is_an_error() {
    let subscription = "subscription S { ...F }\nfragment F on Root { ... on Subscription { ticks } }";
    let ran = project("", &[("s", subscription)]).run(&["generate"]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 1
    error[single-field-subscriptions]: the root of a subscription cannot select `__typename`, which distinguishes the types of `F`
     --> ops/s.graphql:1:21
      |
    1 | subscription S { ...F }
      |                     ^ this fragment is on the abstract type `Root`
      |
      = help: write the fragment on the type of the subscription's root

    1 error
    ");
    let alias = "query Q { node { ... on User { __typename: name } ... on Bot { id } } }";
    let ran = project("", &[("q", alias)]).run(&["generate"]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 1
    error[overlapping-fields-can-be-merged]: `name` is selected as `__typename`, which is needed here for the name of the type
     --> ops/q.graphql:1:32
      |
    1 | query Q { node { ... on User { __typename: name } ... on Bot { id } } }
      |                                ^^^^^^^^^^
      |
      = help: choose another alias

    1 error
    ");
    // Elsewhere, the alias is allowed.
    let other = "query Q { user { __typename: name id } }\nsubscription S { ... on Root { ticks } }";
    assert_snapshot!(sent(&project("", &[("q", other)])), @r"
    query Q{user{__typename:name id}}
    subscription S{... on Root{ticks}}
    ");
}

#[test]
fn variables_that_nothing_uses_are_neither_sent_nor_generated() {
    let project =
        project("", &[("q", "query Q($unused: Int, $first: Int) { user { friends(first: $first) { id } } }")]);
    let config = project.read("graphql.config.toml");
    assert!(project.run(&["generate"]).stderr.contains("no-unused-variables"));
    project.write("graphql.config.toml", format!("{config}unused_variables = \"allow\"\n"));
    assert_snapshot!(sent(&project), @"query Q($first:Int){user{friends(first:$first){id}}}");
    assert!(!project.run(&["generate", "--stdout"]).stdout.contains("unused:"));
}

#[test]
fn commas_are_white_space() {
    let project = project(
        "",
        &[(
            "q",
            "query, Q(, $n: Int,, ) {, user { x, : id, ..., on User { friends, (first: $n,), { id } } ..., F, @skip(if: false) } }\nfragment, F on, User { name }",
        )],
    );
    project.write(
        "schema.graphql",
        format!("{SCHEMA}extend, type Bot, {{, age, : Int, }}\n\"text\", type Extra {{ a, : Int }}\n"),
    );
    let ran = project.run(&["manifest", "--format", "map"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.contains(
            "query Q($n:Int){user{x:id ... on User{friends(first:$n){id}}...F@skip(if:false)}}fragment F on User{name}"
        ),
        "{ran:?}"
    );
    // Places stay.
    project.write("ops/q.graphql", "query Q { user { x, : idd } }");
    let wrong = project.run(&["generate"]);
    assert!(wrong.stderr.contains("ops/q.graphql:1:23"), "{wrong:?}");
    project.write("ops/q.graphql", "query Q { user { x, : id ");
    let wrong = project.run(&["generate"]);
    assert!(wrong.stderr.contains("syntax") && wrong.stderr.contains("ops/q.graphql:1:26"), "{wrong:?}");
}
