//! The login of every file in `tests/data/clouds.json` is that of openstacksdk.

use super::super::environment::from_variables;
use super::super::settings::interface;
use super::super::wire::login;
use super::*;
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    region: Option<String>,
    variables: Option<BTreeMap<String, String>>,
    expected: Expected,
}

/// What openstacksdk sends, and how it goes on.
#[derive(Deserialize)]
struct Expected {
    url: String,
    body: Value,
    region: Option<String>,
    interfaces: Vec<String>,
    endpoint: Option<String>,
    ca_file: Option<PathBuf>,
    insecure: bool,
}

fn options(case: &Case) -> Result<Options> {
    if let Some(variables) = &case.variables {
        return from_variables(variables.iter().map(|(name, value)| (name.into(), value.into())));
    }
    let file = |name| case.files.get(name).map_or(Node::Null, |text| Node::parse(text).unwrap());
    let mut clouds = file("clouds");
    if case.files.contains_key("secure") {
        clouds.merge(file("secure"));
    }
    let files = Files { clouds, public: file("public"), name: "clouds.yaml".to_owned() };
    files.pick("c", case.region.as_deref())
}

#[test]
fn the_same_files_make_the_same_login() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../../../tests/data/clouds.json")).unwrap();
    assert!(cases.len() >= 40);
    for case in cases {
        let (name, expected) = (&case.name, &case.expected);
        let settings = options(&case).and_then(|options| options.keystone()).unwrap().settings;
        assert_eq!(login(&settings).unwrap(), expected.body, "{name}");
        assert_eq!(format!("{}/auth/tokens", settings.auth_url), expected.url, "{name}");
        assert_eq!(settings.region, expected.region, "{name}");
        let interfaces: Vec<_> = expected.interfaces.iter().map(|name| interface(name)).collect();
        assert_eq!(settings.interfaces, interfaces, "{name}");
        assert_eq!(settings.endpoints.get("image"), expected.endpoint.as_ref(), "{name}");
        let ca_file = settings.tls.ca_file.as_ref().filter(|_| !settings.tls.insecure);
        assert_eq!(ca_file, expected.ca_file.as_ref(), "{name}");
        assert_eq!(settings.tls.insecure, expected.insecure, "{name}");
    }
}
