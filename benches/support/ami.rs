//! An image of EC2, in XML as the service writes it and in JSON with the same fields.

use serde_json::{Value, json};

/// The `i`th image of its page: one with three devices and four tags.
pub fn image(i: usize) -> Value {
    let device = |name: &str, more: Value| {
        let mut device = json!({ "deviceName": name });
        device.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        device
    };
    let tag = |key: &str, value: &str| json!({ "key": key, "value": value });
    json!({
        "imageId": format!("ami-{i:017x}"),
        "imageLocation": format!("123456789012/cluster-image-{i:06}"),
        "imageState": "available",
        "imageOwnerId": "123456789012",
        "creationDate": "2026-11-15T08:30:00.000Z",
        "isPublic": false,
        "architecture": "x86_64",
        "imageType": "machine",
        "platformDetails": "Linux/UNIX",
        "usageOperation": "RunInstances",
        "blockDeviceMapping": [
            device("/dev/xvda", json!({ "ebs": {
                "deleteOnTermination": true,
                "snapshotId": format!("snap-{i:017x}"),
                "volumeSize": 35,
                "volumeType": "gp3",
                "iops": 3000,
                "throughput": 125,
                "encrypted": false,
            } })),
            device("/dev/sdb", json!({ "virtualName": "ephemeral0" })),
            device("/dev/sdc", json!({ "virtualName": "ephemeral1" })),
        ],
        "description": "AWS ParallelCluster AMI for alinux2023, kernel 6.1.159, lustre, efa, dcv",
        "enaSupport": true,
        "hypervisor": "xen",
        "name": format!("cluster-image-{i:06} 2026-11-15T08-01-37.512Z"),
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "sriovNetSupport": "simple",
        "tagSet": [
            tag("parallelcluster:image_id", &format!("cluster-image-{i:06}")),
            tag("parallelcluster:version", "3.16.1"),
            tag("parallelcluster:os", "alinux2023"),
            tag("parallelcluster:build_status", "available"),
        ],
        "virtualizationType": "hvm",
        "bootMode": "uefi-preferred",
        "deprecationTime": "2028-11-15T08:30:00.000Z",
        "imdsSupport": "v2.0",
    })
}

/// A page of images that are written already.
pub fn page_in_xml(images: &str, next: Option<&str>) -> String {
    let next = next.map(|next| format!("    <nextToken>{next}</nextToken>\n")).unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <DescribeImagesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n    \
         <requestId>623ecca9-280c-4663-a9f5-540db28329f7</requestId>\n    \
         <imagesSet>{images}\n    </imagesSet>\n{next}</DescribeImagesResponse>"
    )
}

/// An element, indented as by the service, and what is in it.
pub fn in_xml(depth: usize, name: &str, value: &Value) -> String {
    let indent = format!("\n{}", "    ".repeat(depth));
    let inner: String = match value {
        Value::Array(items) => items.iter().map(|item| in_xml(depth + 1, "item", item)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| in_xml(depth + 1, name, value)).collect()
        }
        Value::String(text) => return format!("{indent}<{name}>{text}</{name}>"),
        other => return format!("{indent}<{name}>{other}</{name}>"),
    };
    format!("{indent}<{name}>{inner}{indent}</{name}>")
}
