//! A server that answers as a test wants it to: on raw sockets, since no HTTP server would.

#![allow(dead_code)] // each test uses its part of it

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What becomes of one request.
pub enum Answer {
    /// These bytes; the connection stays open for the next request.
    Keep(Vec<u8>),
    /// These bytes, then the end of the connection.
    Close(Vec<u8>),
    /// These bytes, then a reset of the connection.
    Reset(Vec<u8>),
    /// These bytes, then nothing more.
    Hang(Vec<u8>),
    /// The first bytes at once, the others after a notification; the connection stays open.
    Halves(Vec<u8>, Arc<Notify>, Vec<u8>),
    /// The first bytes at once, then the others again and again, with this pause in between.
    Endless(Vec<u8>, Vec<u8>, Duration),
    /// The answer after this time.
    Late(Duration, Box<Answer>),
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The client's end of the connection.
    pub from: SocketAddr,
    /// `GET /path?query HTTP/1.1`
    pub line: String,
    /// The names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter of the query, as it was sent.
    pub fn query(&self, name: &str) -> Option<&str> {
        let target = self.line.split(' ').nth(1)?;
        let pairs = target.split_once('?')?.1.split('&');
        pairs.filter_map(|pair| pair.split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

/// A server, and what it was sent.
pub struct Hostile {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    busy: Arc<Mutex<(usize, usize)>>,
    task: tokio::task::JoinHandle<()>,
}

impl Hostile {
    /// Answers each request by a function of its number, from 0, and of itself.
    pub async fn start(script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let busy = Arc::<Mutex<(usize, usize)>>::default();
        let script = Arc::new(script);
        let (log, load) = (Arc::clone(&requests), Arc::clone(&busy));
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (script, log, load) =
                    (Arc::clone(&script), Arc::clone(&log), Arc::clone(&load));
                tokio::spawn(async move {
                    let _ = connection(socket, &*script, &log, &load).await;
                });
            }
        });
        Self { address, requests, busy, task }
    }

    /// The same answer to every request.
    pub async fn always(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Self {
        Self::start(move |_, _| answer()).await
    }

    /// These answers one after the other; the last one for all further requests.
    pub async fn sequence(answers: Vec<fn() -> Answer>) -> Self {
        Self::start(move |number, _| answers[number.min(answers.len() - 1)]()).await
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that arrived in full.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// The most requests that were under way at the same time.
    pub fn most_in_flight(&self) -> usize {
        self.busy.lock().unwrap().1
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn connection(
    mut socket: TcpStream,
    script: &(dyn Fn(usize, &Request) -> Answer + Send + Sync),
    log: &Mutex<Vec<Request>>,
    busy: &Mutex<(usize, usize)>,
) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut socket, &mut buffer).await? {
        let number = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.len() - 1
        };
        {
            let mut busy = busy.lock().unwrap();
            busy.0 += 1;
            busy.1 = busy.1.max(busy.0);
        }
        let mut answer = script(number, &request);
        while let Answer::Late(time, then) = answer {
            tokio::time::sleep(time).await;
            answer = *then;
        }
        busy.lock().unwrap().0 -= 1;
        match answer {
            Answer::Keep(bytes) => socket.write_all(&bytes).await?,
            Answer::Close(bytes) => return socket.write_all(&bytes).await,
            Answer::Reset(bytes) => {
                socket.write_all(&bytes).await?;
                // What was sent is to arrive before the reset discards it.
                tokio::time::sleep(Duration::from_millis(30)).await;
                return socket.set_zero_linger();
            }
            Answer::Hang(bytes) => {
                socket.write_all(&bytes).await?;
                // Until the client has had enough.
                while socket.read(&mut [0; 1024]).await? > 0 {}
                return Ok(());
            }
            Answer::Halves(first, go_on, second) => {
                socket.write_all(&first).await?;
                go_on.notified().await;
                socket.write_all(&second).await?;
            }
            Answer::Endless(first, again, pause) => {
                socket.write_all(&first).await?;
                loop {
                    socket.write_all(&again).await?;
                    if !pause.is_zero() {
                        tokio::time::sleep(pause).await;
                    }
                }
            }
            Answer::Late(..) => unreachable!(),
        }
    }
    Ok(())
}

async fn read_request(
    socket: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> std::io::Result<Option<Request>> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if socket.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    buffer.drain(..end + 4);
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let from = socket.peer_addr()?;
    let mut request = Request { from, line, headers, body: Vec::new() };
    if request.header("transfer-encoding") == Some("chunked") {
        while !buffer.ends_with(b"0\r\n\r\n") {
            if socket.read_buf(buffer).await? == 0 {
                return Ok(None);
            }
        }
        request.body = std::mem::take(buffer);
        return Ok(Some(request));
    }
    let length = request.header("content-length").map_or(0, |value| value.parse().unwrap());
    while buffer.len() < length {
        if socket.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    request.body = buffer.drain(..length).collect();
    Ok(Some(request))
}

/// An answer with a status, headers (each line with its end) and a body.
pub fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// A successful answer with a JSON body.
pub fn ok(body: &str) -> Answer {
    Answer::Keep(http("200 OK", "", body))
}

/// An answer with an error status and these headers.
pub fn status(status: &str, headers: &str) -> Answer {
    Answer::Keep(http(status, headers, r#"{"message": "as the test wants"}"#))
}

/// The head of an answer whose body is not of this length.
pub fn head(length: usize) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n")
        .into_bytes()
}

/// The head of an answer in chunks.
pub fn chunked_head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        .to_vec()
}
