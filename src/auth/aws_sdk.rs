//! Credential providers of the AWS SDK.

use super::{CredentialProvider, Credentials};
use crate::{BoxFuture, Error, ErrorKind, Result};
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;

impl<P: ProvideCredentials + 'static> CredentialProvider for P {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
        Box::pin(async {
            let given = self.provide_credentials().await.map_err(reason)?;
            let mut credentials =
                Credentials::new(given.access_key_id(), given.secret_access_key());
            if let Some(token) = given.session_token() {
                credentials = credentials.session_token(token);
            }
            if let Some(time) = given.expiry() {
                credentials = credentials.expires_at(time);
            }
            Ok(credentials)
        })
    }
}

/// The failure of a provider with its last cause in the line: that is the one that says what to do.
fn reason(error: CredentialsError) -> Error {
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let message = format!("the AWS credential provider failed: {cause}");
    Error::new(ErrorKind::Auth, message).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::provider::future::ProvideCredentials as Provided;
    use std::time::{Duration, SystemTime};

    #[derive(Debug)]
    struct Sso {
        expired: bool,
    }

    impl ProvideCredentials for Sso {
        fn provide_credentials<'a>(&'a self) -> Provided<'a>
        where
            Self: 'a,
        {
            Provided::ready(match self.expired {
                true => Err(CredentialsError::provider_error(Error::new(
                    ErrorKind::Auth,
                    "The SSO session has expired:\nrun `aws sso login`",
                ))),
                false => Ok(aws_credential_types::Credentials::new(
                    "AKID",
                    "secret",
                    Some("token".to_owned()),
                    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000)),
                    "test",
                )),
            })
        }
    }

    #[tokio::test]
    async fn credentials_come_with_their_token_and_expiry() {
        let credentials = Sso { expired: false }.credentials().await.unwrap();
        assert_eq!(credentials.access_key_id(), "AKID");
        assert_eq!(credentials.token(), Some("token"));
        let expiry = credentials.expiry().unwrap();
        assert_eq!(expiry.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs(), 4_000_000_000);
    }

    #[tokio::test]
    async fn the_line_says_why_there_are_none() {
        let error = Sso { expired: true }.credentials().await.unwrap_err();
        let line = error.to_string();
        assert!(line.contains("The SSO session has expired: run `aws sso login`"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
}
