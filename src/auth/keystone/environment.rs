//! The `OS_*` variables.

use super::options::Options;
use crate::{Error, ErrorKind, Result};
use std::env::vars_os;
use std::ffi::OsString;

/// Variables for other programs that share the prefix, as openstacksdk has it.
const NOT_OPTIONS: [&str; 3] = ["OS_TEST", "OS_STD", "OS_LOG"];

/// The options in the environment; an empty variable counts as not set.
pub(super) fn options() -> Result<Options> {
    from_variables(vars_os())
}

pub(super) fn from_variables(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Options> {
    let mut options = Options {
        source: "the environment".to_owned(),
        in_environment: true,
        ..Options::default()
    };
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with("OS_")) else { continue };
        if NOT_OPTIONS.iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        let value = value.into_string().map_err(|_| {
            let message = format!("the environment variable {name} is not valid Unicode");
            Error::new(ErrorKind::Configuration, message)
        })?;
        options.rest.insert(name["OS_".len()..].to_lowercase(), value);
    }
    Ok(options)
}
