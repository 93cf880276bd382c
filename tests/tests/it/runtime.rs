//! The client: what it sends, how it fails, how fast it goes, and what it does not show.

use crate::support::{Act, http, misbehaving};
use futures_util::future::join_all;
use graphwright::transport::{MockTransport, TransportError};
use graphwright::{
    Client, Error, ErrorKind, Id, Input, Operation, OperationKind, PathSegment, Retry, Secret, prismatic,
};
use graphwright_fixtures::{Server, Settings};
use insta::assert_snapshot;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An operation as it is generated, by hand.
#[derive(Serialize)]
struct Me {
    id: Id,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Data {
    me: Option<User>,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct User {
    name: String,
    friends: Vec<Friend>,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Friend {
    age: i32,
}

impl Operation for Me {
    const NAME: Option<&'static str> = Some("Me");
    const KIND: OperationKind = OperationKind::Query;
    const DOCUMENT: &'static str = "query Me{me{name}}";
    const ID: &'static str = "00";
    type Data = Data;
}

fn client(transport: MockTransport) -> (Client, Arc<MockTransport>) {
    let transport = Arc::new(transport);
    let client = Client::builder("https://example.com/graphql").bearer("s3cret").retry(Retry::never());
    let client = client.transport(transport.clone());
    (client.build().unwrap(), transport)
}

async fn failing(body: &str) -> Error {
    let (client, _) = client(MockTransport::json(body.to_owned()));
    client.send(Me { id: Id::from("1") }).await.unwrap_err()
}

#[tokio::test]
async fn a_request_is_what_graphql_over_http_says() {
    let (client, transport) = client(MockTransport::json(r#"{"data":{"me":null}}"#));
    assert_eq!(client.send(Me { id: Id::from("1") }).await.unwrap(), Data { me: None });
    let request = &transport.requests()[0];
    assert_eq!(
        request.body,
        json!({ "query": "query Me{me{name}}", "variables": { "id": "1" }, "operationName": "Me" })
    );
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["authorization"], "Bearer s3cret");
    assert!(request.headers["user-agent"].to_str().unwrap().starts_with("graphwright/"));
}

#[tokio::test]
async fn errors_carry_path_extensions_and_partial_data() {
    let error = failing(
        r#"{"data":{"me":{"name":"Ada","friends":[]}},"errors":[{"message":"too old","path":["me","friends",2,"age"],
           "locations":[{"line":1,"column":9}],"extensions":{"code":"AGE"}}]}"#,
    )
    .await;
    assert_eq!(error.kind(), ErrorKind::Graphql);
    let first = &error.graphql_errors()[0];
    assert_eq!(first.path[2], PathSegment::Index(2));
    assert_eq!(first.extensions["code"], "AGE");
    assert_eq!(error.partial_data::<Data>().unwrap().me.unwrap().name, "Ada");
    assert_snapshot!(error.to_string(), @"the server reported an error: too old (at me.friends.2.age) [AGE]");
}

#[tokio::test]
async fn data_that_does_not_fit_is_told_with_its_path() {
    let error = failing(r#"{"data":{"me":{"name":"Ada","friends":[{"age":1},{"age":"old"}]}}}"#).await;
    assert_eq!((error.kind(), error.path()), (ErrorKind::Decode, Some("data.me.friends[1].age")));
    assert_snapshot!(error.to_string(), @r#"the data does not fit at `data.me.friends[1].age`: invalid type: string "old", expected i32"#);
    let error = failing(r#"{"data":{"me":{"name":"Ada","friends":[{"age":99999999999}]}}}"#).await;
    assert_snapshot!(error.to_string(), @"the data does not fit at `data.me.friends[0].age`: invalid value: integer `99999999999`, expected i32");
    let error = failing(r#"{"data":{"me":{"friends":[]}}}"#).await;
    assert_snapshot!(error.to_string(), @"the data does not fit at `data.me`: missing field `name`");
}

#[tokio::test]
async fn answers_that_are_no_graphql() {
    assert_snapshot!(failing("").await.to_string(), @"the answer is empty");
    assert_snapshot!(failing("{}").await.to_string(), @"the answer is not a GraphQL response: {}");
    assert_snapshot!(failing("[]").await.to_string(), @"the answer is not a GraphQL response: []");
    assert_snapshot!(failing("<html>").await.to_string(), @"the answer is an HTML page, not a GraphQL response; is this the GraphQL endpoint, and is the token valid?");
    assert_snapshot!(failing("{\"data\":{\"me\":").await.to_string(), @"the answer ends in the middle of its JSON, after 14 bytes");
    assert_snapshot!(failing(r#"{"data":null}"#).await.to_string(), @"the answer is not a GraphQL response: {\"data\":null}");
}

#[tokio::test]
async fn a_status_tells_when_the_body_does_not() {
    let answer = |status: u16, body: &'static str| {
        MockTransport::new(move |_| {
            let response = graphwright::http::Response::builder().status(status).header("retry-after", "7");
            response.body(body.into()).map_err(|error| TransportError::new(error.to_string()))
        })
    };
    let send = async |transport| client(transport).0.send(Me { id: Id::from("1") }).await;
    let error = send(answer(429, "slow down")).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Status, Some(Duration::from_secs(7))));
    assert_snapshot!(error.to_string(), @"the server answered 429 Too Many Requests; too many requests: slow down");
    let error = send(answer(403, r#"{"errors":[{"message":"no"}]}"#)).await.unwrap_err();
    assert_eq!(error.graphql_errors().len(), 1);
    assert_snapshot!(error.to_string(), @"the server answered 403 Forbidden; the token does not allow this: no");
    let data = send(answer(400, r#"{"data":{"me":null}}"#)).await.unwrap();
    assert_eq!(data, Data { me: None }, "some servers send data with 400");
}

#[tokio::test]
async fn long_bodies_are_cut_in_messages() {
    let error = failing(&"x".repeat(100_000)).await;
    assert!(error.to_string().len() < 400, "{error}");
}

#[tokio::test]
async fn deadlines_and_limits() {
    let slow = Client::builder(misbehaving(vec![Act::Hang])).timeout(Duration::from_millis(150)).build().unwrap();
    let started = Instant::now();
    let error = slow.send(Me { id: Id::from("1") }).await.unwrap_err();
    assert!(error.is_timeout() && started.elapsed() < Duration::from_secs(5));
    let large = http("200 OK", "application/json", &format!("{{\"data\":\"{}\"}}", "x".repeat(5000)));
    let small = Client::builder(misbehaving(vec![large])).max_response_bytes(1000).build().unwrap();
    let error = small.send(Me { id: Id::from("1") }).await.unwrap_err();
    assert!(error.to_string().contains("is larger than 1000 bytes"), "{error}");
}

#[tokio::test]
async fn secrets_are_never_shown() {
    let transport = MockTransport::new(|_| Err(TransportError::new("no route")));
    let builder =
        Client::builder("https://user:s3cret@example.com/?key=s3cret").bearer("s3cret").header("X-Key", "s3cret");
    let builder = builder.transport(Arc::new(transport));
    let mut shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    let error = client.send(Me { id: Id::from("1") }).await.unwrap_err();
    shown += &format!("{client:?} {error:?} {error} {:?}", Secret::new("s3cret"));
    let bad = Client::builder("ftp://user:s3cret@example.com/?k=s3cret").bearer("s3cret").build().unwrap_err();
    shown += &format!("{bad:?} {bad}");
    let bad = Client::builder("https://example.com").header("X-Key", "s3cret\n").build().unwrap_err();
    shown += &format!("{bad:?} {bad}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

/// 60 callers for 10 seconds: never more than 20 in a second, no refusal, hardly a place unused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_callers_share_twenty_requests_a_second() {
    let server = Server::start(Settings::default()).unwrap();
    let token = server.access_token("local-user", 600);
    let client = prismatic::client(&server.url(), token).timeout(Duration::from_secs(60)).build().unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    let callers = (0..60).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            while Instant::now() < until {
                let variables = json!({});
                let response =
                    client.execute_raw::<_, serde_json::Value>("{ organization { name } }", &variables, None);
                response.await.unwrap().into_result().unwrap();
            }
        })
    });
    let started = Instant::now();
    join_all(callers).await.into_iter().for_each(|caller| caller.unwrap());
    let stats = server.stats();
    let within = stats.answered.iter().filter(|at| at.duration_since(started) < Duration::from_secs(10)).count();
    println!("{within} answers in 10 s, at most {} in a second, {} refused", stats.most_in_a_second(), stats.limited);
    assert_eq!(stats.limited, 0);
    assert!(stats.most_in_a_second() <= 20, "{}", stats.most_in_a_second());
    assert!(within >= 190, "{within}");
}

#[test]
fn inputs_tell_omitted_null_and_value_apart() {
    assert_eq!(Input::<i32>::from(3), Input::Value(3));
    assert_eq!(Input::<i32>::from(None), Input::Null);
    assert_eq!(Input::<String>::from("a"), Input::Value("a".to_owned()));
    assert_eq!(Input::<i32>::or_omit(None), Input::Omitted);
    assert_eq!(Input::<i32>::default().as_sent(), None);
    assert_eq!(Input::<i32>::Null.as_sent(), Some(None));
}
