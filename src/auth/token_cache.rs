//! A credential that ends: asked for by one of those who share it, and kept while it is valid.

use crate::{Error, Result};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long another is waited for while the present one is still valid.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long one that is still valid is used on when no other could be had.
const PAUSE: Duration = Duration::from_secs(10);

/// A credential as far as its end is concerned.
pub(super) trait Lease: Clone {
    /// How long it is still valid, if it is time for another.
    fn left_when_due(&self) -> Option<Duration>;
}

/// What the clones of a scheme share.
pub(super) struct TokenCache<T> {
    state: Mutex<State<T>>,
    /// Held by the one who asks.
    turn: tokio::sync::Mutex<()>,
    /// How often an answer that all waited for came.
    answers: AtomicU64,
}

struct State<T> {
    credential: Option<T>,
    /// Until then no other is asked for.
    pause_until: Option<Instant>,
    /// Why there is none.
    failure: Option<Error>,
}

enum Held<T> {
    Good(T),
    /// Still valid for this time.
    Due(T, Duration),
    Nothing,
}

impl<T> Default for TokenCache<T> {
    fn default() -> Self {
        let state = State { credential: None, pause_until: None, failure: None };
        Self { state: Mutex::new(state), turn: Default::default(), answers: Default::default() }
    }
}

