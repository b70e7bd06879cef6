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
    let asked = AtomicU32::new(0);
    let refresh = || {
        asked.fetch_add(1, Ordering::SeqCst);
        async { Ok(Lease::new("the same", None, MINUTE)) }
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

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_back_before_the_credential_expires_makes_nobody_wait() {
    let fixture = Fixture::new();
    fixture.get().await.unwrap();
    fixture.set_down(true);
    // Eight seconds are left when the refresh fails: the pause is half of that.
    pass(MINUTE + Duration::from_secs(51)).await;
    assert_eq!(fixture.get().await.unwrap(), 1);
    pass(Duration::from_secs(2)).await;
    fixture.set_down(false);
    pass(Duration::from_secs(4)).await;
    assert_eq!(fixture.get().await.unwrap(), 1);
    pass(Duration::from_secs(5)).await;
    assert_eq!(fixture.get().now_or_never().unwrap().unwrap(), 3);
}

/// Instance metadata may give a credential that is about to be replaced.
#[tokio::test(start_paused = true)]
async fn a_credential_that_is_due_from_the_start_is_refreshed_once_and_not_with_every_call() {
    let cache = TokenCache::default();
    let asked = AtomicU32::new(0);
    let refresh = || {
        asked.fetch_add(1, Ordering::SeqCst);
        let now = Instant::now();
        async move { Ok(Lease { value: 1, refresh_at: Some(now), expires_at: Some(now + MINUTE) }) }
    };
    cache.get(refresh).await.unwrap();
    for _ in 0..5 {
        cache.get(refresh).await.unwrap();
        pass(Duration::from_millis(100)).await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_credential_is_valid_until_the_time_that_it_names() {
    let now = Instant::now();
    let lease = Lease { value: (), refresh_at: Some(now), expires_at: Some(now) };
    assert!(lease.is_due(|| now) && !lease.is_valid(|| now));
    let before = now - Duration::from_nanos(1);
    assert!(!lease.is_due(|| before) && lease.is_valid(|| before));
}
