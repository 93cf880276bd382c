//! Nothing shows tokens, header values, variables or data: every kind of error is provoked with everything logged at
//! TRACE, and the output is searched.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphwright::auth::{
    ClientAuthentication, ClientCredentials, CommandSource, Credential, FileStore, Header, RefreshEndpoint, Renewing,
    Tokens,
};
use graphwright::throttle::RedisLimit;
use graphwright::transport::{BoxFuture, MockTransport, Recorder, Replayer, ReqwestTransport, TransportError};
use graphwright::{
    Answer, Attempt, AttemptReport, CallReport, Client, ClientBuilder, Error, ErrorKind, GraphqlError, Layer, Limit,
    Next, Observer, Operation, OperationKind, PageInfo, Paginated, Payload, PayloadErrors, Retry, SingleResponse,
    Throttle, blocking,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt::{Debug, Write as _};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer as Subscribing, SubscriberExt as _};

/// The searched secrets, with descriptions.
const SECRETS: [(&str, &str); 28] = [
    ("access token", "acc3ss-t0ken"),
    ("renewed access token", "n3w-acc3ss"),
    ("refresh token", "refr3sh-t0ken"),
    ("secret of the client", "cli3nt-s3cret"),
    ("field of the token request", "t0ken-field"),
    ("password in the URL", "url-passw0rd"),
    ("password in the URL of the token endpoint", "endp0int-passw0rd"),
    ("password of Redis", "r3dis-passw0rd"),
    ("password of the proxy", "pr0xy-passw0rd"),
    ("query of the URL", "qu3ry-s3cret"),
    ("query of the token endpoint's URL", "endp0int-query"),
    ("header of the client", "cli3nt-header"),
    ("header of the call", "c4ll-header"),
    ("cookie of the request", "c00kie-session"),
    ("token given as the name of a header", "n4me-token"),
    ("argument of a command", "c0mmand-argument"),
    ("header of the response", "set-c00kie"),
    ("string variable", "str1ng-variable"),
    ("number variable", "4815162342"),
    ("nested input", "nest3d-input"),
    ("string in data", "data-str1ng"),
    ("number in data", "9988776655"),
    ("enum in data", "DATA_3NUM"),
    ("custom scalar in data", "data-sc4lar"),
    ("cursor", "curs0r-value"),
    ("value of extensions", "ext3nsion-value"),
    ("value of an error's extensions", "3rror-extension"),
    ("other field of a payload's error", "r3fusal-value"),
];

/// All kinds of errors.
const KINDS: [ErrorKind; 11] = [
    ErrorKind::Request,
    ErrorKind::Authentication,
    ErrorKind::Throttle,
    ErrorKind::Transport,
    ErrorKind::Timeout,
    ErrorKind::Status,
    ErrorKind::Protocol,
    ErrorKind::Graphql,
    ErrorKind::Decode,
    ErrorKind::Payload,
    ErrorKind::Pagination,
];

#[test]
fn nothing_shows_secrets_or_values() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "secrets::provoke", "--ignored", "--nocapture"])
        .env("HTTP_PROXY", "http://user:pr0xy-passw0rd@127.0.0.1:1")
        .env("NO_PROXY", "127.0.0.1")
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if let Some(path) = std::env::var_os("GRAPHWRIGHT_LOGS") {
        std::fs::write(path, &text).unwrap();
    }
    assert!(output.status.success(), "{text}");
    // The search is of something: the libraries log, and the operations are named.
    for known in ["hyper_util::", "reqwest::", "graphwright_core", "report Call", "layer Ok(Answer", "query List"] {
        assert!(text.contains(known), "{known} is not logged");
    }
    assert_eq!(found(&format!("{text}\nplanted: {}", SECRETS[0].1)).len(), found(&text).len() + 1);
    let found = found(&text);
    assert!(found.is_empty(), "{} hits:\n{}", found.len(), found.join("\n"));
}

/// Returns the lines with secrets, unchanged or in base64 after the user.
fn found(text: &str) -> Vec<String> {
    let basic = |secret: &str| STANDARD.encode(format!("user:{secret}"));
    let forms: Vec<_> = SECRETS.iter().map(|(what, secret)| (what, secret.to_lowercase(), basic(secret))).collect();
    let mut lines = Vec::new();
    for line in text.lines() {
        let lower = line.to_lowercase();
        let hits = forms.iter().filter(|(_, secret, basic)| lower.contains(secret) || line.contains(basic));
        lines.extend(hits.map(|(what, ..)| format!("{what}: {line}")));
    }
    lines
}

