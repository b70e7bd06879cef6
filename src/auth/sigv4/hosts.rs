//! The addresses of AWS services in their regions.
//!
//! Source: the endpoint rules of EC2 and SSM in botocore 1.44.8.

use crate::{Error, ErrorKind, Result};

/// The names of a partition of AWS.
struct Partition {
    /// What the names of its regions begin with.
    prefix: &'static str,
    suffix: &'static str,
    dual_stack: &'static str,
    /// Whether the plain addresses have validated cryptography.
    plain_is_fips: bool,
}

/// The last one takes all other regions.
const PARTITIONS: &[Partition] = &[
    partition("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", false),
    partition("us-gov-", "amazonaws.com", "api.aws", true),
    partition("eusc-", "amazonaws.eu", "api.amazonwebservices.eu", false),
    partition("us-iso-", "c2s.ic.gov", "api.aws.ic.gov", false),
    partition("", "amazonaws.com", "api.aws", false),
];

/// Regions whose addresses are not known here.
const UNKNOWN: [&str; 3] = ["us-isob-", "us-isof-", "eu-isoe-"];

const fn partition(
    prefix: &'static str,
    suffix: &'static str,
    dual_stack: &'static str,
    plain_is_fips: bool,
) -> Partition {
    Partition { prefix, suffix, dual_stack, plain_is_fips }
}

/// The base URL of a service in a region; `None` where it is not known.
pub(super) fn endpoint(
    service: &str,
    region: &str,
    fips: bool,
    dual_stack: bool,
) -> Result<Option<String>> {
    // It becomes part of a host name.
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if region.is_empty() || region.len() > 40 || !region.chars().all(is_name) {
        let message = format!("{region:?} is not the name of a region, such as \"eu-west-1\"");
        return Err(Error::new(ErrorKind::Configuration, message));
    }
    if UNKNOWN.iter().any(|prefix| region.starts_with(prefix)) {
        return Ok(None);
    }
    let found = PARTITIONS.iter().find(|known| region.starts_with(known.prefix));
    let Some(partition) = found else { return Ok(None) };
    let fips = fips && (dual_stack || !partition.plain_is_fips);
    let fips = if fips { "-fips" } else { "" };
    let suffix = if dual_stack { partition.dual_stack } else { partition.suffix };
    Ok(Some(format!("https://{service}{fips}.{region}.{suffix}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_are_those_of_botocores_rules() {
        for (region, [plain, dual, fips, both]) in [
            (
                "eu-central-1",
                ["s.R.amazonaws.com", "s.R.api.aws", "s-fips.R.amazonaws.com", "s-fips.R.api.aws"],
            ),
            (
                "cn-north-1",
                [
                    "s.R.amazonaws.com.cn",
                    "s.R.api.amazonwebservices.com.cn",
                    "s-fips.R.amazonaws.com.cn",
                    "s-fips.R.api.amazonwebservices.com.cn",
                ],
            ),
            (
                "us-gov-west-1",
                ["s.R.amazonaws.com", "s.R.api.aws", "s.R.amazonaws.com", "s-fips.R.api.aws"],
            ),
            (
                "eusc-de-east-1",
                [
                    "s.R.amazonaws.eu",
                    "s.R.api.amazonwebservices.eu",
                    "s-fips.R.amazonaws.eu",
                    "s-fips.R.api.amazonwebservices.eu",
                ],
            ),
            (
                "us-iso-east-1",
                [
                    "s.R.c2s.ic.gov",
                    "s.R.api.aws.ic.gov",
                    "s-fips.R.c2s.ic.gov",
                    "s-fips.R.api.aws.ic.gov",
                ],
            ),
        ] {
            for (fips, dual, host) in [
                (false, false, plain),
                (false, true, dual),
                (true, false, fips),
                (true, true, both),
            ] {
                let found = endpoint("s", region, fips, dual).unwrap().unwrap();
                assert_eq!(found, format!("https://{}", host.replace('R', region)));
            }
        }
        assert_eq!(endpoint("s", "us-isob-east-1", false, false).unwrap(), None);
    }

    #[test]
    fn what_is_no_region_is_refused() {
        let long = "a".repeat(41);
        for region in ["", "eu-west-1.evil.example", "EU", "a/b", "x@y", &long] {
            let error = endpoint("ec2", region, false, false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{region}");
        }
        assert!(endpoint("ec2", &long[1..], false, false).is_ok());
    }
}
