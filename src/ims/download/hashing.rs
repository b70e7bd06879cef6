//! Hashing on another thread while more data arrives.

use super::digest::Hasher;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use futures_util::future::{Either, select};
use std::pin::pin;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

/// How much data is hashed at a time: long enough that switching threads costs little beside it.
const BATCH: usize = 1 << 20;

/// What a piece takes at least, however short: it keeps the buffer that it was read into, and HTTP/1 reads into 8 KiB.
const LEAST_PIECE: usize = 8 << 10;

/// A hash of data as it arrives.
///
/// One batch is hashed while another waits and the next is collected. The thread goes on with the batch that
/// waits, and ends if there is none, so downloads that nobody reads occupy none.
pub(super) struct Hashing {
    work: Work,
    /// Has room for one batch.
    waiting: mpsc::Sender<Batch>,
    batch: Batch,
    collected: usize,
}

type Batch = Vec<Bytes>;

enum Work {
    Idle(Worker),
    Running(JoinHandle<Worker>),
    /// The thread panicked, the runtime shuts down, or nobody waited for it any more.
    Lost,
}

struct Worker {
    hasher: Box<Hasher>,
    waiting: mpsc::Receiver<Batch>,
}

impl Worker {
    /// Hashes on another thread: a batch, and those that come to wait meanwhile.
    fn start(mut self, batch: Batch) -> JoinHandle<Self> {
        // One may have come just when the thread ended the last time.
        let left = self.waiting.try_recv().unwrap_or_default();
        spawn_blocking(move || {
            self.hash(left);
            self.hash(batch);
            while let Ok(batch) = self.waiting.try_recv() {
                self.hash(batch);
            }
            self
        })
    }

    fn hash(&mut self, batch: Batch) {
        batch.iter().for_each(|data| self.hasher.update(data));
    }
}

impl Hashing {
    pub fn new(hasher: Hasher) -> Self {
        let (sender, waiting) = mpsc::channel(1);
        let worker = Worker { hasher: Box::new(hasher), waiting };
        Self { work: Work::Idle(worker), waiting: sender, batch: Batch::new(), collected: 0 }
    }

    pub async fn update(&mut self, data: Bytes) -> Result<()> {
        self.collected += data.len().max(LEAST_PIECE);
        self.batch.push(data);
        if self.collected < BATCH { Ok(()) } else { self.hash_batch().await }
    }

    /// The hash in lower-case hexadecimal.
    pub async fn finish(self) -> Result<String> {
        let worker = match self.work {
            Work::Idle(worker) => worker,
            Work::Running(task) => task.await.map_err(lost)?,
            Work::Lost => return Err(interrupted()),
        };
        Ok(worker.start(self.batch).await.map_err(lost)?.hasher.finish())
    }

    /// Hands on what is collected, as soon as no other batch waits.
    async fn hash_batch(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.collected = 0;
        let worker = match std::mem::replace(&mut self.work, Work::Lost) {
            Work::Idle(worker) => worker,
            Work::Running(task) => match select(task, pin!(self.waiting.reserve())).await {
                Either::Left((worker, _)) => worker.map_err(lost)?,
                Either::Right((Ok(room), task)) => {
                    room.send(batch);
                    self.work = Work::Running(task);
                    return Ok(());
                }
                Either::Right((Err(_), _)) => return Err(interrupted()),
            },
            Work::Lost => return Err(interrupted()),
        };
        self.work = Work::Running(worker.start(batch));
        Ok(())
    }
}

fn interrupted() -> Error {
    Error::new(ErrorKind::Interrupted, "the tokio runtime shut down during the download")
}

fn lost(error: JoinError) -> Error {
    interrupted().caused_by(error)
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
    async fn a_server_that_sends_byte_by_byte_does_not_fill_the_memory_with_buffers() {
        let mut hashing = Hashing::new(Hasher::Sha256(Sha256::new()));
        for _ in 0..10_000 {
            hashing.update(Bytes::from_static(b"a")).await.unwrap();
            assert!(hashing.batch.len() < BATCH / LEAST_PIECE);
        }
        let expected = crate::hex::encode(&Sha256::digest(vec![b'a'; 10_000]));
        assert_eq!(hashing.finish().await.unwrap(), expected);
    }

    #[tokio::test]
    async fn the_hash_is_that_of_all_data_in_order() {
        for pieces in
            [vec![], vec![1], vec![BATCH], vec![BATCH - 1, 1, 7], vec![300_000; 9], vec![BATCH; 9]]
        {
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

    /// Between the last look of the thread for a batch and its end, one may come.
    #[tokio::test]
    async fn a_batch_that_a_thread_leaves_is_hashed_before_the_next() {
        for later in [BATCH, 1] {
            let mut hashing = Hashing::new(Hasher::Sha256(Sha256::new()));
            hashing.update(vec![1; BATCH].into()).await.unwrap();
            let Work::Running(task) = &hashing.work else { panic!("nothing is hashed") };
            while !task.is_finished() {
                tokio::task::yield_now().await;
            }
            hashing.waiting.try_send(vec![Bytes::from_static(b"left")]).unwrap();
            hashing.update(vec![3; later].into()).await.unwrap();
            let all = [vec![1; BATCH], b"left".to_vec(), vec![3; later]].concat();
            let expected = crate::hex::encode(&Sha256::digest(&all));
            assert_eq!(hashing.finish().await.unwrap(), expected);
        }
    }
}
