//! The tables of `docs/faults.md`: what is promised, read from where users read it.

use cloud_images::ErrorKind;

const TABLES: &str = include_str!("../../../docs/faults.md");

/// What a call does about a fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Promise {
    Fine,
    Fails(ErrorKind),
    Again(ErrorKind),
}

impl Promise {
    /// The requests that arrive and the outcome, if the fault happens once or always.
    pub fn expected(self, always: bool) -> (usize, Option<ErrorKind>) {
        match (self, always) {
            (Self::Fine, _) => (1, None),
            (Self::Fails(kind), _) => (1, Some(kind)),
            (Self::Again(_), false) => (2, None),
            (Self::Again(kind), true) => (3, Some(kind)),
        }
    }
}

/// One cell: the fault, the kind of call, and what is promised.
#[derive(Debug)]
pub struct Cell {
    pub fault: String,
    pub call: String,
    pub promise: Promise,
}

/// The cells of the table below a heading.
pub fn cells(heading: &str) -> Vec<Cell> {
    let text = TABLES.split_once(&format!("\n## {heading}\n")).expect("the heading").1;
    let mut rows = text
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|l| l.starts_with('|'))
        .map(|line| {
            line.trim_matches('|').split('|').map(str::trim).map(str::to_owned).collect::<Vec<_>>()
        });
    let calls = rows.next().expect("the head of the table");
    let mut cells = Vec::new();
    for row in rows.skip(1) {
        assert_eq!(row.len(), calls.len(), "{row:?}");
        for (call, promise) in calls.iter().zip(&row).skip(1).filter(|(_, text)| !text.is_empty()) {
            let promise = read(promise).unwrap_or_else(|| panic!("{promise:?} in {row:?}"));
            cells.push(Cell { fault: row[0].clone(), call: call.clone(), promise });
        }
    }
    cells
}

fn read(text: &str) -> Option<Promise> {
    match text {
        "fine" => Some(Promise::Fine),
        _ => match text.strip_prefix("again, ") {
            Some(kind) => self::kind(kind).map(Promise::Again),
            None => self::kind(text).map(Promise::Fails),
        },
    }
}

fn kind(text: &str) -> Option<ErrorKind> {
    use ErrorKind::{
        Decode, Forbidden, Interrupted, NotFound, Server, Throttled, Timeout, UnexpectedStatus,
    };
    let kinds =
        [Decode, Forbidden, Interrupted, NotFound, Server, Throttled, Timeout, UnexpectedStatus];
    kinds.into_iter().find(|kind| format!("`{kind:?}`") == text)
}

#[test]
fn the_tables_have_a_promise_for_every_call() {
    assert!(cells("Glance").len() > 80);
    assert!(cells("ParallelCluster").len() > 70);
    assert!(cells("EC2").len() > 50);
}