/// Prints spans, events, records, reports, and the view of a layer.
#[derive(Debug)]
struct Everything;

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl<S: tracing::Subscriber> Subscribing<S> for Everything {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields(format!("{} {}", event.metadata().level(), event.metadata().target()));
        event.record(&mut fields);
        eprintln!("{}", fields.0);
    }

    fn on_new_span(&self, attributes: &tracing::span::Attributes<'_>, _: &tracing::Id, _: Context<'_, S>) {
        let mut fields = Fields(format!("span {}", attributes.metadata().target()));
        attributes.record(&mut fields);
        eprintln!("{}", fields.0);
    }

    fn on_record(&self, _: &tracing::Id, values: &tracing::span::Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields("record".to_owned());
        values.record(&mut fields);
        eprintln!("{}", fields.0);
    }
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        eprintln!("log {} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

impl Observer for Everything {
    fn attempt(&self, report: &AttemptReport<'_>) {
        eprintln!("report {report:?}");
    }

    fn call(&self, report: &CallReport<'_>) {
        eprintln!("report {report:?}");
    }
}

impl Layer for Everything {
    fn handle<'a>(&'a self, attempt: Attempt<'a>, next: Next<'a>) -> BoxFuture<'a, Result<Answer, Error>> {
        eprintln!("layer {attempt:?} {next:?}");
        Box::pin(async move {
            let answer = next.run(attempt).await;
            eprintln!("layer {answer:?}");
            for error in answer.iter().flat_map(Answer::errors) {
                eprintln!("layer {error} {error:?}");
            }
            answer
        })
    }
}

/// The kinds of errors that were shown.
static SEEN: Mutex<Vec<ErrorKind>> = Mutex::new(Vec::new());

fn show<T>(outcome: Result<T, Error>) {
    let error = outcome.err().expect("an error");
    SEEN.lock().unwrap().push(error.kind());
    eprintln!("error {error}\n{error:#}\n{error:?}\n{error:#?}");
    for reported in error.graphql_errors() {
        eprintln!("{reported} {reported:?}");
    }
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        eprintln!("source {cause} {cause:?}");
        source = cause.source();
    }
    eprintln!("{:?}", anyhow::Error::from(error));
}

fn show_transport<T>(outcome: Result<T, TransportError>) {
    let error = outcome.err().expect("an error");
    eprintln!("transport {error} {error:?} {error:#?}");
}

/// A list, by hand as it is generated.
#[derive(Clone, Serialize)]
struct List {
    after: Option<String>,
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Page {
    names: Vec<String>,
    end: Option<String>,
}

impl List {
    fn new() -> Self {
        Self { after: None, name: "str1ng-variable".to_owned() }
    }
}

impl Operation for List {
    const NAME: Option<&'static str> = Some("List");
    const KIND: OperationKind = OperationKind::Query;
    const DOCUMENT: &'static str = "query List($after:String,$name:String){names end}";
    const ID: &'static str = "00";
    type Data = Page;
}

impl SingleResponse for List {}

impl Paginated for List {
    type Node = String;

    fn page_info(data: &Page) -> Option<PageInfo<'_>> {
        Some(PageInfo { has_more: true, cursor: data.end.as_deref() })
    }

    fn into_nodes(data: Page) -> Vec<String> {
        data.names
    }

    fn set_cursor(&mut self, cursor: &str) {
        self.after = Some(cursor.to_owned());
    }
}

/// The data of a mutation with a payload of user errors.
#[derive(Serialize)]
struct Refused(Value);

impl Payload for Refused {
    const ERRORS: &'static [PayloadErrors] =
        &[PayloadErrors { payload: &["create"], errors: "errors", field: Some("field"), messages: Some("messages") }];
}

/// Returns a server that repeats each request in an answer of the kind that the path names.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || drop(answer(&mut stream.unwrap())));
        }
    });
    address
}

