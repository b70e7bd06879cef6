//! The position of a stream, to be stored.

use super::{Position, Rules};
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A position in a list, to go on from later, in this process or another.
///
/// It is opaque, and can be stored: as text ([`Display`](fmt::Display) and [`FromStr`]), which has only
/// letters, digits and `-._~` and so fits into a URL as it is, or as a string by `serde`. It belongs to
/// the operation and to the filters of the request that it came from. Another request refuses it with
/// [`ErrorKind::InvalidRequest`].
///
/// ```
/// # async fn example(images: cloud_images::ims::ImageOperationsApi) -> cloud_images::Result<()> {
/// use cloud_images::pagination::Cursor;
///
/// let mut stream = images.list_images().os_type("Linux").items();
/// let first = stream.next_item().await.transpose()?;
/// let text = stream.cursor().to_string();
///
/// let cursor: Cursor = text.parse()?;
/// let mut rest = images.list_images().os_type("Linux").resume(cursor).items();
/// # Ok(()) }
/// ```
///
/// How exact it is when the list changes before it is resumed depends on the service:
///
/// * Where positions are ids of items (OpenStack), it is the last item that was given. What comes after
///   that item is given once, even if others are added or removed. If the item itself was deleted, the service
///   refuses the position.
/// * Where positions are tokens between pages (ParallelCluster), it is a token and the number of items
///   taken from that page. Items added to or removed from the page before that place shift the rest, so
///   an item may come twice or be left out. Log events read from the first to the last only grow at their
///   end, so this does not happen to them.
/// * Where positions are page numbers or offsets, the same holds for the whole list before the place.
/// * A page of log events that begins at the newest one (`newest_first()`, and `items()` with
///   `start_from_head(false)`) is another page when the log has grown. A cursor within this first page
///   stands for the newest page at that time: events may come again, and going forwards, events that have
///   left the newest page meanwhile do not come.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cursor {
    /// With its API: operations of different APIs have the same name.
    operation: String,
    fingerprint: u64,
    position: Option<Position>,
    /// The items of the page at the position that were given already.
    taken: usize,
    end: bool,
}

impl Cursor {
    pub(crate) fn new(
        operation: &Operation,
        fingerprint: u64,
        position: Option<Position>,
        taken: usize,
        end: bool,
    ) -> Self {
        Self { operation: full_name(operation), fingerprint, position, taken, end }
    }

    /// Whether the list was at its end: there is nothing to go on with.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.end
    }

    pub(crate) fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// What the position parameter of the request is set to.
    pub(crate) fn value(&self) -> Option<&str> {
        self.position.as_ref().map(|position| position.value.as_str())
    }

    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// Refuses a cursor of another operation or of other filters.
    pub(crate) fn check(&self, rules: &Rules, fingerprint: u64) -> Result<()> {
        let name = full_name(rules.operation);
        let message = if self.operation != name {
            format!("this cursor belongs to {}, not to {name}", self.operation)
        } else if self.fingerprint != fingerprint {
            "this cursor belongs to a request with other parameters: resume the request that it came \
             from, with the same filters"
                .to_owned()
        } else if self.value().is_some_and(|value| !rules.takes(value)) {
            "the position of this cursor is not a number".to_owned()
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidRequest, message).with_operation(rules.operation))
    }
}

fn full_name(operation: &Operation) -> String {
    format!("{}.{}", operation.api, operation.name)
}

/// `ims.list_images.<fingerprint>.<taken>.<items before>.<position>`; a position begins with `at-`, and
/// `start` and `end` stand for none.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.position.as_ref().and_then(|position| position.before);
        write!(f, "{}.{:016x}.{}.", self.operation, self.fingerprint, self.taken)?;
        if let Some(before) = before {
            write!(f, "{before}")?;
        }
        match (&self.position, self.end) {
            (None, false) => f.write_str(".start"),
            (None, true) => f.write_str(".end"),
            (Some(position), false) => write!(f, ".at-{}", Escaped(&position.value)),
            (Some(position), true) => write!(f, ".end-{}", Escaped(&position.value)),
        }
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            // From the end: the name of the API may have a dot in it.
            let mut parts = text.rsplitn(5, '.');
            let place = parts.next()?;
            let before = match parts.next()? {
                "" => None,
                number => Some(number.parse().ok()?),
            };
            let taken = parts.next()?.parse().ok()?;
            let fingerprint = u64::from_str_radix(parts.next()?, 16).ok()?;
            let operation = parts.next()?;
            let names = operation.split('.');
            if !names.clone().all(is_name) || !(2..=3).contains(&names.count()) {
                return None;
            }
            let operation = operation.to_owned();
            let (end, position) = match place {
                "start" => (false, None),
                "end" => (true, None),
                _ => {
                    let (kind, value) = place.split_once('-')?;
                    let end = match kind {
                        "at" => false,
                        "end" => true,
                        _ => return None,
                    };
                    (end, Some(Position { value: unescape(value)?, before }))
                }
            };
            Some(Self { operation, fingerprint, position, taken, end })
        };
        parse().ok_or_else(|| {
            let message = "this text is not a cursor: pass one as it was written, unchanged";
            Error::new(ErrorKind::InvalidRequest, message)
        })
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

impl TryFrom<String> for Cursor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cursor").field(&self.to_string()).finish()
    }
}

/// Letters, digits, `-` and `_`; every other byte as `~` and two hexadecimal digits.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        self.0.bytes().try_for_each(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => f.write_char(byte.into()),
            _ => write!(f, "~{byte:02X}"),
        })
    }
}

/// Whether a text is the name of an API or of an operation.
fn is_name(text: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=100).contains(&text.len()) && text.bytes().all(valid)
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'~' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => byte,
            _ => return None,
        });
    }
    String::from_utf8(bytes).ok()
}
