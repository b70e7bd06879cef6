//! Dry runs: the service says with an error that a request would have worked.

use super::requests;
use crate::{Error, ErrorKind, Result};

macro_rules! dry_run {
    ($($request:ident)*) => {$(
        impl requests::$request {
            /// Checks the request and the permission for it, without carrying it out. Returns `Ok` if it would succeed.
            ///
            /// # Errors
            ///
            /// The errors of the request, such as [`ErrorKind::Forbidden`] if the permission is missing.
            pub async fn dry_run(self) -> Result<()> {
                done(self.dryrun(true).await.map(drop))
            }
        }
    )*};
}

/// The code `DryRunOperation` is what a dry run hopes for. A success is none: the request was carried out.
fn done(outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::DryRun => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            let message =
                "the service carried out the request instead of a dry run: check what it changed";
            Err(Error::new(ErrorKind::UnexpectedStatus, message))
        }
    }
}

dry_run! {
    CopyImage
    CreateImage
    CreateTags
    DeleteTags
    DeregisterImage
    DescribeImages
    DisableImage
    DisableImageDeprecation
    DisableImageDeregistrationProtection
    EnableImage
    EnableImageDeprecation
    EnableImageDeregistrationProtection
    ModifyImageAttribute
    RegisterImage
    ResetImageAttribute
    RestoreImageFromRecycleBin
}
