//! The state of a download between its exchanges.

use super::digest::{Expected, Facts};
use super::hashing::Hashing;
use crate::backoff::Backoff;
use crate::ims::requests::DownloadImageFile;
use crate::{ByteStream, Error, ErrorKind, Response, Result};
use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use http::StatusCode;
use std::time::Duration;

/// The delay before a reconnection, by the failures in a row.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_millis(200),
    factor: 2.0,
    longest: Duration::from_millis(12_800),
};

/// Which bytes of the data; the end is exclusive, and none is the end of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub start: u64,
    pub end: Option<u64>,
}

impl Range {
    fn is_whole(self) -> bool {
        self == Self { start: 0, end: None }
    }
}

pub(super) struct Transfer {
    request: DownloadImageFile,
    range: Range,
    /// Where the data must end, once that is known.
    end: Option<u64>,
    expected: Option<Expected>,
    hashing: Option<Hashing>,
    position: u64,
    source: Option<ByteStream>,
    failures: u32,
    resumptions: u32,
}

impl Transfer {
    pub fn new(request: DownloadImageFile, range: Range, facts: Facts, resumptions: u32) -> Self {
        let expected = facts.hash.filter(|_| range.is_whole());
        let end = match (range.end, facts.size) {
            (Some(end), Some(size)) => Some(end.min(size)),
            (end, size) => end.filter(|_| size.is_some()).or(size),
        };
        Self {
            request,
            range,
            end,
            hashing: expected.as_ref().map(|expected| Hashing::new(expected.hasher())),
            expected,
            position: range.start,
            source: None,
            failures: 0,
            resumptions,
        }
    }

    /// How many bytes there will be.
    pub fn length(&self) -> Option<u64> {
        self.end.map(|end| end.saturating_sub(self.range.start))
    }

    pub fn arrived(&self) -> u64 {
        self.position - self.range.start
    }

