//! Kinds follow the code of an error, never its status.

use crate::service::{bodies, builder, client, error, images, server};
use cloud_images::auth::{CredentialProvider, Credentials, SigV4};
use cloud_images::{BoxFuture, ErrorKind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test]
async fn the_kind_is_that_of_the_code() {
    for (status, code, kind, attempts) in [
        (400, "InvalidAMIID.NotFound", ErrorKind::NotFound, 1),
        (400, "InvalidParameterValue", ErrorKind::BadRequest, 1),
        (400, "InvalidNextToken", ErrorKind::InvalidPageToken, 1),
        (503, "RequestLimitExceeded", ErrorKind::Throttled, 3),
        (400, "Throttling", ErrorKind::Throttled, 3),
        (503, "Unavailable", ErrorKind::Server, 3),
        (412, "DryRunOperation", ErrorKind::DryRun, 1),
        (403, "UnauthorizedOperation", ErrorKind::Forbidden, 1),
        (401, "AuthFailure", ErrorKind::Unauthorized, 1),
        (400, "IncorrectState", ErrorKind::Conflict, 1),
    ] {
        let server = server([error(status, code, "It is so &amp; so")]).await;
        let failed = client(&server).images().describe_images().await.unwrap_err();
        assert_eq!(failed.kind(), kind, "{code}");
        assert_eq!(failed.code(), Some(code));
        assert_eq!(failed.message(), "It is so & so");
        assert_eq!(failed.attempts(), attempts, "{code}");
        assert_eq!(bodies(&server).await.len(), attempts as usize, "{code}");
    }
}

/// Gives other credentials each time.
#[derive(Clone, Debug, Default)]
struct Rotating(Arc<AtomicUsize>);

impl CredentialProvider for Rotating {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Ok(Credentials::new(format!("AKID{number}"), "secret")) })
    }
}

#[tokio::test]
async fn expired_credentials_are_renewed_and_a_missing_permission_is_no_reason_to() {
    for (status, code, renewals) in [
        (400, "RequestExpired", 1),
        (403, "SignatureDoesNotMatch", 1),
        (403, "UnauthorizedOperation", 0),
        (403, "AuthFailure", 0),
        (400, "InvalidParameterValue", 0),
    ] {
        let server = server([error(status, code, "no"), images("", "")]).await;
        let provider = Rotating::default();
        let client = builder(&server).auth(SigV4::new("eu-west-1", provider.clone()));
        let outcome = client.build().unwrap().images().describe_images().await;
        assert_eq!(outcome.is_ok(), renewals == 1, "{code}");
        assert_eq!(provider.0.load(Ordering::SeqCst), 1 + renewals, "{code}");
    }
}

#[tokio::test]
async fn a_call_renews_credentials_once() {
    let server = server([error(403, "SignatureDoesNotMatch", "no")]).await;
    let provider = Rotating::default();
    let client = builder(&server).auth(SigV4::new("eu-west-1", provider.clone()));
    let failed = client.build().unwrap().images().describe_images().await.unwrap_err();
    assert_eq!((failed.kind(), failed.attempts()), (ErrorKind::Unauthorized, 2));
    assert_eq!(provider.0.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_error_that_is_no_xml_of_the_service_is_one_all_the_same() {
    let page = wiremock::ResponseTemplate::new(503)
        .set_body_raw("<html><body>over capacity</body></html>", "text/html");
    let server = server([page]).await;
    let failed = client(&server).images().describe_images().await.unwrap_err();
    assert_eq!((failed.kind(), failed.code()), (ErrorKind::Server, None));
    assert!(failed.message().contains("over capacity"), "{failed}");
}

#[tokio::test]
async fn an_answer_that_is_broken_xml_is_shown_where_it_breaks() {
    let filler = "<item>far away</item>".repeat(50);
    let body =
        format!("<DescribeImagesResponse>{filler}<name>right here</tag></DescribeImagesResponse>");
    let server =
        server([wiremock::ResponseTemplate::new(200).set_body_raw(body, "text/xml")]).await;
    let failed = client(&server).images().describe_images().await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Decode);
    assert!(failed.message().contains("<name>right here"), "{failed}");
}
