//! IMS and Glance.

use cloud_images::ims::types::Image;
use cloud_images::ims::{Client, ImageOperationsApi, requests::ListImages};
use cloud_images::testing::FakeIms;
use cloud_images::{ErrorKind, auth::XAuthToken};
use futures::TryStreamExt;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

fn images(server: &FakeIms) -> ImageOperationsApi {
    server.client().image_operations()
}

async fn all(request: ListImages) -> Vec<Image> {
    request.items().try_collect().await.unwrap()
}

fn ids(images: &[Image]) -> BTreeSet<&str> {
    images.iter().map(|image| image.id.as_str()).collect()
}

/// A list as it is on the wire.
async fn raw(server: &FakeIms, query: &str) -> (u16, Value) {
    let url = format!("{}/v2/images{query}", server.url());
    let headers = [("x-auth-token", "token-of-the-fake"), ("accept", "application/json")];
    let (status, _, body) = super::get(url, &headers).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn every_image_comes_once_with_every_page_size() {
    let server = FakeIms::builder().images(98).start().await;
    for size in [1, 2, 25, 50, 99, 100, 101, 1000] {
        server.clear_requests();
        let found = all(images(&server).list_images().page_size(size)).await;
        assert_eq!((found.len(), ids(&found).len()), (100, 100), "{size}");
        // A full last page still has a link: one more request, for an empty page.
        assert_eq!(server.requests().len(), 100 / usize::try_from(size).unwrap() + 1, "{size}");
    }
}

#[tokio::test]
async fn pages_have_25_images_by_default_and_1000_at_most() {
    let server = FakeIms::builder().images(1500).start().await;
    assert_eq!(images(&server).list_images().await.unwrap().images.len(), 25);
    let (_, page) = raw(&server, "?limit=5000").await;
    assert_eq!(page["images"].as_array().unwrap().len(), 1000);
    assert_eq!(page["first"], "/v2/images?limit=5000");
    assert!(page["next"].as_str().unwrap().starts_with("/v2/images?limit=5000&marker="));
    let (_, page) = raw(&server, "?limit=0").await;
    assert_eq!((&page["images"], page.get("next")), (&Value::Array(vec![]), None));
    assert_eq!(all(images(&server).list_images()).await.len(), 1502);
}

#[tokio::test]
async fn a_repeated_tag_gives_the_right_rows_although_the_link_loses_it() {
    let server = FakeIms::builder().images(300).start().await;
    let everything = all(images(&server).list_images()).await;
    let both: Vec<_> = everything
        .into_iter()
        .filter(|image| ["nightly", "seed"].iter().all(|tag| image.tags.iter().any(|t| t == tag)))
        .collect();
    assert_eq!(both.len(), 100);

    let (_, page) = raw(&server, "?limit=10&tag=nightly&tag=seed").await;
    let next = page["next"].as_str().unwrap();
    assert!(next.contains("tag=seed") && !next.contains("nightly"), "{next}");

    let (mut followed, mut link) = (Vec::new(), "?limit=10&tag=nightly&tag=seed".to_owned());
    loop {
        let (_, page) = raw(&server, &link).await;
        followed.extend(page["images"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        link = next.strip_prefix("/v2/images").unwrap().to_owned();
    }
    assert!(followed.len() > both.len(), "who follows the link gets wrong rows");

    let request = images(&server).list_images().tag("nightly").tag("seed").page_size(10);
    assert_eq!(ids(&all(request).await), ids(&both));
}

#[tokio::test]
async fn filters_are_exact() {
    let server = FakeIms::builder().images(200).start().await;
    let everything = all(images(&server).list_images()).await;
    let count = |keep: fn(&Image) -> bool| everything.iter().filter(|image| keep(image)).count();
    let list = || images(&server).list_images();
    let named = all(list().name("dup-name")).await;
    assert_eq!(named.len(), count(|image| image.name.as_deref() == Some("dup-name")));
    assert!(named.len() > 5);
    assert_eq!(
        all(list().os_type("Windows")).await.len(),
        count(|image| { image.os_type.as_ref().is_some_and(|os| os.as_str() == "Windows") })
    );
    assert_eq!(all(list().min_ram(512)).await.len(), count(|image| image.min_ram == Some(512)));
    assert_eq!(all(list().protected(true)).await.len(), 2 + 4);
    assert_eq!(all(list().visibility("private")).await.len(), 40);
    let (_, page) = raw(&server, "?limit=1000&virtual_env_type=Ironic").await;
    assert_eq!(page["images"].as_array().unwrap().len(), 50);
    let (_, page) =
        raw(&server, "?limit=1000&status=in:active,queued&name=in:dup-name,%22a,b;c%3D0006%22")
            .await;
    assert_eq!(page["images"].as_array().unwrap().len(), named.len() + 1);
    let (_, page) = raw(&server, "?__os_type=in:Linux,Other").await;
    assert_eq!(page["images"].as_array().unwrap().len(), 0);
    let (_, page) = raw(&server, "?limit=1000&created_at=lt:2024-01-01T10:00:00Z").await;
    assert_eq!(page["images"].as_array().unwrap().len(), 32);
    assert_eq!(raw(&server, "?unknown=x").await.1["images"], Value::Array(vec![]));
}

#[tokio::test]
async fn lists_are_sorted() {
    let server = FakeIms::builder().images(100).start().await;
    let newest = all(images(&server).list_images().page_size(7)).await;
    assert!(newest.is_sorted_by(|one, other| one.created_at >= other.created_at));
    for sort in ["sort_key=name&sort_dir=asc", "sort=name:asc,created_at:desc"] {
        let (_, page) = raw(&server, &format!("?limit=1000&{sort}")).await;
        let names: Vec<_> =
            page["images"].as_array().unwrap().iter().map(|image| image["name"].as_str()).collect();
        assert!(names.is_sorted());
        assert_eq!(names.len(), 102);
    }
}

#[tokio::test]
async fn what_glance_refuses_is_a_400_in_its_words() {
    let server = FakeIms::builder().images(5).start().await;
    for (query, message) in [
        ("limit=abc", "limit param must be an integer"),
        ("limit=-1", "limit param must be positive"),
        ("marker=nope", "No image found with ID nope"),
        (
            "sort_key=foo",
            "Invalid sort key: foo. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at.",
        ),
        ("sort_dir=foo", "Invalid sort direction: foo"),
        (
            "sort_key=name&sort_dir=asc&sort_dir=desc",
            "Number of sort dirs does not match the number of sort keys",
        ),
        ("sort=name&sort_key=id", "Old and new sorting syntax cannot be combined"),
        ("visibility=bogus", "Invalid visibility value: bogus"),
        ("member_status=bogus", "Invalid status: bogus"),
        (
            "protected=maybe",
            "Invalid value 'maybe' for 'protected' filter. Valid values are 'true' or 'false'.",
        ),
        ("size_min=abc", "Unable to filter on a range with a non-numeric value."),
        (
            "created_at=gt:foo",
            "Bad \"created_at\" query filter format. Use ISO 8601 DateTime notation.",
        ),
        ("name=a%20b:c", "Unable to filter by unknown operator 'a b'."),
        ("status=in:%22", "Invalid filter value \". The quote is not closed."),
    ] {
        let (status, body) = raw(&server, &format!("?{query}")).await;
        assert_eq!((status, body["code"].as_str()), (400, Some("400 Bad Request")), "{query}");
        assert_eq!(body["message"], format!("{message}<br /><br />\n\n\n"), "{query}");
    }
}

#[tokio::test]
async fn errors_are_html_unless_json_is_wanted_first() {
    let server = FakeIms::start().await;
    let url = format!("{}/v2/images/nope", server.url());
    let token = ("x-auth-token", "token-of-the-fake");
    let (status, headers, body) = super::get(url.clone(), &[token]).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (404, &"text/html; charset=UTF-8".parse().unwrap())
    );
    assert!(body.contains("<h1>404 Not Found</h1>\n  No image found with ID nope<br />"), "{body}");
    assert!(headers["x-openstack-request-id"].to_str().unwrap().starts_with("req-"));

    let error = images(&server).show_image("nope").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.message(), "No image found with ID nope");
}

#[tokio::test]
async fn the_token_is_checked() {
    let server = FakeIms::builder().token("the right one").start().await;
    images(&server).list_images().await.unwrap();
    let wrong = Client::builder().endpoint(server.url()).auth(XAuthToken::new("a wrong one"));
    let error = wrong.build().unwrap().image_operations().list_images().await.unwrap_err();
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Unauthorized, None));
    let (status, headers, _) = super::get(format!("{}/v2/images", server.url()), &[]).await;
    assert_eq!(status, 401);
    assert!(headers["www-authenticate"].to_str().unwrap().starts_with("Keystone uri="));
    let statuses: Vec<_> = server.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(200), Some(401), Some(401)]);
}

#[tokio::test]
async fn images_look_like_real_ones_and_are_the_same_in_every_run() {
    let (one, other) = (
        FakeIms::builder().images(120).start().await,
        FakeIms::builder().images(120).start().await,
    );
    let (_, page) = raw(&one, "?limit=1000").await;
    assert_eq!(page["images"], raw(&other, "?limit=1000").await.1["images"]);
    let found = page["images"].as_array().unwrap();
    let generated = found.iter().filter(|image| image["min_disk"] != 100 || image["size"] != 0);
    let nulls: HashSet<_> = generated
        .clone()
        .flat_map(|image| image.as_object().unwrap())
        .filter(|(_, value)| value.is_null())
        .map(|(name, _)| name.as_str())
        .collect();
    let expected = [
        "name",
        "disk_format",
        "container_format",
        "size",
        "virtual_size",
        "checksum",
        "os_hash_algo",
        "os_hash_value",
    ];
    assert_eq!(nulls, HashSet::from(expected));
    assert!(generated.clone().all(|image| image.as_object().unwrap().len() >= 32));

    let shown = images(&one).show_image(found[0]["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(shown.name.as_deref(), found[0]["name"].as_str());
}
