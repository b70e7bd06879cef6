//! Owners. Names are not unique, and anyone can publish an image of any name: who published one is its owner
//! alone.

use super::requests::{DescribeImages, DescribeSnapshots};
use super::types::{Filter, ImagePage, SnapshotPage};
use crate::{Error, ErrorKind, Result, printable};

/// On the wire, no owner means everybody.
const EVERYBODY: &str = "an empty list of owners would list what everybody owns: name at least one";

/// The account of the caller, whose id only the service knows.
const SELF: &str = "self";

macro_rules! owners {
    ($($request:ident, $page:ident: $what:literal $items:ident $id:ident $alias:ident)*) => {$(
        impl $request {
            #[doc = concat!("Only ", $what, " of these owners, each as in [`owner`](Self::owner).")]
            ///
            /// An empty list is refused with [`ErrorKind::InvalidRequest`] before anything is sent, since the service
            /// would list the resources of all owners.
            pub fn owners(mut self, owners: impl IntoIterator<Item = impl Into<String>>) -> Self {
                let before = self.owner.len();
                self.owner.extend(owners.into_iter().map(Into::into));
                if self.owner.len() == before {
                    self.options.refused = Some(EVERYBODY);
                }
                self
            }

            pub(super) fn check(&self) -> Result<()> {
                if self.owner.iter().any(|owner| owner.trim().is_empty()) {
                    return Err(Error::new(ErrorKind::InvalidRequest, EVERYBODY));
                }
                Ok(())
            }

            /// Refuses an answer with something of an owner that was not asked for.
            pub(super) fn check_answer(&self, page: &$page) -> Result<()> {
                let is_asked_for =
                    |id, alias| is_one_of(&self.owner, id, alias) && fits(&self.filter, id);
                match page.$items.iter().find(|one| {
                    !is_asked_for(one.owner_id.as_deref(), one.$alias.as_deref())
                }) {
                    Some(one) => Err(of_stranger(&one.$id, one.owner_id.as_deref())),
                    None => Ok(()),
                }
            }
        }
    )*};
}

owners! {
    DescribeImages, ImagePage: "images" images image_id image_owner_alias
    DescribeSnapshots, SnapshotPage: "snapshots" snapshots snapshot_id owner_alias
}

/// Whether an owner, by the id and the alias in the answer, may be one of those that were asked for. AWS sets the
/// aliases; an id is never one.
fn is_one_of(owners: &[String], id: Option<&str>, alias: Option<&str>) -> bool {
    let is_id = |owner: &str| owner.bytes().all(|byte| byte.is_ascii_digit());
    owners.is_empty()
        || owners.iter().any(|owner| {
            let found = if is_id(owner) { id } else { alias };
            owner == SELF || found == Some(owner)
        })
}

/// Whether an owner fits the filters by owner that consist of accounts. What wildcards mean is for the service to say.
fn fits(filters: &[Filter], id: Option<&str>) -> bool {
    let of_accounts = |filter: &&Filter| {
        filter.name.as_deref() == Some("owner-id")
            && !filter.values.is_empty()
            && filter.values.iter().all(|value| is_account(value))
    };
    let mut filters = filters.iter().filter(of_accounts);
    filters.all(|filter| filter.values.iter().any(|value| id == Some(value)))
}

/// Whether this is the id of an account: 12 digits.
pub(crate) fn is_account(owner: &str) -> bool {
    owner.len() == 12 && owner.bytes().all(|byte| byte.is_ascii_digit())
}

fn of_stranger(what: &str, owner: Option<&str>) -> Error {
    let (what, owner) = (printable::line(what), owner.map_or("nobody".into(), printable::line));
    let message = format!(
        "the response has {what} of the owner {owner}, whom the request does not name: check the \
         endpoint, which ignores the filter by owner"
    );
    Error::new(ErrorKind::Decode, message)
}