fn answer(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut seen = Vec::new();
    let request = loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk)?;
        seen.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        match text.find("\r\n\r\n") {
            Some(end) if seen.len() >= end + 4 + length.unwrap_or(0) => break text,
            _ if read == 0 => return Ok(()),
            _ => {}
        }
    };
    let path = request.split(['/', '?', ' ']).nth(2).unwrap_or_default();
    let data = json!({ "s": "data-str1ng", "n": 9_988_776_655_u64, "e": "DATA_3NUM", "c": "data-sc4lar" });
    let extensions = json!({ "code": request, "value": "3rror-extension" });
    let error = json!({ "message": request, "path": ["list", request], "extensions": extensions });
    let (status, ty, body) = match path {
        "data" => ("200 OK", "application/json", json!({ "data": data, "extensions": { "v": "ext3nsion-value" } })),
        "errors" => ("200 OK", "application/json", json!({ "data": data, "errors": [error, error] })),
        "refused" => ("403 Forbidden", "application/json", json!({ "errors": [error] })),
        "busy" => ("503 Service Unavailable", "application/json", json!({ "errors": [error] })),
        "text" => ("500 Internal Server Error", "text/plain", Value::from(request.as_str())),
        "html" => ("200 OK", "text/html", Value::from(format!("<p>{request}"))),
        "page" => {
            ("200 OK", "application/json", json!({ "data": { "names": ["data-str1ng"], "end": "curs0r-value" } }))
        }
        "token" => (
            "400 Bad Request",
            "application/json",
            json!({ "error": request, "error_description": request, "message": request }),
        ),
        "type" => (
            "200 OK",
            "application/json",
            json!({ "access_token": "n3w-acc3ss", "token_type": request, "refresh_token": "refr3sh-t0ken" }),
        ),
        "garbage" => ("200 OK", "application/json", json!({ "access_token": [request], "token_type": request })),
        "broken" => return stream.write_all(b"HTTP/1.1 200 OK\r\nset-cookie set-c00kie data-str1ng\r\n\r\n"),
        "hang" => {
            std::thread::sleep(Duration::from_secs(30));
            return Ok(());
        }
        "cut" => {
            let head =
                "HTTP/1.1 200 OK\r\nset-cookie: set-c00kie\r\ncontent-length: 9000\r\n\r\n{\"data\":\"data-str1ng";
            return stream.write_all(head.as_bytes());
        }
        _ => ("404 Not Found", "text/plain", Value::from(request.as_str())),
    };
    let body = if path == "html" { body.as_str().unwrap().to_owned() } else { body.to_string() };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {ty}\r\nset-cookie: set-c00kie\r\nx-other: set-c00kie\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn builder(url: impl Into<String>) -> ClientBuilder {
    Client::builder(url)
        .header("X-Key", "cli3nt-header")
        .header("Cookie", "session=c00kie-session; lang=en")
        .timeout(Duration::from_secs(3))
        .retry(Retry::never())
        .observer(Everything)
        .layer(Everything)
}

fn variables() -> Value {
    json!({ "s": "str1ng-variable", "n": 4_815_162_342_u64, "input": { "items": [{ "v": "nest3d-input" }] } })
}

async fn call<D: serde::de::DeserializeOwned>(client: &Client) -> Result<D, Error> {
    let variables = variables();
    let call = client.call_raw("query Named{a}", &variables, Some("Named")).header("X-Call", "c4ll-header");
    eprintln!("{call:?}");
    let response = call.execute_raw::<D>().await;
    if let Ok(response) = &response {
        eprintln!("{response:?}");
    }
    response?.into_result()
}

/// The work of the searched process.
#[test]
#[ignore = "run by the other test here, as a process of its own"]
fn provoke() {
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Everything)).unwrap();
    log::set_logger(&Everything).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = echo();
        answers(&server).await;
        unsent(&server).await;
        tokens(&server).await;
        lists_and_payloads(&server).await;
        recordings(&server).await;
    });
    let client = builder(format!("http://{}/text", echo())).bearer("acc3ss-t0ken").build().unwrap();
    let client = blocking::Client::new(client).unwrap();
    eprintln!("{client:?}");
    show(client.execute_raw::<_, Value>("{a}", &variables(), None));
    let seen = SEEN.lock().unwrap();
    for kind in KINDS {
        assert!(seen.contains(&kind), "{kind:?} is not provoked");
    }
    assert!(seen.iter().all(|kind| KINDS.contains(kind)));
}

