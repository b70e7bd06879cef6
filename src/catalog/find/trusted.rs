//! Images of owners that are trusted.

use super::{Find, Near, Policy, choose};
use crate::Result;
use crate::catalog::outcome::Outcome;
use crate::catalog::{Image, Lock, Locked};
use chrono::Utc;
use futures_core::Stream;
use futures_util::StreamExt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// How many near misses an error names.
const NEAREST: usize = 3;

/// The images that match a query and whose publisher is trusted. Created by [`Find::from`] and [`Find::any_publisher`].
///
/// Like [`Find`], it is a stream. The methods that choose an image read all lists first, and fail if a list could not
/// be read to its end, since the right image may be there.
#[must_use = "a stream does nothing until it is polled"]
#[derive(Debug)]
pub struct Trusted {
    find: Find,
}

impl Trusted {
    pub(super) fn new(mut find: Find) -> Self {
        find.search = None;
        Self { find }
    }

    /// The newest image for each source, region and architecture, sorted by these three.
    ///
    /// See [`Policy::latest`] and [`Trusted::choose`].
    ///
    /// # Errors
    ///
    /// As [`Trusted::choose`].
    pub async fn latest(self) -> Result<Vec<Image>> {
        self.choose(Policy::latest()).await
    }

    /// The image that a policy chooses for each source, region and architecture, sorted by these three.
    ///
    /// Images that are known not to be available (pending, failed, disabled, deleted) are never chosen. An image
    /// without a date is chosen only if it is the only one.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if no image matches the query (the message names the
    ///   nearest images and the terms that they fail), or if the policy chooses none in a group;
    /// - [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if a group has several images and one of them
    ///   has no date (the message names them);
    /// - the error of a source that could not be read to its end.
    pub async fn choose(mut self, policy: Policy) -> Result<Vec<Image>> {
        let images = self.collected().await?;
        let choices = choose::choices(images, policy, Utc::now());
        if choices.is_empty() {
            return Err(self.none());
        }
        choices.into_values().collect()
    }

    /// The only image that matches the query.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is none (the message names the nearest images and
    /// the terms that they fail); [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if there are several;
    /// the error of a source that could not be read to its end.
    pub async fn one(mut self) -> Result<Image> {
        let mut images = self.collected().await?;
        match (images.pop(), images.len()) {
            (None, _) => Err(self.none()),
            (Some(image), 0) => Ok(image),
            (Some(image), _) => {
                images.push(image);
                Err(choose::several(&images))
            }
        }
    }

    /// Chooses images as [`Trusted::choose`] does, and returns them as a lock.
    ///
    /// # Errors
    ///
    /// As [`Trusted::choose`].
    pub async fn lock(self, policy: Policy) -> Result<Lock> {
        let (query, text) = (self.find.query.to_string(), policy.to_string());
        let images = self.choose(policy).await?;
        Lock::new(images.iter().map(|image| Locked::new(query.as_str(), text.as_str(), image)))
    }

    /// The progress of each list; see [`Find::outcome`].
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        self.find.outcome()
    }

    /// The images that fail the fewest terms; see [`Find::nearest`].
    #[must_use]
    pub fn nearest(&self) -> &[Near] {
        self.find.nearest()
    }

    async fn collected(&mut self) -> Result<Vec<Image>> {
        // What was given before is part of the choice.
        self.find.search = None;
        self.find.nearest = self.find.nearest.max(NEAREST);
        self.find.complete().await
    }

    fn none(&self) -> crate::Error {
        let nearest = self.nearest();
        let nearest = nearest.get(..NEAREST).unwrap_or(nearest);
        choose::none(&self.find.query, self.outcome(), nearest)
    }
}

impl Stream for Trusted {
    type Item = Result<Image>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.find.poll_next_unpin(context)
    }
}
