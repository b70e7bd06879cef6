//! A cache for credentials that expire, shared by all schemes.
//!
//! - One refresh runs at a time, in a task of its own: a caller that gives up does not cancel it.
//! - A valid credential is used until a better one is there; callers wait only if there is none, or if
//!   the service refused the one there is.
//! - A refusal starts one refresh, and the calls that were refused meanwhile wait for it.
//! - A refresh has a time limit. After a failed one, a credential that is still valid is used on, and the
//!   next refresh starts after a pause.

use crate::{BoxFuture, Error, ErrorKind, Result};
use futures_util::FutureExt as _;
use futures_util::future::Shared;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;

/// The longest time that a provider or a login may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The longest pause after a refresh that brought nothing better.
const PAUSE: Duration = Duration::from_secs(10);

/// When a credential without a known expiry is refreshed.
const UNKNOWN_EXPIRY: Duration = Duration::from_secs(15 * 60);

/// A credential with the times that its cache needs.
#[derive(Clone, Debug)]
pub(super) struct Lease<T> {
    pub value: T,
    /// When to start a refresh in the background; `None` for never.
    pub refresh_at: Option<Instant>,
    /// When the credential expires; `None` for never, or if it is not known.
    pub expires_at: Option<Instant>,
}

impl<T> Lease<T> {
    /// A credential that stays the same for as long as the program runs.
    pub fn fixed(value: T) -> Self {
        Self { value, refresh_at: None, expires_at: None }
    }

    /// A credential that is refreshed `margin` before it expires, or after 15 minutes if it has no
    /// expiry.
    pub fn new(value: T, expires_at: Option<SystemTime>, margin: Duration) -> Self {
        let now = Instant::now();
        let Some(time) = expires_at else {
            return Self { value, refresh_at: Some(now + UNKNOWN_EXPIRY), expires_at: None };
        };
        let left = time.duration_since(SystemTime::now()).unwrap_or_default();
        Self {
            value,
            refresh_at: Some(now + left.saturating_sub(margin)),
            // Beyond the range of the clock is as good as never.
            expires_at: now.checked_add(left),
        }
    }

    fn is_valid(&self, now: Instant) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    fn is_due(&self, now: Instant) -> bool {
        self.refresh_at.is_some_and(|time| now >= time)
    }
}

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