/// Status, Protocol, Graphql, Decode.
async fn answers(server: &str) {
    for url in [format!("http://{server}"), format!("http://user:url-passw0rd@{server}")] {
        for path in ["errors", "refused", "busy", "text", "html", "broken", "cut", "none"] {
            let mut builder = builder(format!("{url}/{path}?key=qu3ry-s3cret"));
            if !url.contains('@') {
                builder = builder.bearer("acc3ss-t0ken");
            }
            eprintln!("{builder:?}");
            let client = builder.retry(Retry::attempts(2)).build().unwrap();
            eprintln!("{client:?}");
            show(call::<Value>(&client).await);
        }
        let client = builder(format!("{url}/data")).build().unwrap();
        call::<Value>(&client).await.unwrap();
        #[derive(Debug, Deserialize)]
        #[allow(dead_code, reason = "only decoded")]
        struct Wrong<T> {
            s: T,
        }
        #[derive(Debug, Deserialize)]
        enum Known {}
        #[derive(Debug, Deserialize)]
        #[allow(dead_code, reason = "only decoded")]
        struct Other {
            e: Known,
        }
        #[derive(Debug, Deserialize)]
        #[allow(dead_code, reason = "only decoded")]
        struct Small {
            n: u8,
        }
        show(call::<Wrong<i32>>(&client).await);
        show(call::<Wrong<Vec<String>>>(&client).await);
        show(call::<Wrong<std::net::IpAddr>>(&client).await);
        show(call::<Wrong<char>>(&client).await);
        show(call::<Other>(&client).await);
        show(call::<Small>(&client).await);
        show(call::<Vec<String>>(&client).await);
    }
}

/// A variable whose type fails to serialize, and quotes the value.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("str1ng-variable is no date"))
    }
}

/// Request, Transport, Timeout, Throttle.
async fn unsent(server: &str) {
    for url in [
        "ftp://user:url-passw0rd@h/?key=qu3ry-s3cret",
        "http://user:url-passw0rd@h:99999/?key=qu3ry-s3cret",
        "http://user:url passw0rd@h/?key=a@qu3ry-s3cret",
        "user:url-passw0rd@h/?key=qu3ry-s3cret",
        "http://h/?email=a@qu3ry-s3cret",
        "ftp://h/?email=a@qu3ry-s3cret",
        "ftp://user:a?url-passw0rd@h/",
        "http://ü:url-passw0rd@h/#qu3ry-s3cret",
    ] {
        let builder = builder(url);
        eprintln!("{builder:?}");
        match builder.build() {
            Ok(client) => eprintln!("{client:?}"),
            error => show(error),
        }
    }
    show(builder("http://h/").header("X-Key", "cli3nt-header\n").build());
    show(builder("http://h/").header("Bearer n4me-token", "x").build());
    show(builder("http://h/").header("Authorization: Bearer n4me-token", "x").build());
    show(builder("http://h/").header("a/n4me-token", "x").build());
    show(builder("http://h/").bearer("acc3ss-t0ken\n\u{1}x").build());
    show(Header::basic("us:er", "url-passw0rd"));
    let client = builder(format!("http://{server}/data")).build().unwrap();
    show(client.call(List::new()).header("X-Call", "c4ll-header\n").send().await);
    show(client.execute_raw::<_, Value>("{a}", &Unwritable, None).await);
    for url in ["http://user:url-passw0rd@127.0.0.1:1/?key=qu3ry-s3cret", "http://proxied.invalid/?key=qu3ry-s3cret"] {
        show(call::<Value>(&builder(url).retry(Retry::attempts(2)).build().unwrap()).await);
    }
    let hanging = builder(format!("http://user:url-passw0rd@{server}/hang")).timeout(Duration::from_millis(200));
    show(call::<Value>(&hanging.build().unwrap()).await);
    let limit = RedisLimit::new("redis://:r3dis-passw0rd@127.0.0.1:1/0", "key", Limit::per_second(1)).unwrap();
    let throttle = Throttle::builder().shared_limit(limit).build();
    eprintln!("{throttle:?}");
    let client = builder(format!("http://{server}/data")).throttle(throttle).build().unwrap();
    show(call::<Value>(&client).await);
    eprintln!("{client:?}");
}

