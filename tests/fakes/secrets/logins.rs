//! Logins that are sent back: Keystone's 400 repeats what it was sent, in the spelling of Python, JSON or
//! HTML.

use super::{Log, SECRETS, all_of, assert_clean, echo};
use crate::hostile::{Answer, Hostile, Request, http};
use cloud_images::auth::{AkSk, Keystone};
use cloud_images::{RetryPolicy, ims};
use std::time::Duration;

/// Passwords that one spelling or another changes.
const PASSWORDS: [&str; 12] = [
    "HIDDEN-SECRET-KEY",
    "two  spaces",
    "a\ttab",
    " at the ends ",
    "<b>HIDDEN-SECRET-KEY</b>",
    "HIDDEN-SECRET-KEY&amp;",
    "HIDDEN-SECRET-KEY<&>HIDDEN-SECRET-KEY",
    "it's HIDDEN-SECRET-KEY",
    "\"HIDDEN-SECRET-KEY\"",
    "back\\slash",
    "HIDDEN-SECRET-KEY\\'\"<  &",
    "gehei\u{df}",
];

/// As Python shows a string.
fn python(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\t', "\\t");
    if text.contains('\'') && !text.contains('"') {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', "\\'"))
}

fn html(text: &str) -> String {
    [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#x27;")]
        .iter()
        .fold(text.to_owned(), |text, (character, entity)| text.replace(character, entity))
}

fn message(text: &str) -> String {
    serde_json::json!({ "error": { "code": 400, "message": text } }).to_string()
}

/// The ways in which a service repeats a login: the body as it came, and the password in it.
const FORMS: [fn(&str, &str) -> String; 9] = [
    |body, _| body.to_owned(),
    |body, _| message(body),
    |body, _| format!("<html><body><p>{}</p></body></html>", html(body)),
    |_, password| message(&format!("password {} is not valid", python(password))),
    |_, password| message(&format!("password {password} is not valid")),
    |_, password| message(&html(&format!("password {} is not valid", python(password)))),
    |_, password| format!("{{\"message\": \"{}\"}}", escaped(password)),
    |_, password| format!("<html><body>{}</body></html>", html(password)),
    |_, password| format!("plain {password} is not valid"),
];

/// JSON of another spelling: every character by its number.
fn escaped(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn password_of(request: &Request) -> String {
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    let password = &body["auth"]["identity"]["password"]["user"]["password"];
    password.as_str().unwrap_or_default().to_owned()
}

/// A client whose login with this password is answered with it.
async fn refused(status: &'static str, form: usize, password: &str) -> cloud_images::Error {
    let server = Hostile::start(move |_, request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        Answer::Keep(http(status, "", &FORMS[form](&body, &password_of(request))))
    })
    .await;
    let login = Keystone::password(server.url()).user("me", "Default").password(password);
    let retry = RetryPolicy::default().base_delay(Duration::from_millis(1));
    let client = ims::Client::builder().endpoint(server.url()).auth(login).retry(retry);
    client.build().unwrap().image_operations().list_images().await.unwrap_err()
}

#[tokio::test]
async fn a_login_that_is_sent_back_shows_no_password_however_it_is_spelled() {
    let (_log, _guard) = Log::start();
    for status in ["400 Bad Request", "200 OK"] {
        for (form, password) in
            (0..FORMS.len()).flat_map(|form| PASSWORDS.map(|password| (form, password)))
        {
            let error = refused(status, form, password).await;
            let text = all_of(&error);
            assert_clean(&text);
            let collapsed = password.split_whitespace().collect::<Vec<_>>().join(" ");
            for shown in [password, &collapsed, &html(password), &python(password)] {
                let said = error.message();
                assert!(!said.contains(shown), "{shown:?} of form {form} in {said}");
                assert!(!text.contains(shown), "{shown:?} of form {form} in {text}");
            }
        }
    }
}

#[tokio::test]
async fn the_log_of_a_login_that_is_tried_again_shows_no_password() {
    let (log, _guard) = Log::start();
    for form in 0..FORMS.len() {
        refused("503 Unavailable", form, "HIDDEN-SECRET-KEY  <b>it's\\").await;
    }
    let text = log.text();
    assert!(text.contains("the request is sent again"), "{text}");
    assert_clean(&text);
}

#[tokio::test]
async fn an_empty_or_short_password_leaves_messages_readable() {
    let error = refused("400 Bad Request", 4, "").await;
    let said = "Keystone refused the password of user \"me\": password is not valid";
    assert_eq!(error.message(), said);
    let error = refused("400 Bad Request", 4, "sesame").await;
    assert!(error.message().ends_with("password [redacted] is not valid"), "{error}");
}

#[tokio::test]
async fn an_error_of_a_request_signed_with_an_access_key_shows_no_credential() {
    let server = echo("400 Bad Request", |head| format!("{{\"message\": \"{head}\"}}")).await;
    let auth = AkSk::new("AKEXAMPLE", SECRETS[0]).security_token(SECRETS[1]);
    let client = ims::Client::builder().endpoint(server.url()).auth(auth).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_clean(&all_of(&error));
    let sent = &server.requests()[0];
    let signature = sent.header("authorization").unwrap().rsplit('=').next().unwrap().to_owned();
    assert!(!all_of(&error).contains(&signature), "{error}");
    assert!(error.message().contains("[redacted]"), "{error}");
}
