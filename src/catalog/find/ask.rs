//! What a catalogue is asked.

use super::{Find, Policy};
use crate::catalog::{Catalog, Fit, Image, Lock, Machine, Query};
use crate::{Error, ErrorKind, Result};
use futures_util::StreamExt;

impl Catalog {
    /// Searches all sources for the images that match a query. To choose one of them, first name a publisher that you
    /// trust: see [`Find::from`].
    pub fn find(&self, query: Query) -> Find {
        Find::new(self.clone(), query)
    }

    /// Chooses one image for each source, region and architecture, and returns them as a lock.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the query names neither a publisher (`from=`) nor an owner. Name one, or use
    /// [`Find::any_publisher`](crate::catalog::Find::any_publisher) and
    /// [`Trusted::lock`](crate::catalog::Trusted::lock). All other errors are those of
    /// [`Trusted::choose`](crate::catalog::Trusted::choose).
    pub async fn lock(&self, query: &Query, policy: Policy) -> Result<Lock> {
        let find = self.find(query.clone());
        match find.trusted_by_query() {
            Some(trusted) => trusted.lock(policy).await,
            None => Err(Error::new(
                ErrorKind::InvalidRequest,
                "the query names no publisher and no owner, and anyone can publish an image under any name: add \
                 `from=...` or `owner=...`, or say why not with `Find::any_publisher`",
            )),
        }
    }

    /// The images that match a query, each with the answer whether it runs on a machine and why. The best fit comes
    /// first.
    ///
    /// # Errors
    ///
    /// The error of the first source that could not be read to its end, since the best fit may be there.
    pub async fn fit(&self, query: &Query, machine: &Machine) -> Result<Vec<(Image, Fit)>> {
        let images = self.find(query.clone()).complete().await?;
        Ok(machine.rank(images))
    }
}

impl Find {
    /// All hits, if all lists were read to their ends.
    pub(super) async fn complete(&mut self) -> Result<Vec<Image>> {
        let (mut images, mut first) = (Vec::new(), None);
        while let Some(item) = self.next().await {
            match item {
                Ok(image) => images.push(image),
                Err(error) => first = first.or(Some(error)),
            }
        }
        if self.outcome().is_complete() {
            return Ok(images);
        }
        let unknown = || {
            let message = format!("not every list was read to its end: {}", self.outcome());
            Error::new(ErrorKind::Interrupted, message)
        };
        Err(first.unwrap_or_else(unknown))
    }
}
