//! Where a stream begins.

use super::{Cursor, Paged, Position};
use crate::Error;

/// Where a stream of a request begins: at a cursor, at a position that the user set, or at the start.
pub(crate) struct Start {
    pub position: Option<Position>,
    /// The items of the first page that an earlier stream gave.
    pub taken: usize,
    /// Whether there is nothing after it.
    pub ended: bool,
    /// Why the stream cannot begin there.
    pub refusal: Option<Error>,
    /// The cursor that the request was given, for as long as the stream has not moved.
    pub cursor: Option<Cursor>,
}

impl Start {
    pub fn of<R: Paged>(request: &R) -> Self {
        let set = request.position();
        // A position that was set after the cursor was given counts.
        let same = |cursor: &&Cursor| cursor.position().map(|at| &at.value) == set.as_ref();
        let Some(cursor) = request.resumed().filter(same) else {
            let position = set.map(Position::new).or_else(|| R::RULES.first());
            return Self { position, taken: 0, ended: false, refusal: None, cursor: None };
        };
        Self {
            position: cursor.position().cloned().or_else(|| R::RULES.first()),
            taken: cursor.taken(),
            ended: cursor.is_end(),
            refusal: cursor.check(&R::RULES, request.fingerprint()).err(),
            cursor: Some(cursor.clone()),
        }
    }
}
