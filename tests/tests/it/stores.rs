//! Token stores and sources: stored tokens after processes are killed, and requests to token endpoints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use graphwright::auth::{
    Authentication, ClientAuthentication, ClientCredentials, CommandSource, FileSource, FileStore, Header,
    RefreshEndpoint, TokenSource, TokenStore, Tokens,
};
use graphwright::bytes::Bytes;
use graphwright::transport::{BoxFuture, Transport, TransportError};
use graphwright::{Error, ErrorKind, Secret, http};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

const PROCESSES: usize = 4;
const KILLS: usize = 200;

/// Numbered tokens, so long that a truncated one is recognized.
fn numbered(number: u64) -> Tokens {
    Tokens::access(format!("{number}-{}", "a".repeat(2000))).with_refresh(format!("{number}-refresh"))
}

/// Returns the number of complete tokens.
fn number(tokens: &Tokens) -> u64 {
    let refresh = tokens.refresh.as_ref().unwrap().expose();
    let number = refresh.strip_suffix("-refresh").unwrap().parse().unwrap();
    assert_eq!(tokens.access, numbered(number).access);
    number
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The work of one process: the tests start themselves again with this.
#[test]
#[ignore = "run by the other tests here, as a process of its own"]
fn member() {
    let store = FileStore::new(std::env::var("STORE_FILE").unwrap());
    let saves = std::env::var("STORE_SAVES").unwrap().parse::<usize>().unwrap();
    block_on(async {
        for _ in 0..saves {
            let _lock = store.lock().await.unwrap();
            let next = store.load().await.unwrap().map_or(0, |tokens| number(&tokens)) + 1;
            store.save(&numbered(next)).await.unwrap();
            let mut out = std::io::stdout();
            writeln!(out, "SAVED {next}").and_then(|()| out.flush()).unwrap();
        }
    });
}

fn member_command(mut command: Command, file: &Path, saves: usize) -> Command {
    command.args(["--exact", "stores::member", "--ignored", "--nocapture"]);
    command.env("STORE_FILE", file).env("STORE_SAVES", saves.to_string()).stdout(Stdio::piped());
    command
}

/// A process that saves, and the thread that reads its acknowledgements.
struct Member {
    process: Child,
    reader: JoinHandle<()>,
}

impl Member {
    fn start(file: &Path, acknowledged: &Arc<AtomicU64>) -> Self {
        let command = Command::new(std::env::current_exe().unwrap());
        let mut process = member_command(command, file, usize::MAX).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let acknowledged = acknowledged.clone();
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, number)) = line.split_once("SAVED ") {
                    acknowledged.fetch_max(number.parse().unwrap(), SeqCst);
                }
            }
        });
        Self { process, reader }
    }

    /// `kill -9`; all that it has acknowledged is known afterwards.
    fn kill(mut self) {
        self.process.kill().unwrap();
        let status = self.process.wait().unwrap();
        assert_eq!(status.code(), None, "it has ended by itself: {status}");
        self.reader.join().unwrap();
    }
}

fn orphans(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "tokens.json" && name != "tokens.json.lock").count()
}

#[cfg(unix)]
#[test]
fn nothing_is_lost_when_processes_are_killed_while_they_save() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    let acknowledged = Arc::new(AtomicU64::new(0));
    let start = || Member::start(&file, &acknowledged);
    let mut members: Vec<Member> = (0..PROCESSES).map(|_| start()).collect();
    let random = || u64::from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos());
    let store = FileStore::new(&file);
    let mut left_behind = 0;
    for kill in 0..KILLS {
        std::thread::sleep(Duration::from_micros(random() / 1000 % 60_000));
        members.swap_remove(kill % PROCESSES).kill();
        left_behind += usize::from(orphans(folder.path()) > 0);
        let known = acknowledged.load(SeqCst);
        if let Some(tokens) = block_on(store.load()).unwrap() {
            assert!(number(&tokens) >= known, "{} < {known}", number(&tokens));
        } else {
            assert_eq!(known, 0);
        }
        members.push(start());
    }
    members.into_iter().for_each(Member::kill);
    let known = acknowledged.load(SeqCst);
    let last = number(&block_on(store.load()).unwrap().unwrap());
    println!("{KILLS} kills, {known} saves acknowledged, {left_behind} times with a temporary file; last: {last}");
    assert!(last >= known && known >= 200, "{known} {last}");
    drop(block_on(store.lock()).unwrap());
    assert_eq!(orphans(folder.path()), 0);
    assert_eq!(number(&block_on(store.load()).unwrap().unwrap()), last);
}

