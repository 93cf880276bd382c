//! The client against servers that others wrote: `cargo xtask interop` starts them and runs this.

use crate::support::binary;
use graphwright::{Client, ErrorKind, PageInfo, Paginated, Payload, PayloadErrors};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::process::Command;

/// An operation as it is generated, by hand: the schema is that of the server, which this crate does not know.
#[derive(Debug, Clone, Serialize)]
struct List {
    first: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

impl graphwright::Operation for List {
    const NAME: Option<&'static str> = Some("List");
    const KIND: graphwright::OperationKind = graphwright::OperationKind::Query;
    const DOCUMENT: &'static str = "query List($first:Int!,$after:String){users(first:$first,after:$after){nodes{name}pageInfo{hasNextPage endCursor}}}";
    const ID: &'static str = "";
    type Data = Value;
}

impl graphwright::SingleResponse for List {}

impl Paginated for List {
    type Node = Value;

    fn page_info(data: &Value) -> Option<PageInfo<'_>> {
        let info = &data["users"]["pageInfo"];
        Some(PageInfo { has_more: info["hasNextPage"].as_bool()?, cursor: info["endCursor"].as_str() })
    }

    fn into_nodes(mut data: Value) -> Vec<Value> {
        data["users"]["nodes"].as_array_mut().map(std::mem::take).unwrap_or_default()
    }

    fn set_cursor(&mut self, cursor: &str) {
        self.after = Some(cursor.to_owned());
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Added(Value);

impl Payload for Added {
    const ERRORS: &'static [PayloadErrors] =
        &[PayloadErrors { payload: &["addUser"], errors: "errors", field: Some("field"), messages: Some("messages") }];
}

#[tokio::test]
async fn a_server_that_others_wrote() {
    let Ok(url) = std::env::var("GRAPHWRIGHT_INTEROP_URL") else { return };
    let client = Client::builder(&url).build().unwrap();
    let fetched = Command::new(binary()).args(["introspect", &url]).output().unwrap();
    let sdl = String::from_utf8(fetched.stdout).unwrap();
    assert!(
        sdl.contains("type AddUser") && sdl.contains("users(first: Int! = 10") || sdl.contains("users(first: Int = 10"),
        "{sdl}"
    );
    let users = client.nodes(List { first: 10, after: None }).collect().await.unwrap();
    assert_eq!(users.len(), 25);
    assert_eq!(users[24]["name"], "User 24");

    let ask = async |document: &str, variables: Value| client.execute_raw::<_, Value>(document, &variables, None).await;
    let response = ask("query($id: ID!) { user(id: $id) { name broken } }", json!({ "id": "3" })).await.unwrap();
    assert_eq!(response.data.as_ref().unwrap()["user"], json!({ "name": "User 3", "broken": null }));
    let error = response.into_result().unwrap_err();
    assert_eq!(error.graphql_errors()[0].to_string().split(" [").next(), Some("broken on purpose (at user.broken)"));
    assert_eq!(error.partial_data::<Value>().unwrap()["user"]["name"], "User 3");
    // A required field that fails takes its object with it.
    let bubbled = ask("{ user(id: 3) { name required } }", json!({})).await.unwrap();
    assert_eq!((&bubbled.data.unwrap()["user"], bubbled.errors.len()), (&Value::Null, 1));
    // Errors of the request as a whole: some servers answer 400, some 200.
    for (document, variables) in
        [("{ nothing }", json!({})), ("{ user(", json!({})), ("query($id: ID!) { user(id: $id) { name } }", json!({}))]
    {
        let error = match ask(document, variables).await {
            Ok(response) => response.into_result().unwrap_err(),
            Err(error) => error,
        };
        assert!(matches!(error.kind(), ErrorKind::Graphql | ErrorKind::Status), "{error:?}");
        assert!(!error.graphql_errors().is_empty() && error.attempts() <= 1, "{error:?}");
    }
    let add = "mutation($name: String!) { addUser(name: $name) { user { name } errors { field messages } } }";
    let added = async |name: &str| {
        let response = client.execute_raw::<_, Added>(add, &json!({ "name": name }), None).await.unwrap();
        response.into_result().unwrap().into_result()
    };
    assert_eq!(added("Ada").await.unwrap().0["addUser"]["user"]["name"], "Ada");
    assert_eq!(added(" ").await.unwrap_err().refusals()[0].to_string(), "name: must not be blank");
    println!("{url}: introspection, pages, partial data, bubbling nulls, request errors, payload errors");
}
