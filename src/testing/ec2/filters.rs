//! Filters: values are alternatives, filters must all fit.

use super::refusal::Refusal;
use serde_json::Value;

/// The filters of images whose name is not that of a field in another spelling.
const FIELDS: [(&str, &str); 16] = [
    ("block-device-mapping.delete-on-termination", "/blockDeviceMapping/*/ebs/deleteOnTermination"),
    ("block-device-mapping.device-name", "/blockDeviceMapping/*/deviceName"),
    ("block-device-mapping.encrypted", "/blockDeviceMapping/*/ebs/encrypted"),
    ("block-device-mapping.snapshot-id", "/blockDeviceMapping/*/ebs/snapshotId"),
    ("block-device-mapping.volume-size", "/blockDeviceMapping/*/ebs/volumeSize"),
    ("block-device-mapping.volume-type", "/blockDeviceMapping/*/ebs/volumeType"),
    ("manifest-location", "/imageLocation"),
    ("owner-alias", "/imageOwnerAlias"),
    ("owner-id", "/imageOwnerId"),
    ("product-code", "/productCodes/*/productCode"),
    ("product-code.type", "/productCodes/*/type"),
    ("state", "/imageState"),
    ("state-reason-code", "/stateReason/code"),
    ("state-reason-message", "/stateReason/message"),
    ("tag-key", "/tagSet/*/key"),
    ("tag-value", "/tagSet/*/value"),
];

/// The filters of images that are named like their field.
const NAMED: [&str; 22] = [
    "architecture",
    "boot-mode",
    "creation-date",
    "description",
    "ena-support",
    "free-tier-eligible",
    "hypervisor",
    "image-allowed",
    "image-id",
    "image-type",
    "is-public",
    "kernel-id",
    "name",
    "platform",
    "public-ssm-parameter-name",
    "ramdisk-id",
    "root-device-name",
    "root-device-type",
    "source-image-id",
    "source-image-region",
    "source-instance-id",
    "sriov-net-support",
];

/// The filters of a request, checked.
pub(super) struct Filters(Vec<(String, Vec<String>)>);

impl Filters {
    /// Filters of images.
    pub fn of_images(filters: Vec<(String, Vec<String>)>) -> Result<Self, Refusal> {
        Self::checked(filters, |name| {
            NAMED.contains(&name)
                || name == "virtualization-type"
                || name.starts_with("tag:")
                || FIELDS.iter().any(|(filter, _)| *filter == name && name != "tag-value")
        })
    }

    /// Filters of records that have these fields, named like them.
    pub fn named(filters: Vec<(String, Vec<String>)>, names: &[&str]) -> Result<Self, Refusal> {
        Self::checked(filters, |name| names.contains(&name) || name.starts_with("tag:"))
    }

    fn checked(
        filters: Vec<(String, Vec<String>)>,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, Refusal> {
        for (name, values) in &filters {
            if !is_known(name) {
                return Err(Refusal::invalid(format!("The filter '{name}' is invalid")));
            }
            if values.is_empty() {
                let message = format!("The filter '{name}' must have at least one value");
                return Err(Refusal::invalid(message));
            }
            if values.len() > 200 {
                let message =
                    "The maximum number of filter values specified on a single call is 200";
                return Err(Refusal::bad("FilterLimitExceeded", message));
            }
        }
        Ok(Self(filters))
    }

    /// Whether a record fits.
    pub fn admit(&self, record: &Value) -> bool {
        self.0.iter().all(|(name, patterns)| {
            let found = match name.strip_prefix("tag:") {
                Some(key) => tag(record, key),
                None => values(record, name),
            };
            found.iter().any(|value| patterns.iter().any(|pattern| fits(pattern, value)))
        })
    }
}

fn tag(record: &Value, key: &str) -> Vec<String> {
    let tags = record["tagSet"].as_array().into_iter().flatten();
    tags.filter(|tag| tag["key"] == key).map(|tag| text(&tag["value"])).collect()
}

fn values(record: &Value, name: &str) -> Vec<String> {
    let special = FIELDS.iter().find(|(filter, _)| *filter == name).map(|(_, pointer)| *pointer);
    let camel = || {
        let mut parts = name.split('-');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |mut camel, part| {
            let mut characters = part.chars();
            camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
            camel.push_str(characters.as_str());
            camel
        })
    };
    match special.and_then(|pointer| pointer.split_once("/*")) {
        Some((list, member)) => {
            let items = record.pointer(list).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(|item| item.pointer(member)).map(text).collect()
        }
        None => {
            let pointer = special.map_or_else(|| format!("/{}", camel()), str::to_owned);
            let value = record.pointer(&pointer).filter(|value| !value.is_null());
            value.map(text).into_iter().collect()
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a text fits a pattern: `*` stands for any characters, `?` for one, a backslash takes the next
/// character as it is. Case counts.
fn fits(pattern: &str, text: &str) -> bool {
    #[derive(Clone, Copy)]
    enum Part {
        Any,
        One,
        Is(char),
    }
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '*' => Part::Any,
            '?' => Part::One,
            '\\' => Part::Is(characters.next().unwrap_or('\\')),
            _ => Part::Is(character),
        });
    }
    // The positions in the pattern that the text so far leads to.
    let skip = |reached: &mut Vec<bool>| {
        for (at, part) in parts.iter().enumerate() {
            if reached[at] && matches!(part, Part::Any) {
                reached[at + 1] = true;
            }
        }
    };
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    skip(&mut reached);
    for character in text.chars() {
        let mut next = vec![false; parts.len() + 1];
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match part {
                Part::Any => next[at] = true,
                Part::One => next[at + 1] = true,
                Part::Is(wanted) => next[at + 1] |= *wanted == character,
            }
        }
        skip(&mut next);
        reached = next;
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::{Filters, fits};
    use serde_json::json;

    #[test]
    fn patterns_have_wildcards_and_escapes() {
        for (pattern, text, fit) in [
            ("golden-*", "golden-2026", true),
            ("*", "", true),
            ("app-00?1*", "app-0001 x", true),
            ("app-00?1", "app-001", false),
            ("app-00\\*", "app-00*", true),
            ("app-00\\*", "app-001", false),
            ("Golden", "golden", false),
            ("[ab]", "a", false),
            ("*24.04*server", "ubuntu-24.04-amd64-server", true),
        ] {
            assert_eq!(fits(pattern, text), fit, "{pattern} {text}");
        }
    }

    #[test]
    fn filters_look_into_lists() {
        let image = json!({
            "imageState": "available", "isPublic": false, "rootDeviceType": "ebs",
            "blockDeviceMapping": [{"deviceName": "/dev/sda1", "ebs": {"volumeSize": 20}}],
            "tagSet": [{"key": "env", "value": "prod"}],
        });
        let fit = |name: &str, value: &str| {
            let filters = vec![(name.to_owned(), vec![value.to_owned()])];
            Filters::of_images(filters).unwrap().admit(&image)
        };
        assert!(fit("state", "available") && fit("is-public", "false") && fit("tag:env", "p*"));
        assert!(fit("block-device-mapping.volume-size", "20") && fit("root-device-type", "ebs"));
        assert!(!fit("tag:env", "dev") && !fit("description", "*") && !fit("tag-key", "Env"));
        assert!(Filters::of_images(vec![("nonsense".to_owned(), vec![])]).is_err());
    }
}
