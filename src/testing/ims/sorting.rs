//! The order of a list.

use super::image::Image;
use crate::testing::exchange::Call;
use serde_json::Value;
use std::cmp::Ordering;

const KEYS: [&str; 8] =
    ["name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at"];

/// Fields to sort by, the first before the second, and whether they go down.
pub(super) struct Order(Vec<(String, bool)>);

impl Order {
    /// `sort=name:asc,created_at`, or `sort_key` and `sort_dir`, or the newest first.
    pub fn of(call: &Call<'_>) -> Result<Self, String> {
        let all = |wanted: &str| {
            let sent = call.query().iter().filter(|(name, _)| name == wanted);
            sent.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let (mut keys, mut directions) = (all("sort_key"), all("sort_dir"));
        if let Some(sort) = call.parameter("sort") {
            if !keys.is_empty() || !directions.is_empty() {
                return Err("Old and new sorting syntax cannot be combined".to_owned());
            }
            for part in sort.split(',') {
                let (key, direction) = part.trim().split_once(':').unwrap_or((part.trim(), "desc"));
                keys.push(key.to_owned());
                directions.push(direction.to_owned());
            }
        }
        if keys.is_empty() {
            keys.push("created_at".to_owned());
        }
        if directions.is_empty() {
            directions.push("desc".to_owned());
        }
        if directions.len() == 1 {
            directions.resize(keys.len(), directions[0].clone());
        }
        if directions.len() != keys.len() {
            return Err("Number of sort dirs does not match the number of sort keys".to_owned());
        }
        if let Some(key) = keys.iter().find(|key| !KEYS.contains(&key.as_str())) {
            let keys = KEYS.join(", ");
            return Err(format!(
                "Invalid sort key: {key}. It must be one of the following: {keys}."
            ));
        }
        if let Some(direction) = directions.iter().find(|d| !["asc", "desc"].contains(&d.as_str()))
        {
            return Err(format!("Invalid sort direction: {direction}"));
        }
        let mut order: Vec<_> =
            keys.into_iter().zip(directions.iter().map(|direction| direction == "desc")).collect();
        // Ties are broken by date, and then by id.
        order.extend([("created_at".to_owned(), true), ("id".to_owned(), true)]);
        Ok(Self(order))
    }

    pub fn compare(&self, one: &Image, other: &Image) -> Ordering {
        let by_key = self.0.iter().map(|(key, descending)| {
            let order = compare(one.field(key), other.field(key));
            if *descending { order.reverse() } else { order }
        });
        by_key.fold(Ordering::Equal, Ordering::then)
    }
}

/// Null comes before everything.
fn compare(one: &Value, other: &Value) -> Ordering {
    one.as_i64().cmp(&other.as_i64()).then_with(|| one.as_str().cmp(&other.as_str()))
}
