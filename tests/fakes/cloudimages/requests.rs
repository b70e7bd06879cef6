//! Each request is the one that the vendor's own client sends for the same call, and each answer in the shape of its
//! models is understood: `tests/data/cloudimages.py` makes the table. A unit test of `AkSk` compares the signatures.

use crate::hostile::{Hostile, ok};
use cloud_images::Result;
use cloud_images::auth::AkSk;
use cloud_images::ims::Client;
use cloud_images::ims::cloudimages::types::{
    DataDiskImage, ImageChange, ImageTag, ResourceTag, TagValues,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const IMAGE: &str = "bc6bed6e-ba3a-4447-afcc-449174a3eb52";
const JOB: &str = "ff80808282e4e4fb";

/// Sends what the table has, in its order.
async fn send_all(client: &Client) -> Vec<Result<Value>> {
    let mut took = Vec::new();
    let tag = || ResourceTag::new("k", "v");
    let ids = || vec![IMAGE.to_owned()];
    let projects = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();

    let images = client.cloud_images();
    let list = images.list_images().imagetype("private").os_type("Linux").page_size(7);
    let list = list.marker(IMAGE).protected(true).enterprise_project_id("0").min_disk(40);
    took.push(read(list.sort_key("name").sort_dir("asc").await));
    took.push(read(images.update_image(IMAGE, vec![ImageChange::replace("name", "n")]).await));
    let server = images.create_image().name("web").instance_id("i").description("d");
    took.push(read(server.image_tag(tag()).max_ram(4096).min_ram(1024).await));
    took.push(read(images.create_image().data_image(DataDiskImage::new("disk", "v")).await));
    let file = images.create_image().name("web").image_url("bucket:web.qcow2").min_disk(40);
    let file = file.os_version("CentOS 7.0 64bit").type_("ECS").architecture("x86");
    let file = file.hw_firmware_type("bios").is_config(true).is_quick_import(false).cmk_id("c");
    took.push(read(file.tag("a.b").enterprise_project_id("0").await));
    let os = "Ubuntu 22.04 server 64bit";
    took.push(read(
        images.import_image_quick("bucket:big.zvhd2", 100, "big", os).type_("ECS").await,
    ));
    let data = images.create_data_image("bucket:data.qcow2", 40, "data").os_type("Linux");
    took.push(read(data.image_tag(ImageTag::new("k", "v")).await));
    took.push(read(images.create_whole_image("whole").instance_id("i").vault_id("va").await));
    took.push(read(images.register_image(IMAGE, "bucket:web.qcow2").await));
    took.push(read(images.export_image(IMAGE, "bucket:out.qcow2").file_format("qcow2").await));
    took.push(read(images.copy_image_in_region(IMAGE, "copy").cmk_id("c").description("d").await));
    took.push(read(images.copy_image_cross_region(IMAGE, "a", "copy", "p", "eu-west-101").await));
    took.push(read(images.list_os_versions().await));
    took.push(read(images.show_image_quota().await));

    let members = client.cloud_image_members();
    took.push(read(members.batch_add_members(ids(), projects(&["p", "q"])).await));
    took.push(read(members.batch_update_members(ids(), "p", "accepted").vault_id("va").await));
    took.push(read(members.batch_delete_members(ids(), projects(&["p"])).await));
    took.push(read(members.list_image_members(IMAGE).await));
    took.push(read(members.show_image_member(IMAGE, "p").await));

    let tags = client.cloud_image_tags();
    took.push(read(tags.list_tags().page_size(10).page(2).await));
    took.push(read(tags.create_or_update_tags(IMAGE).image_tag(tag()).await));
    took.push(read(tags.batch_delete_tags(IMAGE, vec![tag()]).await));
    took.push(read(tags.list_image_tags(IMAGE).await));
    took.push(read(tags.add_image_tag(IMAGE, tag()).await));
    took.push(read(tags.batch_add_or_delete_tags(IMAGE, "create", vec![tag()]).await));
    took.push(read(tags.delete_image_tag(IMAGE, "k").await));
    took.push(read(tags.list_images_tags().await));
    let search = tags.list_image_by_tags("filter").tag(TagValues::new("k", ["v", "w"]));
    took.push(read(search.page_size(10).offset("0").await));
    took.push(read(client.jobs().show_job(JOB).await));
    took.push(read(client.jobs().show_job_progress(JOB).await));
    took
}

/// What was understood of an answer, as it is on the wire.
fn read<T: Serialize>(answer: Result<T>) -> Result<Value> {
    answer.map(|body| serde_json::to_value(body).unwrap())
}

#[tokio::test]
async fn each_is_what_the_vendors_client_sends_and_reads() {
    let table: Vec<Value> =
        serde_json::from_str(include_str!("../../data/cloudimages.json")).unwrap();
    let answers: Vec<String> = table.iter().map(|row| row["answer"].to_string()).collect();
    let server = Hostile::start(move |number, _| ok(&answers[number])).await;
    let keys = AkSk::new("AK", "SK").project_id("the-project");
    let client = Client::builder().endpoint(server.url()).auth(keys).build().unwrap();
    let understood = send_all(&client).await;
    let requests = server.requests();
    for (expected, request) in table.iter().zip(&requests) {
        let name = &expected["operation"];
        let mut words = request.line.split(' ');
        let method = words.next().unwrap();
        let url = url::Url::parse("http://x").unwrap().join(words.next().unwrap()).unwrap();
        let mut query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        query.sort_unstable();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        assert_eq!(
            (method, url.path()),
            (expected["method"].as_str().unwrap(), expected["path"].as_str().unwrap())
        );
        let expected_query: Vec<(String, String)> =
            serde_json::from_value(expected["query"].clone()).unwrap();
        assert_eq!(query, expected_query, "{name}");
        assert_eq!(body, expected["body"], "{name}");
        // What the signature covers: these headers, and the bytes of the body.
        let media_type = (!body.is_null()).then_some("application/json");
        assert_eq!(request.header("content-type"), media_type, "{name}");
        assert_eq!(request.header("x-project-id"), Some("the-project"), "{name}");
        assert_eq!(
            covered(request.header("authorization")),
            covered(expected["authorization"].as_str())
        );
        if !body.is_null() {
            assert_eq!(String::from_utf8_lossy(&request.body), body.to_string(), "{name}");
        }
    }
    assert_eq!((requests.len(), understood.len()), (table.len(), table.len()));
    for (expected, answer) in table.iter().zip(understood) {
        let (answer, name) = (answer.unwrap(), &expected["operation"]);
        // Some answers say nothing.
        let expected = Some(&expected["answer"]).filter(|answer| **answer != json!({}));
        assert_eq!(answer, *expected.unwrap_or(&Value::Null), "{name}");
    }
    let operations: BTreeSet<&str> =
        table.iter().filter_map(|row| row["operation"].as_str()).collect();
    assert_eq!(operations.len(), 28, "every operation of the document");
}

/// The names of the headers that a signature covers.
fn covered(authorization: Option<&str>) -> &str {
    let (_, rest) = authorization.unwrap().split_once("SignedHeaders=").unwrap();
    rest.split_once(',').unwrap().0
}
