//! How far a long list is, on stderr.

use super::note;
use std::io::{IsTerminal, Write, stderr};

/// How many items are between two reports.
const STEP: usize = 100;

/// Counts items: one line that changes on a terminal, a line now and then in a log.
pub struct Progress {
    what: &'static str,
    count: usize,
    terminal: bool,
}

impl Progress {
    pub fn new(what: &'static str) -> Self {
        Self { what, count: 0, terminal: stderr().is_terminal() }
    }

    pub fn add(&mut self, items: usize) {
        let before = self.count;
        self.count += items;
        if self.terminal && before / STEP != self.count / STEP {
            self.draw(format_args!("\r{} {} ...", self.count, self.what));
        } else if !self.terminal && before / (10 * STEP) != self.count / (10 * STEP) {
            note(format_args!("{} {} ...", self.count, self.what));
        }
    }

    /// Draws over the line. A progress line that cannot be shown is not a reason to stop.
    fn draw(&self, text: impl std::fmt::Display) {
        let mut err = stderr().lock();
        let _ = write!(err, "{text}").and_then(|()| err.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal && self.count >= STEP {
            // Makes room for what is printed next.
            self.draw("\r\x1b[K");
        }
    }
}
