//! What the examples share: their way to end, their servers, a table and a progress line.

// Each example uses some of it.
#![allow(dead_code, unused_imports)]

mod progress;
mod services;
mod table;

pub use progress::Progress;
pub use services::Service;
pub use table::Table;

use std::fmt::Display;
use std::io::{Write, stdout};
use std::process::ExitCode;

/// Why an example ends: one line.
pub type Failure = Box<dyn std::error::Error>;

/// The exit status of an example: 0, or 1 after one line that says why.
pub fn finish(outcome: Result<(), Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The text of what there may be.
pub fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Prints a text. Nobody there to read it is an error, where `print!` would panic.
pub fn print(text: impl Display) -> Result<(), Failure> {
    let mut out = stdout().lock();
    write!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("stdout: {error}").into())
}
