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

/// The answers to a query from those who are trusted. Made by [`Find::from`] and [`Find::any_publisher`].
///
/// It is a stream as [`Find`] is. The methods that choose read all lists first, and fail if one of them could not be
/// read to its end: the right image may be there.
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

    /// The newest image of each source, region and architecture, in this order.
    ///
    /// See [`Policy::latest`] and [`Trusted::choose`].
    ///
    /// # Errors
    ///
    /// As [`Trusted::choose`].
    pub async fn latest(self) -> Result<Vec<Image>> {
        self.choose(Policy::latest()).await
    }

    /// The image that a policy chooses of each source, region and architecture, in this order.
    ///
    /// Images that are known not to be available (pending, failed, disabled, deleted) are never chosen. An image
    /// without a date is chosen only if it is alone.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if no image matches the query, with the nearest ones
    ///   and what they miss, or if the policy chooses none of a group;
    /// - [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if one of several has no date, with the
    ///   candidates;
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
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is none, with the nearest ones and what they
    /// miss; [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if there are several; the error of a
    /// source that could not be read to its end.
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

    /// Chooses as [`Trusted::choose`], and writes down which.
    ///
    /// # Errors
    ///
    /// As [`Trusted::choose`].
    pub async fn lock(self, policy: Policy) -> Result<Lock> {
        let (query, text) = (self.find.query.to_string(), policy.to_string());
        let images = self.choose(policy).await?;
        Lock::new(images.iter().map(|image| Locked::new(query.as_str(), text.as_str(), image)))
    }

    /// How far each list is; see [`Find::outcome`].
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        self.find.outcome()
    }

    /// The images that miss the fewest terms; see [`Find::nearest`].
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
