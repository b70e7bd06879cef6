//! Downloads that resume after a broken connection, and are verified.

mod data_stream;
mod digest;
mod hashing;
mod part_file;
mod transfer;

pub use data_stream::DataStream;

use super::ImageDataApi;
use crate::{BoxFuture, Error, ErrorKind, Result};
use bytes::Bytes;
use digest::Facts;
use futures_util::StreamExt;
use part_file::PartFile;
use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::path::PathBuf;
use std::sync::Arc;
use transfer::{Range, Transfer};

/// A download of an image's data that resumes after a broken connection, and is verified.
///
/// Made by [`ImageDataApi::download`].
#[derive(Clone)]
#[must_use = "a download does nothing until it is used as a stream, as bytes or to a file"]
pub struct Download {
    api: ImageDataApi,
    id: String,
    range: Range,
    prefer: Option<String>,
    resumptions: u32,
    partial_file: Option<PathBuf>,
    progress: Option<OnProgress>,
}

type OnProgress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

impl ImageDataApi {
    /// Downloads the data of an image and verifies it.
    ///
    /// Unlike [`download_image_file`](Self::download_image_file), which sends one request, this resumes after a
    /// broken connection. It also compares the data with the `size` of the image and with its `os_hash_value` or,
    /// without one, its `checksum`. Damaged data is an error.
    ///
    /// Another thread hashes the data while more of it arrives. IMS sends placeholders for the size and the checksum
    /// of images that it does not hash; the data is not compared with those.
    ///
    /// ```no_run
    /// # async fn example(client: cloud_images::ims::Client) -> cloud_images::Result<()> {
    /// let data = client.image_data();
    /// data.download("bc6bed6e-ba3a-4447-afcc-449174a3eb52").to_file("ubuntu.qcow2").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::NoData`]: the image has no data.
    /// - [`ErrorKind::Forbidden`]: the image is deactivated.
    /// - [`ErrorKind::Damaged`]: the data does not match its size or its hash.
    pub fn download(&self, image_id: impl Into<String>) -> Download {
        Download {
            api: self.clone(),
            id: image_id.into(),
            prefer: None,
            range: Range { start: 0, end: None },
            resumptions: 5,
            partial_file: None,
            progress: None,
        }
    }
}

impl Download {
    /// Sets the stores to read from, the first choice first, on a Glance with several stores.
    pub fn prefer(mut self, stores: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let stores: Vec<String> =
            stores.into_iter().map(|store| store.as_ref().to_owned()).collect();
        self.prefer = (!stores.is_empty()).then(|| stores.join(","));
        self
    }

    /// Downloads only these bytes, such as `0..4096` or `1_000_000..`. For a range, only the length is verified.
    pub fn range(mut self, bytes: impl RangeBounds<u64>) -> Self {
        let start = match bytes.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match bytes.end_bound() {
            Bound::Included(last) => Some(last.saturating_add(1)),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        self.range = Range { start, end };
        self
    }

    /// Sets how many times in a row the download may resume without receiving a byte in between. The default is 5;
    /// with 0, the first broken connection is an error.
    pub fn resumptions(mut self, times: u32) -> Self {
        self.resumptions = times;
        self
    }

    /// Calls a function with the number of bytes received so far, and with the total if it is known.
    pub fn on_progress(mut self, call: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(call));
        self
    }

