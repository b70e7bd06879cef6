//! A server that answers requests in turn, and remembers them.

use cloud_images::auth::{Credentials, SigV4};
use cloud_images::{RetryPolicy, ec2};
use std::sync::Mutex;
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// An answer to an action, in the form of the service.
pub fn answer(action: &str, inner: &str) -> ResponseTemplate {
    let body = format!(
        "{HEAD}<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n    \
         <requestId>r-1</requestId>\n    {inner}\n</{action}Response>"
    );
    ResponseTemplate::new(200).set_body_raw(body, "text/xml;charset=UTF-8")
}

pub fn error(status: u16, code: &str, message: &str) -> ResponseTemplate {
    let body = format!(
        "{HEAD}<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>\
         <RequestID>r-2</RequestID></Response>"
    );
    ResponseTemplate::new(status).set_body_raw(body, "text/xml;charset=UTF-8")
}

/// An image of an owner.
pub fn image(id: &str, more: &str) -> String {
    format!("<item><imageId>{id}</imageId><imageOwnerId>123456789012</imageOwnerId>{more}</item>")
}

pub fn images(items: &str, token: &str) -> ResponseTemplate {
    let token =
        if token.is_empty() { String::new() } else { format!("<nextToken>{token}</nextToken>") };
    answer("DescribeImages", &format!("<imagesSet>{items}</imagesSet>{token}"))
}

/// The answers in turn; the last one for ever.
struct InTurn(Mutex<Vec<ResponseTemplate>>);

impl Respond for InTurn {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut answers = self.0.lock().unwrap();
        if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() }
    }
}

pub async fn server(answers: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let answers: Vec<_> = answers.into_iter().collect();
    respond(InTurn(Mutex::new(answers))).await
}

pub async fn respond(respond: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

pub fn builder(server: &MockServer) -> cloud_images::ClientBuilder<ec2::Client> {
    let retry = RetryPolicy::default()
        .base_delay(Duration::from_millis(1))
        .throttled_delay(Duration::from_millis(1));
    ec2::Client::builder()
        .endpoint(server.uri())
        .auth(SigV4::new("eu-west-1", Credentials::new("AKIDEXAMPLE", "secret")))
        .retry(retry)
}

pub fn client(server: &MockServer) -> ec2::Client {
    builder(server).build().unwrap()
}

/// The bodies that the server got.
pub async fn bodies(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| String::from_utf8(request.body.clone()).unwrap()).collect()
}

/// The action of a request.
pub fn action(request: &Request) -> String {
    parameter(request, "Action").unwrap_or_default()
}

/// A parameter of a request.
pub fn parameter(request: &Request, name: &str) -> Option<String> {
    url::form_urlencoded::parse(&request.body)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The region that a request is signed for.
pub fn region(request: &Request) -> String {
    let scope = request.headers["authorization"].to_str().unwrap();
    scope.split('/').nth(2).unwrap().to_owned()
}
