//! 200,000 calls from 64 tasks against a server with 5 % mixed faults, run by `benches/soak.sh`.
//!
//! Every call is to end in the right result or a clear error, no task is to be stuck, and memory is to
//! stay flat. `soak CALLS TASKS` prints figures and fails if one of the three does not hold.

use cloud_images::auth::XAuthToken;
use cloud_images::{ErrorKind, RetryPolicy, ims};
use futures::{StreamExt, TryStreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Longer than this is stuck.
const TIME_LIMIT: Duration = Duration::from_secs(1200);

/// What memory may grow by after the first fifth of the calls.
const GROWTH_KIB: usize = 16 << 10;

fn main() -> Outcome<()> {
    let numbers: Vec<usize> =
        std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let [calls, tasks] = numbers[..] else {
        println!("run benches/soak.sh");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async { tokio::time::timeout(TIME_LIMIT, soak(calls, tasks)).await? })
}

async fn soak(calls: usize, tasks: usize) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(serve(listener));
    let client = ims::Client::builder()
        .endpoint(url)
        .auth(XAuthToken::new("token-of-the-soak"))
        .read_timeout(Duration::from_secs(1))
        .retry(RetryPolicy::default().base_delay(Duration::from_millis(5)))
        .build()?;

    let start = Instant::now();
    let done = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> =
        (0..tasks).map(|_| tokio::spawn(work(client.clone(), calls, Arc::clone(&done)))).collect();
    let watch = tokio::spawn(watch(calls, Arc::clone(&done)));
    let mut outcomes = BTreeMap::<String, usize>::new();
    for worker in workers {
        for (outcome, count) in worker.await?? {
            *outcomes.entry(outcome).or_default() += count;
        }
    }
    let growth = watch.await?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{calls} calls from {tasks} tasks in {seconds:.1} s, {:.0} a second",
        calls as f64 / seconds
    );
    for (outcome, count) in &outcomes {
        println!("  {outcome}: {count}");
    }
    println!("memory grew by {growth} KiB after the first fifth");
    if outcomes.values().sum::<usize>() != calls {
        return Err("not every call has an outcome".into());
    }
    if growth > GROWTH_KIB {
        return Err("memory is not flat".into());
    }
    Ok(())
}

/// Calls until enough were made; counts what they ended in. A wrong result is an error here.
async fn work(
    client: ims::Client,
    calls: usize,
    done: Arc<AtomicUsize>,
) -> Result<BTreeMap<String, usize>, String> {
    let images = client.image_operations();
    let mut outcomes = BTreeMap::<String, usize>::new();
    loop {
        let number = done.fetch_add(1, Ordering::Relaxed);
        if number >= calls {
            return Ok(outcomes);
        }
        let outcome = match number % 10 {
            0 => {
                let seen = images
                    .list_images()
                    .items()
                    .map_ok(|image| image.id)
                    .try_collect::<Vec<_>>()
                    .await;
                seen.map(|seen| seen == ["a", "b", "c", "d"])
            }
            1 => {
                // Dropped somewhere on the way: nothing of it is to stay behind.
                let mut items = images.list_images().items().prefetch(1);
                let wait = Duration::from_micros(number as u64 % 1500);
                let _ = tokio::time::timeout(wait, items.next()).await;
                Ok(true)
            }
            _ => {
                let id = format!("image-{number}");
                images.show_image(&id).await.map(|image| image.id == id)
            }
        };
        let outcome = match outcome {
            Ok(true) => "right".to_owned(),
            Ok(false) => return Err(format!("call {number} gave what it was not asked for")),
            // Only what the server made up is not JSON.
            Err(error)
                if error.kind() == ErrorKind::Decode && error.raw_body() != Some(b"nonsense") =>
            {
                return Err(format!("call {number}: {error}"));
            }
            Err(error) => format!("{:?}", error.kind()),
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
}

/// Prints the memory of the process as the calls go on; gives the growth after the first fifth.
async fn watch(calls: usize, done: Arc<AtomicUsize>) -> usize {
    let (mut first, mut most, mut next) = (0, 0, 1);
    while next <= 10 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if done.load(Ordering::Relaxed) * 10 >= calls * next {
            let memory = resident_kib();
            println!("{:3} % {memory} KiB", next * 10);
            if next == 2 {
                first = memory;
            }
            most = memory.max(most);
            next += 1;
        }
    }
    most.saturating_sub(first)
}

fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

async fn serve(listener: TcpListener) {
    let number = Arc::new(AtomicUsize::new(0));
    while let Ok((socket, _)) = listener.accept().await {
        let number = Arc::clone(&number);
        tokio::spawn(async move {
            let _ = connection(socket, &number).await;
        });
    }
}

/// Answers GET requests, one in twenty of them wrongly.
async fn connection(mut socket: TcpStream, number: &AtomicUsize) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        while !buffer.ends_with(b"\r\n\r\n") {
            if socket.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        let text = String::from_utf8_lossy(&buffer);
        let target = text.split(' ').nth(1).unwrap_or_default();
        let body = match target.split_once("/v2/images/") {
            Some((_, id)) => format!(r#"{{"id": "{id}", "name": null, "tags": []}}"#),
            None if target.contains("marker=b") => {
                r#"{"images": [{"id": "c"}, {"id": "d"}]}"#.into()
            }
            None => {
                r#"{"images": [{"id": "a"}, {"id": "b"}], "next": "/v2/images?marker=b"}"#.into()
            }
        };
        buffer.clear();
        let head = |status: &str, length: usize| {
            format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
            )
        };
        match fault(number.fetch_add(1, Ordering::Relaxed)) {
            Fault::None => {
                let answer = head("200 OK", body.len()) + "\r\n" + &body;
                socket.write_all(answer.as_bytes()).await?;
            }
            Fault::Busy => {
                let answer = head("503 Service Unavailable", 2) + "retry-after: 0\r\n\r\n{}";
                socket.write_all(answer.as_bytes()).await?;
            }
            Fault::Throttled => {
                let answer = head("429 Too Many Requests", 2) + "\r\n{}";
                socket.write_all(answer.as_bytes()).await?;
            }
            Fault::Broken => {
                let answer = head("500 Internal Server Error", 2) + "\r\n{}";
                socket.write_all(answer.as_bytes()).await?;
            }
            Fault::Nonsense => {
                let answer = head("200 OK", 8) + "\r\nnonsense";
                socket.write_all(answer.as_bytes()).await?;
            }
            Fault::Truncated => {
                let answer = head("200 OK", body.len()) + "\r\n{";
                return socket.write_all(answer.as_bytes()).await;
            }
            Fault::Closed => return Ok(()),
            Fault::Reset => return socket.set_zero_linger(),
            Fault::Silent => while socket.read(&mut [0; 64]).await? > 0 {},
        }
    }
}

enum Fault {
    None,
    Busy,
    Throttled,
    Broken,
    Nonsense,
    Truncated,
    Closed,
    Reset,
    Silent,
}

/// One request in twenty has a fault, one in two thousand meets a stall.
fn fault(number: usize) -> Fault {
    if number % 2000 == 1999 {
        return Fault::Silent;
    }
    match (number % 20, number / 20 % 7) {
        (13, 0) => Fault::Busy,
        (13, 1) => Fault::Throttled,
        (13, 2) => Fault::Broken,
        (13, 3) => Fault::Nonsense,
        (13, 4) => Fault::Truncated,
        (13, 5) => Fault::Closed,
        (13, _) => Fault::Reset,
        _ => Fault::None,
    }
}
