//! Subscribers for one test in a process of many.

use std::sync::OnceLock;
use tracing::Dispatch;

/// A subscriber for one test: install it with `set_default` or `with_subscriber`.
///
/// As long as `tracing` knows one subscriber alone, it asks only the thread that reaches a callsite first
/// whether somebody listens, and the "no" of another test's thread would hold for all. A second one that
/// stays makes it ask them all.
pub fn of_one_test(subscriber: impl Into<Dispatch>) -> Dispatch {
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(tracing_subscriber::registry()));
    subscriber.into()
}