/// Authentication.
async fn tokens(server: &str) {
    let credential = Credential::bearer(&"acc3ss-t0ken".into()).unwrap();
    eprintln!("{credential:?} {:?}", Header::new("X-Key", "cli3nt-header").unwrap());
    let kept = || Tokens::access("acc3ss-t0ken").with_refresh("refr3sh-t0ken");
    eprintln!("{:?}", kept());
    for path in ["token", "type", "garbage", "none"] {
        let url = format!("http://user:endp0int-passw0rd@{server}/{path}?key=endp0int-query");
        let json = RefreshEndpoint::json(url.clone()).field("tenant", "t0ken-field").revocation(url.clone());
        let oauth = RefreshEndpoint::oauth2(url.clone(), "app").client_secret("cli3nt-s3cret").revocation(url.clone());
        let basic = oauth.clone().client_authentication(ClientAuthentication::Basic);
        for endpoint in [json, oauth, basic] {
            eprintln!("{endpoint:?}");
            let builder = Renewing::builder(endpoint).tokens(Tokens::refresh("refr3sh-t0ken"));
            eprintln!("{builder:?}");
            let login = builder.build();
            show(login.renew().await);
            show(call::<Value>(&client_with(server, login.clone()).await).await);
            eprintln!("{login:?}");
            if path != "type" && path != "garbage" {
                show(login.revoke().await);
            }
        }
        let credentials = ClientCredentials::new(url, "app", "cli3nt-s3cret").field("audience", "t0ken-field");
        eprintln!("{credentials:?}");
        show(Renewing::new(credentials).current().await);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    std::fs::write(&path, r#"{"access_token":["acc3ss-t0ken"],"refresh_token":"refr3sh-t0ken""#).unwrap();
    let store = FileStore::new(&path);
    eprintln!("{store:?}");
    let command = CommandSource::new("false").argument("--token=c0mmand-argument");
    eprintln!("{command:?}");
    show(Renewing::builder(command).store(store).tokens(kept()).build().renew().await);
    let two = CommandSource::new("echo").argument("acc3ss-t0ken c0mmand-argument");
    show(Renewing::new(two).current().await);
}

async fn client_with(server: &str, login: Renewing) -> Client {
    builder(format!("http://{server}/data")).authentication(login).timeout(Duration::from_millis(300)).build().unwrap()
}

/// Payload, Pagination.
async fn lists_and_payloads(server: &str) {
    let client = builder(format!("http://{server}/page")).bearer("acc3ss-t0ken").build().unwrap();
    eprintln!("{:?}", client.call(List::new()));
    let mut pages = client.pages(List::new());
    pages.next().await.unwrap().map(drop).unwrap();
    eprintln!("{pages:?}");
    show(pages.next().await.unwrap().and_then(|_| Err::<(), _>(Error::new(ErrorKind::Pagination, "second page"))));
    let mut nodes = client.nodes(List::new());
    nodes.next().await.unwrap().map(drop).unwrap();
    eprintln!("{nodes:?}");
    show(nodes.collect().await);
    let errors = json!([{ "field": "name", "messages": ["is taken"], "value": "r3fusal-value" }]);
    show(Refused(json!({ "create": { "errors": errors, "name": "data-str1ng" } })).into_result());
}

async fn recordings(server: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let recorder = Arc::new(Recorder::new(Arc::new(ReqwestTransport::new(1 << 20).unwrap()), &path).unwrap());
    let client =
        builder(format!("http://user:url-passw0rd@{server}/data")).transport(recorder.clone()).build().unwrap();
    call::<Value>(&client).await.unwrap();
    eprintln!("{recorder:?}");
    let replayer = Arc::new(Replayer::read(&path).unwrap());
    eprintln!("{replayer:?}");
    let client = builder("http://user:url-passw0rd@h/").transport(replayer).build().unwrap();
    show(client.send(List::new()).await);
    std::fs::write(&path, r#"{"request":{},"status":"data-str1ng","response":{}}"#).unwrap();
    show_transport(Replayer::read(&path));
    std::fs::write(&path, r#"{"request":{},"status":200,"response":{"data-str1ng":{}}}"#).unwrap();
    show_transport(Replayer::read(&path));
    let mock = Arc::new(MockTransport::json(r#"{"data":{"a":"data-str1ng"}}"#));
    let client = builder("http://user:url-passw0rd@h/?key=qu3ry-s3cret").transport(mock.clone()).build().unwrap();
    call::<Value>(&client).await.unwrap();
    eprintln!("{mock:?} {:?}", mock.requests());
    let failing = GraphqlError::new("fails");
    let mock = MockTransport::operations().failing::<List>([failing]);
    show(builder("http://h/").transport(Arc::new(mock)).build().unwrap().send(List::new()).await);
    let mock = Arc::new(MockTransport::operations());
    show(builder("http://h/").transport(mock).build().unwrap().send(List::new()).await);
}
