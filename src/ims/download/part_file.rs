//! The file that data arrives in before it gets its name.

use super::transfer::Transfer;
use crate::{Error, ErrorKind, Result};
use bytes::BytesMut;
use std::fs::{File, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf, is_separator};
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, BufWriter};

/// How much is written to the disk at a time.
const BUFFER: usize = 1 << 20;

/// How many random names are tried, and how often a partial file is opened that gets another name meanwhile.
const ATTEMPTS: u32 = 16;

/// A file under another name than its final one.
///
/// Dropping it removes the file, unless it outlasts the download.
pub(super) struct PartFile {
    path: PathBuf,
    /// The path that the user knows.
    shown: PathBuf,
    file: BufWriter<fs::File>,
    removed_on_drop: bool,
}

impl PartFile {
    /// A new file in the directory of the target. Its name is random and it did not exist before, so that no
    /// other download writes to it, and no link leads elsewhere.
    pub async fn beside(target: &Path) -> Result<Self> {
        let target = target.to_owned();
        blocking(move || {
            for _ in 0..ATTEMPTS {
                let random = RandomState::new().hash_one(0);
                let path = target.with_file_name(format!(".download-{random:016x}.part"));
                match File::options().write(true).create_new(true).open(&path) {
                    Ok(file) => return Ok(Self::new(path, target, file, true)),
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(failed(&target, error)),
                }
            }
            let message = format!(
                "{} cannot be written: no name is free for a temporary file beside it",
                target.display()
            );
            Err(Error::new(ErrorKind::InvalidRequest, message))
        })
        .await
    }

    /// A file that outlasts the download, with what an earlier download left in it. One download at a time can have it.
    pub async fn lasting(path: &Path) -> Result<Self> {
        let path = path.to_owned();
        blocking(move || {
            for _ in 0..ATTEMPTS {
                let file = open(&path)?;
                if let Some(file) = locked(&path, file)? {
                    return Ok(Self::new(path.clone(), path, file, false));
                }
            }
            Err(in_use(&path))
        })
        .await
    }

    fn new(path: PathBuf, shown: PathBuf, file: File, removed_on_drop: bool) -> Self {
        let file = fs::File::from_std(file);
        Self { path, shown, file: BufWriter::with_capacity(BUFFER, file), removed_on_drop }
    }

    /// Lets a transfer continue at the end of what is in the file, or clears the file if nothing can prove that
    /// it is the beginning of the same data.
    pub async fn hand_over(&mut self, transfer: &mut Transfer) -> Result<bool> {
        let length = self.length().await?;
        let provable = transfer.checked_by().is_some()
            && transfer.length().is_some_and(|expected| length <= expected);
        if length == 0 || !provable {
            self.clear().await?;
            return Ok(false);
        }
        loop {
            let mut piece = BytesMut::with_capacity(BUFFER);
            let read = self.file.get_mut().read_buf(&mut piece).await;
            if read.map_err(|error| failed(&self.shown, error))? == 0 {
                return Ok(true);
            }
            transfer.received(piece.freeze()).await?;
        }
    }

    async fn length(&self) -> Result<u64> {
        let metadata = self.file.get_ref().metadata().await;
        Ok(metadata.map_err(|error| failed(&self.shown, error))?.len())
    }

    /// Removes what is in the file.
    pub async fn clear(&mut self) -> Result<()> {
        let cleared = async {
            self.file.rewind().await?;
            self.file.get_mut().set_len(0).await
        };
        cleared.await.map_err(|error| failed(&self.shown, error))
    }

    pub async fn write(&mut self, data: &[u8]) -> Result<()> {
        self.file.write_all(data).await.map_err(|error| failed(&self.shown, error))
    }

    /// Writes what is still in memory.
    pub async fn flush(&mut self) -> Result<()> {
        self.file.flush().await.map_err(|error| failed(&self.shown, error))
    }

