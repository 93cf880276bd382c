//! Pagination, and user errors in payloads: generated code against servers.

use crate::quickstart_api::api;
use crate::quickstart_api::api::customers::{CreateCustomer, ListCustomers, list_customers};
use futures_util::StreamExt;
use graphwright::transport::{MockTransport, Recorder, Replayer, ReqwestTransport};
use graphwright::{Client, ErrorKind, GraphqlError, Paginated, Payload, blocking, prismatic};
use graphwright_fixtures::{Server, Settings};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

/// Returns a server with 30 customers more than it begins with.
async fn server() -> (Server, Client) {
    let server = Server::start(Settings { requests_per_second: 0, ..Settings::default() }).unwrap();
    let client = prismatic::client(&server.url(), server.access_token("local-user", 600));
    let client = client.requests_per_second(0).build().unwrap();
    for at in 0..30 {
        client.send(CreateCustomer::new(format!("Customer {at}"))).await.unwrap().into_result().unwrap();
    }
    (server, client)
}

#[tokio::test]
async fn pages_and_nodes_are_all_there_once() {
    let (_server, client) = server().await;
    let sizes: Vec<usize> =
        client.pages(ListCustomers::new().first(10)).map(|page| page.unwrap().customers.nodes.len()).collect().await;
    assert_eq!(sizes, [10, 10, 10, 2]);
    for nodes in [client.nodes(ListCustomers::new().first(7)), client.nodes(ListCustomers::new().first(7)).read_ahead()]
    {
        let mut names: Vec<String> = nodes.collect().await.unwrap().into_iter().map(|node| node.name).collect();
        assert_eq!(names.len(), 32);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 32);
    }
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped() {
    let (_server, client) = server().await;
    let mut pages = client.pages(ListCustomers::new().first(10));
    assert_eq!(pages.cursor(), None);
    pages.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap();
    let cursor = pages.cursor().unwrap().to_owned();
    let rest = client.nodes(ListCustomers::new().first(10).after(cursor)).collect().await.unwrap();
    assert_eq!(rest.len(), 12);
}

/// Returns a list whose pages a function creates from the cursor.
fn endless(page: impl Fn(&Value, usize) -> Value + Send + Sync + 'static) -> (Client, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let transport = MockTransport::new(move |exchange| {
        let number = counter.fetch_add(1, SeqCst);
        let info = page(&exchange.body["variables"]["after"], number);
        let body = json!({ "data": { "customers": { "totalCount": 9, "nodes": [], "pageInfo": info } } });
        Ok(graphwright::http::Response::new(body.to_string().into()))
    });
    (Client::builder("https://example.com").transport(Arc::new(transport)).build().unwrap(), asked)
}

#[tokio::test]
async fn cursors_that_lead_nowhere_end_the_list() {
    let count = async |client: &Client| {
        let mut pages = client.pages(ListCustomers::new());
        let mut good = 0;
        loop {
            match pages.next().await {
                Some(Ok(_)) => good += 1,
                Some(Err(error)) => {
                    assert_eq!(error.kind(), ErrorKind::Pagination);
                    assert!(pages.next().await.is_none());
                    return format!("{good} pages, then: {error}");
                }
                None => return format!("{good} pages"),
            }
        }
    };
    let (client, _) = endless(|_, number| json!({ "hasNextPage": true, "endCursor": (["a", "b", "a"][number % 3]) }));
    assert_snapshot!(count(&client).await, @"3 pages, then: the server sent the same cursor twice, so its pages would repeat");
    let (client, _) = endless(|_, _| json!({ "hasNextPage": true, "endCursor": null }));
    assert_snapshot!(count(&client).await, @"1 pages, then: the server reports more pages, but sends no cursor");
    let (client, _) = endless(|_, _| json!({ "hasNextPage": true, "endCursor": "" }));
    assert_snapshot!(count(&client).await, @"1 pages, then: the server reports more pages, but sends no cursor");
    let (client, _) = endless(|_, _| json!({ "hasNextPage": false, "endCursor": "z" }));
    assert_snapshot!(count(&client).await, @"1 pages");
}

#[tokio::test]
async fn nothing_is_read_ahead_unless_wanted() {
    let numbered = |_: &Value, number: usize| json!({ "hasNextPage": true, "endCursor": number.to_string() });
    let (client, asked) = endless(numbered);
    let mut pages = client.pages(ListCustomers::new());
    pages.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(asked.load(SeqCst), 1);
    let (client, asked) = endless(numbered);
    let mut pages = client.pages(ListCustomers::new()).read_ahead();
    pages.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(asked.load(SeqCst), 2, "one page ahead, and no more");
}

