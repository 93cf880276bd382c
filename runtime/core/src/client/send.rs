//! The layers around a request: deadline, retry, throttle with authentication, transport.
//!
//! Authentication and throttle are one layer, since each must come last: a token may end while a caller waits for
//! its turn, and a turn is lost while a token is renewed. So whoever is at the head of the queue gets a token, waits for
//! the limits, and begins again if the token has ended meanwhile.

use super::Client;
use super::call::Options;
use crate::auth::{Authentication, Credential, Permit};
use crate::error::{Error, ErrorKind, is_busy};
use crate::observe::{AttemptReport, CallReport, Observer};
use crate::request::Outgoing;
use crate::throttle::Turn;
use crate::time::Sleep;
use crate::time::{Deadline, Elapsed, within};
use crate::trace;
use bytes::Bytes;
use http::StatusCode;
use std::time::{Duration, Instant};

/// What came of a request, and what it took.
pub(super) struct Exchange<'a> {
    answer: Option<Result<http::Response<Bytes>, Error>>,
    span: trace::CallSpan,
    name: Option<&'a str>,
    outgoing_kind: Option<crate::OperationKind>,
    started: Instant,
    pub attempts: u32,
    throttled: Duration,
    bytes_sent: u64,
    bytes_received: u64,
    status: Option<StatusCode>,
}