    /// Gives the file its name, after the data has reached the disk.
    pub async fn rename(mut self, target: &Path) -> Result<()> {
        self.flush().await?;
        self.file.get_mut().sync_all().await.map_err(|error| failed(&self.shown, error))?;
        fs::rename(&self.path, target).await.map_err(|error| failed(target, error))?;
        self.removed_on_drop = false;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if self.removed_on_drop {
            // There is nobody to report a failure to.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The partial file under a path, which may be a new one.
fn open(path: &Path) -> Result<File> {
    check_is_file(path, std::fs::symlink_metadata(path))?;
    let file = File::options().read(true).write(true).create(true).truncate(false).open(path);
    file.map_err(|error| failed(path, error))
}

/// Locks the file that was opened under a path. `None` if that is no longer its path: before it was locked, another
/// download may have finished it and given it another name.
fn locked(path: &Path, file: File) -> Result<Option<File>> {
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(in_use(path)),
        Err(TryLockError::Error(error)) => return Err(failed(path, error)),
    }
    // A lock belongs to one handle, so what can be locked by a second one is another file.
    let again = match File::options().read(true).write(true).open(path) {
        Ok(again) => again,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, error)),
    };
    match again.try_lock() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(file)),
        Err(TryLockError::Error(error)) => Err(failed(path, error)),
    }
}

fn in_use(path: &Path) -> Error {
    let message =
        format!("{} is in use by another download: choose another partial file", path.display());
    Error::new(ErrorKind::InvalidRequest, message)
}

/// Runs work that blocks. When nobody waits for the result any more, it is dropped, and a new file removed.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let shut_down = |error| {
        let message = "the tokio runtime shut down during the download";
        Error::new(ErrorKind::Interrupted, message).caused_by(error)
    };
    tokio::task::spawn_blocking(work).await.map_err(shut_down)?
}

/// Refuses a path that no file can be renamed to.
pub(super) async fn check_target(path: &Path) -> Result<()> {
    let last = path.as_os_str().as_encoded_bytes().last().copied();
    if path.file_name().is_none() || last.is_some_and(|last| is_separator(last.into())) {
        let message = format!("{} does not name a file", path.display());
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    check_is_file(path, fs::metadata(path).await)
}

/// Refuses a directory, a device and everything else that exists and is not a file.
fn check_is_file(path: &Path, found: io::Result<std::fs::Metadata>) -> Result<()> {
    let message = match found {
        Ok(found) if found.is_dir() => "is a directory: add the name of the file",
        Ok(found) if !found.is_file() => "is not a regular file",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::InvalidRequest, format!("{} {message}", path.display())))
}

fn failed(path: &Path, error: io::Error) -> Error {
    use io::ErrorKind::{QuotaExceeded, StorageFull};
    let kind = match error.kind() {
        StorageFull | QuotaExceeded => ErrorKind::DiskFull,
        _ => ErrorKind::InvalidRequest,
    };
    Error::new(kind, format!("{} cannot be written: {error}", path.display())).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_its_own_kind_of_error() {
        for (kind, expected) in [
            (io::ErrorKind::StorageFull, ErrorKind::DiskFull),
            (io::ErrorKind::QuotaExceeded, ErrorKind::DiskFull),
            (io::ErrorKind::PermissionDenied, ErrorKind::InvalidRequest),
        ] {
            let error = failed(Path::new("disk.img"), kind.into());
            assert_eq!(error.kind(), expected);
            assert!(error.message().starts_with("disk.img cannot be written: "), "{error}");
        }
    }

    #[test]
    fn a_file_that_another_download_finished_meanwhile_is_left_alone() {
        let name = format!("cloud-images-renamed-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        let (partial, target) = (directory.join("partial"), directory.join("disk.img"));
        let finish = || {
            let others = locked(&partial, open(&partial).unwrap()).unwrap().unwrap();
            std::fs::rename(&partial, &target).unwrap();
            drop(others);
        };
        let opened = open(&partial).unwrap();
        finish();
        assert!(locked(&partial, opened).unwrap().is_none(), "nothing has the path");

        let opened = open(&partial).unwrap();
        finish();
        let new = open(&partial).unwrap();
        assert!(locked(&partial, opened).unwrap().is_none(), "another file has the path");

        let held = locked(&partial, new).unwrap().unwrap();
        let error = locked(&partial, open(&partial).unwrap()).unwrap_err();
        assert!(error.message().contains("in use by another download"), "{error}");
        drop(held);
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
