//! What a program sees of the crate, by the features of both. `.ci/steps/outside.sh` runs it with each.

#![cfg(test)]

#[cfg(not(any(feature = "rustls", feature = "ring", feature = "native-tls")))]
#[path = "../support/alone.rs"]
mod alone;
#[cfg(any(feature = "rustls", feature = "ring"))]
mod http1;
#[cfg(feature = "native-tls")]
mod native;
mod numbers;

use cloud_images::computing::Client;

/// Without a TLS feature and without `clouds-yaml`.
#[cfg(not(any(feature = "rustls", feature = "ring", feature = "native-tls")))]
mod without {
    use super::*;
    use cloud_images::ErrorKind;
    use cloud_images::auth::Keystone;

    #[test]
    fn https_is_an_error_that_names_the_features() {
        let error = Client::builder().endpoint("https://api.example.com").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        for feature in ["rustls", "ring", "native-tls"] {
            assert!(error.message().contains(&format!("`{feature}`")), "{error}");
        }
        Client::builder().endpoint("http://localhost:8080").build().unwrap();
    }

    #[test]
    fn a_cloud_of_clouds_yaml_is_an_error_that_names_the_feature() {
        let test = "without::a_cloud_of_clouds_yaml_is_an_error_that_names_the_feature";
        if super::alone::alone(test, |command| {
            command.env("OS_CLOUD", "my-cloud").env("OS_AUTH_URL", "https://keystone.example.com");
        }) {
            let error = Keystone::from_env().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            let line = error.to_string();
            assert!(line.contains("my-cloud") && line.contains("`clouds-yaml`"), "{line}");
        }
    }
}

/// Nobody has to choose a crypto provider because this crate is there.
#[cfg(any(feature = "rustls", feature = "ring"))]
#[tokio::test]
async fn other_users_of_tls_are_not_disturbed() {
    let build = || Client::builder().endpoint("https://api.example.com").build().unwrap();
    let before = build();
    #[cfg(feature = "rustls")]
    let _ = reqwest::Client::new();
    let _ = rustls::ClientConfig::builder();
    // With `ring`, reqwest needs a default provider, which the line above has installed.
    let _ = reqwest::Client::new();
    drop((before, build()));
}

#[cfg(not(any(feature = "rustls", feature = "ring", feature = "native-tls")))]
#[test]
fn a_client_of_reqwest_without_tls_is_not_disturbed() {
    let _ = reqwest::Client::new();
}
