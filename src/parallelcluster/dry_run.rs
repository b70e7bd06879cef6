//! Dry runs: a 412 of the service is their success.

use super::{requests, types};
use crate::{Error, ErrorKind, Response, Result};

/// What a request would have done.
///
/// The service answers 412 to a dry run that succeeds; this type is the body of that response. A request that would
/// have failed is an [`Error`], as without a dry run.
///
/// Source: ParallelCluster API 3.16.1, DryrunOperationExceptionResponseContent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DryRun {
    /// The service's statement that the request would have succeeded.
    pub message: String,
    /// What the validators found in the configuration. Empty for `build_image`.
    pub validation_messages: Vec<types::ConfigValidationMessage>,
    /// What an update would change. Only for `update_cluster`.
    pub change_set: Vec<types::Change>,
}

macro_rules! dry_run {
    ($($request:ident: $effects:literal)*) => {$(
        impl requests::$request {
            /// Checks the request without carrying it out.
            ///
            #[doc = $effects]
            ///
            /// # Errors
            ///
            /// The errors of the request without a dry run. [`ErrorKind::BadRequest`], with a
            /// [`body`](crate::Error::body), if the configuration is invalid. [`ErrorKind::BadRequest`] or
            /// [`ErrorKind::Conflict`] if the name is taken.
            pub async fn dry_run(self) -> Result<DryRun> {
                outcome(self.dryrun(true).send().await)
            }
        }
    )*};
}

dry_run! {
    BuildImage: "It has a side effect: the service creates an IAM role, unless the configuration names a \
                 `CleanupLambdaRole`."
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
                "the response to a dry run is {}: the request may have been carried out",
                response.status()
            ),
        )),
    }
}