/// The server has rotated the refresh token, and the process ends right before the rename. Needs `strace`.
#[cfg(target_os = "linux")]
#[test]
fn tokens_of_a_process_that_is_killed_at_the_rename_are_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    let store = FileStore::new(&file);
    block_on(store.save(&numbered(6))).unwrap();
    let mut strace = Command::new("strace");
    let calls = "rename,renameat,renameat2";
    strace.args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
    strace.args(["-e", &format!("inject={calls}:error=EIO:signal=KILL")]).arg(std::env::current_exe().unwrap());
    let Ok(output) = member_command(strace, &file, 1).stderr(Stdio::piped()).output() else { return };
    if String::from_utf8_lossy(&output.stderr).contains("PTRACE") {
        return;
    }
    assert!(!String::from_utf8_lossy(&output.stdout).contains("SAVED"), "{output:?}");
    assert_eq!(orphans(folder.path()), 1, "{output:?}");
    assert_eq!(number(&block_on(store.load()).unwrap().unwrap()), 7);
    drop(block_on(store.lock()).unwrap());
    assert_eq!(orphans(folder.path()), 0);
    assert_eq!(number(&block_on(store.load()).unwrap().unwrap()), 7);
}

/// Returns the text of a token file.
fn text(number: u64) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    block_on(FileStore::new(&file).save(&numbered(number))).unwrap();
    std::fs::read(file).unwrap()
}

/// Creates a folder with files of a text and an age in seconds; returns the loaded tokens, before and after the
/// recovery.
fn recovered(files: &[(&str, &[u8], u64)]) -> Result<Option<u64>, ErrorKind> {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemTime::now();
    for (name, text, age) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(now - Duration::from_secs(*age)).unwrap();
    }
    let store = FileStore::new(folder.path().join("tokens.json"));
    let load = || block_on(store.load()).map(|tokens| tokens.as_ref().map(number)).map_err(|error| error.kind());
    let before = load();
    let others = files.iter().filter(|(name, ..)| *name != "tokens.json").count();
    assert_eq!(orphans(folder.path()), others, "loading changes nothing");
    drop(block_on(store.lock()).unwrap());
    assert_eq!(load(), before);
    let strangers = files.iter().filter(|(name, ..)| name.ends_with("bak")).count();
    assert_eq!(orphans(folder.path()), strangers);
    block_on(store.clear()).unwrap();
    assert_eq!(load(), Ok(None));
    before
}

