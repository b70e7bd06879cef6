//! Downloads to files.

use super::download::Download;
use super::transfer::Transfer;
use crate::{BoxFuture, Error, ErrorKind, Result};
use futures_util::StreamExt;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// To a file, or as bytes: `download.await` would not say which.
impl Download {
    /// To a file, in constant memory.
    ///
    /// The data arrives in a file beside it, whose name ends in the image's id and `.part`; it gets the
    /// name asked for when all of it is there and good. If that file is there already from an attempt
    /// that was given up, the download goes on at its end.
    ///
    /// # Errors
    ///
    /// As for [`ImageDataApi::download`](super::ImageDataApi::download), and
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the file cannot be written.
    pub fn to_file(self, path: impl Into<std::path::PathBuf>) -> BoxFuture<'static, Result<()>> {
        Box::pin(save(self, path.into()))
    }
}

/// Downloads beside the file, and gives it its name when the data is good.
async fn save(download: Download, path: PathBuf) -> Result<()> {
    let part = beside(&path, &download.id)?;
    let mut transfer = download.begin().await?;
    let mut file = open(&part, &mut transfer).await.map_err(|error| failed(&part, error))?;
    let mut chunks = download.flow(transfer);
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => file.write_all(&chunk).await.map_err(|error| failed(&part, error))?,
            Err(error) => {
                // What arrived is kept for the next attempt, unless it is what is wrong.
                let kept = file.flush().await;
                if error.kind() == ErrorKind::Damaged {
                    fs::remove_file(&part).await.map_err(|error| failed(&part, error))?;
                }
                return kept.map_err(|error| failed(&part, error)).and(Err(error));
            }
        }
    }
    file.flush().await.map_err(|error| failed(&part, error))?;
    file.sync_all().await.map_err(|error| failed(&part, error))?;
    fs::rename(&part, &path).await.map_err(|error| failed(&path, error))
}

/// The file for what arrives, and in the transfer what is in it already.
async fn open(part: &Path, transfer: &mut Transfer) -> io::Result<File> {
    // What is there of a range may be another range.
    let goes_on = transfer.checked_by().is_some();
    let mut file =
        File::options().create(true).read(true).write(true).truncate(!goes_on).open(part).await?;
    if file.metadata().await?.len() > transfer.length().unwrap_or(0) {
        file.set_len(0).await?;
    }
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer).await? {
            0 => return Ok(file),
            many => transfer.had(&buffer[..many]),
        }
    }
}

fn beside(path: &Path, id: &str) -> Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| {
        let message = format!("{} names no file", path.display());
        Error::new(ErrorKind::InvalidRequest, message)
    })?;
    let mut name = name.to_owned();
    name.push(format!(".{id}.part"));
    Ok(path.with_file_name(name))
}

fn failed(path: &Path, error: io::Error) -> Error {
    let message = format!("{} cannot be written: {error}", path.display());
    Error::new(ErrorKind::InvalidRequest, message).caused_by(error)
}
