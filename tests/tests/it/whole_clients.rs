//! Whole clients whose documents are hard to send: the sent documents are compared with the written ones.

use graphwright_tests::{Plan, Suite, clients};

/// Checks the requests of a client with these files; failures are the test's.
fn check(files: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("operations")).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut suite = Suite::default();
    clients::add_client(&mut suite, folder.path(), Plan::responses(0)).unwrap();
    suite.run(folder.path()).unwrap();
    let failures: Vec<String> = suite.failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(suite.totals.sent > 0, "{}", suite.totals);
}

const SCHEMA: &str = "type Query { user: User pet: Pet }
type User { id: ID! email: String }
interface Pet { id: ID! }
type Cat implements Pet { id: ID! a: String }
type Dog implements Pet { id: ID! b: String }
";

#[test]
fn the_same_fragment_of_two_files_is_sent_once() {
    check(&[
        ("schema.graphql", SCHEMA),
        ("operations/a.graphql", "fragment V on User { id }\nfragment M on User { ...V }\n"),
        ("operations/b.graphql", "fragment V on User { id }\nfragment N on User { email ...V }\n"),
        ("operations/q.graphql", "query Q { user { ...M ...N } }\n"),
    ]);
}

#[test]
fn two_fragments_of_one_name_are_sent_with_two_names() {
    check(&[
        ("schema.graphql", SCHEMA),
        ("operations/a.graphql", "fragment V on User { id }\nfragment M on User { ...V }\n"),
        ("operations/b.graphql", "fragment V on User { email }\nfragment N on User { ...V }\n"),
        ("operations/q.graphql", "query Q { user { ...M ...N } }\n"),
    ]);
}

const CLIENT: &str = "directive @client on FIELD | INLINE_FRAGMENT
directive @connection(key: String!) on FIELD
extend type User { isLoggedIn: Boolean! }
";

#[test]
fn fields_that_only_the_client_has_are_not_sent() {
    check(&[
        ("schema.graphql", SCHEMA),
        ("client.graphql", CLIENT),
        ("operations/q.graphql", "query Q { user { id isLoggedIn @client } }\n"),
    ]);
}

#[test]
fn variables_that_only_client_directives_use_are_not_sent() {
    check(&[
        ("schema.graphql", SCHEMA),
        ("client.graphql", CLIENT),
        ("operations/q.graphql", "query Q($k: String!) { user @connection(key: $k) { id } }\n"),
    ]);
}
