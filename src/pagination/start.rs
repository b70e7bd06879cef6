//! Where a stream begins.

use super::{Cursor, Paged, Position, Rules};
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
    /// Which list it is.
    pub fingerprint: u64,
}

impl Start {
    pub fn of<R: Paged>(request: &R) -> Self {
        Self::at(request.position(), request.resumed(), &R::RULES, request.fingerprint())
    }

    fn at(set: Option<String>, resumed: Option<&Cursor>, rules: &Rules, fingerprint: u64) -> Self {
        // A position that was set after the cursor was given counts.
        let same = |cursor: &&Cursor| cursor.position().map(|at| &at.value) == set.as_ref();
        let Some(cursor) = resumed.filter(same) else {
            let position = set.map(Position::new).or_else(|| rules.first());
            return Self {
                position,
                taken: 0,
                ended: false,
                refusal: None,
                cursor: None,
                fingerprint,
            };
        };
        Self {
            position: cursor.position().cloned().or_else(|| rules.first()),
            taken: cursor.taken(),
            ended: cursor.is_end(),
            refusal: cursor.check(rules, fingerprint).err(),
            cursor: Some(cursor.clone()),
            fingerprint,
        }
    }
}
