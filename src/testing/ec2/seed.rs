//! The images and parameters that a region starts with.

use super::ACCOUNT;
use super::image::{Ami, CREATED};
use super::region::Region;
use crate::testing::numbers;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

/// The instance that an image can be made of.
pub(super) const INSTANCE: &str = "i-0123456789abcdef0";

const CANONICAL: &str = "099720109477";
const DEBIAN: &str = "136693071363";
const AMAZON: &str = "137112412989";
const PARALLELCLUSTER: &str = "247102896272";
const PARTNER: &str = "222222222222";
const STRANGER: &str = "666666666666";

/// From this age in days on, images of vendors are deprecated.
const OLD: i64 = 700;

const NOBLE: &str = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-";
const NOBLE_ARM: &str = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-";
const JAMMY: &str = "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-";

/// Name, owner, alias, architecture, and how many days it is older than the others.
type Published = (&'static str, &'static str, Option<&'static str>, &'static str, i64);

const PUBLISHED: [Published; 11] = [
    (NOBLE, CANONICAL, Some("amazon"), "x86_64", 0),
    (NOBLE, CANONICAL, Some("amazon"), "x86_64", 30),
    (NOBLE, CANONICAL, Some("amazon"), "x86_64", 800),
    (NOBLE_ARM, CANONICAL, Some("amazon"), "arm64", 0),
    (JAMMY, CANONICAL, Some("amazon"), "x86_64", 4),
    ("debian-12-amd64-", DEBIAN, None, "x86_64", 2),
    ("al2023-ami-2023.9.kernel-6.1-x86_64-", AMAZON, Some("amazon"), "x86_64", 1),
    (
        "aws-parallelcluster-3.16.1-ubuntu-2404-lts-hvm-x86_64-",
        PARALLELCLUSTER,
        Some("amazon"),
        "x86_64",
        10,
    ),
    // What must not be chosen by its name.
    (NOBLE, STRANGER, None, "x86_64", -3),
    (NOBLE_ARM, STRANGER, None, "arm64", -3),
    ("debian-12-amd64-", STRANGER, None, "x86_64", -4),
];

/// The paths of parameters, and the images they name.
const PARAMETERS: [(&str, &str, &str); 6] = [
    (
        "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
        NOBLE,
        CANONICAL,
    ),
    (
        "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
        NOBLE_ARM,
        CANONICAL,
    ),
    (
        "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id",
        JAMMY,
        CANONICAL,
    ),
    ("/aws/service/debian/release/12/latest/amd64", "debian-12-amd64-", DEBIAN),
    ("/aws/service/debian/release/bookworm/latest/amd64", "debian-12-amd64-", DEBIAN),
    (
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
        "al2023-ami-2023.9.kernel-6.1-x86_64-",
        AMAZON,
    ),
];

/// A region with the images of vendors, one that is shared with the account, and generated ones.
pub(super) fn region(name: &str, generated: usize) -> Region {
    let mut region = Region::default();
    for published in &PUBLISHED {
        region.add(self::published(name, published));
    }
    for (path, start, owner) in PARAMETERS {
        let newest = region
            .images
            .values()
            .filter(|image| image.text("name").starts_with(start))
            .filter(|image| image.text("imageOwnerId") == owner)
            .max_by_key(|image| image.text("creationDate").to_owned());
        if let Some(id) = newest.map(|image| image.id().to_owned()) {
            region.put_parameter(path, &id);
        }
    }
    let mut shared = image(json!({
        "imageId": id(name, "shared"), "name": "partner-golden-1", "imageOwnerId": PARTNER,
    }));
    shared.permissions.push(json!({ "userId": ACCOUNT }));
    region.add(shared);
    let hidden = json!({
        "imageId": id(name, "hidden"), "name": "partner-private-1", "imageOwnerId": PARTNER,
    });
    region.add(image(hidden));
    for number in 0..generated + 3 {
        region.add(own(name, number));
    }
    region
}

fn published(region: &str, (start, owner, alias, architecture, age): &Published) -> Ami {
    let created = created(*age, 0);
    let name = format!("{start}{}", created.format("%Y%m%d"));
    let mut fields = json!({
        "imageId": id(region, &format!("{owner} {name}")),
        "name": name,
        "imageOwnerId": owner,
        "imageOwnerAlias": alias,
        "architecture": architecture,
        "creationDate": text(created),
        "isPublic": true,
        "bootMode": if *architecture == "arm64" { "uefi" } else { "uefi-preferred" },
    });
    if *owner != STRANGER {
        let days = if *age > OLD { 0 } else { 3650 };
        fields["deprecationTime"] = text(created + TimeDelta::days(days)).into();
    }
    image(fields)
}

/// An image of this account.
fn own(region: &str, number: usize) -> Ami {
    let hours = i64::try_from(number).unwrap_or(i64::MAX / 10).saturating_mul(7);
    let environment = ["prod", "staging", "dev"][number % 3];
    image(json!({
        "imageId": id(region, &format!("own {number}")),
        "name": format!("app-{number:04}"),
        "description": format!("Build {number} of the application"),
        "architecture": if number.is_multiple_of(2) { "x86_64" } else { "arm64" },
        "creationDate": text(created(0, hours)),
        "tagSet": [
            { "key": "Name", "value": format!("web-{number:04}") },
            { "key": "env", "value": environment },
        ],
    }))
}

fn image(fields: Value) -> Ami {
    Ami::new(fields.as_object().cloned().unwrap_or_default())
}

fn id(region: &str, what: &str) -> String {
    format!("ami-0{}", numbers::hex(numbers::of_text(&format!("{region} {what}")), 16))
}

fn created(days: i64, hours: i64) -> DateTime<Utc> {
    let latest: DateTime<Utc> = CREATED.parse().unwrap_or_default();
    latest - TimeDelta::days(days) - TimeDelta::hours(hours.min(1_000_000))
}

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