/// Reading ahead keeps no place in the queue of the throttle while the stream is not polled.
#[tokio::test]
async fn calls_between_pages_that_are_read_ahead_go_through() {
    let (server, _) = server().await;
    let client = prismatic::client(&server.url(), server.access_token("x", 600)).build().unwrap();
    let mut pages = client.pages(ListCustomers::new().first(10)).read_ahead();
    let work = async {
        while let Some(page) = pages.next().await {
            page.unwrap();
            client.send(ListCustomers::new().first(1)).await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(5), work).await.unwrap();
}

#[tokio::test]
async fn refused_input_is_an_error_on_demand() {
    let (_server, client) = server().await;
    client.send(CreateCustomer::new("Acme").external_id("acme")).await.unwrap().into_result().unwrap();
    let data = client.send(CreateCustomer::new(" ").external_id("acme")).await.unwrap();
    let error = data.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Payload);
    assert_snapshot!(error, @"the mutation was rejected for 2 reasons: name: This field cannot be blank.; …");
    let refusal = &error.refusals()[0];
    assert_eq!((refusal.mutation.as_str(), refusal.field.as_deref()), ("createCustomer", Some("name")));
    let all: api::customers::create_customer::Data = serde_json::from_value(json!({
        "createCustomer": { "customer": null, "errors": [{ "field": "__all__", "messages": ["Record not found"] }] }
    }))
    .unwrap();
    let error = all.into_result().unwrap_err();
    assert_eq!(error.refusals()[0].field, None);
    assert_snapshot!(error, @"the mutation was rejected: Record not found");
}

#[test]
fn without_async() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_server, client) = runtime.block_on(server());
    let blocking = blocking::Client::new(client).unwrap();
    assert_eq!(blocking.nodes(ListCustomers::new().first(10)).map(Result::unwrap).count(), 32);
    assert_eq!(blocking.pages(ListCustomers::new().first(10)).count(), 4);
    let page = blocking.wait(|client| client.call(ListCustomers::new().first(1)).send()).unwrap();
    assert_eq!(page.customers.nodes.len(), 1);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let blocking = blocking.clone();
            std::thread::spawn(move || blocking.send(ListCustomers::new()).unwrap())
        })
        .collect();
    threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
    // If blocking is allowed, Tokio is not a reason to refuse.
    let other = blocking.clone();
    let page = runtime.block_on(async {
        tokio::task::spawn_blocking(move || other.send(ListCustomers::new().first(1))).await.unwrap()
    });
    assert_eq!(page.unwrap().customers.nodes.len(), 1);
    let error = runtime.block_on(async { blocking.send(ListCustomers::new()).unwrap_err() });
    assert_snapshot!(error, @"a blocking client was called from async code, which it would block; use `graphwright::Client` instead");
}

/// Settings of a call apply to each page; an invalid one is the first page's error.
#[tokio::test]
async fn calls_of_pages_have_settings() {
    let transport = MockTransport::operations().on::<ListCustomers>(|_| list_customers::Data::clone(&empty()));
    let transport = Arc::new(transport);
    let client = Client::builder("https://test").transport(transport.clone()).build().unwrap();
    assert_eq!(client.call(ListCustomers::new()).header("X-Page", "1").nodes().collect().await.unwrap().len(), 0);
    assert_eq!(transport.requests()[0].headers["x-page"], "1");
    let mut pages = client.call(ListCustomers::new()).header("no name", "1").pages();
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("header"), "{error}");
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn tests_answer_operations_with_typed_data() {
    let data = |_: &Value| list_customers::Data::clone(&empty());
    let transport = MockTransport::operations()
        .on::<ListCustomers>(data)
        .failing::<CreateCustomer>([GraphqlError::new("not allowed")]);
    let transport = Arc::new(transport);
    let client = Client::builder("https://test").transport(transport.clone()).build().unwrap();
    assert_eq!(client.send(ListCustomers::new()).await.unwrap(), empty());
    let error = client.send(CreateCustomer::new("Acme")).await.unwrap_err();
    assert_snapshot!(error, @"the server reported an error: not allowed");
    let error = client.send(api::whoami::WhoAmI::new()).await.unwrap_err();
    assert_snapshot!(error, @"the test sets no response for whoAmI");
    assert_eq!(transport.requests()[1].body["variables"]["name"], "Acme");
}

