//! The steps of a call, outermost first: deadline, retries, layers, authentication with throttle, transport.
//!
//! Authentication and throttle are one step, since each must come last: a token may expire while a caller waits for its
//! turn, and a turn is lost while a token is renewed. So a caller gets a token, then its turn, and gives the turn back
//! if the token has expired in the meantime and no other one is available.

use super::{Client, Inner, Options};
use crate::answer::Answer;
use crate::auth::{Authentication, Credential, Permit};
use crate::classify::Verdict;
use crate::error::{Error, ErrorKind};
use crate::layer::{Attempt, Innermost, Next};
use crate::observe::{AttemptReport, CallReport};
use crate::redact::{Redaction, Sent};
use crate::request::Outgoing;
use crate::response::Response;
use crate::retry::{Reason, Repeatable};
use crate::throttle::Turn;
use crate::time::{Deadline, Elapsed, Sleep, within};
use crate::trace;
use crate::transport::BoxFuture;
use bytes::Bytes;
use futures_util::FutureExt;
use http::StatusCode;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The maximum number of successive credentials that an authentication may return without admitting them.
const MOST_CREDENTIALS: u32 = 100;

/// A call in progress.
pub(super) struct Exchange<'a> {
    client: &'a Inner,
    outgoing: &'a Outgoing<'a>,
    options: &'a Options,
    timeout: Duration,
    deadline: Deadline,
    span: trace::CallSpan,
    started: Instant,
    progress: Mutex<Progress>,
}

/// The progress so far.
#[derive(Default)]
struct Progress {
    phase: Phase,
    attempts: u32,
    throttled: Duration,
    bytes_sent: u64,
    bytes_received: u64,
    status: Option<StatusCode>,
    /// The credential of the last request, which is redacted in messages.
    credential: Option<Credential>,
}

/// The event that a call is waiting for.
#[derive(Debug, Clone, Copy, Default)]
enum Phase {
    /// An access token.
    #[default]
    Token,
    /// Its turn under the limits.
    Turn,
    /// A response, or the time of the next attempt.
    Answer,
}

/// An access token and permission to send a request.
struct Admission {
    credential: Option<Credential>,
    /// The time of the admission, and how long it took.
    at: Instant,
    waited: Duration,
    _permit: Permit,
    _turn: Turn,
}

impl<'a> Exchange<'a> {
    pub fn new(client: &'a Client, outgoing: &'a Outgoing<'a>, options: &'a Options) -> Self {
        let client = &*client.inner;
        let timeout = options.timeout.unwrap_or(client.timeout);
        let started = Instant::now();
        Self {
            client,
            outgoing,
            options,
            timeout,
            deadline: Deadline::from(started, timeout),
            span: trace::call(&client.uri, outgoing.name, outgoing.kind),
            started,
            progress: Mutex::default(),
        }
    }

    /// Sends the request, as often as needed, and waits for its response.
    pub async fn answer(&self) -> Result<Answer, Error> {
        // Pinned here, since it is large and should not be moved again.
        let work = pin!(self.attempts());
        match self.deadline.around(self.span.clone().around(work)).await {
            Ok(answer) => answer,
            Err(Elapsed) => Err(self.late()),
        }
    }

    /// Runs attempts with retries.
    async fn attempts(&self) -> Result<Answer, Error> {
        let retry = &self.client.retry;
        let repeatable = self.options.repeatable(self.outgoing);
        retry.earn();
        let mut number = 0;
        let mut refusal = None;
        loop {
            number += 1;
            let answer = self.attempt(number).await;
            if let (Err(error), Some(refusal)) = (&answer, refusal.take())
                && error.kind() == ErrorKind::Throttle
            {
                // There is no time for another attempt, so the last response is returned.
                return Ok(refusal);
            }
            let reason = match &answer {
                Ok(answer) => {
                    let verdict = self.verdict(answer);
                    let may = repeatable == Repeatable::Yes || verdict.not_run;
                    verdict.wait.filter(|_| may).map(|asked| Reason::Answer { asked })
                }
                Err(error) => Reason::of(error, repeatable),
            };
            let Some(wait) = reason.and_then(|reason| retry.next(reason, number, self.deadline.left())) else {
                return answer;
            };
            let error = answer.as_ref().err();
            trace::retry(error, answer.as_ref().ok().map(Answer::status), number, wait);
            refusal = answer.ok();
            Sleep::new(wait).await;
        }
    }

