//! What the examples share: how they end, their services, their output and a progress line.

// Each example uses some of it.
#![allow(dead_code, unused_imports)]

#[cfg(feature = "catalog")]
mod catalog;
#[cfg(feature = "catalog")]
mod matrix;
mod output;
mod progress;
mod services;

#[cfg(feature = "catalog")]
pub use catalog::{Services, conclude, system};
#[cfg(feature = "catalog")]
pub use matrix::Matrix;
pub use output::{Cell, Format, Output, cell};
pub use progress::Progress;
pub use services::{Provider, Service};

use std::fmt::Display;
use std::io::{self, Write, stderr, stdout};
use std::process::ExitCode;

/// Why an example ends: one line.
pub type Failure = Box<dyn std::error::Error>;

/// The exit status of an example: 0, or 1 after one line that says why.
///
/// A reader that has seen enough, as in `... | head -1`, is not a failure.
pub fn finish(outcome: Result<(), Failure>) -> ExitCode {
    let Err(failure) = outcome else { return ExitCode::SUCCESS };
    let closed = failure.downcast_ref::<io::Error>();
    if closed.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    note(format_args!("error: {failure}"));
    ExitCode::FAILURE
}

/// A value as text, or a dash.
pub fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Prints a line. `println!` would panic if nobody reads it.
pub fn line(text: impl Display) -> Result<(), Failure> {
    print(format_args!("{text}\n"))
}

/// Prints a text.
pub fn print(text: impl Display) -> Result<(), Failure> {
    let mut out = stdout().lock();
    write!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// Writes a line to stderr, if somebody reads that.
pub fn note(text: impl Display) {
    let _ = writeln!(stderr().lock(), "{text}");
}
