//! The state of a download between its exchanges.

use super::digest::{Expected, Hasher};
use super::requests::DownloadImageFile;
use crate::{ByteStream, Error, ErrorKind, Response, Result};
use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use http::StatusCode;
use std::time::Duration;

/// The wait before a connection is made again; doubled with each failure in a row.
const PAUSE: Duration = Duration::from_millis(200);

/// Which bytes, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    pub start: u64,
    pub end: Option<u64>,
}

impl Part {
    fn is_whole(self) -> bool {
        self == Self { start: 0, end: None }
    }
}

pub(super) struct Transfer {
    request: DownloadImageFile,
    part: Part,
    /// Where the data has to end, once it is known.
    end: Option<u64>,
    expected: Option<Expected>,
    hasher: Option<Hasher>,
    position: u64,
    source: Option<ByteStream>,
    failures: u32,
    resumptions: u32,
}

impl Transfer {
    pub fn new(
        request: DownloadImageFile,
        part: Part,
        size: Option<u64>,
        expected: Option<Expected>,
        resumptions: u32,
    ) -> Self {
        let expected = expected.filter(|_| part.is_whole());
        let end = match (part.end, size) {
            (Some(end), Some(size)) => Some(end.min(size)),
            (end, size) => end.filter(|_| size.is_some()).or(size),
        };
        Self {
            request,
            part,
            end,
            hasher: expected.as_ref().map(Expected::hasher),
            expected,
            position: part.start,
            source: None,
            failures: 0,
            resumptions,
        }
    }

    /// How many bytes there will be.
    pub fn length(&self) -> Option<u64> {
        self.end.map(|end| end.saturating_sub(self.part.start))
    }

    pub fn arrived(&self) -> u64 {
        self.position - self.part.start
    }

    pub fn checked_by(&self) -> Option<&'static str> {
        self.expected.as_ref().map(|expected| expected.name)
    }

    /// Takes data into account that an earlier attempt left.
    pub fn had(&mut self, data: &[u8]) {
        self.position += data.len() as u64;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(data);
        }
    }

    /// The next chunk, or `None` when all data is there and good.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let source = match &mut self.source {
                Some(source) => source,
                // Nothing is left to ask for, and some services answer that with a 416.
                None if self.end == Some(self.position) && self.position > self.part.start => {
                    return self.finish();
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
                    self.had(&chunk);
                    if self.end.is_some_and(|end| self.position > end) {
                        let message = "there is more data than the size of the image";
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
                    _ => return self.finish(),
                },
            }
        }
    }

    /// Waits to go on after a failure that may pass; gives it back if there is no point.
    async fn failed(&mut self, error: Error) -> Result<()> {
        self.source = None;
        let policy = self.request.shared.policy(&self.request.options);
        let passing = error.is_retryable() && policy.waits_for(&error);
        if !passing || self.failures >= self.resumptions {
            return Err(error);
        }
        let pause = PAUSE * (1 << self.failures.min(6));
        self.failures += 1;
        tracing::debug!(%error, position = self.position, "the download goes on after a failure");
        tokio::time::sleep(error.retry_after().unwrap_or(pause)).await;
        Ok(())
    }

    /// Asks for the data from the position on.
    async fn open(&mut self) -> Result<ByteStream> {
        let mut request = self.request.clone();
        if self.position > 0 || self.part.end.is_some() {
            let last = match self.part.end {
                Some(end) if end <= self.position => {
                    let message = "the range holds no bytes";
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
            return Ok(response.into_body());
        }
        // The whole data, whatever was asked for: the part is cut out of it.
        let length = response.body().length();
        if self.part.end.is_none() && self.end.is_none() {
            self.end = length;
        }
        let mut source = response.into_body();
        let mut skip = self.position;
        while skip > 0 {
            let Some(chunk) = source.next().await else {
                let message = "the data is shorter than the part that is there already";
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
        if let Some(end) = self.part.end {
            source = source.cut(end - self.position);
        }
        Ok(source)
    }

    /// A part that is not the one asked for would be put in the wrong place.
    fn check_range(&mut self, response: &Response<ByteStream>) -> Result<()> {
        let told = response.headers().get("content-range").and_then(|value| value.to_str().ok());
        let parts = told.and_then(|told| told.strip_prefix("bytes ")?.split_once('/'));
        let first = parts.and_then(|(range, _)| range.split_once('-')?.0.parse::<u64>().ok());
        if first != Some(self.position) {
            let told = told.unwrap_or("no range");
            let message = format!("asked for byte {} on, the service sent {told}", self.position);
            return Err(Error::new(ErrorKind::Decode, message));
        }
        if self.end.is_none()
            && let Some(size) = parts.and_then(|(_, size)| size.parse::<u64>().ok())
        {
            self.end = Some(self.part.end.map_or(size, |end| end.min(size)));
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Option<Bytes>> {
        let damaged = |message| Err(Error::new(ErrorKind::Damaged, message));
        if let Some(end) = self.end.filter(|end| *end != self.position) {
            return damaged(format!("the data has {} bytes instead of {end}", self.position));
        }
        if let Some((expected, hasher)) = self.expected.as_ref().zip(self.hasher.take()) {
            let hash = hasher.finish();
            if hash != expected.value {
                let Expected { name, value } = expected;
                return damaged(format!("the data has the {name} {hash} instead of {value}"));
            }
        }
        Ok(None)
    }
}
