//! Where the files are, and what is in them.

use super::configuration;
use crate::Result;
use crate::auth::keystone::yaml::Node;
use crate::auth::optional;
use std::path::{Path, PathBuf};

/// The file that a variable names, or else the first in the places where the OpenStack tools look.
pub fn find(variable: &str, stem: &str) -> Result<Option<PathBuf>> {
    if let Some(path) = optional(variable)? {
        return Ok(Some(path.into()));
    }
    let config = match (optional("XDG_CONFIG_HOME")?, optional("HOME")?) {
        (Some(config), _) => Some(PathBuf::from(config)),
        (None, Some(home)) => Some(Path::new(&home).join(".config")),
        (None, None) => None,
    };
    let directories = [
        Some(PathBuf::from(".")),
        config.map(|config| config.join("openstack")),
        Some(PathBuf::from("/etc/openstack")),
    ];
    Ok(directories
        .into_iter()
        .flatten()
        .flat_map(|directory| {
            ["yaml", "yml", "json"].map(|extension| directory.join(format!("{stem}.{extension}")))
        })
        .find(|path| path.is_file()))
}

pub fn load(path: &Path) -> Result<Node> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        configuration(format!("{name} cannot be read: {error}")).caused_by(error)
    })?;
    parse(&text, &name.to_string())
}

pub fn parse(text: &str, file: &str) -> Result<Node> {
    // The parser's own message may show a line of the file, and with it a password.
    Node::parse(text).map_err(|error| {
        let place =
            error.location().map(|at| format!(", line {} column {}", at.line(), at.column()));
        configuration(format!("{file} is not valid YAML{}", place.unwrap_or_default()))
    })
}
