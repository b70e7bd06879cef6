//! Values that records of every kind are made of.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

pub(super) const ACCOUNT: &str = "123456789012";
pub(super) const BUCKET: &str = "parallelcluster-0123456789abcdef-v1-do-not-delete";

/// When the thing of a number was made, a minute after the one before.
pub(super) fn time_of(number: usize) -> DateTime<Utc> {
    // 2026-01-15T09:00:00Z
    DateTime::UNIX_EPOCH
        + TimeDelta::seconds(1_768_467_600)
        + TimeDelta::minutes(i64::try_from(number).unwrap_or_default())
}

/// Three digits of a fraction and `Z`: the only form that was seen.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

pub(super) fn tag(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": value })
}
