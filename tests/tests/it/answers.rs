//! Malformed and unusual responses of servers.

use crate::quickstart_api::api::customers::ListCustomers;
use crate::support::Project;
use graphwright::transport::MockTransport;
use graphwright::{Client, Operation};
use serde_json::{Value, json};
use std::sync::Arc;

type Data = <ListCustomers as Operation>::Data;

fn page() -> Value {
    json!({ "customers": {
        "totalCount": 1,
        "nodes": [{ "id": "1", "name": "Acme", "externalId": null }],
        "pageInfo": { "hasNextPage": false, "endCursor": null },
    } })
}

#[test]
fn keys_that_nobody_asked_for_are_skipped() {
    let mut answer = page();
    answer["extra"] = json!({ "a": [1, { "b": null }] });
    answer["customers"]["extra"] = json!("x");
    answer["customers"]["nodes"][0]["extra"] = json!([[]]);
    let data: Data = serde_json::from_value(answer).unwrap();
    assert_eq!(serde_json::to_value(&data).unwrap(), page());
}

#[test]
fn a_key_that_may_be_null_may_be_missing_and_another_may_not() {
    let mut answer = page();
    answer["customers"]["nodes"][0].as_object_mut().unwrap().remove("externalId");
    let data: Data = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(data.customers.nodes[0].as_ref().unwrap().external_id, None);
    answer["customers"]["nodes"][0].as_object_mut().unwrap().remove("name");
    let error = serde_json::from_value::<Data>(answer).unwrap_err();
    assert_eq!(error.to_string(), "missing field `name` at `customers.nodes[0]`");
}

#[tokio::test]
async fn values_that_do_not_fit_are_told_with_their_path() {
    let client = |answer: &Value| {
        let transport = Arc::new(MockTransport::json(json!({ "data": answer }).to_string()));
        Client::builder("https://example.com/graphql").transport(transport).build().unwrap()
    };
    let told = async |change: fn(&mut Value)| {
        let mut answer = page();
        change(&mut answer);
        client(&answer).send(ListCustomers::new()).await.unwrap_err().to_string()
    };
    let errors = [
        told(|answer| answer["customers"]["totalCount"] = json!(1_u64 << 40)).await,
        told(|answer| answer["customers"]["nodes"][0]["name"] = Value::Null).await,
        told(|answer| answer["customers"]["nodes"] = json!({})).await,
        told(|answer| drop(answer["customers"]["pageInfo"].as_object_mut().unwrap().remove("hasNextPage"))).await,
    ];
    insta::assert_snapshot!(errors.join("\n"));
}

/// A response that does not fit an unchanged document.
#[test]
fn a_change_of_the_schema_alone_makes_the_output_stale() {
    let project = Project::small();
    assert_eq!(project.run(&["generate"]).code, 0);
    assert_eq!(project.run(&["generate", "--check"]).code, 0);
    let schema = project.read("schema.graphql");
    for (from, to) in [("ADMIN", "ADMINISTRATOR"), ("name: String", "name: String!"), ("me: User", "me: Person")] {
        let changed = format!("{}\ntype Person {{ id: ID! name: String }}\n", schema.replace(from, to));
        project.write("schema.graphql", changed);
        let code = project.read("out/me.rs");
        // The recorded inputs are out of date, whatever the change affects.
        assert_eq!(project.run(&["generate", "--check"]).code, 1, "{from}");
        assert_eq!(project.run(&["generate"]).code, 0);
        assert_eq!(project.read("out/me.rs") == code, from == "ADMIN", "{from}");
    }
}

/// Decoding asks for nothing that is JSON's own.
#[test]
fn other_formats_are_decoded_too() {
    let yaml = "customers:\n  pageInfo: {hasNextPage: true, endCursor: abc}\n  nodes: [null, {name: Acme, id: 7}]\n  totalCount: 2\n";
    let data: Data = serde_norway::from_str(yaml).unwrap();
    let customer = data.customers.nodes[1].as_ref().unwrap();
    assert_eq!((customer.id.as_str(), customer.name.as_str(), data.customers.total_count), ("7", "Acme", 2));
    let again: Data = serde_norway::from_str(&serde_norway::to_string(&data).unwrap()).unwrap();
    assert_eq!(again, data);
}

