//! The position of a stream, to be stored.

use super::{Position, Rules};
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A position in a list, from which this process or another can continue later.
///
/// It is opaque. Store it as text ([`Display`](fmt::Display) and [`FromStr`]) or with `serde`, as a string. The
/// text has only letters, digits and `-._~`, so it fits into a URL unescaped. It belongs to the operation and the
/// filters of its request: any other request refuses it with [`ErrorKind::InvalidRequest`].
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
/// If the list changes before you resume it, the result depends on what a position is on the service:
///
/// * The id of an item (OpenStack): the cursor is the last item that was returned. Every item after it is returned
///   once, even if others are added or removed. If that item itself is deleted, the service refuses the cursor.
/// * A token of a page (ParallelCluster): the cursor is the token and the number of items that were taken from the
///   page. Items that are added to or removed from that page before the position shift the rest, so an item may be
///   repeated or skipped. Log events that are read from the first to the last are not affected, because a log only
///   grows at its end.
/// * A page number or an offset: items that are added or removed anywhere before the position shift the rest.
/// * Log events from the newest one on (`newest_first()`, or `start_from_head(false)`): a cursor within the first
///   page means "the newest page" at the time you resume. If the log has grown, some events are repeated; when
///   reading forwards, events that are no longer on the newest page are skipped.
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

    /// Whether the list was at its end, so that nothing is left to read.
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
            "this cursor has a position that is not a number: pass it as it was written, unchanged"
                .to_owned()
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
            let message = "this text is not a cursor: pass it as it was written, unchanged";
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
