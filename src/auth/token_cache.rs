//! A cache for credentials that expire, shared by all schemes.
//!
//! - One refresh runs at a time, in a task of its own: a caller that gives up does not cancel it.
//! - A valid credential is used until a better one is there; callers wait only if there is none, or if
//!   the service refused the one there is.
//! - A refusal starts one refresh, and the calls that were refused meanwhile wait for it.
//! - A refresh has a time limit. After a failed one, a credential that is still valid is used on, and the
//!   next refresh starts after a pause.

mod lease;
#[cfg(test)]
mod tests;

pub(super) use lease::Lease;

use crate::{BoxFuture, Error, ErrorKind, Result};
use futures_util::FutureExt as _;
use futures_util::future::Shared;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;

/// The longest time that a provider or a login may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The longest pause after a refresh that brought nothing better.
const PAUSE: Duration = Duration::from_secs(10);

/// What the clones of a scheme share.
pub(super) struct TokenCache<T>(Arc<Mutex<State<T>>>);

struct State<T> {
    lease: Option<Lease<T>>,
    /// The service refused the credential of `lease`.
    refused: bool,
    refresh: Option<Refresh<T>>,
    /// No refresh starts before this time while the credential is valid.
    paused_until: Option<Instant>,
    started: u64,
}

/// A refresh in progress. Each caller that waits for it drives it, as its own task does.
struct Refresh<T> {
    number: u64,
    in_background: bool,
    outcome: Shared<BoxFuture<'static, Result<T, Arc<Error>>>>,
}

impl<T: Clone> Clone for Refresh<T> {
    fn clone(&self) -> Self {
        Self { outcome: self.outcome.clone(), ..*self }
    }
}

impl<T> Default for TokenCache<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            lease: None,
            refused: false,
            refresh: None,
            paused_until: None,
            started: 0,
        })))
    }
}

impl<T: Clone + Send + Sync + 'static> TokenCache<T> {
    /// The credential. `refresh` makes the future that obtains the next one; it is called only if there
    /// is not a valid credential, or if it is time for another.
    pub async fn get<F>(&self, refresh: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<Lease<T>>> + Send + 'static,
    {
        loop {
            let under_way = {
                let mut state = self.lock();
                let waits = state.refused && state.refresh.is_some();
                match state.valid().filter(|_| !waits) {
                    Some(value) => {
                        if state.is_refresh_due() {
                            self.start(&mut state, refresh(), true);
                        }
                        return Ok(value);
                    }
                    None => match &state.refresh {
                        Some(refresh) => refresh.clone(),
                        None => self.start(&mut state, refresh(), false),
                    },
                }
            };
            let error = match self.wait(&under_way).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if let Some(value) = self.lock().valid() {
                return Ok(value);
            }
            // It started while the last credential was valid, perhaps long ago.
            if !under_way.in_background {
                return Err(error.again());
            }
        }
    }

    /// Renews the credential after a refusal. `refused` says whether a credential is the refused one.
    ///
    /// Gives `true` if there is another credential now, and so a reason for another attempt.
    pub async fn renew<F>(&self, refused: impl Fn(&T) -> bool, refresh: impl Fn() -> F) -> bool
    where
        F: Future<Output = Result<Lease<T>>> + Send + 'static,
    {
        let under_way = {
            let mut state = self.lock();
            match &state.lease {
                None => return false,
                // Another call renewed it since.
                Some(lease) if !refused(&lease.value) => return true,
                Some(_) => {}
            }
            let under_way = match &state.refresh {
                Some(refresh) => refresh.clone(),
                None if state.is_paused() => return false,
                None => self.start(&mut state, refresh(), false),
            };
            state.refused = true;
            under_way
        };
        match self.wait(&under_way).await {
            Ok(value) if refused(&value) => {
                self.lock().pause();
                false
            }
            Ok(_) => true,
            Err(error) => {
                tracing::debug!(%error, "the refused credential could not be renewed");
                false
            }
        }
    }

    fn start(
        &self,
        state: &mut State<T>,
        refresh: impl Future<Output = Result<Lease<T>>> + Send + 'static,
        in_background: bool,
    ) -> Refresh<T> {
        state.started += 1;
        let number = state.started;
        let cache = Arc::downgrade(&self.0);
        let outcome = async move {
            let refresh = AssertUnwindSafe(refresh).catch_unwind();
            let outcome = match within_limit(refresh).await {
                Some(Ok(outcome)) => outcome,
                Some(Err(_)) => {
                    Err(Error::new(ErrorKind::Auth, "the credential provider panicked"))
                }
                None => Err(took_too_long()),
            };
            settle(&cache, number, outcome)
        };
        let outcome = outcome.in_current_span().boxed().shared();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(outcome.clone());
        }
        let refresh = Refresh { number, in_background, outcome };
        state.refresh = Some(refresh.clone());
        refresh
    }

    /// Waits for a refresh, even if the runtime that it started on stands still.
    async fn wait(&self, refresh: &Refresh<T>) -> Result<T, Arc<Error>> {
        let outcome = within_limit(refresh.outcome.clone()).await;
        outcome.unwrap_or_else(|| {
            self.lock().forget(refresh.number);
            Err(Arc::new(took_too_long()))
        })
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.0)
    }
}

