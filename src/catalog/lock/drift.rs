//! What has become of a locked image.

use super::Locked;
use crate::catalog::shown::shown;
use crate::catalog::{Image, Status};
use crate::types::Text;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::fmt;

/// What the source of a locked image says about it now.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Observed<'i> {
    /// The image is in the list of the source.
    Listed(&'i Image),
    /// The image is not in the list, but the source has it under its id.
    ById(&'i Image),
    /// The image is not in the list, which was complete, and the source has no such id.
    Missing,
    /// Unknown: the source failed, or its list was not complete.
    Incomplete,
}

/// A change of a locked image.
///
/// Displayed as one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "drift", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Drift {
    /// The image is deleted, or these credentials can no longer see it. Services do not distinguish the two.
    Gone,
    /// The image still exists, but it is hidden from lists or disabled.
    Hidden,
    /// The owner has deprecated the image.
    Deprecated {
        /// The time of the deprecation.
        since: DateTime<Utc>,
    },
    /// The image with this id has other data now.
    ContentChanged {
        /// The old hash, or the old time of creation if there is no hash to compare.
        locked: String,
        /// The new hash or time of creation.
        now: String,
    },
    /// The image has another owner now.
    OwnerChanged {
        /// The id of the account that owned it.
        locked: Text,
        /// The id of the account that owns it now.
        now: Text,
    },
    /// The policy would choose a newer image today.
    Newer {
        /// The id of the newer image.
        id: Text,
        /// When the newer image was created.
        created: DateTime<Utc>,
    },
    /// Unknown: the source failed. The image may be unchanged.
    Unknown,
}

impl Drift {
    /// Whether the locked image can no longer be relied on. `false` for a newer image, for a deprecation, and if the
    /// source failed.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        matches!(
            self,
            Self::Gone | Self::Hidden | Self::ContentChanged { .. } | Self::OwnerChanged { .. }
        )
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("the image is gone, or you can no longer see it"),
            Self::Hidden => f.write_str("the image is hidden or disabled"),
            Self::Deprecated { since } => {
                write!(f, "deprecated by its owner since {since:?}")
            }
            Self::ContentChanged { locked, now } => {
                write!(
                    f,
                    "the content of the image changed from {} to {}",
                    shown(locked),
                    shown(now)
                )
            }
            Self::OwnerChanged { locked, now } => {
                write!(f, "the owner of the image changed from {} to {}", shown(locked), shown(now))
            }
            Self::Newer { id, created } => write!(f, "{} is newer, created {created:?}", shown(id)),
            Self::Unknown => f.write_str("the source could not be read"),
        }
    }
}

impl Locked {
    /// The changes of the image. Empty if there are none.
    ///
    /// `newest` is the image that the policy chooses now, if it is known; `at` is the time that deprecations are
    /// compared with. If the source failed, the result is [`Drift::Unknown`], never [`Drift::Gone`].
    #[must_use]
    pub fn drift(
        &self,
        observed: Observed<'_>,
        newest: Option<&Image>,
        at: DateTime<Utc>,
    ) -> Vec<Drift> {
        let mut drift = Vec::new();
        match observed {
            Observed::Missing => drift.push(Drift::Gone),
            Observed::Incomplete => drift.push(Drift::Unknown),
            Observed::Listed(image) | Observed::ById(image) => {
                let listed = matches!(observed, Observed::Listed(_));
                match image.status {
                    Some(Status::Deleted) => drift.push(Drift::Gone),
                    Some(Status::Disabled) => drift.push(Drift::Hidden),
                    _ if !listed => drift.push(Drift::Hidden),
                    _ => {}
                }
                drift.extend(self.changes(image, at));
            }
        }
        drift.extend(self.newer(newest));
        drift
    }

    fn changes(&self, image: &Image, at: DateTime<Utc>) -> impl Iterator<Item = Drift> {
        let owner = self.owner.clone().zip(image.owner.clone());
        let owner = owner.filter(|(locked, now)| locked != now);
        let deprecated = image.deprecated.filter(|since| *since <= at);
        [
            self.other_content(image),
            owner.map(|(locked, now)| Drift::OwnerChanged { locked, now }),
            deprecated.map(|since| Drift::Deprecated { since }),
        ]
        .into_iter()
        .flatten()
    }

    /// Hashes decide where both are known and of one algorithm; then another time of creation does.
    fn other_content(&self, image: &Image) -> Option<Drift> {
        let algorithm =
            |hash: &Text| hash.split_once(':').map(|(algorithm, _)| algorithm.to_owned());
        let hashes = self.hash.as_ref().zip(image.hash.as_ref());
        let (locked, now) = match hashes.filter(|(locked, now)| algorithm(locked) == algorithm(now))
        {
            Some((locked, now)) => (locked.to_string(), now.to_string()),
            None => {
                let (locked, now) = self.created.zip(image.created)?;
                (format!("created {locked:?}"), format!("created {now:?}"))
            }
        };
        (!locked.eq_ignore_ascii_case(&now)).then_some(Drift::ContentChanged { locked, now })
    }

    fn newer(&self, newest: Option<&Image>) -> Option<Drift> {
        let newest = newest.filter(|newest| newest.id != self.id)?;
        let (locked, created) = self.created.zip(newest.created)?;
        (created > locked).then(|| Drift::Newer { id: newest.id.clone(), created })
    }
}
