//! The images that a server starts with.

use super::PROJECT;
use super::image::Image;
use crate::ims::types;
use crate::testing::imitation::{Images, fields};
use crate::testing::numbers;
use chrono::{DateTime, TimeDelta};
use serde_json::{Map, Value, json};

/// The images of the document's example, as they stand there.
const EXAMPLE: &str = include_str!("example.json");

/// The project that public images belong to, and the one that shares its own.
const PROVIDER: &str = "1bed856811654c1cb661a6ca845ebc77";
const NEIGHBOUR: &str = "fb93fd98db6947f48a2695dd027e6b3c";

const SYSTEMS: [(&str, &str, &str); 9] = [
    ("Linux", "Ubuntu", "Ubuntu 22.04 server 64bit"),
    ("Linux", "Ubuntu", "Ubuntu 24.04 server 64bit"),
    ("Linux", "CentOS", "CentOS 7.9 64bit"),
    ("Linux", "Debian", "Debian GNU/Linux 12 64bit"),
    ("Linux", "EulerOS", "EulerOS 2.10 64bit"),
    ("Linux", "openSUSE", "openSUSE 15.5 64bit"),
    ("Windows", "Windows", "Windows Server 2019 Standard 64bit"),
    ("Windows", "Windows", "Windows Server 2022 Datacenter 64bit"),
    ("Other", "Other", "Other(64 bit) 64bit"),
];
const DISK_FORMATS: [&str; 6] = ["zvhd2", "qcow2", "raw", "vhd", "vmdk", "iso"];
const CONTAINER_FORMATS: [&str; 5] = ["bare", "bare", "bare", "ovf", "docker"];
const MIN_RAM: [u32; 5] = [0, 512, 1024, 2048, 4096];
const MIN_DISK: [u32; 5] = [0, 1, 8, 40, 100];
const STORES: [&str; 2] = ["uds", "swift"];
const ENVIRONMENTS: [&str; 4] = ["FusionCompute", "Ironic", "DataImage", "IsoImage"];
const FIRMWARES: [&str; 2] = ["bios", "uefi"];

/// The images of the example and generated ones, the same in every run, and those of the test.
pub(super) fn images(wanted: &Images<types::Image>) -> Vec<Image> {
    let example: Vec<Map<String, Value>> = serde_json::from_str(EXAMPLE).unwrap_or_default();
    let example = example.into_iter().map(|mut fields| {
        // Glance would always send it.
        fields.entry("os_hidden").or_insert(false.into());
        Image { fields, member_status: None }
    });
    let mut images: Vec<_> = example.chain((0..wanted.generated).map(image)).collect();
    for own in &wanted.own {
        images.retain(|image| image.field("id") != own.id.as_str());
        images.push(own_image(own));
    }
    images
}

/// An image of the test: the fields that it has, and for all others those of a new one.
fn own_image(own: &types::Image) -> Image {
    let mut image = Image { fields: Image::registered(&own.id, &time(0)), member_status: None };
    image.fields.extend(fields(own));
    let offered = image.field("owner") != PROJECT && image.field("visibility") == "shared";
    image.member_status = offered.then_some("accepted");
    image
}

fn image(number: usize) -> Image {
    let seed = number as u64;
    let (os_type, platform, version) = SYSTEMS[number % SYSTEMS.len()];
    let (owner, visibility, kind, member_status) = match number % 5 {
        0 | 1 => (PROVIDER, "public", "gold", None),
        2 => (PROJECT, "private", "private", None),
        3 => (PROJECT, "shared", "shared", None),
        _ => (NEIGHBOUR, "shared", "shared", Some("accepted")),
    };
    let has_formats = number % 17 != 16;
    let active = number.is_multiple_of(2) && has_formats;
    let id = numbers::uuid(seed);
    let mut fields = json!({
        "id": id,
        "name": name(number, platform),
        "status": if active { "active" } else { "queued" },
        "visibility": visibility,
        "owner": owner,
        "protected": number % 50 == 7,
        "os_hidden": false,
        "disk_format": has_formats.then(|| DISK_FORMATS[number % DISK_FORMATS.len()]),
        "container_format": has_formats.then(|| CONTAINER_FORMATS[number % CONTAINER_FORMATS.len()]),
        "min_ram": MIN_RAM[number % MIN_RAM.len()],
        "min_disk": MIN_DISK[number / 2 % MIN_DISK.len()],
        "size": active.then(|| 1_048_576 * (1 + seed % 4096)),
        "virtual_size": null,
        "checksum": active.then(|| numbers::hex(seed, 32)),
        "os_hash_algo": active.then_some("sha512"),
        "os_hash_value": active.then(|| numbers::hex(seed, 128)),
        "created_at": time(number),
        "updated_at": time(number),
        "tags": tags(number, os_type),
        "self": format!("/v2/images/{id}"),
        "file": format!("/v2/images/{id}/file"),
        "schema": "/v2/schemas/image",
        "__isregistered": if number % 6 == 5 { "false" } else { "true" },
        "__imagetype": kind,
        "__os_type": os_type,
        "__platform": platform,
        "__os_bit": if number % 7 == 6 { "32" } else { "64" },
        "__os_version": version,
        "__image_source_type": STORES[number % STORES.len()],
        "__image_size": (1024 * (number + 1)).to_string(),
        "__originalimagename": format!("orig-{number}"),
        "virtual_env_type": ENVIRONMENTS[number % ENVIRONMENTS.len()],
        "hw_firmware_type": FIRMWARES[number % FIRMWARES.len()],
    });
    if active {
        fields["stores"] = "fs".into();
    }
    if number.is_multiple_of(3) {
        fields["__support_kvm"] = "true".into();
    }
    if number.is_multiple_of(4) {
        fields["__description"] = "Line one\nline two \"quoted\" äöü".into();
    }
    let fields = fields.as_object().cloned().unwrap_or_default();
    Image { fields, member_status }
}

/// Names like those that users choose; one image in thirteen has none.
fn name(number: usize, platform: &str) -> Option<String> {
    if number % 13 == 12 {
        return None;
    }
    Some(match number % 10 {
        0 => format!("Standard_{platform}_{number:04}"),
        1 => format!("gold-{platform}-{number:04}"),
        2 => format!("snapshot {platform} {number:04}"),
        3 => format!("{platform}-{number:04}"),
        4 => format!("Büro-Image-{number:04}"),
        5 => format!("镜像-{number:04}"),
        6 => format!("a,b;c={number:04}"),
        7 => format!("slash/{platform}/{number:04}"),
        8 => format!("per%cent+plus&amp-{number:04}"),
        _ => "dup-name".to_owned(),
    })
}

fn tags(number: usize, os_type: &str) -> Vec<String> {
    let mut tags = vec!["seed".to_owned(), format!("os:{}", os_type.to_ascii_lowercase())];
    if number.is_multiple_of(3) {
        tags.push("nightly".to_owned());
    }
    if number.is_multiple_of(10) {
        tags.extend(["tag with space".to_owned(), "ünï".to_owned()]);
    }
    tags
}

/// Three images an hour from 2024 on, so that some have the same date.
fn time(number: usize) -> String {
    let hours = TimeDelta::hours(i64::try_from(number / 3).unwrap_or_default());
    let time = DateTime::UNIX_EPOCH + TimeDelta::seconds(1_704_067_200) + hours;
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
