//! What is sent as the data of an image.

use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::sync::{Arc, Mutex};

/// The data of an upload: bytes, or a stream that can be sent once.
///
/// Cloning is cheap. The clones of a stream share it: whichever is sent first takes it, and it is
/// never sent twice.
#[derive(Clone)]
pub struct Body(Inner);

#[derive(Clone)]
enum Inner {
    Bytes(Bytes),
    Stream(Arc<Mutex<Option<reqwest::Body>>>),
}

impl Body {
    /// A body that is produced while it is sent, in constant memory.
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let body =
            reqwest::Body::wrap_stream(futures_util::TryStreamExt::map_ok(stream, Into::into));
        Self(Inner::Stream(Arc::new(Mutex::new(Some(body)))))
    }

    /// The body for the HTTP client; a stream only once.
    pub(crate) fn into_reqwest(self) -> Result<reqwest::Body> {
        match self.0 {
            Inner::Bytes(bytes) => Ok(bytes.into()),
            Inner::Stream(stream) => {
                let body = stream.lock().ok().and_then(|mut slot| slot.take());
                body.ok_or_else(|| {
                    Error::new(ErrorKind::InvalidRequest, "the stream of this body was sent before")
                })
            }
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Inner::Bytes(bytes.into()))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Inner::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}