    /// Makes [`to_file`](Self::to_file) collect the data in this file and leave it there if the download fails. The
    /// next download with the same file continues at its end.
    ///
    /// The file must be on the same file system as the target, in a directory that only you can write to. Only one
    /// download at a time can use it; a second one fails. The download starts from the beginning if the service
    /// has no hash of the image, or if the hash shows that the file has other data.
    ///
    /// ```no_run
    /// # async fn example(data: cloud_images::ims::ImageDataApi) -> cloud_images::Result<()> {
    /// let download = data.download("bc6bed6e-ba3a-4447-afcc-449174a3eb52");
    /// download.partial_file("images/ubuntu.partial").to_file("images/ubuntu.qcow2").await?;
    /// # Ok(()) }
    /// ```
    pub fn partial_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.partial_file = Some(path.into());
        self
    }

    /// Downloads the data as a stream, which also implements `AsyncRead`.
    ///
    /// The data is verified at the end: it is good only if the stream ends without an error.
    ///
    /// # Errors
    ///
    /// The errors of [`show_image`](super::ImageOperationsApi::show_image).
    pub async fn stream(self) -> Result<DataStream> {
        Ok(self.flow(self.begin().await?))
    }

    /// Downloads all data into memory, at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ResponseTooLarge`] if there is more, and the errors of [`ImageDataApi::download`].
    pub async fn bytes(self, limit: usize) -> Result<Bytes> {
        let mut stream = self.stream().await?;
        let mut all = bytes::BytesMut::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk?;
            if chunk.len() > limit.saturating_sub(all.len()) {
                let message = format!(
                    "the data is larger than {limit} bytes: raise the limit, or use `to_file()`"
                );
                return Err(Error::new(ErrorKind::ResponseTooLarge, message));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Downloads the data to a file, in constant memory.
    ///
    /// The data goes to a new file with a random name in the same directory. When the data is complete and verified,
    /// this file is renamed to `path` and replaces a file or link there. If the download fails or is dropped, the new
    /// file is removed; use [`partial_file`](Self::partial_file) to keep it. Several downloads to one path do not
    /// disturb each other: the last one to finish wins.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::InvalidRequest`]: `path` is a directory or cannot be written. Nothing is sent.
    /// - [`ErrorKind::DiskFull`]: there is no space for the data.
    /// - The errors of [`ImageDataApi::download`].
    pub fn to_file(self, path: impl Into<PathBuf>) -> BoxFuture<'static, Result<()>> {
        let path = path.into();
        Box::pin(async move {
            part_file::check_target(&path).await?;
            let mut part = match &self.partial_file {
                Some(partial) if *partial == path => {
                    let message = format!(
                        "{} is both the partial file and the target: choose another path for one of them",
                        path.display()
                    );
                    return Err(Error::new(ErrorKind::InvalidRequest, message));
                }
                Some(partial) => PartFile::lasting(partial).await?,
                None => PartFile::beside(&path).await?,
            };
            loop {
                let mut transfer = self.begin().await?;
                let resumed = part.hand_over(&mut transfer).await?;
                match self.fill(&mut part, transfer).await {
                    Ok(()) => return part.rename(&path).await,
                    Err(error) if error.kind() == ErrorKind::Damaged => {
                        part.clear().await?;
                        // What an earlier download left may be of another image.
                        if !resumed {
                            return Err(error);
                        }
                    }
                    Err(error) => return Err(error),
                }
            }
        })
    }

    async fn fill(&self, part: &mut PartFile, transfer: Transfer) -> Result<()> {
        let mut chunks = self.flow(transfer);
        while let Some(chunk) = chunks.next().await {
            match chunk {
                Ok(chunk) => part.write(&chunk).await?,
                Err(error) => {
                    part.flush().await?;
                    return Err(error);
                }
            }
        }
        part.flush().await
    }

    /// Asks the service what the data must be.
    async fn begin(&self) -> Result<Transfer> {
        let images = self.api.client().image_operations();
        let facts = Facts::of(&images.show_image(&self.id).await?);
        let mut request = self.api.download_image_file(&self.id);
        request.prefer = self.prefer.clone();
        Ok(Transfer::new(request, self.range, facts, self.resumptions))
    }

    fn flow(&self, transfer: Transfer) -> DataStream {
        let (length, checked_by) = (transfer.length(), transfer.checked_by());
        let progress = self.progress.clone();
        let chunks = futures_util::stream::try_unfold(transfer, move |mut transfer| {
            let progress = progress.clone();
            async move {
                let Some(chunk) = transfer.next().await? else { return Ok(None) };
                if let Some(progress) = progress {
                    progress(transfer.arrived(), transfer.length());
                }
                Ok(Some((chunk, transfer)))
            }
        });
        DataStream::new(chunks, length, checked_by)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("id", &self.id).finish_non_exhaustive()
    }
}