    pub fn checked_by(&self) -> Option<&'static str> {
        self.expected.as_ref().map(|expected| expected.algorithm)
    }

    /// Counts data as received: by this transfer, or by an earlier one.
    pub async fn received(&mut self, data: Bytes) -> Result<()> {
        self.position += data.len() as u64;
        match &mut self.hashing {
            Some(hashing) => hashing.update(data).await,
            None => Ok(()),
        }
    }

    /// The next chunk, or `None` when all data has arrived and is good.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let source = match &mut self.source {
                Some(source) => source,
                // Nothing is left to request: some services answer such a range with 416.
                None if self.end == Some(self.position) && self.position > self.range.start => {
                    return self.finish().await;
                }
                None => match self.open().await {
                    Ok(source) => self.source.insert(source),
                    Err(error) => {
                        self.failed(error).await?;
                        continue;
                    }
                },
            };
            match source.next().await {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => {
                    self.failures = 0;
                    self.received(chunk.clone()).await?;
                    if self.end.is_some_and(|end| self.position > end) {
                        let end = self.end.unwrap_or_default();
                        let message =
                            format!("the service sent data beyond byte {end}, where it should end");
                        return Err(Error::new(ErrorKind::Damaged, message));
                    }
                    return Ok(Some(chunk));
                }
                Some(Err(error)) => self.failed(error).await?,
                None => match self.end {
                    Some(end) if self.position < end => {
                        let message = format!("the data ended at byte {} of {end}", self.position);
                        self.failed(Error::new(ErrorKind::Interrupted, message)).await?;
                    }
                    _ => return self.finish().await,
                },
            }
        }
    }

    /// Waits before the transfer continues after a failure; returns the error if it is permanent, or the last one
    /// in a row.
    async fn failed(&mut self, error: Error) -> Result<()> {
        self.source = None;
        let policy = self.request.shared.policy(self.request.options.retry.as_deref());
        let transient = error.is_retryable() && policy.waits_for(&error);
        if !transient || self.failures >= self.resumptions {
            return Err(error);
        }
        let delay = BACKOFF.delay(self.failures);
        self.failures += 1;
        tracing::debug!(%error, position = self.position, "the download resumes after a failure");
        tokio::time::sleep(error.retry_after().unwrap_or(delay)).await;
        Ok(())
    }

    /// Requests the data from the position on.
    async fn open(&mut self) -> Result<ByteStream> {
        let mut request = self.request.clone();
        if self.position > 0 || self.range.end.is_some() {
            let last = match self.range.end {
                Some(end) if end <= self.position => {
                    let message =
                        format!("the range from byte {} to {end} is empty", self.position);
                    return Err(Error::new(ErrorKind::InvalidRequest, message));
                }
                Some(end) => (end - 1).to_string(),
                None => String::new(),
            };
            request = request.range(format!("bytes={}-{last}", self.position));
        }
        let response = request.send().await?;
        if response.status() == StatusCode::PARTIAL_CONTENT {
            self.check_range(&response)?;
            return Ok(self.cut(response.into_body()));
        }
        // The service ignored the range and sends everything: the range is cut out of it.
        let length = response.body().length();
        if self.range.end.is_none() && self.end.is_none() {
            self.end = length;
        }
        let mut source = response.into_body();
        let mut skip = self.position;
        while skip > 0 {
            let Some(chunk) = source.next().await else {
                let position = self.position;
                let message = if position == self.range.start {
                    format!("the data ends before byte {position}, where the range begins")
                } else {
                    format!(
                        "the data changed during the download: it now ends before byte {position}; download it again"
                    )
                };
                return Err(Error::new(ErrorKind::Damaged, message));
            };
            let mut chunk = chunk?;
            let many = chunk.len().min(usize::try_from(skip).unwrap_or(usize::MAX));
            skip -= many as u64;
            chunk.advance(many);
            if !chunk.is_empty() {
                source = source.after(chunk);
            }
        }
        Ok(self.cut(source))
    }

    /// Without what comes after the range.
    fn cut(&self, source: ByteStream) -> ByteStream {
        match self.range.end {
            Some(end) => source.cut(end - self.position),
            None => source,
        }
    }

    /// Checks that the response is the range that was requested, of data of the same size as before.
    fn check_range(&mut self, response: &Response<ByteStream>) -> Result<()> {
        let value = response.headers().get("content-range");
        let header = value.and_then(|value| value.to_str().ok());
        let parts = header.and_then(|header| header.strip_prefix("bytes ")?.split_once('/'));
        let range = parts.and_then(|(range, _)| range.split_once('-'));
        let first = range.and_then(|(first, _)| first.parse::<u64>().ok());
        let last = range.and_then(|(_, last)| last.parse::<u64>().ok());
        let Some(last) = last.filter(|last| first == Some(self.position) && *last >= self.position)
        else {
            let header = match value {
                Some(value) if value.is_sensitive() => "a Content-Range with a credential in it",
                _ => header.unwrap_or("no Content-Range"),
            };
            let message =
                format!("requested bytes from {} on, the service sent {header}", self.position);
            return Err(Error::new(ErrorKind::Decode, message));
        };
        let Some(size) = parts.and_then(|(_, size)| size.parse::<u64>().ok()) else {
            // The size is unknown: what the service says of this answer is all there is.
            let end = last.saturating_add(1);
            self.end = self.end.or(Some(self.range.end.map_or(end, |wanted| wanted.min(end))));
            return Ok(());
        };
        let end = self.range.end.map_or(size, |end| end.min(size));
        match self.end {
            Some(known) if known != end => {
                let message = format!(
                    "the data changed during the download: it had {known} bytes and now has {end}; download \
                     it again"
                );
                Err(Error::new(ErrorKind::Damaged, message))
            }
            _ => {
                self.end = Some(end);
                Ok(())
            }
        }
    }

    async fn finish(&mut self) -> Result<Option<Bytes>> {
        let damaged = |message| Err(Error::new(ErrorKind::Damaged, message));
        if let Some(end) = self.end.filter(|end| *end != self.position) {
            let message = format!("the data has {} bytes, but must have {end}", self.position);
            return damaged(message);
        }
        if let Some((expected, hashing)) = self.expected.as_ref().zip(self.hashing.take()) {
            let hash = hashing.finish().await?;
            if hash != expected.value {
                let Expected { algorithm, value } = expected;
                return damaged(format!(
                    "the data is damaged: its {algorithm} is {hash}, but must be {value}"
                ));
            }
        }
        Ok(None)
    }
}
