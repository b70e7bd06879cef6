//! What the benches that run under callgrind have in common: one command each time, whose figure is a number.

#![allow(dead_code)] // no bench uses all of it

use super::server;
use std::time::Duration;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Runs the command of the arguments and prints its figure, and on stderr the peak memory.
///
/// `serve API COUNT PAGE` is common to all: it prints the URL of a server and stays. A bench without a command, as
/// `cargo bench` runs it, names its script.
pub fn run(script: &str, command: impl FnOnce(&[&str]) -> Outcome<usize>) -> Outcome<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => println!("run {script}"),
        ["serve", api, count, page] => {
            let (count, page) = (count.parse()?, page.parse()?);
            println!("{}", server::start(api.parse()?, count, page, Duration::ZERO)?);
            loop {
                std::thread::park();
            }
        }
        _ => {
            println!("{}", command(&arguments)?);
            if let Some(peak) = peak_memory() {
                eprintln!("peak memory: {peak} KiB");
            }
        }
    }
    Ok(())
}

/// Runs a future in this thread.
pub fn block_on<T>(future: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    // The hand-written loops build their HTTP client the plain way, which asks for a default provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// No command has these arguments.
pub fn unknown<T>(arguments: &[&str]) -> Outcome<T> {
    Err(format!("no command {}", arguments.join(" ")).into())
}

/// The most memory that this process ever had, in KiB, where the system says.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