impl Client {
    /// Sends a request, as often as needed, and waits for its answer.
    pub(super) async fn exchange<'a>(&self, outgoing: &Outgoing<'a>, options: &Options) -> Exchange<'a> {
        let mut exchange = Exchange {
            answer: None,
            span: trace::call(&self.inner.uri, outgoing.name, outgoing.kind),
            name: outgoing.name,
            outgoing_kind: outgoing.kind,
            started: Instant::now(),
            attempts: 0,
            throttled: Duration::ZERO,
            bytes_sent: 0,
            bytes_received: 0,
            status: None,
        };
        let timeout = options.timeout.unwrap_or(self.inner.timeout);
        let span = exchange.span.clone();
        let work = self.attempts(outgoing, options, Deadline::after(timeout), &mut exchange);
        let answer = within(timeout, span.around(work)).await;
        exchange.answer = Some(answer.unwrap_or_else(|Elapsed| Err(Error::timeout(timeout))));
        exchange
    }

    /// Retry.
    async fn attempts(
        &self,
        outgoing: &Outgoing<'_>,
        options: &Options,
        deadline: Deadline,
        exchange: &mut Exchange<'_>,
    ) -> Result<http::Response<Bytes>, Error> {
        let repeatable = outgoing.repeatable || options.idempotent;
        self.inner.retry.earn();
        let mut attempts = 0;
        let mut refusal = None;
        loop {
            attempts += 1;
            let answer = self.attempt(outgoing, options, deadline, exchange).await;
            if let (Err(error), Some(refusal)) = (&answer, refusal.take())
                && error.kind() == ErrorKind::Throttle
            {
                // There is no time for another attempt: what the server said to the last one counts.
                return Ok(refusal);
            }
            let failure = match &answer {
                Ok(answer) if is_busy(answer.status()) => {
                    let body = answer.body().clone();
                    &Error::refused_with(answer.status(), answer.headers(), Vec::new(), body)
                }
                Ok(_) => return answer,
                Err(error) => error,
            };
            let Some(wait) = self.inner.retry.next(failure, attempts, repeatable, deadline.left()) else {
                return answer;
            };
            trace::retry(failure, attempts, wait);
            refusal = answer.ok();
            Sleep::new(wait).await;
        }
    }

    /// Throttle, authentication, and what a 401 leads to.
    async fn attempt(
        &self,
        outgoing: &Outgoing<'_>,
        options: &Options,
        deadline: Deadline,
        exchange: &mut Exchange<'_>,
    ) -> Result<http::Response<Bytes>, Error> {
        let authentication = self.inner.authentication.as_deref();
        let mut renewed = false;
        loop {
            let waiting = Instant::now();
            let turn = self.turn(authentication, deadline).await;
            let waited = waiting.elapsed();
            exchange.throttled += waited;
            let (credential, permit, turn) = turn?;
            let request = self.request(outgoing, options, credential.as_ref());
            let answer = self.transmit(request, waited, exchange).await;
            drop((permit, turn));
            let answer = answer?;
            if answer.status() == StatusCode::UNAUTHORIZED
                && !renewed
                && let (Some(authentication), Some(credential)) = (authentication, &credential)
                && authentication.refused(credential).await?
            {
                renewed = true;
                continue;
            }
            return Ok(answer);
        }
    }

    /// Waits until a request may go, and has what proves who is asking.
    async fn turn(
        &self,
        authentication: Option<&dyn Authentication>,
        deadline: Deadline,
    ) -> Result<(Option<Credential>, Permit, Turn), Error> {
        let throttle = &self.inner.throttle;
        let Some(authentication) = authentication else {
            return Ok((None, Permit::default(), throttle.turn(deadline).await?));
        };
        loop {
            let credential = authentication.credential().await?;
            let turn = throttle.turn(deadline).await?;
            match authentication.admit(&credential) {
                Some(permit) => return Ok((Some(credential), permit, turn)),
                None => turn.give_back(),
            }
        }
    }

    /// Transport.
    async fn transmit(
        &self,
        request: http::Request<Bytes>,
        waited: Duration,
        exchange: &mut Exchange<'_>,
    ) -> Result<http::Response<Bytes>, Error> {
        exchange.attempts += 1;
        let bytes_sent = request.body().len() as u64;
        exchange.bytes_sent += bytes_sent;
        let sent = Instant::now();
        let span = trace::attempt(&self.inner.uri, exchange.attempts, bytes_sent, waited);
        let sending = span.around(self.inner.transport.send(request));
        let answer = match self.inner.attempt_timeout {
            None => sending.await.map_err(Error::transport),
            Some(timeout) => match within(timeout, sending).await {
                Ok(answer) => answer.map_err(Error::transport),
                Err(Elapsed) => Err(Error::timeout(timeout)),
            },
        };
        let report = AttemptReport {
            operation: exchange.name,
            number: exchange.attempts,
            throttled: waited,
            took: sent.elapsed(),
            status: answer.as_ref().ok().map(http::Response::status),
            bytes_sent,
            bytes_received: answer.as_ref().map_or(0, |answer| answer.body().len() as u64),
            error: answer.as_ref().err(),
        };
        span.finish(&report);
        if let Some(observer) = &self.inner.observer {
            observer.attempt(&report);
        }
        exchange.bytes_received += report.bytes_received;
        exchange.status = report.status;
        if let Ok(answer) = &answer {
            self.inner.throttle.learn(answer.status(), answer.headers(), sent);
        }
        answer
    }

    fn request(
        &self,
        outgoing: &Outgoing<'_>,
        options: &Options,
        credential: Option<&Credential>,
    ) -> http::Request<Bytes> {
        let mut request = http::Request::new(outgoing.body.clone());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.inner.uri.clone();
        *request.headers_mut() = self.inner.headers.clone();
        if let Some(credential) = credential {
            credential.apply(request.headers_mut());
        }
        for (name, value) in &options.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        request
    }
}

impl Exchange<'_> {
    /// What came; once.
    pub fn answer(&mut self) -> Result<http::Response<Bytes>, Error> {
        self.answer.take().unwrap_or_else(|| Err(Error::request("the answer was taken before")))
    }

    /// Tells those who watch. `outcome` says whether the server reported errors.
    pub fn finish(&self, observer: Option<&dyn Observer>, outcome: Result<bool, &Error>) {
        let report = CallReport {
            operation: self.name,
            kind: self.outgoing_kind,
            attempts: self.attempts,
            throttled: self.throttled,
            took: self.started.elapsed(),
            status: self.status,
            bytes_sent: self.bytes_sent,
            bytes_received: self.bytes_received,
            graphql_errors: matches!(outcome, Ok(true)),
            error: outcome.err(),
        };
        self.span.finish(&report);
        if let Some(observer) = observer {
            observer.call(&report);
        }
    }
}
