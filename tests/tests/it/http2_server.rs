//! A server of raw HTTP/2 frames (RFC 9113) that ends streams and connections in chosen ways and counts executions.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

pub const NO_ERROR: u32 = 0;
pub const INTERNAL_ERROR: u32 = 2;
pub const REFUSED_STREAM: u32 = 7;
pub const CANCEL: u32 = 8;
pub const ENHANCE_YOUR_CALM: u32 = 11;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// The reaction of the server to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Http2Act {
    /// Executes and answers.
    Answer,
    /// Sends RST_STREAM with this code, without executing.
    Refuse(u32),
    /// Executes, then sends RST_STREAM with this code.
    ResetAfterExecuting(u32),
    /// Sends GOAWAY with this code and the stream before as the last one, without executing; does not close.
    GoAwayBelow(u32),
    /// Executes, sends GOAWAY with this code and the stream as the last one, and closes without an answer.
    GoAwayAfterExecuting(u32),
    /// Executes, sends GOAWAY with NO_ERROR and the highest stream, answers, and closes.
    GoAwayAndAnswer,
    /// Executes and closes.
    CloseAfterExecuting,
}

/// The server; it ends with the process.
#[derive(Clone)]
pub struct Http2Server {
    pub url: String,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    executed: Mutex<HashMap<u64, u32>>,
    requests: AtomicU64,
    connections: AtomicU64,
}

impl Http2Server {
    /// Starts a server (prior knowledge, no TLS); the act is chosen by the ordinal of the request, from 0.
    pub async fn start(act: impl Fn(u64) -> Http2Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url, seen: Arc::default() };
        let (seen, act) = (server.seen.clone(), Arc::new(act));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Otherwise a frame waits for the acknowledgement of the one before.
                stream.set_nodelay(true).unwrap();
                seen.connections.fetch_add(1, SeqCst);
                let (seen, act) = (seen.clone(), act.clone());
                tokio::spawn(async move { drop(serve(stream, &seen, &*act).await) });
            }
        });
        server
    }

    /// Returns how often a request was executed, by the `variables.key` of its body.
    pub fn executed(&self, key: u64) -> u32 {
        self.seen.executed.lock().unwrap().get(&key).copied().unwrap_or_default()
    }

    /// Returns the number of requests so far, repeated ones included.
    pub fn requests(&self) -> u64 {
        self.seen.requests.load(SeqCst)
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> u64 {
        self.seen.connections.load(SeqCst)
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn go_away(last: u32, code: u32) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat())
}

fn answer(stream: u32) -> Vec<u8> {
    // HPACK: `:status: 200` is entry 8 of the static table, `content-type` is the name of entry 31.
    let headers = [b"\x88\x0f\x10\x10".as_slice(), b"application/json"].concat();
    let mut bytes = frame(HEADERS, END_HEADERS, stream, &headers);
    bytes.extend(frame(DATA, END_STREAM, stream, br#"{"data":{"a":1}}"#));
    bytes
}

/// Serves one connection.
async fn serve(
    mut io: impl AsyncRead + AsyncWrite + Unpin,
    seen: &Seen,
    act: &(dyn Fn(u64) -> Http2Act + Send + Sync),
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    io.read_exact(&mut preface).await?;
    io.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    let mut bodies: HashMap<u32, Vec<u8>> = HashMap::new();
    let mut last = u32::MAX;
    loop {
        let mut head = [0; 9];
        io.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; length as usize];
        io.read_exact(&mut payload).await?;
        let (kind, flags) = (head[3], head[4]);
        match kind {
            SETTINGS if flags & ACK == 0 => io.write_all(&frame(SETTINGS, ACK, 0, &[])).await?,
            PING if flags & ACK == 0 => io.write_all(&frame(PING, ACK, 0, &payload)).await?,
            HEADERS => drop(bodies.insert(stream, Vec::new())),
            DATA => {
                bodies.entry(stream).or_default().extend(&payload);
                if length > 0 {
                    io.write_all(&frame(WINDOW_UPDATE, 0, 0, &length.to_be_bytes())).await?;
                }
            }
            _ => {}
        }
        if !matches!(kind, HEADERS | DATA) || flags & END_STREAM == 0 || stream > last {
            continue;
        }
        let act = act(seen.requests.fetch_add(1, SeqCst));
        if !matches!(act, Http2Act::Refuse(_) | Http2Act::GoAwayBelow(_)) {
            let body: serde_json::Value = serde_json::from_slice(&bodies[&stream]).unwrap_or_default();
            let key = body["variables"]["key"].as_u64().unwrap_or_default();
            *seen.executed.lock().unwrap().entry(key).or_default() += 1;
        }
        match act {
            Http2Act::Answer => io.write_all(&answer(stream)).await?,
            Http2Act::Refuse(code) | Http2Act::ResetAfterExecuting(code) => {
                io.write_all(&frame(RST_STREAM, 0, stream, &code.to_be_bytes())).await?;
            }
            Http2Act::GoAwayBelow(code) => {
                last = stream.saturating_sub(2);
                io.write_all(&go_away(last, code)).await?;
            }
            Http2Act::GoAwayAfterExecuting(code) => {
                io.write_all(&go_away(stream, code)).await?;
                return io.shutdown().await;
            }
            Http2Act::GoAwayAndAnswer => {
                io.write_all(&go_away(0x7fff_ffff, NO_ERROR)).await?;
                io.write_all(&answer(stream)).await?;
                return io.shutdown().await;
            }
            Http2Act::CloseAfterExecuting => return io.shutdown().await,
        }
    }
}