#[test]
fn the_newest_complete_file_counts() {
    let (one, two, three) = (text(1), text(2), text(3));
    let (file, cut) = (("tokens.json", one.as_slice(), 10), &two[..two.len() / 2]);
    assert_eq!(recovered(&[file]), Ok(Some(1)));
    assert_eq!(recovered(&[file, ("tokens.json.77-0", &two, 5)]), Ok(Some(2)), "newer");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", &two, 10)]), Ok(Some(2)), "as new");
    assert_eq!(recovered(&[file, ("tokens.json.77", &two, 5)]), Ok(Some(2)), "of an earlier version");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", &two, 15)]), Ok(Some(1)), "older");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", cut, 5)]), Ok(Some(1)), "cut");
    assert_eq!(recovered(&[file, ("tokens.json.77-0", b"", 5)]), Ok(Some(1)), "empty");
    assert_eq!(recovered(&[file, ("tokens.json.bak", &two, 5)]), Ok(Some(1)), "another program's");
    let several = [file, ("tokens.json.78-0", &two, 8), ("tokens.json.77-1", &three, 7), ("tokens.json.9-1", cut, 1)];
    assert_eq!(recovered(&several), Ok(Some(3)));
    assert_eq!(recovered(&[("tokens.json.77-0", &two, 5)]), Ok(Some(2)), "without a file");
    assert_eq!(recovered(&[("tokens.json", cut, 10), ("tokens.json.77-0", &two, 5)]), Ok(Some(2)));
    assert_eq!(recovered(&[("tokens.json", cut, 10), ("tokens.json.77-0", &two, 15)]), Err(ErrorKind::Decode));
    for damaged in [cut, b"", b"{}", b"[]"] {
        assert_eq!(recovered(&[("tokens.json", damaged, 10)]), Err(ErrorKind::Decode));
    }
}

#[test]
fn a_damaged_file_is_named_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    std::fs::write(&file, "{\"access_token\": \"s3cret").unwrap();
    let error = block_on(FileStore::new(&file).load()).unwrap_err();
    assert!(error.to_string().contains(&file.display().to_string()) && !format!("{error:?}").contains("s3cret"));
    assert!(!error.is_retryable());
}

/// Saves without the lock, while another store recovers: a save whose temporary file was taken tries again.
#[test]
fn saves_survive_the_recovery_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    let saving = |first: u64| {
        let store = FileStore::new(&file);
        std::thread::spawn(move || (first..first + 50).for_each(|next| block_on(store.save(&numbered(next))).unwrap()))
    };
    let threads = [saving(1000), saving(2000)];
    let store = FileStore::new(&file);
    while threads.iter().any(|thread| !thread.is_finished()) {
        drop(block_on(store.lock()).unwrap());
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    drop(block_on(store.lock()).unwrap());
    assert!([1049, 2049].contains(&number(&block_on(store.load()).unwrap().unwrap())));
    assert_eq!(orphans(folder.path()), 0);
}

#[test]
fn white_space_around_tokens_is_removed() {
    let tokens = Tokens::access(" a.b.c\r\n").with_refresh("\tr \n");
    assert_eq!((tokens.access.unwrap().expose(), tokens.refresh.unwrap().expose()), ("a.b.c", "r"));
    assert_eq!(Tokens::refresh("r\n"), Tokens::refresh("r"));
}

/// A command that does not end by itself.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_command_is_killed_and_reaped_when_its_renewal_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let script = format!("echo $$ > {}; exec sleep 60", pid.display());
    let source = CommandSource::new("sh").argument("-c").argument(script);
    assert!(tokio::time::timeout(Duration::from_millis(300), source.renew(None)).await.is_err());
    let process = format!("/proc/{}", std::fs::read_to_string(pid).unwrap().trim());
    for _ in 0..100 {
        if !Path::new(&process).exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{process} is still there");
}

#[cfg(unix)]
#[tokio::test]
async fn commands_print_at_most_a_mebibyte() {
    let printing = |bytes: usize| {
        let script = format!("head -c {bytes} /dev/zero | tr '\\0' x");
        let source = CommandSource::new("sh").argument("-c").argument(script);
        async move { source.renew(None).await.map(|tokens| tokens.access.unwrap().expose().len()) }
    };
    assert_eq!(printing(1 << 20).await.unwrap(), 1 << 20);
    let error = printing((1 << 20) + 1).await.unwrap_err();
    assert_eq!(error.to_string(), "the token command `sh` printed more than 1048576 bytes");
    let endless = CommandSource::new("yes").renew(None).await.unwrap_err();
    assert!(endless.to_string().contains("more than") && !endless.is_retryable());
    let missing = FileSource::new("/no/such/file").renew(None).await.unwrap_err();
    assert!(!missing.is_retryable());
}

