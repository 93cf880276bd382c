//! Hostile texts: invariants for any text, on mutations of good ones (fuzzing continues from
//! here: `tests/fuzz`), and on adversarial shapes.

use crate::quickstart_api::api;
use graphwright::transport::MockTransport;
use graphwright::{Client, ErrorKind, Operation};
use graphwright_fixtures::folder;
use graphwright_tests::hostile;
use std::fmt::Write;
use std::sync::Arc;

/// Returns the text with one small thing wrong, the same thing for the same number.
pub fn mutated(text: &str, number: u64) -> String {
    let dice = graphwright_fixtures::generated::mixed(number);
    let mut at = (dice >> 8) as usize % text.len();
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let rest: String = after.chars().skip(1).collect();
    match dice % 6 {
        0 => before.to_owned(),
        1 => format!("{before}{rest}"),
        2 => format!("{before}{{{after}"),
        3 => format!("{before}\"{after}"),
        4 => format!("{before}\u{feff}\u{0}é#{after}"),
        _ => format!("{before}{}{after}", &before[before.len().saturating_sub(9)..].chars().rev().collect::<String>()),
    }
}

#[test]
fn mutations_of_schemas_and_documents_are_compiled_or_refused() {
    let schema = std::fs::read_to_string(folder().join("schemas/odd_names.graphql")).unwrap();
    let documents = include_str!("../../fuzz/operations.graphql");
    for number in 0..150 {
        hostile::schema_text(&mutated(&schema, number)).unwrap();
        hostile::document_text(&mutated(documents, number)).unwrap();
        hostile::linted_text(&mutated(documents, number)).unwrap();
    }
}

#[test]
fn mutations_of_introspection_are_refused_or_become_schemas() {
    let service = graphwright_fixtures::Service::generated(
        "type Query { a(b: I = {c: [A]}): U } union U = Query enum E { A } input I { c: [E!] d: I }",
        0,
    );
    let query = graphwright_codegen::internal::schema::introspection::query(Default::default());
    let request = graphwright_fixtures::Request { query, variables: None, operation_name: None };
    let answer = service.unwrap().execute(&request, "test").to_string();
    hostile::introspection(&answer).unwrap();
    for number in 0..500 {
        hostile::introspection(&mutated(&answer, number)).unwrap();
    }
}

/// Fragments that are reached in 2^60 ways are walked once.
#[test]
fn fragments_that_double_at_every_level_cost_no_more() {
    let mut text = String::from("query Q { node(id: 1) { ...F0 } users { ...G0 } }\n");
    for at in 0..60 {
        let next = at + 1;
        let _ = writeln!(text, "fragment F{at} on Node {{ id ...F{next} ...F{next} }}");
        let _ = writeln!(
            text,
            "fragment G{at} on User {{ friends {{ id }} a: friends {{ ...G{next} }} b: friends {{ ...G{next} ...G{next} }} }}"
        );
    }
    text.push_str("fragment F60 on Node { id } fragment G60 on User { id }");
    hostile::document_text(&text).unwrap();
    hostile::linted_text(&text).unwrap();
}

/// 1,000 fields, the same 3,000 times, 100 levels, 200 fragments in a chain.
#[test]
fn documents_of_unusual_size() {
    let fields: Vec<String> = (0..1000).map(|at| format!("a{at}: __typename")).collect();
    hostile::document_text(&format!("{{ {} }}", fields.join(" "))).unwrap();
    hostile::document_text(&format!("{{ {} }}", "users { id name } ".repeat(300))).unwrap();
    hostile::document_text(&format!("{{ {} }}", "__typename ".repeat(3000))).unwrap();
    let deep = format!("{{ users {{ {} id {} }} }}", "friends { ".repeat(100), "} ".repeat(100));
    hostile::document_text(&deep).unwrap();
    hostile::document_text(&"{ users { friends ".repeat(5000)).unwrap();
    let mut chain = String::from("{ users { ...F0 } }");
    for at in 0..200 {
        let _ = write!(chain, " fragment F{at} on User {{ friends {{ ...F{} }} }}", at + 1);
    }
    hostile::document_text(&format!("{chain} fragment F200 on User {{ id }}")).unwrap();
}

#[test]
fn line_ends_byte_order_marks_and_emoji() {
    let text = "\u{feff}# 🦀\r\nquery Q(\r\n  \"\"\"größer\r\nals 😀\"\"\"\r\n  $text: String! = \"\\u{1F600} \\uD83D\\uDE00\"\r\n) {\r\n  search(text: $text) { __typename }\r\n}\r\n";
    hostile::document_text(text).unwrap();
    let schema = "\u{feff}\"größer 😀\"\r\ntype Query {\r\n  \"\"\"\r\n  🦀\r\n  \"\"\"\r\n  a: Int\r\n}\r\n";
    hostile::schema_text(schema).unwrap();
}

/// 10,000 levels of nesting, where a key is unknown, where an object is expected, where anything is
/// taken: an error or nothing, but no overflow of the stack.
#[tokio::test]
async fn deep_json_does_not_hurt() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    let lists = deep("[", "]");
    let objects = deep("{\"a\":", "}");
    for nested in [&lists, &objects] {
        let unknown =
            format!(r#"{{"customers":{{"totalCount":0,"nodes":[],"pageInfo":{{"hasNextPage":false}},"x":{nested}}}}}"#);
        let decoded = serde_json::from_str::<<api::customers::ListCustomers as Operation>::Data>(&unknown);
        assert!(decoded.is_ok() || decoded.is_err_and(|error| error.to_string().contains("recursion limit")));
        for body in [
            format!(r#"{{"data":{{"customers":{nested}}}}}"#),
            format!(r#"{{"data":null,"errors":[{{"message":"m","extensions":{nested}}}]}}"#),
            format!(r#"{{"data":{nested}}}"#),
            nested.clone(),
        ] {
            let transport = Arc::new(MockTransport::json(body));
            let client = Client::builder("https://example.com/graphql").transport(transport).build().unwrap();
            let error = client.send(api::customers::ListCustomers::new()).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Decode | ErrorKind::Protocol | ErrorKind::Graphql), "{error:?}");
        }
    }
}
