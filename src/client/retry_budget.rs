//! The retries that the clones of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a client starts with, and holds at most.
const CAPACITY: u32 = 500;
/// What another attempt costs; a success gives back [`REFUND`].
const COST: u32 = 5;
const REFUND: u32 = 1;

/// Tokens that retries take and successes give back. In an outage they run out, and the client sends
/// each request once instead of multiplying the load of a service that is down already.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl Budget {
    /// Takes what one retry costs, if it is there.
    pub(super) fn take(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST))
            .is_ok()
    }

    pub(super) fn refund(&self) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
            (tokens < CAPACITY).then(|| tokens + REFUND)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_uses_the_budget_up_and_successes_fill_it_again() {
        let budget = Budget::default();
        let taken = (0..1000).filter(|_| budget.take()).count();
        assert_eq!(taken, (CAPACITY / COST) as usize);
        (0..COST).for_each(|_| budget.refund());
        assert!(budget.take());
        assert!(!budget.take());
    }

    #[test]
    fn a_full_budget_does_not_grow() {
        let budget = Budget::default();
        (0..10).for_each(|_| budget.refund());
        assert_eq!((0..1000).filter(|_| budget.take()).count(), (CAPACITY / COST) as usize);
        (1..COST).for_each(|_| budget.refund());
        assert!(!budget.take());
    }
}
