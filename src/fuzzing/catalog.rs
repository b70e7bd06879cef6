//! Names of images, queries, policies, and lock files.

use super::check;
use crate::catalog::{Hints, Image, Lock, Policy, Query, Support};

/// Any text as the name of an image, as a query, as a policy and as a lock file.
///
/// Any name is read, and shown on one line. What is parsed is written and read again as the same; what
/// is not gives an error.
pub fn catalog(input: &str) {
    let image = Image::new("source", "provider", "id", input).read(&Hints::default());
    assert!(!image.display_name().chars().any(char::is_control));
    let _ = image.lifecycle(Support::bundled()).is_supported(chrono::NaiveDate::default());
    match input.parse::<Query>() {
        Ok(query) => {
            let again = query.to_string().parse::<Query>();
            assert_eq!(again.ok().as_ref(), Some(&query), "{query}");
            assert_eq!(query.matches(&image), query.misses(&image).is_empty());
        }
        Err(error) => check(&error),
    }
    match input.parse::<Policy>() {
        Ok(policy) => assert_eq!(policy.to_string().parse().ok(), Some(policy)),
        Err(error) => check(&error),
    }
    match input.parse::<Lock>() {
        Ok(lock) => {
            let written = lock.to_string();
            let again = written.parse::<Lock>();
            assert_eq!(again.ok().map(|again| again.to_string()), Some(written));
        }
        Err(error) => check(&error),
    }
}