fn client(body: impl Into<String>) -> graphwright::ClientBuilder {
    Client::builder("https://example.com/graphql").transport(Arc::new(MockTransport::json(body.into())))
}

/// Decodes data of any shape.
async fn raw(client: graphwright::ClientBuilder) -> Result<Value, graphwright::Error> {
    let client = client.build().unwrap();
    client.execute_raw::<_, Value>("{ json }", &json!({}), None).await?.into_result()
}

#[tokio::test]
async fn answers_may_be_deeper_than_128_levels() {
    let nested = |levels: usize| format!("{}{}", "{\"a\":[".repeat(levels / 2), "]}".repeat(levels / 2));
    let response = |levels: usize| format!(r#"{{"data":{}}}"#, nested(levels));
    assert_eq!(raw(client(response(500))).await.unwrap().to_string(), nested(500));
    let error = raw(client(response(600))).await.unwrap_err();
    assert_eq!(error.to_string(), "the data is nested more than 512 levels deep");
    assert_eq!(error.kind(), graphwright::ErrorKind::Decode);
    assert!(raw(client(response(600)).max_response_depth(601)).await.is_ok());
    assert!(raw(client(response(20)).max_response_depth(20)).await.is_err());
    // Values that are not selected are skipped, however deep they are.
    let extra = format!(
        r#"{{"data":{{"customers":{{"totalCount":0,"nodes":[],"extra":{},"pageInfo":{{"hasNextPage":false}}}}}}}}"#,
        nested(9000)
    );
    let data = client(extra).build().unwrap().send(ListCustomers::new()).await.unwrap();
    assert_eq!(data.customers.total_count, 0);
    // Errors are reported though their extensions are deep.
    let deep =
        |levels: usize| format!(r#"{{"data":null,"errors":[{{"message":"no","extensions":{}}}]}}"#, nested(levels));
    assert_eq!(raw(client(deep(300))).await.unwrap_err().graphql_errors()[0].message, "no");
    let error = raw(client(deep(3000))).await.unwrap_err();
    assert_eq!(error.graphql_errors()[0].message, "an error that is nested too deeply to be read");
}

/// Ten megabytes of brackets, complete, truncated, or followed by an error: an error, and no stack overflow.
#[tokio::test]
async fn brackets_without_end_are_an_error() {
    let open = "[".repeat(10 << 20);
    let closed = format!("{open}{}", "]".repeat(10 << 20));
    for body in [
        open.clone(),
        closed.clone(),
        format!(r#"{{"data":{open}"#),
        format!(r#"{{"data":{closed}}}"#),
        format!("{closed}x"),
    ] {
        let error = raw(client(body)).await.unwrap_err();
        assert!(matches!(error.kind(), graphwright::ErrorKind::Decode | graphwright::ErrorKind::Protocol), "{error:?}");
        assert!(error.partial_data::<Value>().is_none());
    }
}

#[tokio::test]
async fn a_byte_order_mark_before_a_response_is_ignored() {
    let body = format!("\u{feff}{}", json!({ "data": page() }));
    let data = client(body).build().unwrap().send(ListCustomers::new()).await.unwrap();
    assert_eq!(serde_json::to_value(&data).unwrap(), page());
    let refused = "\u{feff}{\"data\":{\"a\":1},\"errors\":[{\"message\":\"no\"}]}";
    let error = raw(client(refused)).await.unwrap_err();
    assert_eq!(error.graphql_errors()[0].message, "no");
    assert_eq!(error.partial_data::<Value>(), Some(json!({ "a": 1 })));
    let unfit = client(format!("\u{feff}{}", json!({ "data": { "customers": 1 } })));
    let error = unfit.build().unwrap().send(ListCustomers::new()).await.unwrap_err();
    assert_eq!(error.path(), Some("data.customers"));
    let answer = graphwright::Answer::new(graphwright::http::Response::new(
        "\u{feff}{\"errors\":[{\"message\":\"no\"}]}".into(),
    ));
    assert!(!answer.has_data() && answer.errors().len() == 1);
}
