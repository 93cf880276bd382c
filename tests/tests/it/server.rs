//! The local Prismatic server keeps to its contract.

use graphwright::auth::Tokens;
use graphwright::transport::{ReqwestTransport, Transport};
use graphwright::{Client, ErrorKind, prismatic};
use graphwright_fixtures::{REFRESH_TOKEN, SESSION, Server, Settings};
use serde_json::{Map, Value, json};

async fn call(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
    let mut request = graphwright::http::Request::builder().method(method).uri(format!("{}{path}", server.url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.to_owned().into()).unwrap();
    let response = ReqwestTransport::new(1 << 20).unwrap().send(request).await.unwrap();
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn tokens_are_refreshed_and_revoked() {
    let server = Server::start(Settings::default()).unwrap();
    let body = json!({ "refresh_token": REFRESH_TOKEN }).to_string();
    let (status, token) = call(&server, "POST", "/auth/refresh", &[JSON], &body).await;
    assert_eq!((status, &token["token_type"], &token["expires_in"]), (200, &json!("Bearer"), &json!(604_800)));
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let query = json!({ "query": "{ authenticatedUser { name } }" }).to_string();
    let (status, answer) = call(&server, "POST", "/api", &[JSON, ("authorization", &bearer)], &query).await;
    assert_eq!((status, answer), (200, json!({ "data": { "authenticatedUser": { "name": "Local User" } } })));
    assert_eq!(call(&server, "POST", "/auth/revoke", &[JSON], &body).await.0, 200);
    assert_eq!(call(&server, "POST", "/auth/revoke", &[JSON], &body).await.0, 401);
    assert_eq!(call(&server, "POST", "/auth/refresh", &[JSON], &body).await.0, 401);
    let (status, _) = call(&server, "POST", "/api", &[JSON, ("authorization", &bearer)], &query).await;
    assert_eq!(status, 200, "access tokens live until they expire");
}

#[tokio::test]
async fn who_is_not_known_is_refused() {
    let server = Server::start(Settings::default()).unwrap();
    let other = Server::start(Settings { seed: 1, ..Settings::default() }).unwrap();
    let foreign = format!("Bearer {}", other.access_token("local-user", 60));
    let expired = format!("Bearer {}", server.access_token("local-user", 0));
    let query = json!({ "query": "{ organization { name } }" }).to_string();
    for value in ["", "Bearer", "Bearer x.y.z", "Basic abc", &foreign, &expired] {
        let (status, answer) = call(&server, "POST", "/api", &[JSON, ("authorization", value)], &query).await;
        assert_eq!(status, 401, "{value}");
        assert!(answer["errors"][0]["message"].is_string());
    }
    assert_eq!(call(&server, "GET", "/get_auth_token/", &[], "").await.0, 401);
    let cookie = format!("theme=dark; session={SESSION}");
    let (status, token) = call(&server, "GET", "/get_auth_token/", &[("cookie", &cookie)], "").await;
    assert_eq!(status, 200);
    assert!(token["access_token"].is_string());
    for (method, path) in [("GET", "/api"), ("GET", "/auth/refresh"), ("POST", "/get_auth_token/")] {
        assert_eq!(call(&server, method, path, &[], "").await.0, 405, "{method} {path}");
    }
}

#[tokio::test]
async fn the_limit_counts_for_each_principal() {
    let server = Server::start(Settings { retry_after: Some(1), window_ms: 3_600_000, ..Settings::default() }).unwrap();
    let query = json!({ "query": "{ __typename }" }).to_string();
    let token = format!("Bearer {}", server.access_token("a", 60));
    let mut statuses = Vec::new();
    for _ in 0..25 {
        statuses.push(call(&server, "POST", "/api", &[JSON, ("authorization", &token)], &query).await.0);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 20);
    assert_eq!(statuses[20..], [429; 5]);
    let other = format!("Bearer {}", server.access_token("b", 60));
    assert_eq!(call(&server, "POST", "/api", &[JSON, ("authorization", &other)], &query).await.0, 200);
    assert_eq!(server.stats().limited, 5);
}

/// Runs a request as the local user and returns the answer.
async fn ask(server: &Server, query: &str, variables: Value) -> Value {
    let token = format!("Bearer {}", server.access_token("local-user", 60));
    let body = json!({ "query": query, "variables": variables }).to_string();
    let (status, answer) = call(server, "POST", "/api", &[JSON, ("authorization", &token)], &body).await;
    assert_eq!(status, 200);
    answer
}

#[tokio::test]
async fn mutations_change_the_data_and_refuse_what_is_wrong() {
    let server = Server::start(Settings { requests_per_second: 0, ..Settings::default() }).unwrap();
    let create = "mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { \
                  customer { id name externalId } errors { field messages } clientMutationId } }";
    let input = json!({ "input": { "name": "Acme", "externalId": "acme", "clientMutationId": "7" } });
    let made = ask(&server, create, input.clone()).await["data"]["createCustomer"].take();
    assert_eq!((&made["errors"], &made["clientMutationId"]), (&json!([]), &json!("7")));
    let refused = ask(&server, create, input).await["data"]["createCustomer"].take();
    assert_eq!(refused["customer"], Value::Null);
    assert_eq!(refused["errors"][0]["field"], "externalId");
    let blank = ask(&server, create, json!({ "input": { "name": " " } })).await;
    assert_eq!(blank["data"]["createCustomer"]["errors"][0]["messages"], json!(["This field cannot be blank."]));
    let id = made["id"].as_str().or(made["customer"]["id"].as_str()).unwrap().to_owned();
    let update = "mutation($id: ID) { updateCustomer(input: {id: $id, externalId: null}) { customer { externalId } errors { field } } }";
    let updated = ask(&server, update, json!({ "id": id })).await;
    assert_eq!(updated["data"]["updateCustomer"], json!({ "customer": { "externalId": null }, "errors": [] }));
    let delete = "mutation($id: ID) { deleteCustomer(input: {id: $id}) { errors { field messages } } }";
    assert_eq!(ask(&server, delete, json!({ "id": id })).await["data"]["deleteCustomer"]["errors"], json!([]));
    let again = ask(&server, delete, json!({ "id": id })).await;
    assert_eq!(
        again["data"]["deleteCustomer"]["errors"],
        json!([{ "field": "__all__", "messages": ["Record not found"] }])
    );
    let missing = ask(&server, "query($id: ID!) { customer(id: $id) { name } }", json!({ "id": id })).await;
    assert_eq!(missing["errors"][0]["message"], "Record not found");
    assert_eq!(missing["errors"][0]["path"], json!(["customer"]));
}

#[tokio::test]
async fn connections_filter_order_and_page() {
    let server = Server::start(Settings { requests_per_second: 0, ..Settings::default() }).unwrap();
    let page = ask(&server, "{ components(first: 2, sortBy: [{field: KEY, direction: DESC}]) { nodes { key } edges { cursor } totalCount pageInfo { hasNextPage endCursor } } }", json!({})).await;
    let page = &page["data"]["components"];
    assert_eq!(page["nodes"], json!([{ "key": "slack" }, { "key": "salesforce" }]));
    assert_eq!(page["edges"][0]["cursor"], "YXJyYXljb25uZWN0aW9uOjA=", "base64 of arrayconnection:0");
    assert_eq!((&page["totalCount"], &page["pageInfo"]["hasNextPage"]), (&json!(4), &json!(true)));
    let after = page["pageInfo"]["endCursor"].clone();
    let rest = ask(&server, "query($after: String) { components(after: $after, sortBy: [{field: KEY, direction: DESC}]) { nodes { key } pageInfo { hasNextPage hasPreviousPage } } }", json!({ "after": after })).await;
    assert_eq!(rest["data"]["components"]["nodes"], json!([{ "key": "http" }, { "key": "code" }]));
    assert_eq!(rest["data"]["components"]["pageInfo"], json!({ "hasNextPage": false, "hasPreviousPage": true }));
    let found = ask(&server, "{ components(label_Icontains: \"SLA\") { nodes { key } } customers(externalId_Isnull: true) { totalCount } components2: components(key_In: [\"http\", \"code\"], last: 1) { nodes { key } } }", json!({})).await;
    assert_eq!(
        found["data"],
        json!({ "components": { "nodes": [{ "key": "slack" }] }, "customers": { "totalCount": 0 }, "components2": { "nodes": [{ "key": "code" }] } })
    );
    let nested = ask(&server, "{ customers(first: 1) { nodes { name instances { nodes { name executionResults { totalCount nodes { resultType logs { nodes { message } } } } } } } } }", json!({})).await;
    assert_eq!(nested["data"]["customers"]["nodes"][0]["instances"]["nodes"][0]["executionResults"]["totalCount"], 2);
    let bad = ask(&server, "{ customers(after: \"nonsense\") { totalCount } }", json!({})).await;
    assert_eq!(bad["errors"][0]["message"], "`after` is not a cursor");
}

#[tokio::test]
async fn any_other_schema_is_served_the_same_way_every_time() {
    let schema = graphwright_fixtures::folder().join("schemas/kitchen_sink.graphql");
    let answers: Vec<Value> = {
        let mut answers = Vec::new();
        for seed in [1, 1, 2] {
            let settings = Settings { schema: Some(schema.clone()), open: true, seed, ..Settings::default() };
            let server = Server::start(settings).unwrap();
            let client = Client::builder(format!("{}/api", server.url())).build().unwrap();
            let query =
                "{ search(text: \"a\") { __typename ... on User { id name } ... on Post { title } } users { id } }";
            let response = client.execute_raw::<_, Value>(query, &Map::new(), None).await.unwrap();
            answers.push(response.into_result().unwrap());
        }
        answers
    };
    assert_eq!(answers[0], answers[1]);
    assert_ne!(answers[0], answers[2]);
}

#[tokio::test]
async fn a_refresh_that_is_refused_says_so() {
    let server =
        Server::start(Settings { plain_unauthorized: Some("Unauthorized".into()), ..Settings::default() }).unwrap();
    let login = prismatic::Login::new(server.url(), Tokens::refresh("wrong-token"));
    let error = login.renewing().build().current().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(!format!("{error:?} {error}").contains("wrong-token"));
}
