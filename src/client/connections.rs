//! The connection pools of a client.
//!
//! The task that drives a connection lives in the runtime that opened it: on a connection of a runtime that
//! is not driven, every request hangs. So each runtime has a pool of its own. A pool is also given up after a
//! timeout on a shared connection, and after an upload that was refused: the next request opens a fresh
//! connection, while those under way go on.

use crate::Result;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::runtime::{Handle, Id};

/// How many runtimes have a pool at a time. Programs have one or two; a test has one for each test.
const MOST: usize = 8;

/// Makes an HTTP client. With `true` it connects directly, not by a proxy.
type Make = Box<dyn Fn(bool) -> Result<reqwest::Client> + Send + Sync>;

pub(super) struct Connections {
    /// The one that was made with the client: the first pool, and for building requests.
    first: reqwest::Client,
    direct: bool,
    /// How to make a pool; nothing for an HTTP client of the user's own.
    make: Option<Make>,
    pools: Mutex<Pools>,
}

#[derive(Default)]
struct Pools {
    /// The oldest first.
    held: Vec<Pool>,
    /// How many there have been.
    made: u64,
}

/// The connections of one runtime.
#[derive(Clone)]
pub(super) struct Pool {
    pub client: reqwest::Client,
    runtime: Option<Id>,
    direct: bool,
    /// The number of the pool: pools of the same runtime follow each other.
    number: u64,
}

impl Connections {
    /// Connections that are made as needed.
    pub fn new(make: Make, direct: bool) -> Result<Self> {
        Ok(Self { first: make(direct)?, direct, make: Some(make), pools: Mutex::default() })
    }

    /// Those of a ready HTTP client.
    pub fn of(client: reqwest::Client) -> Self {
        Self { first: client, direct: false, make: None, pools: Mutex::default() }
    }

    /// A client to build requests with.
    pub fn any(&self) -> &reqwest::Client {
        &self.first
    }

    /// Whether the HTTP client may follow redirects.
    pub fn may_redirect(&self) -> bool {
        self.make.is_none()
    }

    /// The pool of this runtime: one that connects directly, or by the proxy if there is one.
    pub fn current(&self, direct: bool) -> Result<Pool> {
        let runtime = Handle::try_current().ok().map(|handle| handle.id());
        let Some(make) = &self.make else {
            return Ok(Pool { client: self.first.clone(), runtime, direct, number: 0 });
        };
        let mut pools = self.pools();
        let is_right = |pool: &&Pool| pool.runtime == runtime && pool.direct == direct;
        if let Some(pool) = pools.held.iter().find(is_right) {
            return Ok(pool.clone());
        }
        let is_first = pools.made == 0 && direct == self.direct;
        let client = if is_first { self.first.clone() } else { make(direct)? };
        if pools.held.len() >= MOST {
            pools.held.remove(0);
        }
        pools.made += 1;
        let pool = Pool { client, runtime, direct, number: pools.made };
        pools.held.push(pool.clone());
        Ok(pool)
    }

    /// Gives up a pool: the next request opens a fresh connection.
    pub fn abandon(&self, pool: &Pool) {
        self.pools().held.retain(|held| held.number != pool.number);
    }

    fn pools(&self) -> MutexGuard<'_, Pools> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::http_client;
    use crate::client::trust::Trust;
    use std::time::Duration;

    fn connections() -> Connections {
        let make = |direct| http_client::make(Duration::from_secs(1), &Trust::default(), direct);
        Connections::new(Box::new(make), false).unwrap()
    }

    fn number(connections: &Connections) -> u64 {
        connections.current(false).unwrap().number
    }

    #[test]
    fn each_runtime_has_a_pool_of_its_own() {
        let connections = connections();
        let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (one, other) = (runtime(), runtime());
        let first = one.block_on(async { number(&connections) });
        assert_ne!(other.block_on(async { number(&connections) }), first);
        assert_eq!(one.block_on(async { number(&connections) }), first);
        for _ in 0..100 {
            runtime().block_on(async { number(&connections) });
        }
        assert_eq!(connections.pools().held.len(), MOST);
    }

    #[tokio::test]
    async fn a_pool_is_given_up_once() {
        let connections = connections();
        let first = connections.current(false).unwrap();
        connections.abandon(&first);
        let second = number(&connections);
        assert_ne!(second, first.number);
        connections.abandon(&first);
        assert_eq!(number(&connections), second);
    }
}
