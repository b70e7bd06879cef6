//! Images and builds as the service writes them.

use super::image::Image;
use super::stacks::Stack;
use super::values::{ACCOUNT, BUCKET, tag, time, time_of};
use crate::testing::numbers;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// An image that is ready, as lists have it.
pub(super) fn available(image: &Image, region: &str) -> Value {
    json!({
        "ec2AmiInfo": { "amiId": image.ami },
        "imageBuildStatus": "BUILD_COMPLETE",
        "imageId": image.id,
        "region": region,
        "version": image.version,
    })
}

/// The image of a stack, as lists have it; `None` for a stack without one.
pub(super) fn summary(stack: &Stack, region: &str) -> Option<Value> {
    let (image, stack_status, build_status) = match stack {
        Stack::Building(image, _) => (image, "CREATE_IN_PROGRESS", "BUILD_IN_PROGRESS"),
        Stack::Failed(image) => (image, "CREATE_FAILED", "BUILD_FAILED"),
        Stack::Deleting(image, _) => (image, "DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS"),
        Stack::Cluster(_) | Stack::Other(_) => return None,
    };
    Some(json!({
        "cloudformationStackArn": stack_arn(image, region),
        "cloudformationStackStatus": stack_status,
        "imageBuildStatus": build_status,
        "imageId": image.id,
        "region": region,
        "version": image.version,
    }))
}

/// An image that is ready, in full.
pub(super) fn available_in_full(image: &Image, region: &str) -> Value {
    let created = created(image);
    let mut described = available(image, region);
    described["creationTime"] = time(created).into();
    described["imageConfiguration"] = configuration(image, region);
    let mut tags = tags(image, region);
    tags.extend([
        tag("parallelcluster:build_status", "available"),
        tag("parallelcluster:os", ["alinux2023", "ubuntu2204", "rhel9"][image.number % 3]),
        tag("parallelcluster:parent_image", "ami-0aaaaaaaaaaaaaaa1"),
    ]);
    described["ec2AmiInfo"] = json!({
        "amiId": image.ami,
        "amiName": format!("{} {}", image.id, created.format("%Y-%m-%dT%H-%M-%S%.3fZ")),
        "architecture": "x86_64",
        "description": format!("custom image {}", image.number),
        "state": "AVAILABLE",
        "tags": tags,
    });
    described
}

/// A build, in full; `None` for a stack without an image.
pub(super) fn build_in_full(stack: &Stack, region: &str) -> Option<Value> {
    let mut described = summary(stack, region)?;
    let (image, builder_status) = match stack {
        Stack::Building(image, _) => (image, "BUILDING"),
        Stack::Failed(image) | Stack::Deleting(image, _) => (image, "FAILED"),
        Stack::Cluster(_) | Stack::Other(_) => return None,
    };
    described["cloudformationStackCreationTime"] = time(created(image)).into();
    described["cloudformationStackTags"] = tags(image, region).into();
    described["imageBuildLogsArn"] = log_group(image, region).into();
    described["imageConfiguration"] = configuration(image, region);
    described["imagebuilderImageStatus"] = builder_status.into();
    if matches!(stack, Stack::Failed(_)) {
        described["cloudformationStackStatusReason"] = "Resource creation cancelled".into();
        described["imagebuilderImageStatusReason"] = "a component step failed".into();
    }
    Some(described)
}

fn created(image: &Image) -> DateTime<Utc> {
    time_of(image.number)
}

pub(super) fn stack_arn(image: &Image, region: &str) -> String {
    let id = numbers::uuid(numbers::of_text(&image.id));
    format!("arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{}/{id}", image.id)
}

fn log_group(image: &Image, region: &str) -> String {
    let group = format!("/aws/imagebuilder/ParallelClusterImage-{}", image.id);
    format!("arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}")
}

fn directory(image: &Image) -> String {
    format!("parallelcluster/{}/images/{}-abcdefghijklmnop", image.version, image.id)
}

fn configuration(image: &Image, region: &str) -> Value {
    let file = format!("{}/configs/image-config.yaml", directory(image));
    json!({ "url": format!("https://{BUCKET}.s3.{region}.amazonaws.com/{file}?X-Amz-Signature=0") })
}

fn tags(image: &Image, region: &str) -> Vec<Value> {
    let directory = directory(image);
    vec![
        tag("parallelcluster:image_id", &image.id),
        tag("parallelcluster:image_name", &image.id),
        tag("parallelcluster:version", image.version),
        tag("parallelcluster:s3_bucket", BUCKET),
        tag("parallelcluster:s3_image_dir", &directory),
        tag(
            "parallelcluster:build_config",
            &format!("s3://{BUCKET}/{directory}/configs/image-config.yaml"),
        ),
        tag("parallelcluster:build_log", &log_group(image, region)),
    ]
}
