//! Dry runs: the service's 412 as the answer it is.

use super::{requests, types};
use crate::{Error, ErrorKind, Response, Result};

/// What a request would have done, had it been carried out.
///
/// The service answers a dry run that went well with 412. That is no failure, so it is this value; a
/// request that would not have succeeded is an [`Error`] as ever.
///
/// Source: ParallelCluster API 3.16.1, DryrunOperationExceptionResponseContent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DryRun {
    /// That the request would have succeeded, in the words of the service.
    pub message: String,
    /// What the validators have to say about the configuration. Never for `build_image`.
    pub validation_messages: Vec<types::ConfigValidationMessage>,
    /// What an update would change. Only for `update_cluster`.
    pub change_set: Vec<types::Change>,
}

macro_rules! dry_run {
    ($($request:ident: $effects:literal)*) => {$(
        impl requests::$request {
            /// Has the request checked, but not carried out.
            ///
            #[doc = $effects]
            ///
            /// # Errors
            ///
            /// What the request itself would fail with: an invalid configuration is
            /// [`ErrorKind::BadRequest`] with its
            /// [`body`](crate::Error::body), a name that is taken is [`ErrorKind::BadRequest`] or
            /// [`ErrorKind::Conflict`].
            pub async fn dry_run(self) -> Result<DryRun> {
                outcome(self.dryrun(true).send().await)
            }
        }
    )*};
}

dry_run! {
    BuildImage: "Not free of effects: unless the configuration names a `CleanupLambdaRole`, the \
                 service creates an IAM role even then."
    CreateCluster: "[`DryRun::validation_messages`] has the warnings of the validators."
    UpdateCluster: "[`DryRun::change_set`] has what would change."
}

fn outcome<T>(answer: Result<Response<T>>) -> Result<DryRun> {
    match answer {
        Err(error) if error.kind() == ErrorKind::DryRun => {
            let body = error.body::<types::DryrunOperationExceptionResponseContent>();
            let body = body.unwrap_or_default();
            Ok(DryRun {
                message: body.message.unwrap_or_else(|| error.message().to_owned()),
                validation_messages: body.validation_messages,
                change_set: body.change_set,
            })
        }
        Err(error) => Err(error),
        Ok(response) => Err(Error::new(
            ErrorKind::UnexpectedStatus,
            format!(
                "a dry run was answered with {}: it may have been carried out",
                response.status()
            ),
        )),
    }
}