fn lock<T>(state: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the future gives, or `None` after the time limit. Without a runtime there is no timer and no limit.
async fn within_limit<F: Future>(future: F) -> Option<F::Output> {
    if tokio::runtime::Handle::try_current().is_err() {
        return Some(future.await);
    }
    timeout(TIME_LIMIT, future).await.ok()
}

fn took_too_long() -> Error {
    let message = format!("the credential provider did not answer within {TIME_LIMIT:?}");
    Error::new(ErrorKind::Timeout, message)
}

/// Stores what a refresh brought.
fn settle<T: Clone>(
    cache: &Weak<Mutex<State<T>>>,
    number: u64,
    outcome: Result<Lease<T>>,
) -> Result<T, Arc<Error>> {
    let Some(cache) = cache.upgrade() else {
        return outcome.map(|lease| lease.value).map_err(Arc::new);
    };
    let mut state = lock(&cache);
    let in_background = state.refresh.as_ref().is_some_and(|refresh| refresh.in_background);
    state.forget(number);
    match outcome {
        Ok(lease) => {
            let value = lease.value.clone();
            let is_due = lease.is_due(Instant::now);
            state.lease = Some(lease);
            state.refused = false;
            state.paused_until = None;
            if is_due && in_background {
                state.pause();
            }
            Ok(value)
        }
        Err(error) => {
            tracing::debug!(%error, "the credential could not be refreshed");
            state.pause();
            Err(Arc::new(error))
        }
    }
}

impl<T: Clone> State<T> {
    fn valid(&self) -> Option<T> {
        let lease = self.lease.as_ref().filter(|lease| lease.is_valid(Instant::now))?;
        Some(lease.value.clone())
    }

    fn is_refresh_due(&self) -> bool {
        let is_due = self.lease.as_ref().is_some_and(|lease| lease.is_due(Instant::now));
        is_due && self.refresh.is_none() && !self.is_paused()
    }

    fn is_paused(&self) -> bool {
        self.paused_until.is_some_and(|end| Instant::now() < end)
    }

    /// Starts no refresh for a while; for half of the time that is left, if that is shorter.
    fn pause(&mut self) {
        let now = Instant::now();
        let expires_at = self.lease.as_ref().and_then(|lease| lease.expires_at);
        let left = expires_at.map_or(PAUSE, |end| end.saturating_duration_since(now) / 2);
        self.paused_until = Some(now + PAUSE.min(left));
    }

    fn forget(&mut self, number: u64) {
        self.refresh.take_if(|refresh| refresh.number == number);
    }
}
