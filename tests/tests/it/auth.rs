//! Tokens: their sources, renewal, waiting callers, and stores.

use crate::support::{Act, http, misbehaving};
use futures_util::future::join_all;
use graphwright::auth::{
    CommandSource, EnvironmentSource, FileSource, FileStore, Renewing, RenewingBuilder, TokenSource, TokenStore, Tokens,
};
use graphwright::transport::{BoxFuture, MockTransport};
use graphwright::{Client, Error, ErrorKind, prismatic};
use graphwright_fixtures::{REFRESH_TOKEN, Server, Settings};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

async fn ask(client: &Client) -> Result<Value, Error> {
    client.execute_raw::<_, Value>("{ organization { name } }", &json!({}), None).await?.into_result()
}

fn free(settings: Settings) -> Server {
    Server::start(Settings { requests_per_second: 0, ..settings }).unwrap()
}

/// Calls at the same time, each in a task of its own.
async fn together(client: &Client, callers: usize) -> Vec<Result<Value, Error>> {
    let callers = (0..callers).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { ask(&client).await })
    });
    join_all(callers).await.into_iter().map(|caller| caller.unwrap()).collect()
}

/// The token is known to have ended: all wait for one renewal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_at_expiry_renew_once() {
    let server = free(Settings::default());
    let tokens = Tokens::access(server.access_token("local-user", 0)).with_refresh(REFRESH_TOKEN);
    let client = prismatic::Login::new(server.url(), tokens).client().without_limits().build().unwrap();
    let answers = together(&client, 1000).await;
    let stats = server.stats();
    println!("1000 callers: {} renewals, {} requests refused", stats.refreshes, stats.unauthorized);
    assert!(answers.iter().all(Result::is_ok), "{:?}", answers.iter().find(|answer| answer.is_err()));
    assert_eq!((stats.refreshes, stats.unauthorized), (1, 0));
}

/// Only the server knows that the token has ended: all are refused, one renews, and all are sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_with_a_refused_token_renew_once() {
    let server = free(Settings::default());
    // Opaque to the client: it is signed by another server, and has years to live.
    let other = free(Settings { seed: 1, ..Settings::default() });
    let tokens = Tokens::access(other.access_token("local-user", 1 << 30)).with_refresh(REFRESH_TOKEN);
    let client = prismatic::Login::new(server.url(), tokens).client().without_limits().build().unwrap();
    let answers = together(&client, 1000).await;
    let stats = server.stats();
    println!(
        "1000 callers: {} renewals, {} requests refused, {} of them after the renewal",
        stats.refreshes, stats.unauthorized, stats.unauthorized_after_refresh
    );
    assert!(answers.iter().all(Result::is_ok), "{:?}", answers.iter().find(|answer| answer.is_err()));
    assert_eq!(stats.refreshes, 1);
}

/// A source that is slow, and counts.
#[derive(Debug)]
struct Slow {
    asked: Arc<AtomicUsize>,
    takes: Duration,
    answer: Mutex<Vec<Result<Tokens, ()>>>,
}

impl TokenSource for Slow {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        Box::pin(async move {
            self.asked.fetch_add(1, SeqCst);
            tokio::time::sleep(self.takes).await;
            let answer = self.answer.lock().unwrap().pop();
            match answer {
                Some(Ok(tokens)) => Ok(tokens),
                _ => EnvironmentSource::new("GRAPHWRIGHT_NO_SUCH_VARIABLE").renew(None).await,
            }
        })
    }
}

fn slow(takes: u64, answers: Vec<Result<Tokens, ()>>) -> (RenewingBuilder, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let source = Slow { asked: asked.clone(), takes: Duration::from_millis(takes), answer: Mutex::new(answers) };
    (Renewing::builder(source), asked)
}

#[tokio::test]
async fn a_caller_that_goes_does_not_stop_the_renewal() {
    let (renewing, asked) = slow(100, vec![Ok(Tokens::access("new"))]);
    let renewing = renewing.build();
    for _ in 0..3 {
        let gone = tokio::time::timeout(Duration::from_millis(10), renewing.current()).await;
        assert!(gone.is_err());
    }
    let tokens = renewing.current().await.unwrap();
    assert_eq!(tokens.access.unwrap().expose(), "new");
    assert_eq!(asked.load(SeqCst), 1);
}

