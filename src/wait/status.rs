//! Waiting for a status that a request shows.

use super::{Seen, Wait};
use crate::{Error, ErrorKind, Result};
use std::future::IntoFuture;

/// What a status means to a wait.
pub(crate) enum Verdict {
    /// It will change.
    Pending,
    /// It is the one that is waited for.
    Done,
    /// The other one will not come, with the service's reason if it gives one.
    Failed(Option<String>),
}

/// The status of a thing as a label.
#[allow(dead_code)] // not every service leaves it out at times
pub(crate) fn status_label<T: ToString>(status: Option<&T>) -> String {
    status.map_or_else(|| "no status".to_owned(), ToString::to_string)
}

impl<S: Clone + Send + Sync + 'static> Wait<S> {
    /// Sends `request` until `judge` is content with what it shows. `open` takes the thing out of the answer;
    /// an answer without it is an error.
    pub(crate) fn for_status<R, E>(
        subject: String,
        request: R,
        open: fn(E) -> Option<S>,
        label: fn(&S) -> String,
        judge: fn(&S) -> Verdict,
    ) -> Self
    where
        R: IntoFuture<Output = Result<E>, IntoFuture: Send> + Clone + Send + Sync + 'static,
        E: Send + 'static,
    {
        Self::new(subject.clone(), label, move || {
            let (request, subject) = (request.clone(), subject.clone());
            Box::pin(async move {
                let state = open(request.await?).ok_or_else(|| {
                    Error::new(
                        ErrorKind::Decode,
                        format!("{subject}: the response does not describe it"),
                    )
                })?;
                Ok(match judge(&state) {
                    Verdict::Pending => Seen::Pending(state),
                    Verdict::Done => Seen::Done(state),
                    Verdict::Failed(reason) => {
                        let reason = reason.filter(|reason| !reason.is_empty());
                        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
                        let message = format!("{subject}: {}{reason}", label(&state));
                        Seen::Failed(state, Error::new(ErrorKind::Failed, message).into())
                    }
                })
            })
        })
    }
}
