use super::*;
use crate::auth::Authenticate;
use crate::auth::keystone::wire::login;
use serde_json::{Value, json};

fn body(options: &[(&str, &str)]) -> Result<Value> {
    let rest = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let source = "the test".to_owned();
    let options = Options { source, rest: rest.collect(), ..Options::default() };
    login(&options.keystone()?.settings)
}

fn message(options: &[(&str, &str)]) -> String {
    body(options).unwrap_err().message().to_owned()
}

const URL: (&str, &str) = ("auth_url", "https://k/v3");

#[test]
fn a_password_login_names_user_and_project_by_name_and_domain() {
    let auth = body(&[
        URL,
        ("username", "me"),
        ("user_domain_name", "D"),
        ("password", "pw"),
        ("tenant_name", "p"),
    ]);
    let expected = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": {
            "name": "me", "domain": { "name": "D" }, "password": "pw" } } },
        "scope": { "project": { "name": "p", "domain": { "id": "default" } } },
    } });
    assert_eq!(auth.unwrap(), expected);
}

/// Else the password goes to the user of that name in the domain `Default`.
#[test]
fn one_domain_is_that_of_user_and_project() {
    let me = [URL, ("username", "me"), ("password", "pw"), ("domain_name", "D")];
    let auth = body(&[&me[..], &[("project_name", "p")]].concat()).unwrap();
    assert_eq!(auth["auth"]["identity"]["password"]["user"]["domain"]["name"], "D");
    assert_eq!(auth["auth"]["scope"]["project"]["domain"]["name"], "D");
    // Without a project it is what the token is for.
    let auth = body(&[&me[..], &[("user_domain_id", "U")]].concat()).unwrap();
    assert_eq!(auth["auth"]["identity"]["password"]["user"]["domain"]["id"], "U");
    assert_eq!(auth["auth"]["scope"], json!({ "domain": { "name": "D" } }));
}

#[test]
fn an_application_credential_has_no_scope() {
    let auth = body(&[
        URL,
        ("application_credential_id", "app"),
        ("application_credential_secret", "s"),
        ("project_name", "left over"),
    ]);
    let expected = json!({ "auth": { "identity": {
        "methods": ["application_credential"],
        "application_credential": { "id": "app", "secret": "s" } } } });
    assert_eq!(auth.unwrap(), expected);
}

#[test]
fn a_token_may_be_for_the_system_or_a_trust() {
    let scope = |option| {
        let me = [URL, ("user_id", "1"), ("password", "pw"), option];
        body(&me).map(|auth| auth["auth"]["scope"].clone())
    };
    assert_eq!(scope(("system_scope", "all")).unwrap(), json!({ "system": { "all": true } }));
    assert_eq!(scope(("trust_id", "t")).unwrap(), json!({ "OS-TRUST:trust": { "id": "t" } }));
    assert!(
        scope(("system_scope", "some")).unwrap_err().message().contains("the only value is all")
    );
    let both = [URL, ("user_id", "1"), ("password", "pw"), ("trust_id", "t"), ("project_id", "p")];
    assert!(message(&both).contains("has project and trust_id"));
}

#[test]
fn a_token_is_a_login_of_its_own() {
    for key in ["token", "auth_token"] {
        let auth = body(&[URL, (key, "gAAA"), ("project_id", "p")]).unwrap();
        assert_eq!(auth["auth"]["identity"]["token"]["id"], "gAAA");
    }
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(message(&[]), "the test has no auth_url, which a login needs");
    let of_password = |what| format!("the test has no {what}, which the auth_type password needs");
    assert_eq!(message(&[URL, ("username", "me")]), of_password("password"));
    assert_eq!(message(&[URL, ("password", "pw")]), of_password("username or user_id"));
    let url = ("auth_url", "https://iam.{region_name}.example.com");
    assert_eq!(message(&[url]), "the test has no region_name, which its auth_url needs");
}

#[test]
fn what_is_missing_in_the_environment_is_named_as_a_variable() {
    let secret = ("application_credential_secret", "s");
    let table: [(&[_], _); 4] = [
        (&[], "has no OS_PASSWORD, which the auth_type password needs"),
        (&[secret], "has no OS_APPLICATION_CREDENTIAL_ID or OS_APPLICATION_CREDENTIAL_NAME, which"),
        (
            &[secret, ("application_credential_name", "n")],
            "has no OS_USERNAME or OS_USER_ID, which",
        ),
        (&[("auth_type", "none")], "has the OS_AUTH_TYPE \"none\""),
    ];
    for (set, expected) in table {
        let set = [("auth_url", "https://k/v3")].iter().chain(set);
        let options = Options {
            source: "the environment".to_owned(),
            in_environment: true,
            rest: set.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ..Options::default()
        };
        let error = options.keystone().unwrap_err();
        assert!(error.message().starts_with(&format!("the environment {expected}")), "{error}");
    }
}

#[test]
fn what_is_not_offered_is_refused_by_name() {
    let kinds = [
        ("v3kerberos", "supported are password"),
        ("v3totp", "application credential"),
        ("v3oidcpassword", "OpenID Connect"),
        ("v2password", "version 2"),
        ("none", "endpoint"),
    ];
    for (kind, reason) in kinds {
        let message = message(&[URL, ("auth_type", kind)]);
        assert!(message.contains(kind) && message.contains(reason), "{message}");
    }
    assert!(message(&[URL, ("cert", "me.pem")]).contains("has cert"));
    assert!(message(&[URL, ("identity_api_version", "2.0")]).contains("identity_api_version"));
}

#[test]
fn certificates_are_verified_unless_the_user_allows_otherwise() {
    let rest = [URL, ("user_id", "1"), ("password", "pw"), ("insecure", "true")];
    let rest = rest.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let keystone = Options { rest, ..Options::default() }.keystone().unwrap();
    let error = keystone.certificates().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.message().contains("danger_accept_invalid_certs"), "{error}");
    assert!(keystone.clone().danger_accept_invalid_certs(true).certificates().unwrap().accept_any);
    let mut settings = (*keystone.settings).clone();
    settings.tls = Tls { ca_file: Some("/nowhere/ca.pem".into()), ..Tls::default() };
    let error = Keystone::of(settings).certificates().unwrap_err();
    assert!(error.message().contains("/nowhere/ca.pem cannot be read"), "{error}");
}

#[test]
fn certificates_endpoints_and_interfaces_are_read() {
    let options = [
        URL,
        ("user_id", "1"),
        ("password", "pw"),
        ("cacert", "/etc/ca.pem"),
        ("verify", "False"),
        ("interface", "internalURL,public"),
        ("image_endpoint_override", "https://glance.example.com"),
    ];
    let rest = options.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let settings = Options { rest, ..Options::default() }.keystone().unwrap().settings;
    assert_eq!(settings.tls.ca_file.as_deref(), Some("/etc/ca.pem".as_ref()));
    assert!(settings.tls.insecure);
    assert_eq!(settings.interfaces, ["internal", "public"]);
    assert_eq!(settings.endpoints["image"], "https://glance.example.com");
}
