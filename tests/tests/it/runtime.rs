//! The client: its requests, failures, throughput, and redaction.

use crate::support::{Act, http, misbehaving};
use futures_util::future::join_all;
use graphwright::transport::{MockTransport, TransportError};
use graphwright::{
    Client, Error, ErrorKind, Id, Input, Operation, OperationKind, PathSegment, Retry, Secret, SingleResponse,
    prismatic,
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

impl SingleResponse for Me {}

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
    assert_snapshot!(error.to_string(), @r#"the data does not fit at `data.me.friends[1].age` (line 1, column 61): expected i32, found a string"#);
    let error = failing(r#"{"data":{"me":{"name":"Ada","friends":[{"age":99999999999}]}}}"#).await;
    assert_snapshot!(error.to_string(), @"the data does not fit at `data.me.friends[0].age` (line 1, column 57): expected i32, found an integer");
    let error = failing(r#"{"data":{"me":{"friends":[]}}}"#).await;
    assert_snapshot!(error.to_string(), @"the data does not fit at `data.me` (line 1, column 28): missing field `name`");
}

#[tokio::test]
async fn answers_that_are_no_graphql() {
    assert_snapshot!(failing("").await.to_string(), @"the response is empty");
    assert_snapshot!(failing("{}").await.to_string(), @"the response is not a GraphQL response, but 2 bytes of application/json");
    assert_snapshot!(failing("[]").await.to_string(), @"the response is not a GraphQL response, but 2 bytes of application/json");
    assert_snapshot!(failing("<html>").await.to_string(), @"the response is an HTML page, not a GraphQL response; check the URL of the endpoint and the token");
    assert_snapshot!(failing("{\"data\":{\"me\":").await.to_string(), @"the response is incomplete JSON of 14 bytes");
    assert_snapshot!(failing(r#"{"data":null}"#).await.to_string(), @"the response is not a GraphQL response, but 13 bytes of application/json");
}

#[tokio::test]
async fn an_array_is_no_response() {
    for body in [
        r#"[{"data":{"me":null}}]"#,
        r#"[{"errors":[{"message":"not allowed"}],"data":null}]"#,
        r#"[{"me":null}]"#,
        r#"[null,[{"message":"x"}]]"#,
    ] {
        let error = failing(body).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Protocol, 1), "{body}: {error}");
    }
}

#[tokio::test]
async fn what_is_odd_about_an_error_does_not_hide_it() {
    let mut told = String::new();
    for error in [
        r#"{"message":"no","locations":[{"line":-1,"column":-1},{"line":2,"column":3}],"path":["me",-1,1.0,0]}"#,
        r#"{"message":"no","path":"me","extensions":"x","locations":[null]}"#,
        r#"{"message":null,"extensions":{"code":"E"}}"#,
        r#"{"message":{"text":"no"}}"#,
        r#""no""#,
        "[1]",
    ] {
        let failed = failing(&format!(r#"{{"data":{{"me":null}},"errors":[{error}]}}"#)).await;
        assert_eq!((failed.kind(), failed.attempts()), (ErrorKind::Graphql, 1), "{error}");
        assert_eq!(failed.partial_data::<Data>().unwrap(), Data { me: None });
        told += &format!("{failed} {:?}\n", failed.graphql_errors()[0].locations);
    }
    assert_snapshot!(told, @r#"
    the server reported an error: no (at me.-1.1.0.0) [Location { line: 2, column: 3 }]
    the server reported an error: no (at me) []
    the server reported an error: an error without a message [E] []
    the server reported an error: {"text":"no"} []
    the server reported an error: no []
    the server reported an error: [1] []
    "#);
    assert_eq!(failing(r#"{"errors":{"message":"one"}}"#).await.graphql_errors()[0].message, "one");
}

/// A server that refuses and does not say for how long has not asked for anything.
#[tokio::test]
async fn a_refusal_without_a_time_stays_what_it_was() {
    let transport = MockTransport::new(|_| {
        let response = graphwright::http::Response::builder().status(429).body("".into());
        response.map_err(|error| TransportError::new(error.to_string()))
    });
    let client = Client::builder("https://example.com").timeout(Duration::from_millis(1500));
    let client = client.transport(Arc::new(transport)).build().unwrap();
    let error = client.send(Me { id: Id::from("1") }).await.unwrap_err();
    assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (ErrorKind::Status, Some(429)));
    assert_eq!(error.retry_after(), None);
    // Later callers have not received a response at all.
    let error = client.send(Me { id: Id::from("2") }).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttle, 0));
    assert!(
        error.to_string().starts_with("the server rejects requests without a time; the next attempt is in"),
        "{error}"
    );
}

#[test]
fn ports_are_looked_at() {
    for url in ["http://127.0.0.1:99999/", "https://[::1]:70000"] {
        assert!(Client::builder(url).build().unwrap_err().to_string().contains("65535"), "{url}");
    }
    for url in ["http://127.0.0.1:65535/", "https://[::1]", "http://user:1234@localhost/"] {
        assert!(Client::builder(url).build().is_ok(), "{url}");
    }
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
    assert_snapshot!(error.to_string(), @"the server answered 429 Too Many Requests; too many requests");
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
    // Beside other tests, requests may be delayed by more than the client allows for: that is looked at alone.
    let more = if std::env::var_os("GRAPHWRIGHT_SLOW").is_some() { 0 } else { 1 };
    assert!(stats.limited <= more);
    assert!(stats.most_in_a_second() <= 20 + more as usize, "{}", stats.most_in_a_second());
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

/// Retries by kind of failure; mutations only if they certainly did not run.
#[tokio::test]
async fn retries_by_kind_of_operation_and_failure() {
    #[derive(Serialize)]
    struct Change;
    impl Operation for Change {
        const NAME: Option<&'static str> = Some("Change");
        const KIND: OperationKind = OperationKind::Mutation;
        const DOCUMENT: &'static str = "mutation Change{a}";
        const ID: &'static str = "01";
        type Data = Data;
    }
    impl SingleResponse for Change {}
    let failing = |failure: &'static str| {
        MockTransport::new(move |_| {
            let (status, wait) = match failure {
                "unsent" => return Err(TransportError::new("refused").unsent()),
                "broke" => return Err(TransportError::new("broke")),
                "permanent" => return Err(TransportError::new("too large").permanent()),
                status => status.split_once(' ').unwrap_or((status, "")),
            };
            let response = graphwright::http::Response::builder().status(status.parse::<u16>().unwrap());
            let response = if wait.is_empty() { response } else { response.header("retry-after", "0.001") };
            response.body("".into()).map_err(|error| TransportError::new(error.to_string()))
        })
    };
    let mut table = String::new();
    for failure in ["unsent", "broke", "permanent", "429 wait", "500", "502", "503", "503 wait", "504", "401"] {
        let mut attempts = Vec::new();
        for case in 0..3 {
            let retry = Retry::attempts(3).backoff(Duration::from_millis(1), Duration::from_millis(2));
            let client = Client::builder("https://example.com").transport(Arc::new(failing(failure))).retry(retry);
            let client = client.build().unwrap();
            let error = match case {
                0 => client.send(Me { id: Id::from("1") }).await.unwrap_err(),
                1 => client.send(Change).await.unwrap_err(),
                _ => client.call(Change).idempotent().send().await.unwrap_err(),
            };
            attempts.push(error.attempts());
        }
        table += &format!("{failure}: {attempts:?}\n");
    }
    assert_snapshot!(table);
    let client = Client::builder("https://example.com").transport(Arc::new(failing("502")));
    let client = client.retry(Retry::attempts(3).backoff(Duration::ZERO, Duration::ZERO).budget(5)).build().unwrap();
    let mut attempts = 0;
    for _ in 0..20 {
        attempts += client.send(Me { id: Id::from("1") }).await.unwrap_err().attempts();
    }
    assert!((25..=28).contains(&attempts), "20 calls, 5 retries and what 20 calls earn: {attempts}");
}

/// All traces as text.
#[derive(Clone, Default)]
struct Lines(Arc<std::sync::Mutex<String>>);

impl tracing::field::Visit for Lines {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        use std::fmt::Write;
        write!(self.0.lock().unwrap(), " {field}={value:?}").unwrap();
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Lines {
    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _: &tracing::Id,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        self.0.lock().unwrap().push_str(&format!("\n{}", attributes.metadata().name()));
        attributes.record(&mut self.clone());
    }

    fn on_record(
        &self,
        _: &tracing::Id,
        values: &tracing::span::Record<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        values.record(&mut self.clone());
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        self.0.lock().unwrap().push_str("\nevent");
        event.record(&mut self.clone());
    }
}

#[derive(Debug, Clone, Default)]
struct Reports(Arc<std::sync::Mutex<String>>);

impl graphwright::Observer for Reports {
    fn attempt(&self, report: &graphwright::AttemptReport<'_>) {
        self.0.lock().unwrap().push_str(&format!("{report:?}\n"));
    }

    fn call(&self, report: &graphwright::CallReport<'_>) {
        self.0.lock().unwrap().push_str(&format!("{report:?}\n"));
    }
}

/// Names, statuses, attempts and waits are reported; tokens, variables and data are not.
#[tokio::test]
async fn traces_and_reports_tell_what_happened_and_no_secrets() {
    use tracing_subscriber::layer::SubscriberExt;
    let lines = Lines::default();
    let _traced = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines.clone()));
    let reports = Reports::default();
    let number = std::sync::Mutex::new(0);
    let transport = MockTransport::new(move |_| {
        let mut number = number.lock().unwrap();
        *number += 1;
        let status = if *number % 2 == 0 { 200 } else { 503 };
        let response = graphwright::http::Response::builder().status(status).header("x-request-id", "r1");
        let body = r#"{"data":{"me":{"name":"s3cret","friends":[]}}}"#;
        response
            .body(if status == 200 { body } else { "" }.into())
            .map_err(|error| TransportError::new(error.to_string()))
    });
    let login = graphwright::auth::Renewing::builder(graphwright::auth::RefreshEndpoint::json(
        "https://u:s3cret@e.com/?s3cret",
    ))
    .tokens(graphwright::auth::Tokens::access("s3cret").with_refresh("s3cret"))
    .build();
    let client = Client::builder("https://u:s3cret@example.com/graphql?key=s3cret").authentication(login);
    let client = client.observer(reports.clone()).retry(Retry::attempts(3).backoff(Duration::ZERO, Duration::ZERO));
    let client = client.header("X-Key", "s3cret").transport(Arc::new(transport)).build().unwrap();
    client.call(Me { id: Id::from("s3cret") }).header("X-Other", "s3cret").send().await.unwrap();
    let traced = lines.0.lock().unwrap().clone();
    let reported = reports.0.lock().unwrap().clone();
    assert!(!format!("{traced}{reported}{client:?}").contains("s3cret"), "{traced}{reported}{client:?}");
    for expected in [
        "otel.name=\"query Me\"",
        "graphql.operation.name=\"Me\"",
        "graphql.operation.type=\"query\"",
        "server.address=\"example.com\"",
        "http.response.status_code=503",
        "http.request.resend_count=1",
        "graphwright.attempts=2",
        "retry",
    ] {
        assert!(traced.contains(expected), "{expected} in {traced}");
    }
    assert!(reported.contains("number: 2") && reported.contains("attempts: 2"), "{reported}");
}

/// A transport of the user's own, for example over another HTTP library.
#[tokio::test]
async fn transports_can_be_brought() {
    #[derive(Debug)]
    struct Own;
    impl graphwright::transport::Transport for Own {
        fn send(
            &self,
            request: graphwright::http::Request<graphwright::bytes::Bytes>,
        ) -> graphwright::transport::BoxFuture<
            '_,
            Result<graphwright::http::Response<graphwright::bytes::Bytes>, TransportError>,
        > {
            Box::pin(async move {
                assert_eq!(request.method(), "POST");
                Ok(graphwright::http::Response::new(r#"{"data":{"me":null}}"#.into()))
            })
        }
    }
    let client = Client::builder("https://example.com").transport(Arc::new(Own)).build().unwrap();
    client.send(Me { id: Id::from("1") }).await.unwrap();
}