/// A refresh under way. Whoever waits for it drives it, as its own task does.
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
            let is_due = lease.is_due(Instant::now());
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
        let lease = self.lease.as_ref().filter(|lease| lease.is_valid(Instant::now()))?;
        Some(lease.value.clone())
    }

    fn is_refresh_due(&self) -> bool {
        let is_due = self.lease.as_ref().is_some_and(|lease| lease.is_due(Instant::now()));
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::{join_all, pending};
    use std::sync::atomic::{AtomicU32, Ordering};

    const MINUTE: Duration = Duration::from_secs(60);

    /// A provider that numbers its credentials and takes a second for each.
    #[derive(Default)]
    struct Provider {
        asked: AtomicU32,
        is_down: std::sync::atomic::AtomicBool,
    }

    struct Fixture {
        cache: TokenCache<u32>,
        provider: Arc<Provider>,
    }

    impl Fixture {
        fn new() -> Self {
            Self { cache: TokenCache::default(), provider: Arc::default() }
        }

        /// Credentials that are due after a minute and expire after two.
        fn refresh(&self) -> impl Future<Output = Result<Lease<u32>>> + Send + use<> {
            let provider = Arc::clone(&self.provider);
            async move {
                let value = provider.asked.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::time::sleep(Duration::from_secs(1)).await;
                if provider.is_down.load(Ordering::SeqCst) {
                    return Err(Error::new(ErrorKind::Auth, "nobody is there"));
                }
                let now = Instant::now();
                let (refresh_at, expires_at) = (Some(now + MINUTE), Some(now + 2 * MINUTE));
                Ok(Lease { value, refresh_at, expires_at })
            }
        }

        async fn get(&self) -> Result<u32> {
            self.cache.get(|| self.refresh()).await
        }

        async fn renew(&self, refused: u32) -> bool {
            self.cache.renew(|value| *value == refused, || self.refresh()).await
        }

        fn asked(&self) -> u32 {
            self.provider.asked.load(Ordering::SeqCst)
        }

        fn set_down(&self, is_down: bool) {
            self.provider.is_down.store(is_down, Ordering::SeqCst);
        }
    }

    async fn pass(time: Duration) {
        tokio::time::sleep(time).await;
    }

    #[tokio::test(start_paused = true)]
    async fn callers_share_one_refresh_and_its_outcome() {
        for is_down in [false, true] {
            let fixture = Fixture::new();
            fixture.set_down(is_down);
            let outcomes = join_all((0..50).map(|_| fixture.get())).await;
            assert!(outcomes.iter().all(|outcome| outcome.is_err() == is_down));
            assert_eq!(fixture.asked(), 1);
            // The next call asks again after a failure, and not after a success.
            assert_eq!(fixture.get().await.is_err(), is_down);
            assert_eq!(fixture.asked(), 1 + u32::from(is_down));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_credential_that_is_due_is_used_while_the_next_one_is_obtained() {
        let fixture = Fixture::new();
        assert_eq!(fixture.get().await.unwrap(), 1);
        pass(MINUTE).await;
        for _ in 0..3 {
            assert_eq!(fixture.get().now_or_never().unwrap().unwrap(), 1);
        }
        pass(Duration::from_secs(2)).await;
        assert_eq!(fixture.get().now_or_never().unwrap().unwrap(), 2);
        assert_eq!(fixture.asked(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_valid_credential_is_used_until_it_expires_while_the_provider_fails() {
        let fixture = Fixture::new();
        fixture.get().await.unwrap();
        fixture.set_down(true);
        pass(MINUTE).await;
        for _ in 0..58 {
            assert_eq!(fixture.get().await.unwrap(), 1);
            pass(Duration::from_secs(1)).await;
        }
        // Not asked with every call.
        assert!((2..12).contains(&fixture.asked()), "{}", fixture.asked());
        pass(2 * MINUTE).await;
        assert_eq!(fixture.get().await.unwrap_err().message(), "nobody is there");
        fixture.set_down(false);
        assert!(fixture.get().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_does_not_cancel_the_refresh() {
        let fixture = Fixture::new();
        for _ in 0..50 {
            let deadline = timeout(Duration::from_millis(500), fixture.get());
            if deadline.await.is_ok_and(|outcome| outcome.is_ok()) {
                assert_eq!(fixture.asked(), 1);
                return;
            }
        }
        panic!("no call got the credential; {} were asked for", fixture.asked());
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_are_refused_together_wait_for_one_renewal() {
        let fixture = Fixture::new();
        fixture.get().await.unwrap();
        let renewed = join_all((0..20).map(|_| fixture.renew(1))).await;
        assert_eq!(renewed, [true; 20]);
        assert_eq!((fixture.get().await.unwrap(), fixture.asked()), (2, 2));
        // One that was sent before and is refused only now.
        assert!(fixture.renew(1).await);
        assert_eq!(fixture.asked(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn new_calls_wait_for_the_renewal_of_a_refused_credential() {
        let fixture = Fixture::new();
        fixture.get().await.unwrap();
        let (renewed, value) = tokio::join!(fixture.renew(1), fixture.get());
        assert_eq!((renewed, value.unwrap()), (true, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_credential_stays_if_the_provider_is_down() {
        let fixture = Fixture::new();
        fixture.get().await.unwrap();
        fixture.set_down(true);
        for _ in 0..20 {
            assert!(!fixture.renew(1).await);
            assert_eq!(fixture.get().await.unwrap(), 1);
        }
        assert!(fixture.asked() < 6, "{}", fixture.asked());
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_repeats_itself_is_no_reason_for_another_attempt() {
        let cache = TokenCache::default();
        let asked = Arc::new(AtomicU32::new(0));
        let refresh = || {
            let asked = Arc::clone(&asked);
            async move {
                asked.fetch_add(1, Ordering::SeqCst);
                Ok(Lease::new("the same", None, MINUTE))
            }
        };
        cache.get(refresh).await.unwrap();
        for _ in 0..20 {
            assert!(!cache.renew(|_| true, refresh).await);
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_credential_without_expiry_is_refreshed_after_fifteen_minutes() {
        let cache = TokenCache::default();
        let get = |value| cache.get(move || async move { Ok(Lease::new(value, None, MINUTE)) });
        assert_eq!(get(1).await.unwrap(), 1);
        pass(14 * MINUTE).await;
        assert_eq!(get(2).await.unwrap(), 1);
        pass(2 * MINUTE).await;
        assert_eq!(get(3).await.unwrap(), 1);
        pass(Duration::from_secs(1)).await;
        assert_eq!(get(4).await.unwrap(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_hangs_is_an_error_and_asked_again() {
        let cache = TokenCache::<u32>::default();
        for _ in 0..2 {
            let error = cache.get(pending).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout);
            assert!(error.message().contains("credential provider"), "{error}");
        }
        assert_eq!(cache.get(|| async { Ok(Lease::fixed(1)) }).await.unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_panics_is_an_error_and_asked_again() {
        let cache = TokenCache::<u32>::default();
        let error = cache.get(|| async { panic!("out of order") }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert_eq!(cache.get(|| async { Ok(Lease::fixed(1)) }).await.unwrap(), 1);
    }

    #[test]
    fn a_refresh_on_a_runtime_that_is_gone_is_started_again() {
        let runtime = || {
            tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap()
        };
        let fixture = Fixture::new();
        let first = runtime();
        first.block_on(async { assert!(fixture.get().now_or_never().is_none()) });
        drop(first);
        runtime().block_on(async {
            // The timer of the first runtime cannot be used any more.
            let _ = fixture.get().await;
            assert!(fixture.get().await.is_ok());
        });
    }
}
