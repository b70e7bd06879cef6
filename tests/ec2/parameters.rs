//! The parameters of SSM.

use crate::service::{builder, respond, server};
use cloud_images::ErrorKind;
use futures::TryStreamExt;
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

fn json(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
}

#[tokio::test]
async fn parameters_are_shown_and_listed() {
    let server = respond(|request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let scope = request.headers["authorization"].to_str().unwrap();
        assert!(scope.contains("/eu-west-1/ssm/aws4_request"), "{scope}");
        assert_eq!(request.headers["content-type"], "application/x-amz-json-1.1");
        let found =
            |name: &str| json!({ "Name": name, "Value": "ami-1", "LastModifiedDate": 1.7949834E9 });
        match (request.headers["x-amz-target"].to_str().unwrap(), body["NextToken"].as_str()) {
            ("AmazonSSM.GetParameter", _) => json(200, json!({ "Parameter": found("/a") })),
            ("AmazonSSM.GetParametersByPath", None) => {
                assert_eq!(body, json!({ "Path": "/p", "MaxResults": 10 }));
                json(200, json!({ "Parameters": [found("/p/a")], "NextToken": "2" }))
            }
            ("AmazonSSM.GetParametersByPath", Some("2")) => {
                json(200, json!({ "Parameters": [found("/p/b")] }))
            }
            _ => json(400, json!({ "__type": "UnknownOperationException" })),
        }
    })
    .await;
    let parameters = builder(&server).build().unwrap().ssm().unwrap().parameters();
    let one = parameters.get_parameter("/a").await.unwrap().parameter;
    assert_eq!((one.value.as_str(), one.last_modified_date), ("ami-1", Some(1.7949834E9)));
    let all: Vec<_> = parameters.get_parameters_by_path("/p").items().try_collect().await.unwrap();
    assert_eq!(all.iter().map(|one| &*one.name).collect::<Vec<_>>(), ["/p/a", "/p/b"]);
    assert!(!format!("{one:?}").contains("ami-1"), "a value may be a secret");
}

#[tokio::test]
async fn errors_have_kinds_by_their_code() {
    for (code, kind, attempts) in [
        ("ParameterNotFound", ErrorKind::NotFound, 1),
        ("com.amazonaws.ssm#ParameterNotFound", ErrorKind::NotFound, 1),
        ("ThrottlingException", ErrorKind::Throttled, 3),
        ("UnrecognizedClientException", ErrorKind::Unauthorized, 1),
        ("AccessDeniedException", ErrorKind::Forbidden, 1),
        ("ValidationException", ErrorKind::BadRequest, 1),
    ] {
        let server = server([json(400, json!({ "__type": code }))]).await;
        let parameters = builder(&server).build().unwrap().ssm().unwrap().parameters();
        let error = parameters.get_parameter("/a").await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (kind, attempts), "{error}");
        assert_eq!(error.message(), "the service sent no message");
    }
}
