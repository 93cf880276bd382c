//! What servers answer that is not quite as it should be.

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
    assert_eq!(error.to_string(), "missing field `name`");
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

/// The type name tells what else there is: without it, an answer is refused rather than misread.
#[test]
fn a_missing_type_name_is_an_error_where_something_depends_on_it() {
    let project = Project::small();
    project.write(
        "schema.graphql",
        "type Query { pet: Pet }\nunion Pet = Cat | Dog\ntype Cat { lives: Int }\ntype Dog { name: String }\n",
    );
    project.write("ops/me.graphql", "query Me { pet { ... on Cat { lives } } }\n");
    assert_eq!(project.run(&["generate"]).code, 0);
    let code = project.read("out/me.rs");
    assert!(code.contains("__rt::required(__rt::None, \"__typename\")"), "{code}");
}

/// The document is as it was; what it gives is not.
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
        // What the output says it came from is not true any more, whatever that changes.
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
