//! Environment variables.

use crate::{Error, ErrorKind, Result};
use std::env::{VarError, var};

/// The value of a variable; an empty one counts as not set.
pub(crate) fn optional(name: &str) -> Result<Option<String>> {
    match var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            let message = format!("the environment variable {name} is not valid Unicode");
            Err(Error::new(ErrorKind::Configuration, message))
        }
    }
}

/// The value of the first of the variables that is set.
pub(crate) fn first(names: &[&str]) -> Result<Option<String>> {
    for name in names {
        if let Some(value) = optional(name)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// The same, where one of them has to be set.
pub(crate) fn required(names: &[&str]) -> Result<String> {
    if let Some(value) = first(names)? {
        return Ok(value);
    }
    let message = match names {
        [name] => format!("the environment variable {name} is not set"),
        names => format!("none of the environment variables {} is set", names.join(", ")),
    };
    Err(Error::new(ErrorKind::Configuration, message))
}
