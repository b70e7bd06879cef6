//! The operating-system images.

use super::Api;
use crate::computing::types::Image;
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::{Images, Route, fields};
use crate::testing::numbers;
use serde_json::{Map, Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[Route {
    operation: "list_images",
    method: "GET",
    path: "/api/v1/computing/images",
    handler: list,
}];

/// The example of the document, as it stands there.
const EXAMPLE: &str = include_str!("example.json");

const REGIONS: [&str; 3] = ["CANADA", "NORWAY", "US-EAST"];

const SYSTEMS: [(&str, &str); 6] = [
    ("Ubuntu", "Ubuntu Server 24.04 LTS R570 CUDA 12.8"),
    ("Ubuntu", "Ubuntu Server 22.04 LTS R550 CUDA 12.4 with Docker"),
    ("Debian", "Debian 12"),
    ("Rocky", "Rocky Linux 9"),
    ("Windows", "Windows Server 2025"),
    ("Fedora", "Fedora 41"),
];

fn list(api: &Api, _: &Call<'_>) -> Outcome {
    let message = "All OS retrieved successfully";
    Ok(Reply::json(200, &json!({ "data": api.data, "message": message, "status": "success" })))
}

/// The images of the example, generated ones in three regions, and those of the test.
pub(super) fn seed(images: Images<Image>) -> Value {
    let example: Value = serde_json::from_str(EXAMPLE).unwrap_or_default();
    let mut data = example["data"].as_object().cloned().unwrap_or_default();
    for number in 0..images.generated {
        let region = REGIONS[number % REGIONS.len()];
        let (brand, name) = SYSTEMS[number / REGIONS.len() % SYSTEMS.len()];
        let image = json!({
            "id": 50_000 + number,
            "dc_id": 1 + number % REGIONS.len(),
            "dc_region_id": numbers::hex(numbers::of_text(region), 24),
            "os_id": numbers::hex(number as u64, 24),
            "os_name": name,
            "os_type": brand,
            "region": region,
        });
        add(&mut data, region, image);
    }
    for image in &images.own {
        let image = Value::Object(fields(image));
        for images in data.values_mut().filter_map(Value::as_array_mut) {
            images.retain(|other| other["id"] != image["id"]);
        }
        let region = image["region"].as_str().unwrap_or(REGIONS[0]).to_owned();
        add(&mut data, &region, image);
    }
    Value::Object(data)
}

fn add(data: &mut Map<String, Value>, region: &str, image: Value) {
    let images = data.entry(region).or_insert_with(|| json!([]));
    if let Some(images) = images.as_array_mut() {
        images.push(image);
    }
}
