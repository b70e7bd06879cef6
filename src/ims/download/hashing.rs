//! Hashing on another thread while more data arrives.

use super::digest::Hasher;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};

/// How much data is hashed at a time: long enough that switching threads costs little beside it.
const BATCH: usize = 2 << 20;

/// A hash of data as it arrives.
///
/// One batch is hashed while the next one is collected. A thread is busy only while there is something to
/// hash, so downloads that nobody reads occupy none.
pub(super) struct Hashing {
    work: Work,
    batch: Vec<Bytes>,
    collected: usize,
}

enum Work {
    Idle(Box<Hasher>),
    Running(JoinHandle<Box<Hasher>>),
    /// The thread panicked, or the runtime shuts down.
    Lost,
}

impl Hashing {
    pub fn new(hasher: Hasher) -> Self {
        Self { work: Work::Idle(Box::new(hasher)), batch: Vec::new(), collected: 0 }
    }

    pub async fn update(&mut self, data: Bytes) -> Result<()> {
        self.collected += data.len();
        self.batch.push(data);
        if self.collected < BATCH { Ok(()) } else { self.hash_batch().await }
    }

    /// The hash in lower-case hexadecimal.
    pub async fn finish(mut self) -> Result<String> {
        self.hash_batch().await?;
        Ok(self.hasher().await?.finish())
    }

    /// Starts to hash what is collected.
    async fn hash_batch(&mut self) -> Result<()> {
        let mut hasher = self.hasher().await?;
        let batch = std::mem::take(&mut self.batch);
        self.collected = 0;
        self.work = Work::Running(spawn_blocking(move || {
            batch.iter().for_each(|data| hasher.update(data));
            hasher
        }));
        Ok(())
    }

    /// The hasher, when it is done with the batch before.
    async fn hasher(&mut self) -> Result<Box<Hasher>> {
        let lost = || {
            Error::new(ErrorKind::Interrupted, "the tokio runtime shut down during the download")
        };
        match std::mem::replace(&mut self.work, Work::Lost) {
            Work::Idle(hasher) => Ok(hasher),
            Work::Running(task) => task.await.map_err(|error| lost().caused_by(error)),
            Work::Lost => Err(lost()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[tokio::test]
    async fn less_than_a_batch_is_held_in_memory() {
        let mut hashing = Hashing::new(Hasher::Sha256(Sha256::new()));
        for (piece, held) in [(BATCH - 1, BATCH - 1), (1, 0), (7, 7), (3 * BATCH, 0), (8, 8)] {
            hashing.update(vec![0; piece].into()).await.unwrap();
            assert_eq!(hashing.batch.iter().map(Bytes::len).sum::<usize>(), held);
        }
    }

    #[tokio::test]
    async fn the_hash_is_that_of_all_data_in_order() {
        for pieces in [vec![], vec![1], vec![BATCH], vec![BATCH - 1, 1, 7], vec![300_000; 9]] {
            let mut hashing = Hashing::new(Hasher::Sha256(Sha256::new()));
            let mut all = Vec::new();
            for (number, length) in pieces.into_iter().enumerate() {
                let piece = vec![u8::try_from(number).unwrap(); length];
                all.extend_from_slice(&piece);
                hashing.update(piece.into()).await.unwrap();
            }
            let expected = crate::hex::encode(&Sha256::digest(&all));
            assert_eq!(hashing.finish().await.unwrap(), expected);
        }
    }
}
