//! A transport with another HTTP library: ureq, which blocks, with a thread for each request.
//!
//! `PRISMATIC_URL=… PRISM_ACCESS_TOKEN=… cargo run -p graphwright --example ureq`

use graphwright::bytes::Bytes;
use graphwright::http::{Request, Response};
use graphwright::transport::{BoxFuture, Transport, TransportError};
use graphwright::{Error, prismatic};
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::time::Duration;

/// The maximum size of a response.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Debug)]
struct Ureq {
    agent: ureq::Agent,
}

impl Ureq {
    fn new() -> Self {
        let config = ureq::Agent::config_builder()
            // A redirect could carry the token elsewhere, and the client interprets the status.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)));
        Self { agent: config.build().into() }
    }
}

fn exchange(agent: &ureq::Agent, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts, body.to_vec());
    let answer = agent.run(request).map_err(|error| {
        let failed = TransportError::new(format!("no response: {error}"));
        match error {
            // No connection was made, so that even a mutation can be sent again.
            ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => failed.unsent(),
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => failed.unsent(),
            ureq::Error::Timeout(_) => failed.timed_out(),
            _ => failed,
        }
    })?;
    let (parts, body) = answer.into_parts();
    let mut bytes = Vec::new();
    let read = body.into_reader().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| TransportError::new(format!("the response broke off: {error}")))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(TransportError::new("the response is too large").permanent());
    }
    Ok(Response::from_parts(parts, bytes.into()))
}

impl Transport for Ureq {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let agent = self.agent.clone();
        Box::pin(async move {
            let (done, answer) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || done.send(exchange(&agent, request)));
            answer.await.unwrap_or_else(|_| Err(TransportError::new("the thread of the request panicked")))
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let login = prismatic::Login::from_environment()?;
    let client = login.client().transport(Arc::new(Ureq::new())).build()?;
    let nothing = std::collections::BTreeMap::<String, String>::new();
    let answer = client.execute_raw::<_, graphwright::serde_json::Value>("{ organization { name } }", &nothing, None);
    println!("{}", answer.await?.into_result()?["organization"]["name"]);
    Ok(())
}
