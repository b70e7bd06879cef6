use super::*;
use crate::auth::keystone::Keystone;
use crate::auth::keystone::wire::login;

fn files(clouds: &str, public: &str) -> Files {
    let [clouds, public] = [clouds, public].map(|text| Node::parse(text).unwrap());
    Files { clouds, public, name: "clouds.yaml".to_owned() }
}

fn pick(clouds: &str, region: Option<&str>) -> Result<Keystone> {
    files(clouds, "~").pick("c", region)?.keystone()
}

const CLOUD: &str = "clouds: {c: {auth: {auth_url: u, user_id: i, password: 1e3}";

#[test]
fn secure_yaml_adds_the_password() {
    let mut files = files(
        "clouds: {otc: {auth: {auth_url: u, username: me, user-domain-name: OTC0001}, \
         region_name: eu-de, interface: publicURL}}",
        "~",
    );
    files.clouds.merge(Node::parse("clouds: {otc: {auth: {password: 12345678}}}").unwrap());
    let settings = files.pick("otc", None).unwrap().keystone().unwrap().settings;
    let user = &login(&settings).unwrap()["auth"]["identity"]["password"]["user"];
    assert_eq!(
        (&user["password"], &user["domain"]["name"]),
        (&"12345678".into(), &"OTC0001".into())
    );
    assert_eq!(settings.region.as_deref(), Some("eu-de"));
    assert_eq!(settings.interfaces, ["public"]);
}

#[test]
fn unquoted_secrets_are_sent_as_they_are_written() {
    let settings = pick(&format!("{CLOUD}}}}}"), None).unwrap().settings;
    let user = &login(&settings).unwrap()["auth"]["identity"]["password"]["user"];
    assert_eq!(user["password"], "1e3");
}

#[test]
fn one_region_of_several_is_chosen() {
    let clouds = format!(
        "{CLOUD}, regions: [RegionOne, {{name: RegionTwo, values: {{interface: admin}}}}]}}}}"
    );
    let settings = |region| pick(&clouds, region).map(|keystone| keystone.settings);
    assert_eq!(settings(None).unwrap().region.as_deref(), Some("RegionOne"));
    let second = settings(Some("RegionTwo")).unwrap();
    assert_eq!(second.region.as_deref(), Some("RegionTwo"));
    assert_eq!(second.interfaces, ["admin"]);
    let error = settings(Some("North")).map(|_| ()).unwrap_err();
    assert!(error.message().ends_with("it has RegionOne, RegionTwo"), "{error}");
    let listed = pick(&format!("{CLOUD}, region_name: 'A,B'}}}}"), Some("B")).unwrap();
    assert_eq!(listed.settings.region.as_deref(), Some("B"));
    let free = pick(&format!("{CLOUD}}}}}"), Some("North")).unwrap();
    assert_eq!(free.settings.region.as_deref(), Some("North"));
}

#[test]
fn a_profile_is_the_base_of_a_cloud() {
    let public = "public-clouds: {my-vendor: {auth: {auth_url: 'https://{region_name}.v'}, \
                  regions: [north], interface: internal}}";
    for key in ["profile", "cloud"] {
        let clouds =
            format!("clouds: {{c: {{{key}: my-vendor, auth: {{user_id: i, password: p}}}}}}");
        let settings = files(&clouds, public).pick("c", None).unwrap().keystone().unwrap().settings;
        assert_eq!(settings.auth_url, "https://north.v");
        assert_eq!(settings.interfaces, ["internal"]);
        let error = files(&clouds, "~").pick("c", None).map(|_| ()).unwrap_err();
        assert!(error.message().contains("the profile \"my-vendor\""), "{error}");
    }
    let otc = "clouds: {c: {profile: otc, auth: {user_id: i, password: p}, region_name: eu-nl}}";
    let settings = pick(otc, None).unwrap().settings;
    assert_eq!(settings.auth_url, "https://iam.eu-nl.otc.t-systems.com/v3");
}

#[test]
fn the_error_for_an_unknown_cloud_lists_those_there_are() {
    let error = files("clouds: {otc: {}, a-b: {}}", "~").pick("ovh", None).map(|_| ()).unwrap_err();
    assert_eq!(error.message(), "clouds.yaml has no cloud \"ovh\"; it has a-b, otc");
}

#[test]
fn names_of_several_lines_or_any_length_make_a_short_line() {
    let clouds = format!("clouds: {{\"a\\nb \\e[31m\": {{}}, {}: {{}}}}", "c".repeat(1000));
    let error = files(&clouds, "~").pick("ovh", None).map(|_| ()).unwrap_err();
    assert!(error.message().contains("it has a b [31m, ccc"), "{error}");
    assert!(error.message().len() < 700);
    let clouds =
        format!("clouds: {{c: {{auth: {{auth_url: u}}, auth_type: {}}}}}", "k".repeat(10_000));
    let error = pick(&clouds, None).map(|_| ()).unwrap_err();
    assert!(error.message().contains("auth_type \"kkk") && error.message().len() < 1000);
}