impl<T: Lease> TokenCache<T> {
    /// The credential, asked for if there is none or if it ends soon.
    ///
    /// One caller asks. Where there is nothing valid the others wait for its answer, and share it if it
    /// is a refusal. Else they use what is still valid, and so does the one who asks if the answer is
    /// late or an error.
    pub async fn get(&self, ask: impl Future<Output = Result<T>>) -> Result<T> {
        let before = self.answers.load(Ordering::Acquire);
        let _turn = match self.held() {
            Held::Good(credential) => return Ok(credential),
            Held::Due(credential, _) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(credential),
            },
            Held::Nothing => self.turn.lock().await,
        };
        // Another may have asked since.
        let fresh = match self.held() {
            Held::Good(credential) => return Ok(credential),
            Held::Due(credential, left) => {
                // Now already: a caller who gives up is not to leave the same wait to the next.
                self.state().pause_until = Some(Instant::now() + PAUSE.min(left / 2));
                match timeout(PATIENCE.min(left / 2), ask).await {
                    Ok(Ok(fresh)) => fresh,
                    Ok(Err(error)) => {
                        tracing::debug!(%error, "the credential could not be renewed and is used on");
                        return Ok(credential);
                    }
                    Err(_) => {
                        tracing::debug!("the credential was not renewed in time and is used on");
                        return Ok(credential);
                    }
                }
            }
            Held::Nothing => {
                if self.answers.load(Ordering::Acquire) != before
                    && let Some(failure) = &self.state().failure
                {
                    return Err(failure.again());
                }
                let answer = ask.await;
                self.answers.fetch_add(1, Ordering::AcqRel);
                answer.inspect_err(|error| {
                    *self.state() =
                        State { credential: None, pause_until: None, failure: Some(error.again()) };
                })?
            }
        };
        let kept = Some(fresh.clone());
        *self.state() = State { credential: kept, pause_until: None, failure: None };
        Ok(fresh)
    }

    /// What was asked for last, valid or not.
    #[cfg(feature = "sigv4")]
    pub fn last(&self) -> Option<T> {
        self.state().credential.clone()
    }

    /// Forgets a credential that was refused, unless another call renewed it since.
    pub fn forget_if(&self, refused: impl FnOnce(&T) -> bool) {
        let mut state = self.state();
        if state.credential.as_ref().is_some_and(refused) {
            state.credential = None;
        }
    }

    fn held(&self) -> Held<T> {
        let state = self.state();
        let Some(credential) = state.credential.clone() else { return Held::Nothing };
        let pausing = state.pause_until.is_some_and(|end| Instant::now() < end);
        match credential.left_when_due() {
            None => Held::Good(credential),
            Some(Duration::ZERO) => Held::Nothing,
            Some(_) if pausing => Held::Good(credential),
            Some(left) => Held::Due(credential, left),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use futures::FutureExt;
    use std::future::{pending, ready};

    /// A number, when it is due, and when it ends.
    #[derive(Clone, Copy, Debug)]
    struct Numbered(u32, Instant, Instant);

    impl Lease for Numbered {
        fn left_when_due(&self) -> Option<Duration> {
            let now = Instant::now();
            (now >= self.1).then(|| self.2.saturating_duration_since(now))
        }
    }

    /// Due after a minute, over after two.
    fn numbered(number: u32) -> Result<Numbered> {
        let minute = Duration::from_secs(60);
        Ok(Numbered(number, Instant::now() + minute, Instant::now() + 2 * minute))
    }

    fn failed() -> Result<Numbered> {
        Err(Error::new(ErrorKind::Auth, "nobody is there"))
    }

    async fn number(kept: &TokenCache<Numbered>, answer: Result<Numbered>) -> Option<u32> {
        kept.get(ready(answer)).await.ok().map(|numbered| numbered.0)
    }

    async fn with_one_that_is_due() -> TokenCache<Numbered> {
        let kept = TokenCache::default();
        assert_eq!(number(&kept, numbered(1)).await, Some(1));
        assert_eq!(number(&kept, numbered(2)).await, Some(1));
        tokio::time::advance(Duration::from_secs(61)).await;
        kept
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_due_is_renewed() {
        let kept = with_one_that_is_due().await;
        assert_eq!(number(&kept, numbered(2)).await, Some(2));
        assert_eq!(number(&kept, numbered(3)).await, Some(2));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_valid_is_used_on_until_its_end_if_no_other_is_given() {
        let kept = with_one_that_is_due().await;
        assert_eq!(number(&kept, failed()).await, Some(1));
        // Not asked again at once.
        assert_eq!(number(&kept, numbered(2)).await, Some(1));
        tokio::time::advance(Duration::from_secs(58)).await;
        assert_eq!(number(&kept, failed()).await, Some(1));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(number(&kept, failed()).await, None);
        assert_eq!(number(&kept, numbered(2)).await, Some(2));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_valid_is_used_while_another_is_asked_for() {
        let kept = with_one_that_is_due().await;
        let mut first = Box::pin(kept.get(pending()));
        assert!(first.as_mut().now_or_never().is_none());
        for _ in 0..3 {
            assert_eq!(number(&kept, numbered(2)).now_or_never().unwrap(), Some(1));
        }
        // Nor does the one who asks wait for ever.
        assert_eq!(first.await.unwrap().0, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_asking_does_not_leave_the_wait_to_the_next() {
        let kept = with_one_that_is_due().await;
        assert!(kept.get(pending()).now_or_never().is_none());
        assert_eq!(number(&kept, numbered(2)).now_or_never().unwrap(), Some(1));
        tokio::time::advance(PAUSE).await;
        assert_eq!(number(&kept, numbered(2)).await, Some(2));
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_for_the_same_answer_share_it() {
        for answer in [failed as fn() -> _, || numbered(1)] {
            let kept = TokenCache::default();
            let asked = AtomicU64::new(0);
            let ask = || async {
                asked.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_secs(1)).await;
                answer()
            };
            let outcomes = futures::future::join_all((0..5).map(|_| kept.get(ask()))).await;
            assert!(outcomes.iter().all(|outcome| outcome.is_ok() == answer().is_ok()));
            assert_eq!(asked.load(Ordering::Relaxed), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_refused_is_forgotten_unless_it_was_renewed() {
        let kept = with_one_that_is_due().await;
        kept.forget_if(|numbered| numbered.0 == 7);
        assert_eq!(number(&kept, failed()).await, Some(1));
        kept.forget_if(|numbered| numbered.0 == 1);
        assert_eq!(number(&kept, failed()).await, None);
    }
}
