//! The JSON examples of the services' own documents decode into the public types and encode back
//! to the same JSON.
//!
//! The examples stand in `tests/data/` with the names that the wire has: the documents show
//! ParallelCluster's as the dictionaries of its Python client.

use cloud_images::{computing, ims, parallelcluster};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Decodes an example, and checks that it encodes to what it was.
#[track_caller]
fn there_and_back<T: DeserializeOwned + Serialize>(example: &str) -> T {
    encodes_to(example, &serde_json::from_str(example).unwrap())
}

/// Decodes an example, and checks what it encodes to.
#[track_caller]
fn encodes_to<T: DeserializeOwned + Serialize>(example: &str, expected: &Value) -> T {
    let decoded: T = serde_json::from_str(example).unwrap();
    assert_eq!(&serde_json::to_value(&decoded).unwrap(), expected);
    decoded
}

#[test]
fn parallelcluster_images() {
    use parallelcluster::types::{ImageBuildStatus, ListImagesResponseContent};

    let page: ListImagesResponseContent =
        there_and_back(include_str!("../data/parallelcluster-list-images.json"));
    let image = &page.images[0];
    assert_eq!(image.image_id, "custom-image");
    assert_eq!(image.image_build_status, Some(ImageBuildStatus::BuildComplete));
    assert_eq!(image.ec2_ami_info.as_ref().unwrap().ami_id, "ami-abcdef01234567890");
    assert_eq!(image.region, "us-east-1");
    assert_eq!(image.version.as_deref(), Some("3.2.1"));
    assert_eq!(page.next_token, None);
}

#[test]
fn parallelcluster_official_images() {
    use parallelcluster::types::ListOfficialImagesResponseContent;

    let page: ListOfficialImagesResponseContent =
        there_and_back(include_str!("../data/parallelcluster-list-official-images.json"));
    let image = &page.images[0];
    assert_eq!(image.ami_id, "ami-015cfeb4e0d6306b2");
    assert_eq!(image.architecture, "x86_64");
    assert_eq!(image.os, "ubuntu2004");
    assert!(image.name.ends_with("202202261505 2022-02-26T15-08-34.759Z"));
}

#[test]
fn ims_images() {
    use ims::types::{Flag, ImageList, ImageStatus, ImageType, OsBit, Platform, Visibility};

    let page: ImageList = there_and_back(include_str!("../data/ims-list-images.json"));
    assert_eq!(page.images.len(), 2);
    let image = &page.images[0];
    assert_eq!(image.id, "bc6bed6e-ba3a-4447-afcc-449174a3eb52");
    assert_eq!(image.name.as_deref(), Some("CentOS 7.3 64bit vivado"));
    assert_eq!(image.status, Some(ImageStatus::Active));
    assert_eq!(image.visibility, Some(Visibility::Public));
    assert_eq!(image.imagetype, Some(ImageType::Gold));
    assert_eq!(image.platform, Some(Platform::CentOs));
    assert_eq!(image.os_bit, Some(OsBit::X64));
    assert_eq!(image.isregistered, Some(Flag::True));
    assert_eq!(image.created_at.unwrap().to_rfc3339(), "2018-09-06T14:03:27+00:00");
    assert_eq!((image.min_disk, image.min_ram), (Some(100), Some(2048)));
    // Sent as `null` and as `[]`, and written so again.
    assert_eq!(image.virtual_size, None);
    assert!(image.tags.is_empty());
    for image in &page.images {
        assert!(image.extra.is_empty(), "the document names every field: {:?}", image.extra);
    }
}

#[test]
fn each_ims_image_alone() {
    let page: Value = serde_json::from_str(include_str!("../data/ims-list-images.json")).unwrap();
    for image in page["images"].as_array().unwrap() {
        assert_eq!(image["virtual_size"], Value::Null);
        assert_eq!(image["tags"], serde_json::json!([]));
        there_and_back::<ims::types::Image>(&image.to_string());
    }
}

#[test]
fn computing_images() {
    use computing::types::{EnvelopeStatus, ListImagesResponse};

    let example = include_str!("../data/computing-list-images.json");
    // The ids are numbers there and texts in newer responses: they are texts in Rust.
    let mut expected: Value = serde_json::from_str(example).unwrap();
    for images in expected["data"].as_object_mut().unwrap().values_mut() {
        for image in images.as_array_mut().unwrap() {
            image["id"] = image["id"].to_string().into();
        }
    }
    let answer: ListImagesResponse = encodes_to(example, &expected);
    assert_eq!(answer.status, EnvelopeStatus::Success);
    assert_eq!(answer.message.as_deref(), Some("All OS retrieved successfully"));
    let counts: Vec<_> =
        answer.data.iter().map(|(region, images)| (region, images.len())).collect();
    assert_eq!(counts, [(&"CANADA".to_owned(), 14), (&"NORWAY".to_owned(), 11)]);
    let image = &answer.data["CANADA"][1];
    assert_eq!(image.id.as_deref(), Some("42654"));
    assert_eq!(image.os_name, "Ubuntu Server 22.04 LTS R535 CUDA 12.2");
    assert_eq!(image.dc_id, Some(2));
}

/// Since 2024-11 the ids are texts, and two fields are gone.
#[test]
fn computing_images_of_today() {
    use computing::types::ListImagesResponse;

    let example = r#"{"status": "success", "message": "", "data": {"NORWAY": [
        {"id": "fcp66d566c93a95010012", "dc_id": 1, "os_name": "Ubuntu", "os_type": "Ubuntu", "region": "NORWAY"},
        {"id": "exos60da1d80-a58b-4ff3-8a33-b566b65f3e6e", "os_name": "Ubuntu Server 22.04 LTS"},
        {"os_name": "the least that an image has"}
    ]}}"#;
    let answer: ListImagesResponse = there_and_back(example);
    let ids: Vec<_> = answer.data["NORWAY"].iter().map(|image| image.id.as_deref()).collect();
    let [first, second] = ["fcp66d566c93a95010012", "exos60da1d80-a58b-4ff3-8a33-b566b65f3e6e"];
    assert_eq!(ids, [Some(first), Some(second), None]);
}
