//! The rest of Glance on servers that are not as the fakes are.

use crate::hostile::{Answer, Hostile, http, ok, status};
use cloud_images::auth::XAuthToken;
use cloud_images::ims::Client;
use cloud_images::ims::glance::UploadMethod;
use cloud_images::{ErrorKind, RetryPolicy};
use std::time::Duration;

fn client(server: &Hostile) -> Client {
    let retry = RetryPolicy::default().base_delay(Duration::from_millis(2));
    let client = Client::builder().endpoint(server.url()).auth(XAuthToken::new("token"));
    client.retry(retry).build().unwrap()
}

/// Glance from before the imports, IMS, and a Glance that imports only what it downloads.
#[tokio::test]
async fn an_upload_into_several_stores_needs_an_import() {
    for offers in [None, Some(r#"{"import-methods": {"value": ["web-download"]}}"#)] {
        let server = Hostile::start(move |_, request| match request.line.split(' ').nth(1) {
            Some("/v2/info/import") => match offers {
                Some(info) => ok(info),
                None => status("404 Not Found", ""),
            },
            Some("/v2/images/7/file") => Answer::Keep(http("204 No Content", "", "")),
            _ => ok(r#"{"id": "7", "status": "active", "stores": "fast"}"#),
        })
        .await;
        let import = client(&server).image_import();
        for method in [UploadMethod::Auto, UploadMethod::Direct] {
            let upload = || import.upload("7", "the data").method(method);
            for several in [upload().all_stores(), upload().store("fast").store("cheap")] {
                let error = several.await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
                assert!(error.message().contains("name one store"), "{error}");
            }
        }
        let sent = server.requests();
        assert!(sent.iter().all(|request| request.line.contains("/v2/info/import")), "{sent:?}");
        // Into one store it goes all the same, with the size for the service to check.
        let image = import.upload("7", "the data").store("fast").await.unwrap();
        assert_eq!(image.stores.as_deref(), Some("fast"));
        let sent = &server.requests()[sent.len()];
        assert_eq!(sent.line, "PUT /v2/images/7/file HTTP/1.1");
        assert_eq!(sent.header("x-image-meta-store"), Some("fast"));
        assert_eq!(sent.header("x-openstack-image-size"), Some("8"));
        assert_eq!(sent.body, b"the data");
    }
}

/// Real Glance answers some mistakes of the caller with a 500.
#[cfg(feature = "glance-metadefs")]
#[tokio::test]
async fn a_500_of_metadata_definitions_is_never_asked_again() {
    use crate::contract::documented::operations;
    use cloud_images::ims::metadefs::types::{MetadefTagName, MetadefType};
    use std::collections::BTreeSet;
    use std::future::IntoFuture;

    let server = Hostile::always(|| status("500 Internal Server Error", "")).await;
    let api = client(&server).metadata_definitions();
    let (space, integer) = ("OS::Example", || MetadefType::Integer);
    let mut tried = BTreeSet::new();
    macro_rules! fail_once {
        ($($method:ident($($argument:expr),*);)*) => {$(
            let error = Box::pin(api.$method($($argument),*).into_future()).await.err().unwrap();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1), "{error}");
            assert!(!error.is_retryable(), "{error}");
            tried.insert(stringify!($method).to_owned());
        )*};
    }
    fail_once! {
        list_metadef_namespaces();
        create_metadef_namespace(space);
        show_metadef_namespace(space);
        replace_metadef_namespace(space, space);
        delete_metadef_namespace(space);
        list_metadef_objects(space);
        create_metadef_object(space, "object");
        delete_metadef_objects(space);
        show_metadef_object(space, "object");
        replace_metadef_object(space, "object", "object");
        delete_metadef_object(space, "object");
        list_metadef_properties(space);
        create_metadef_property(space, "property", "Property", integer());
        delete_metadef_properties(space);
        show_metadef_property(space, "property");
        replace_metadef_property(space, "property", "property", "Property", integer());
        delete_metadef_property(space, "property");
        list_metadef_resource_types();
        list_metadef_resource_type_associations(space);
        create_metadef_resource_type_association(space, "OS::Example::Thing");
        delete_metadef_resource_type_association(space, "OS::Example::Thing");
        list_metadef_tags(space);
        create_metadef_tags(space, vec![MetadefTagName::new("tag")]);
        delete_metadef_tags(space);
        show_metadef_tag(space, "tag");
        update_metadef_tag(space, "tag", "other");
        create_metadef_tag(space, "tag");
        delete_metadef_tag(space, "tag");
    }
    assert_eq!(server.count(), tried.len());
    assert_eq!(tried, operations(&["glance-metadefs"]));
}
