//! Which images a list holds.

use super::PROJECT;
use super::image::Image;
use crate::testing::exchange::Call;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

/// Parameters that are not filters.
const NO_FILTERS: [&str; 5] = ["limit", "marker", "sort", "sort_key", "sort_dir"];

/// The fields that take `in:`.
const LISTABLE: [&str; 5] = ["id", "name", "status", "disk_format", "container_format"];

const VISIBILITIES: [&str; 5] = ["public", "private", "shared", "community", "all"];
const MEMBER_STATUSES: [&str; 4] = ["pending", "accepted", "rejected", "all"];

/// The filters of a request, checked.
pub(super) struct Filters(Vec<Filter>);

enum Filter {
    /// The visibility of the image, and the answer of a member.
    Visible {
        visibility: Option<String>,
        member_status: String,
    },
    Tag(String),
    Flag(&'static str, bool),
    OneOf(String, Vec<String>),
    Time(String, String, DateTime<Utc>),
    AtLeast(i64),
    AtMost(i64),
    Exact(String, String),
}

impl Filters {
    pub fn of(call: &Call<'_>) -> Result<Self, String> {
        let member_status = call.parameter("member_status").unwrap_or("accepted");
        if !MEMBER_STATUSES.contains(&member_status) {
            return Err(format!("Invalid status: {member_status}"));
        }
        let visibility = call.parameter("visibility").map(str::to_owned);
        if let Some(unknown) = visibility.as_deref().filter(|v| !VISIBILITIES.contains(v)) {
            return Err(format!("Invalid visibility value: {unknown}"));
        }
        let hidden = flag("os_hidden", call.parameter("os_hidden").unwrap_or("false"))?;
        let member_status = member_status.to_owned();
        let mut filters =
            vec![Filter::Visible { visibility, member_status }, Filter::Flag("os_hidden", hidden)];
        for (index, (name, value)) in call.query().iter().enumerate() {
            let name = name.as_str();
            // All tags count; of everything else that comes again, the last does.
            if name == "tag" {
                filters.push(Filter::Tag(value.clone()));
            } else if call.query()[index + 1..].iter().all(|(later, _)| later != name) {
                filters.extend(Filter::of(name, value)?);
            }
        }
        Ok(Self(filters))
    }

    pub fn admit(&self, image: &Image) -> bool {
        self.0.iter().all(|filter| filter.admits(image))
    }
}

impl Filter {
    fn of(name: &str, value: &str) -> Result<Option<Self>, String> {
        let number = || {
            value
                .parse::<i64>()
                .map_err(|_| "Unable to filter on a range with a non-numeric value.".to_owned())
        };
        Ok(Some(match name {
            "visibility" | "member_status" | "os_hidden" => return Ok(None),
            name if NO_FILTERS.contains(&name) => return Ok(None),
            "protected" => Self::Flag("protected", flag("protected", value)?),
            "size_min" => Self::AtLeast(number()?),
            "size_max" => Self::AtMost(number()?),
            "created_at" | "updated_at" => {
                let (operator, time) = operator_and_time(value).ok_or_else(|| {
                    format!("Bad \"{name}\" query filter format. Use ISO 8601 DateTime notation.")
                })?;
                Self::Time(name.to_owned(), operator.to_owned(), time)
            }
            name if LISTABLE.contains(&name) => match value.split_once(':') {
                None => Self::Exact(name.to_owned(), value.to_owned()),
                Some(("eq", value)) => Self::Exact(name.to_owned(), value.to_owned()),
                Some(("in", values)) => Self::OneOf(name.to_owned(), quoted_list(values)?),
                Some((operator, _)) => {
                    return Err(format!("Unable to filter by unknown operator '{operator}'."));
                }
            },
            name => Self::Exact(name.to_owned(), value.to_owned()),
        }))
    }

    fn admits(&self, image: &Image) -> bool {
        match self {
            Self::Visible { visibility, member_status } => {
                visible(image, visibility.as_deref(), member_status)
            }
            Self::Tag(tag) => {
                let tags = image.field("tags").as_array();
                tags.is_some_and(|tags| tags.iter().any(|found| found == tag))
            }
            Self::Flag(name, wanted) => image.field(name) == *wanted,
            Self::OneOf(name, values) => {
                values.iter().any(|value| image.field(name) == value.as_str())
            }
            Self::Time(name, operator, time) => {
                let found = image.field(name).as_str().and_then(moment);
                found.is_some_and(|found| match operator.as_str() {
                    "gt" => found > *time,
                    "gte" => found >= *time,
                    "lt" => found < *time,
                    "lte" => found <= *time,
                    "neq" => found != *time,
                    _ => found == *time,
                })
            }
            Self::AtLeast(size) => image.field("size").as_i64().is_some_and(|found| found >= *size),
            Self::AtMost(size) => image.field("size").as_i64().is_some_and(|found| found <= *size),
            Self::Exact(name, value) => match image.field(name) {
                Value::String(found) => found == value,
                Value::Number(found) => {
                    value.parse().is_ok_and(|value: i64| found.as_i64() == Some(value))
                }
                Value::Bool(found) => value.parse() == Ok(*found),
                _ => false,
            },
        }
    }
}

/// Images of the project, public ones, and shared ones that the project accepted; community images only if the
/// filter says so.
fn visible(image: &Image, visibility: Option<&str>, member_status: &str) -> bool {
    let has = image.field("visibility").as_str().unwrap_or_default();
    let offered =
        image.member_status.is_some_and(|status| member_status == "all" || member_status == status);
    let seen = image.field("owner") == PROJECT
        || has == "public"
        || has == "community"
        || (has == "shared" && offered);
    seen && match visibility {
        None => has != "community",
        Some("all") => true,
        Some(wanted) => has == wanted,
    }
}

fn flag(name: &str, value: &str) -> Result<bool, String> {
    value.to_ascii_lowercase().parse().map_err(|_| {
        format!("Invalid value '{value}' for '{name}' filter. Valid values are 'true' or 'false'.")
    })
}

/// `gt:2018-10-28T10:00:00Z`, or a time alone, which must be equal.
fn operator_and_time(value: &str) -> Option<(&str, DateTime<Utc>)> {
    if let Some(time) = moment(value) {
        return Some(("eq", time));
    }
    let (operator, time) = value.split_once(':')?;
    let known = ["gt", "gte", "lt", "lte", "eq", "neq"].contains(&operator);
    known.then_some((operator, moment(time)?))
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let with_zone = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let without = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
    with_zone.or_else(|_| without().map(|time| time.and_utc())).ok()
}

/// Values with commas between them; what stands in quotes may have commas of its own.
fn quoted_list(text: &str) -> Result<Vec<String>, String> {
    let (mut values, mut value, mut quoted) = (Vec::new(), String::new(), false);
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(std::mem::take(&mut value)),
            _ => value.push(character),
        }
    }
    if quoted {
        return Err(format!("Invalid filter value {text}. The quote is not closed."));
    }
    values.push(value);
    Ok(values)
}