#[tokio::test]
async fn a_failed_renewal_reaches_all_and_is_not_repeated_at_once() {
    let (renewing, asked) = slow(20, vec![]);
    let renewing = renewing.build();
    let waiting = (0..100).map(|_| renewing.current());
    let errors: Vec<Error> = join_all(waiting).await.into_iter().map(|result| result.unwrap_err()).collect();
    assert_eq!(asked.load(SeqCst), 1);
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Authentication));
    assert_snapshot!(errors[99].to_string(), @"no valid access token is available, and the renewal failed: the environment variable `GRAPHWRIGHT_NO_SUCH_VARIABLE` for the token is not set");
    assert_snapshot!(renewing.current().await.unwrap_err().to_string(), @"no valid access token is available, and the renewal failed: the environment variable `GRAPHWRIGHT_NO_SUCH_VARIABLE` for the token is not set; the next try is in 1 s");
    assert_eq!(asked.load(SeqCst), 1, "nobody asks during the pause");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    renewing.current().await.unwrap_err();
    assert_eq!(asked.load(SeqCst), 2, "after the pause one does");
}

#[tokio::test]
async fn what_cannot_be_renewed_ahead_of_time_still_holds() {
    let (renewing, asked) = slow(0, vec![]);
    let in_a_minute = SystemTime::now() + Duration::from_secs(60);
    let renewing = renewing.tokens(Tokens::access("old").expiring_at(in_a_minute)).build();
    for _ in 0..5 {
        assert_eq!(renewing.current().await.unwrap().access.unwrap().expose(), "old");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(asked.load(SeqCst), 1);
}

#[tokio::test]
async fn short_lives_are_renewed_at_half_time_and_not_at_every_call() {
    let server = free(Settings { token_lifetime: 2, ..Settings::default() });
    let login = prismatic::Login::new(server.url(), Tokens::refresh(REFRESH_TOKEN));
    let client = login.client().without_limits().build().unwrap();
    let started = Instant::now();
    let mut calls = 0;
    let mut longest = Duration::ZERO;
    while started.elapsed() < Duration::from_millis(2500) {
        let call = Instant::now();
        ask(&client).await.unwrap();
        calls += 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
        longest = longest.max(call.elapsed());
    }
    let (stats, took) = (server.stats(), started.elapsed());
    let figures = format!("{calls} calls in {took:?}, the longest {longest:?}, {} renewals", stats.refreshes);
    println!("{figures}");
    // Half of the lifetime is a second, and a machine that stops for about that long lets a token expire on its way.
    let stopped = longest > Duration::from_millis(800);
    assert!(stats.refreshes <= took.as_secs() + 2, "{figures}");
    assert!(stopped || stats.refreshes >= 2, "{figures}");
    assert!(stopped || stats.unauthorized == 0, "{figures}, {} refused", stats.unauthorized);
}

/// Every way in which a token endpoint fails is one clear error, soon.
#[tokio::test]
async fn endpoints_that_fail() {
    let fails = async |act: Act| {
        let started = Instant::now();
        let renewing = Renewing::builder(prismatic::refresh_endpoint(&misbehaving(vec![act]), None));
        let renewing = renewing.tokens(Tokens::refresh("s3cret")).timeout(Duration::from_millis(300)).build();
        let error = renewing.current().await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
        assert!(!format!("{error:?} {error} {renewing:?}").contains("s3cret"));
        error.to_string()
    };
    let json = "application/json";
    assert_snapshot!(fails(http("401 Unauthorized", json, r#"{"error":"invalid_grant","error_description":"bad token s3cret"}"#)).await, @"no valid access token is available, and the renewal failed, log in again: the token endpoint answered 401 Unauthorized: bad token …");
    assert_snapshot!(fails(http("500 Internal Server Error", "text/html", "<h1>s3cret</h1>")).await, @"no valid access token is available, and the renewal failed: the token endpoint answered 500 Internal Server Error");
    assert_snapshot!(fails(http("200 OK", json, "{\"access_token\": 7, \"x\": \"s3cret")).await, @"no valid access token is available, and the renewal failed: the response of the token endpoint contains no access token");
    assert_snapshot!(fails(http("200 OK", json, r#"{"access_token":"s3cret","token_type":"s3cret"}"#)).await, @"no valid access token is available, and the renewal failed: the token endpoint returned an unsupported token type; expected Bearer");
    assert_snapshot!(fails(http("302 Found", json, "")).await, @"no valid access token is available, and the renewal failed: the token endpoint answered 302 Found");
    assert_snapshot!(fails(Act::Hang).await, @"no valid access token is available, and the renewal failed: no response within 300ms");
    let nothing = Renewing::new(prismatic::refresh_endpoint("http://127.0.0.1:9", None));
    assert_snapshot!(nothing.current().await.unwrap_err(), @"no valid access token is available, and the renewal failed: no refresh token; log in again");
}

#[tokio::test]
async fn rotated_refresh_tokens_are_kept_for_the_next_run() {
    let server = free(Settings { rotate_refresh_tokens: true, ..Settings::default() });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("below/tokens.json");
    let run = || {
        let login = prismatic::Login::new(server.url(), Tokens::refresh(REFRESH_TOKEN));
        login.renewing().store(FileStore::new(&file)).build()
    };
    let first = run().current().await.unwrap();
    assert_ne!(first.refresh.as_ref().unwrap().expose(), REFRESH_TOKEN);
    let second = run();
    assert_eq!(second.current().await.unwrap().access, first.access, "the second run needs no renewal");
    second.renew().await.unwrap();
    run().renew().await.unwrap();
    assert_eq!(server.stats().refreshes, 3);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }
    run().revoke().await.unwrap();
    assert!(!file.exists());
    let error = run().current().await.unwrap_err();
    assert!(error.to_string().contains("log in again"), "{error}");
}

/// Several stores on one file behave like several processes: each has its own lock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_share_a_file_renew_once() {
    let server = free(Settings { rotate_refresh_tokens: true, delay_ms: 50, ..Settings::default() });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    let processes = (0..8).map(|_| {
        let login = prismatic::Login::new(server.url(), Tokens::refresh(REFRESH_TOKEN));
        let client = login.renewing().store(FileStore::new(&file)).build();
        tokio::spawn(async move { client.current().await.unwrap().access.unwrap() })
    });
    let tokens: Vec<_> = join_all(processes).await.into_iter().map(Result::unwrap).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(server.stats().refreshes, 1);
}

#[tokio::test]
async fn a_damaged_store_is_told_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.json");
    std::fs::write(&file, "{\"access_token\": s3cret").unwrap();
    let error = FileStore::new(&file).load().await.unwrap_err().to_string();
    assert_snapshot!(error.replace(&file.display().to_string(), "FILE"), @"the token file FILE is damaged");
}

#[tokio::test]
async fn tokens_from_files_commands_and_variables() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "one\n").unwrap();
    let from_file = Renewing::new(FileSource::new(&file));
    assert_eq!(from_file.current().await.unwrap().access.unwrap().expose(), "one");
    std::fs::write(&file, "two").unwrap();
    assert_eq!(from_file.current().await.unwrap().access.unwrap().expose(), "one", "it is read when it is refused");
    assert_eq!(from_file.renew().await.unwrap().access.unwrap().expose(), "two");
    let echo = Renewing::new(CommandSource::new("echo").argument("three"));
    assert_eq!(echo.current().await.unwrap().access.unwrap().expose(), "three");
    let error = async |source: CommandSource| Renewing::new(source).current().await.unwrap_err().to_string();
    assert_snapshot!(error(CommandSource::new("false")).await, @"no valid access token is available, and the renewal failed: the token command `false` failed: exit status: 1");
    assert_snapshot!(error(CommandSource::new("true")).await, @"no valid access token is available, and the renewal failed: the token command `true` printed nothing; expected a token");
    assert_snapshot!(error(CommandSource::new("no-such-program")).await, @"no valid access token is available, and the renewal failed: cannot run the token command `no-such-program`: No such file or directory (os error 2)");
    let missing = Renewing::new(FileSource::new(folder.path().join("no"))).current().await.unwrap_err().to_string();
    assert!(missing.contains("cannot read"), "{missing}");
}

#[tokio::test]
async fn a_session_gives_a_short_lived_token() {
    let server = free(Settings::default());
    let session = graphwright::Secret::new(graphwright_fixtures::SESSION);
    let tokens = prismatic::session_tokens(&server.url(), &session).await.unwrap();
    assert!(tokens.expires_at.unwrap() <= SystemTime::now() + Duration::from_secs(15 * 60));
    let client = prismatic::client(&server.url(), tokens.access.unwrap()).build().unwrap();
    ask(&client).await.unwrap();
    // User and password of a proxy in front of the stack go into a header, not into logs.
    let transport = Arc::new(MockTransport::json(r#"{"access_token":"a"}"#));
    prismatic::session_tokens_through(transport.clone(), "https://u:p@example.com", &session).await.unwrap();
    let sent = &transport.requests()[0];
    assert_eq!(sent.uri, "https://example.com/get_auth_token/");
    assert_eq!(sent.headers["authorization"], "Basic dTpw");
    let error = prismatic::session_tokens(&server.url(), &"wrong".into()).await.unwrap_err();
    assert_snapshot!(error, @"the token endpoint answered 401 Unauthorized: invalid session");
}

#[test]
fn logins_come_from_variables_or_profiles_as_for_prismatics_tool() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yml");
    let new = "version: 1\ndefaultProfile: work\nprofiles:\n  work:\n    accessToken: a1\n    expiresIn: 604800\n    refreshToken: r1\n    scope: openid\n    tokenType: Bearer\n    tenantId: t1\n    prismaticUrl: https://app.eu-west-1.prismatic.io\n  home:\n    refreshToken: r2\n";
    let login = |config: &str, variables: &[(&str, &str)]| {
        std::fs::write(&file, config).unwrap();
        let path = file.display().to_string();
        let login = prismatic::Login::from_variables(|name| match name {
            "PRISM_CONFIG_FILE" => Some(path.clone()),
            _ => variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        });
        login.map_err(|error| error.to_string().replace(&path, "FILE"))
    };
    let from_profile = login(new, &[("PRISM_ACCESS_TOKEN", " ")]).unwrap();
    assert_eq!(
        (from_profile.url.as_str(), from_profile.tenant_id.as_deref()),
        ("https://app.eu-west-1.prismatic.io", Some("t1"))
    );
    assert_eq!(from_profile.tokens.refresh.unwrap().expose(), "r1");
    let home = login(new, &[("PRISM_PROFILE", "home")]).unwrap();
    assert_eq!((home.url.as_str(), home.tokens.refresh.unwrap().expose()), (prismatic::DEFAULT_URL, "r2"));
    let old = login("accessToken: a0\nrefreshToken: r0\n", &[]).unwrap();
    assert_eq!(old.tokens.access.unwrap().expose(), "a0");
    let variables =
        [("PRISM_REFRESH_TOKEN", "r9"), ("PRISMATIC_URL", "https://x.example"), ("PRISMATIC_TENANT_ID", "t9")];
    let from_variables = login(new, &variables).unwrap();
    assert_eq!((from_variables.url.as_str(), from_variables.tenant_id.as_deref()), ("https://x.example", Some("t9")));
    assert_snapshot!(login(new, &[("PRISMATIC_URL", "https://x.example")]).unwrap_err(), @"PRISMATIC_URL is https://x.example, but the profile is for https://app.eu-west-1.prismatic.io; unset it, or set PRISM_PROFILE to a profile of that stack");
    assert_snapshot!(login(new, &[("PRISM_PROFILE", "hoem")]).unwrap_err(), @"unknown profile `hoem` in FILE; expected home, work");
    assert_snapshot!(login("accessToken: [s3cret\n", &[]).unwrap_err(), @"FILE:2:1 is not a configuration of Prismatic's tool");
    assert_snapshot!(login("version: 1\n", &[]).unwrap_err(), @"the profile in FILE has no tokens; log in with `prism login`");
}