/// A token endpoint with a fixed response, which records its requests.
#[derive(Debug)]
struct Endpoint {
    answer: http::Response<Bytes>,
    asked: Mutex<Vec<http::Request<Bytes>>>,
}

impl Endpoint {
    fn new(status: u16, body: &str) -> Arc<Self> {
        let answer = http::Response::builder().status(status).header("retry-after", "7");
        let answer = answer.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        Arc::new(Self { answer, asked: Mutex::default() })
    }

    fn ok() -> Arc<Self> {
        Self::new(200, r#"{"access_token":"new\n","token_type":"bearer","expires_in":60,"refresh_token":"next "}"#)
    }

    /// Returns the last request: its URL, its `Authorization` with decoded pair, and its body.
    fn last(&self) -> (String, Option<String>, String) {
        let asked = self.asked.lock().unwrap();
        let request = asked.last().unwrap();
        let authorization = request.headers().get("authorization").map(|value| {
            assert!(value.is_sensitive());
            let pair = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
            String::from_utf8(STANDARD.decode(pair).unwrap()).unwrap()
        });
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        (request.uri().to_string(), authorization, body)
    }
}

impl Transport for Endpoint {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.asked.lock().unwrap().push(request);
        Box::pin(std::future::ready(Ok(self.answer.clone())))
    }
}

const URL: &str = "https://id.example/token";

#[tokio::test]
async fn client_credentials_are_sent_in_a_header_or_in_the_body() {
    let endpoint = Endpoint::ok();
    let source = ClientCredentials::new(URL, "my app", "p:ss/ö").scope("a b").field("audience", "https://api.example");
    let source = source.revocation("https://id.example/revoke").transport(endpoint.clone());
    let tokens = source.renew(None).await.unwrap();
    assert_eq!((tokens.access.as_ref().unwrap().expose(), &tokens.refresh), ("new", &None));
    assert!(tokens.expires_at.is_some());
    let grant = "grant_type=client_credentials&scope=a+b&audience=https%3A%2F%2Fapi.example";
    let header = Some("my+app:p%3Ass%2F%C3%B6".to_owned());
    assert_eq!(endpoint.last(), (URL.to_owned(), header.clone(), grant.to_owned()));
    source.revoke(&tokens).await.unwrap();
    let body = "token=new&token_type_hint=access_token".to_owned();
    assert_eq!(endpoint.last(), ("https://id.example/revoke".to_owned(), header, body));
    assert!(!format!("{source:?}").contains("p:ss"));
    source.client_authentication(ClientAuthentication::Body).renew(None).await.unwrap();
    let body = format!("{grant}&client_id=my+app&client_secret=p%3Ass%2F%C3%B6");
    assert_eq!(endpoint.last(), (URL.to_owned(), None, body));
}

#[tokio::test]
async fn refreshing_clients_are_public_unless_they_have_a_secret() {
    let endpoint = Endpoint::ok();
    let known = Tokens::refresh("r1");
    let public = RefreshEndpoint::oauth2(URL, "app").transport(endpoint.clone());
    let tokens = public.renew(Some(&known)).await.unwrap();
    assert_eq!(tokens.refresh.unwrap().expose(), "next");
    let grant = "grant_type=refresh_token&refresh_token=r1";
    assert_eq!(endpoint.last(), (URL.to_owned(), None, format!("{grant}&client_id=app")));
    let confidential = public.client_secret("s3cret");
    confidential.renew(Some(&known)).await.unwrap();
    assert_eq!(endpoint.last().2, format!("{grant}&client_id=app&client_secret=s3cret"));
    let basic = confidential.client_authentication(ClientAuthentication::Basic);
    basic.renew(Some(&known)).await.unwrap();
    assert_eq!(endpoint.last(), (URL.to_owned(), Some("app:s3cret".to_owned()), grant.to_owned()));
    assert!(!basic.old_tokens_end_at_once());
    assert!(basic.ending_old_tokens().old_tokens_end_at_once());
}

