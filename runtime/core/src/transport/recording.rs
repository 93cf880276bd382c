//! Records exchanges with a server in a file, and replays them without it.

use super::{BoxFuture, Transport, TransportError};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// An exchange, one line of the file. Headers are omitted, except those that describe the body.
#[derive(Serialize, Deserialize)]
struct Recording {
    request: Value,
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    response: Body,
}

/// The body of a response, readable if it is JSON.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    Json(Value),
    Text(String),
}

/// Sends requests with another transport and writes requests and responses to a file.
///
/// The file contains one JSON object a line: the bodies of requests (document, operation name, variables), the bodies
/// of responses, their status and content type. URLs, tokens and other headers are not written. Variables and data can
/// be confidential: on Unix, only the owner can read the file (mode 0600), even if it existed with other permissions.
#[derive(Debug)]
pub struct Recorder {
    inner: Arc<dyn Transport>,
    path: PathBuf,
    file: Mutex<File>,
}

/// Responds with the recordings of a [`Recorder`]: each request gets the response to the same request, in the order
/// of the file; the last of several is repeated. `Debug` shows the path, not the recordings.
pub struct Replayer {
    path: PathBuf,
    recordings: Mutex<HashMap<String, VecDeque<Recording>>>,
}

impl Recorder {
    /// Records to a file. An existing file is replaced.
    ///
    /// # Errors
    /// The file cannot be written, or its permissions cannot be restricted.
    pub fn new(inner: Arc<dyn Transport>, path: impl Into<PathBuf>) -> Result<Self, TransportError> {
        let path = path.into();
        let file = create_private(&path).map_err(|error| failed(&path, "cannot be written").because(error))?;
        Ok(Self { inner, path, file: Mutex::new(file) })
    }

    async fn record(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let asked = serde_json::from_slice(request.body()).unwrap_or_default();
        let response = self.inner.send(request).await?;
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let body = match serde_json::from_slice(response.body()) {
            Ok(json) => Body::Json(json),
            Err(_) => Body::Text(String::from_utf8_lossy(response.body()).into_owned()),
        };
        let recording = Recording {
            request: asked,
            status: response.status().as_u16(),
            content_type: content_type.map(str::to_owned),
            response: body,
        };
        let line = serde_json::to_string(&recording)
            .map_err(|error| failed(&self.path, "cannot be written").because(error).permanent())?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{line}").map_err(|error| failed(&self.path, "cannot be written").because(error).permanent())?;
        Ok(response)
    }
}

impl Replayer {
    /// Reads a recording.
    ///
    /// # Errors
    /// The file cannot be read, or is not a recording.
    pub fn read(path: impl Into<PathBuf>) -> Result<Self, TransportError> {
        let path = path.into();
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, "cannot be read").because(error))?;
        let mut recordings: HashMap<String, VecDeque<Recording>> = HashMap::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let recording: Recording = serde_json::from_str(line)
                // Messages of serde can contain values.
                .map_err(|error| failed(&path, &format!("is invalid in line {}, column {}", at + 1, error.column())))?;
            recordings.entry(recording.request.to_string()).or_default().push_back(recording);
        }
        Ok(Self { path, recordings: Mutex::new(recordings) })
    }

    fn replay(&self, request: &http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let asked: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let mut recordings = self.recordings.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = recordings.get_mut(&asked.to_string()).filter(|queue| !queue.is_empty()).ok_or_else(|| {
            let name = asked["operationName"].as_str().unwrap_or("an anonymous operation");
            failed(&self.path, &format!("has no response to {name} with these variables; record it again")).permanent()
        })?;
        let answer = match queue.len() {
            1 => queue.front().map(Recording::response),
            _ => queue.pop_front().as_ref().map(Recording::response),
        };
        answer.unwrap_or_else(|| Err(failed(&self.path, "is empty")))
    }
}

impl Recording {
    fn response(&self) -> Result<http::Response<Bytes>, TransportError> {
        let body = match &self.response {
            Body::Json(json) => json.to_string(),
            Body::Text(text) => text.clone(),
        };
        let mut response = http::Response::builder().status(self.status);
        if let Some(ty) = &self.content_type {
            response = response.header(CONTENT_TYPE, ty);
        }
        response.body(body.into()).map_err(|error| TransportError::new(error.to_string()).permanent())
    }
}

impl fmt::Debug for Replayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replayer").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Creates or empties a file that only its owner can read.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // The mode above does not apply to an existing file. Pipes and devices are left unchanged.
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(file)
}

fn failed(path: &Path, what: &str) -> TransportError {
    TransportError::new(format!("the recording {} {what}", path.display()))
}

impl Transport for Recorder {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.record(request))
    }
}

impl Transport for Replayer {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(std::future::ready(self.replay(&request)))
    }
}
