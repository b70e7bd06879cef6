//! Each request is the one that the vendor's own client sends for the same call: `tests/data/cloudimages.py`
//! recorded them.

use super::client;
use crate::hostile::{Hostile, ok};
use cloud_images::ims::Client;
use cloud_images::ims::cloudimages::types::{
    DataDiskImage, ImageChange, ImageTag, ResourceTag, TagValues,
};
use serde_json::Value;
use std::collections::BTreeSet;

const IMAGE: &str = "bc6bed6e-ba3a-4447-afcc-449174a3eb52";
const JOB: &str = "ff80808282e4e4fb";

/// Sends what the table has, in its order. The answer is of no use to most of them.
async fn send_all(client: &Client) {
    let tag = || ResourceTag::new("k", "v");
    let ids = || vec![IMAGE.to_owned()];
    let projects = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();

    let images = client.cloud_images();
    let list = images.list_images().imagetype("private").os_type("Linux").page_size(7);
    let list = list.marker(IMAGE).protected(true).enterprise_project_id("0").min_disk(40);
    let _ = list.sort_key("name").sort_dir("asc").await;
    let _ = images.update_image(IMAGE, vec![ImageChange::replace("name", "n")]).await;
    let server = images.create_image().name("web").instance_id("i").description("d");
    let _ = server.image_tags(tag()).max_ram(4096).min_ram(1024).await;
    let _ = images.create_image().data_images(DataDiskImage::new("disk", "v")).await;
    let file = images.create_image().name("web").image_url("bucket:web.qcow2").min_disk(40);
    let file = file.os_version("CentOS 7.0 64bit").type_("ECS").architecture("x86");
    let file = file.hw_firmware_type("bios").is_config(true).is_quick_import(false).cmk_id("c");
    let _ = file.tags("a.b").enterprise_project_id("0").await;
    let os = "Ubuntu 22.04 server 64bit";
    let _ = images.import_image_quick("bucket:big.zvhd2", 100, "big", os).type_("ECS").await;
    let data = images.create_data_image("bucket:data.qcow2", 40, "data").os_type("Linux");
    let _ = data.image_tags(ImageTag::new("k", "v")).await;
    let _ = images.create_whole_image("whole").instance_id("i").vault_id("va").await;
    let _ = images.register_image(IMAGE, "bucket:web.qcow2").await;
    let _ = images.export_image(IMAGE, "bucket:out.qcow2").file_format("qcow2").await;
    let _ = images.copy_image_in_region(IMAGE, "copy").cmk_id("c").description("d").await;
    let _ = images.copy_image_cross_region(IMAGE, "a", "copy", "p", "eu-west-101").await;
    let _ = images.list_os_versions().await;
    let _ = images.show_image_quota().await;

    let members = client.cloud_image_members();
    let _ = members.batch_add_members(ids(), projects(&["p", "q"])).await;
    let _ = members.batch_update_members(ids(), "p", "accepted").vault_id("va").await;
    let _ = members.batch_delete_members(ids(), projects(&["p"])).await;
    let _ = members.list_image_members(IMAGE).await;
    let _ = members.show_image_member(IMAGE, "p").await;

    let tags = client.cloud_image_tags();
    let _ = tags.list_tags().page_size(10).page(2).await;
    let _ = tags.create_or_update_tags(IMAGE).image_tag(tag()).await;
    let _ = tags.batch_delete_tags(IMAGE, vec![tag()]).await;
    let _ = tags.list_image_tags(IMAGE).await;
    let _ = tags.add_image_tag(IMAGE, tag()).await;
    let _ = tags.batch_add_or_delete_tags(IMAGE, "create", vec![tag()]).await;
    let _ = tags.delete_image_tag(IMAGE, "k").await;
    let _ = tags.list_images_tags().await;
    let search = tags.list_image_by_tags("filter").tags(TagValues::new("k", ["v", "w"]));
    let _ = search.page_size(10).offset("0").await;
    let _ = client.jobs().show_job(JOB).await;
    let _ = client.jobs().show_job_progress(JOB).await;
}

#[tokio::test]
async fn each_is_what_the_vendors_client_sends() {
    let table: Vec<Value> =
        serde_json::from_str(include_str!("../../data/cloudimages.json")).unwrap();
    let server = Hostile::start(|_, _| ok("{}")).await;
    send_all(&client(&server)).await;
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
        if !body.is_null() {
            assert_eq!(request.header("content-type"), Some("application/json"), "{name}");
        }
    }
    assert_eq!(requests.len(), table.len());
    let operations: BTreeSet<&str> =
        table.iter().filter_map(|row| row["operation"].as_str()).collect();
    assert_eq!(operations.len(), 28, "every operation of the document");
}