fn empty() -> list_customers::Data {
    let info = json!({ "hasNextPage": false, "endCursor": null });
    serde_json::from_value(json!({ "customers": { "totalCount": 0, "nodes": [], "pageInfo": info } })).unwrap()
}

#[tokio::test]
async fn what_was_recorded_is_replayed_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording.jsonl");
    let (server, _) = server().await;
    let token = server.access_token("local-user", 600);
    let recorder = Recorder::new(Arc::new(ReqwestTransport::new(1 << 20).unwrap()), &file).unwrap();
    let client = prismatic::client(&server.url(), token.clone()).transport(Arc::new(recorder)).build().unwrap();
    let real = client.nodes(ListCustomers::new().first(20)).collect().await.unwrap();
    drop(server);
    assert!(!std::fs::read_to_string(&file).unwrap().contains(&token));
    let replayer = Arc::new(Replayer::read(&file).unwrap());
    let client = Client::builder("https://test").transport(replayer).build().unwrap();
    assert_eq!(client.nodes(ListCustomers::new().first(20)).collect().await.unwrap(), real);
    let error = client.send(ListCustomers::new()).await.unwrap_err().to_string();
    assert_snapshot!(error.replace(&file.display().to_string(), "FILE"), @"the recording FILE has no response to listCustomers with these variables; record it again");
}

/// The supported connections: nested ones, edges, backward, through fragments; and unsupported ones.
#[test]
fn connections_that_can_be_followed() {
    fn is_paginated<O: Paginated>(_: &O) {}
    is_paginated(&ListCustomers::new());
    let schema = "type Query { shop: Shop users(after: String, before: ID, first: Int): Users! }
        type Shop { orders(after: Cursor, first: Int): Orders } scalar Cursor
        type Orders { edges: [Edge] pageInfo: Info! } type Edge { node: Order cursor: Cursor } type Order { id: ID! lines(after: Cursor): Orders }
        type Users { nodes: [User!]! pageInfo: Info! } type User { id: ID! orders(after: Cursor): Orders }
        type Info { hasNextPage: Boolean! hasPreviousPage: Boolean! endCursor: Cursor startCursor: String }";
    let generated = |document: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("schema.graphql"), schema).unwrap();
        std::fs::write(folder.path().join("op.graphql"), document).unwrap();
        std::fs::write(
            folder.path().join("graphql.config.toml"),
            "schema = \"schema.graphql\"\ndocuments = \"op.graphql\"\n\n[extensions.graphwright.generate]\noutput = \"out.rs\"\n",
        )
        .unwrap();
        let output = std::process::Command::new(crate::support::binary())
            .args(["generate", "--quiet"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let code = std::fs::read_to_string(folder.path().join("out.rs")).unwrap();
        let line = code.lines().find(|line| line.contains("__rt::paginated!"))?;
        line.split("-> ").nth(1).and_then(|rest| rest.split(" {").next()).map(str::to_owned)
    };
    let nested = "query Q($c: Cursor) { shop { orders(after: $c) { edges { node { id } } pageInfo { hasNextPage endCursor } } } }";
    assert_eq!(generated(nested).as_deref(), Some("q::ShopOrdersEdgesNode"));
    let backward =
        "query Q($c: ID) { users(before: $c) { nodes { id } pageInfo { more: hasPreviousPage start: startCursor } } }";
    assert_eq!(generated(backward).as_deref(), Some("q::UsersNodes"));
    let fragments = "query Q($c: String) { users(after: $c) { ...Page } } fragment Page on Users { nodes { ...One } pageInfo { ...I } } fragment One on User { id } fragment I on Info { hasNextPage endCursor }";
    assert_eq!(generated(fragments).as_deref(), Some("fragments::One"));
    let in_a_list = "query Q($c: Cursor) { users { nodes { orders(after: $c) { edges { node { id } } pageInfo { hasNextPage endCursor } } } } }";
    assert_eq!(generated(in_a_list), None);
    let two = "query Q($a: String, $b: Cursor) { users(after: $a) { nodes { id } pageInfo { hasNextPage endCursor } } shop { orders(after: $b) { edges { node { id } } pageInfo { hasNextPage endCursor } } } }";
    assert_eq!(generated(two), None);
    let no_cursor = "query Q($a: String) { users(after: $a) { nodes { id } pageInfo { hasNextPage } } }";
    assert_eq!(generated(no_cursor), None);
    let conditional = "query Q($a: String, $b: Boolean!) { users(after: $a) @include(if: $b) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    assert_eq!(generated(conditional), None);
}
