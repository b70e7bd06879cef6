//! How far a long list is, on stderr.

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
            eprint!("\r{} {} ...", self.count, self.what);
            // A progress line that cannot be shown is no reason to stop.
            let _ = stderr().flush();
        } else if before / (10 * STEP) != self.count / (10 * STEP) {
            eprintln!("{} {} ...", self.count, self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal && self.count >= STEP {
            // Makes room for what is printed next.
            eprint!("\r\x1b[K");
        }
    }
}