#[tokio::test]
async fn users_and_passwords_in_urls_are_sent_as_a_header() {
    let endpoint = Endpoint::ok();
    let url = "https://me:s3%2Fcret@id.example/refresh?x=1";
    let source = RefreshEndpoint::json(url).transport(endpoint.clone());
    source.renew(Some(&Tokens::refresh("r1"))).await.unwrap();
    let (url, header, body) = endpoint.last();
    assert_eq!((url.as_str(), header.as_deref()), ("https://id.example/refresh?x=1", Some("me:s3/cret")));
    assert_eq!(body, r#"{"refresh_token":"r1"}"#);
    assert!(!format!("{source:?}").contains("cret"));
}

async fn refused(status: u16, body: &str) -> Error {
    let endpoint = Endpoint::new(status, body);
    let source = RefreshEndpoint::oauth2("https://me:pa55w0rd@id.example/", "app").client_secret("client/s3cret");
    let source = source.field("x", "fi3ld").transport(endpoint);
    source.renew(Some(&Tokens::refresh("r3fresh"))).await.unwrap_err()
}

#[tokio::test]
async fn errors_of_token_endpoints_show_no_secrets() {
    let basic = STANDARD.encode("me:pa55w0rd");
    let in_base64 = STANDARD.encode("r3fresh");
    let said = format!("r3fresh {in_base64} client/s3cret client%2Fs3cret fi3ld pa55w0rd {basic} is bad");
    let error = refused(400, &format!(r#"{{"error_description":"{said}"}}"#)).await;
    assert_eq!(error.to_string(), "the token endpoint answered 400 Bad Request: … … … … … … … is bad");
    for (status, body) in [(500, "r3fresh"), (401, "<p>client/s3cret</p>"), (200, "r3fresh")] {
        let error = refused(status, body).await;
        assert!(!format!("{error:?} {error:#}").contains("3"), "{error:?}");
    }
    let error = refused(200, r#"{"access_token":"a","token_type":"r3fresh"}"#).await;
    assert_eq!(error.to_string(), "the token endpoint returned an unsupported token type; expected Bearer");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn token_endpoints_are_asked_again_when_that_may_help() {
    for (status, again) in [(400, false), (401, false), (429, true), (500, true), (503, true), (200, true)] {
        let error = refused(status, r#"{"error":"x"}"#).await;
        assert_eq!(error.is_retryable(), again, "{status}");
        if status != 200 {
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        }
    }
    let away = RefreshEndpoint::json("http://127.0.0.1:9/").renew(Some(&Tokens::refresh("r"))).await.unwrap_err();
    assert!(away.is_retryable() && away.kind() == ErrorKind::Transport, "{away:?}");
}

#[tokio::test]
async fn a_client_can_use_basic_authentication() {
    let header = Header::basic("Aladdin", Secret::new("open sesame")).unwrap();
    let shown = format!("{header:?} {:?}", header.credential().await.unwrap());
    assert!(!shown.contains("sesame") && !shown.contains("QWxh"), "{shown}");
    let transport = Arc::new(graphwright::transport::MockTransport::json(r#"{"data":{}}"#));
    let client = graphwright::Client::builder("https://a.example/").authentication(header);
    let client = client.transport(transport.clone()).build().unwrap();
    client.execute_raw::<_, serde_json::Value>("{ a }", &serde_json::json!({}), None).await.unwrap();
    // The example of RFC 7617, 2.
    let sent = transport.requests()[0].headers["authorization"].clone();
    assert_eq!(sent, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assert!(sent.is_sensitive());
    assert!(Header::basic("a:b", "c").is_err() && Header::basic("a", "b\nc").is_err());
}