    /// Runs an attempt through the layers.
    async fn attempt(&self, number: u32) -> Result<Answer, Error> {
        match self.client.layers.as_slice() {
            [] => self.authenticated(None).await,
            layers => {
                let attempt = Attempt::new(self.outgoing.name, self.outgoing.kind, number, self.request());
                Next::new(layers, self).run(attempt).await
            }
        }
    }

    fn request(&self) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.outgoing.body.clone());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.client.uri.clone();
        *request.headers_mut() = self.client.headers.clone();
        for (name, value) in &self.options.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        request
    }

    /// Sends a request with authentication and throttle, and handles a rejected credential. `layered` is the request as
    /// changed by layers.
    async fn authenticated(&self, layered: Option<&http::Request<Bytes>>) -> Result<Answer, Error> {
        // A header that the caller or a layer has set is neither replaced nor renewed.
        let headers = layered.map_or(&self.options.headers, http::Request::headers);
        let own = |authentication: &&dyn Authentication| !headers.contains_key(authentication.header());
        let authentication = self.client.authentication.as_deref().filter(own);
        let admission = self.admission(authentication).await?;
        let (answer, verdict) = self.transmit(layered, &admission).await?;
        match (authentication, &admission.credential) {
            (Some(authentication), Some(credential)) if verdict.renew => {
                if !Box::pin(self.renewed(authentication, credential, &answer, verdict)).await? {
                    return Ok(answer);
                }
            }
            _ => return Ok(answer),
        }
        drop(admission);
        Box::pin(async {
            let admission = self.admission(authentication).await?;
            self.transmit(layered, &admission).await.map(|(answer, _)| answer)
        })
        .await
    }

    /// Renews a credential that the server rejected; returns true if the request is to be sent again with another one.
    async fn renewed(
        &self,
        authentication: &dyn Authentication,
        credential: &Credential,
        answer: &Answer,
        verdict: Verdict,
    ) -> Result<bool, Error> {
        let repeatable = self.options.repeatable(self.outgoing) == Repeatable::Yes && !answer.is_complete();
        let may = repeatable || verdict.not_run;
        let refused = authentication.refused(credential);
        if !may {
            // Starts the renewal for later calls.
            let _ = refused.now_or_never();
            return Ok(false);
        }
        self.progress().phase = Phase::Token;
        refused.await.map_err(|error| error.before_sending().answered(answer.status(), answer.headers()))
    }

    /// Waits for a token and for permission to send, so that both are available at the same time.
    async fn admission(&self, authentication: Option<&dyn Authentication>) -> Result<Admission, Error> {
        let waiting = Instant::now();
        let admitted = match authentication {
            None => self.turn().await.map(|turn| (None, Permit::default(), turn)),
            Some(authentication) => self.admitted(authentication).await,
        };
        let at = Instant::now();
        let waited = at.duration_since(waiting);
        self.progress().throttled += waited;
        let (credential, _permit, _turn) = admitted?;
        Ok(Admission { credential, at, waited, _permit, _turn })
    }

    async fn admitted(&self, authentication: &dyn Authentication) -> Result<(Option<Credential>, Permit, Turn), Error> {
        let credential = async || {
            self.progress().phase = Phase::Token;
            authentication.credential().await.map_err(Error::before_sending)
        };
        let mut candidate = credential().await?;
        for _ in 0..MOST_CREDENTIALS {
            let turn = self.turn().await?;
            if let Some(permit) = authentication.admit(&candidate) {
                return Ok((Some(candidate), permit, turn));
            }
            // The turn is kept if another token is available; otherwise it goes to the next caller.
            let Some(fresh) = authentication.credential().now_or_never() else {
                turn.give_back();
                candidate = credential().await?;
                continue;
            };
            candidate = fresh.map_err(Error::before_sending)?;
            if let Some(permit) = authentication.admit(&candidate) {
                return Ok((Some(candidate), permit, turn));
            }
            turn.give_back();
        }
        Err(Error::authentication("the authentication admits none of its own credentials"))
    }

    async fn turn(&self) -> Result<Turn, Error> {
        self.progress().phase = Phase::Turn;
        self.client.throttle.turn(self.deadline).await
    }

    /// Sends one request and classifies its response.
    async fn transmit(
        &self,
        layered: Option<&http::Request<Bytes>>,
        admission: &Admission,
    ) -> Result<(Answer, Verdict), Error> {
        let waited = admission.waited;
        let mut request = layered.cloned().unwrap_or_else(|| self.request());
        if let Some(credential) = &admission.credential {
            credential.apply(request.headers_mut());
        }
        let bytes_sent = request.body().len() as u64;
        let number = {
            let mut progress = self.progress();
            progress.phase = Phase::Answer;
            progress.attempts += 1;
            progress.bytes_sent += bytes_sent;
            progress.credential.clone_from(&admission.credential);
            progress.attempts
        };
        let sent = admission.at;
        let span = trace::attempt(&self.client.uri, number, bytes_sent, waited);
        span.propagate(self.client.propagation, request.headers_mut());
        let request_sent = layered.map(|_| Box::new(Sent::of(&request)));
        let sending = span.around(self.client.transport.send(request));
        let answer = match self.client.attempt_timeout {
            None => sending.await.map_err(Error::transport),
            Some(timeout) => match within(timeout, sending).await {
                Ok(answer) => answer.map_err(Error::transport),
                Err(Elapsed) => Err(Error::timeout(timeout)),
            },
        };
        let report = AttemptReport {
            operation: self.outgoing.name,
            number,
            throttled: waited,
            took: sent.elapsed(),
            status: answer.as_ref().ok().map(http::Response::status),
            bytes_sent,
            bytes_received: answer.as_ref().map_or(0, |answer| answer.body().len() as u64),
            error: answer.as_ref().err(),
        };
        span.finish(&report);
        if let Some(observer) = &self.client.observer {
            observer.attempt(&report);
        }
        let mut progress = self.progress();
        progress.bytes_received += report.bytes_received;
        progress.status = report.status;
        drop(progress);
        let answer = Answer::received(answer?, request_sent);
        let verdict = self.verdict(&answer);
        self.learn(&answer, verdict, sent);
        Ok((answer, verdict))
    }

    /// Passes the server's information about its limits to the throttle.
    fn learn(&self, answer: &Answer, verdict: Verdict, sent: Instant) {
        match verdict.pause {
            Some(pause) => self.client.throttle.pause(pause, sent),
            None if answer.status().is_success() => self.client.throttle.answered_well(),
            None => {}
        }
    }

    /// Classifies a response. An operation with data has run, whatever the classifier returns.
    pub fn verdict(&self, answer: &Answer) -> Verdict {
        answer.verdict(|| {
            let verdict = self.client.classifier.classify(answer);
            Verdict { not_run: verdict.not_run && !answer.has_data(), ..verdict }
        })
    }

    /// Returns the redaction for messages of the server, which may repeat parts of the request.
    pub fn redaction(&self) -> Redaction {
        let progress = self.progress();
        let headers = self.client.headers.values().filter(|value| value.is_sensitive());
        let own = self.options.headers.values();
        let credential = progress.credential.as_ref().map(Credential::value);
        let in_url = crate::url::secrets(&self.client.uri.to_string());
        Redaction::new(&self.outgoing.body, headers.chain(own).chain(credential), in_url)
    }

    /// Returns the timeout of the call, if it is over.
    pub fn timeout_if_over(&self) -> Option<Duration> {
        self.deadline.left().is_zero().then_some(self.timeout)
    }

    /// Returns the error for a deadline that has passed.
    fn late(&self) -> Error {
        let timeout = self.timeout;
        match self.progress().phase {
            Phase::Token => {
                let message =
                    format!("no access token was available within {timeout:?}, since a renewal has not ended");
                Error::authentication(message).retryable().before_sending()
            }
            Phase::Turn => {
                let message =
                    format!("the turn of the request under the client's limits did not come within {timeout:?}");
                Error::throttle(message, None)
            }
            Phase::Answer => Error::timeout(timeout),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports the call to its span and the observer, and adds the number of attempts to the outcome.
    pub fn finish<D>(&self, outcome: Result<Response<D>, Error>) -> Result<Response<D>, Error> {
        let progress = self.progress();
        let attempts = progress.attempts;
        let outcome = outcome.map(|response| response.after(attempts)).map_err(|error| error.after(attempts));
        let report = CallReport {
            operation: self.outgoing.name,
            kind: self.outgoing.kind,
            attempts,
            throttled: progress.throttled,
            took: self.started.elapsed(),
            status: progress.status,
            bytes_sent: progress.bytes_sent,
            bytes_received: progress.bytes_received,
            graphql_errors: outcome.as_ref().is_ok_and(Response::has_errors),
            error: outcome.as_ref().err(),
        };
        self.span.finish(&report);
        if let Some(observer) = &self.client.observer {
            observer.call(&report);
        }
        outcome
    }
}

impl Innermost for Exchange<'_> {
    fn send<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Answer, Error>> {
        Box::pin(async move {
            let request = attempt.into_request();
            self.authenticated(Some(&request)).await
        })
    }
}
