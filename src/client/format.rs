//! What answers are written in. A type is compiled for the one in which it comes.

use super::json_path;
use crate::operation::Operation;
use serde::de::DeserializeOwned;

pub(crate) trait Format {
    const NAME: &'static str;

    fn read<T: DeserializeOwned>(operation: &Operation, text: &str) -> Result<T, Undecoded>;

    /// What is wrong with a text that cannot be read, and where.
    fn find<T: DeserializeOwned>(text: &str) -> Found;
}

/// Why a body is not of its type.
pub(crate) enum Undecoded {
    /// It is not text, and so not the format that it should be.
    Text(&'static str, std::str::Utf8Error),
    Json(serde_json::Error),
    #[cfg(feature = "aws-query")]
    Xml(crate::xml::Error),
}

/// The place of an error.
#[derive(Default)]
pub(crate) struct Found {
    /// The path to it, such as `images[0].id`; `None` for the whole text.
    pub path: Option<String>,
    /// The error, for JSON.
    pub error: Option<serde_json::Error>,
}

pub(crate) struct Json;

impl Format for Json {
    const NAME: &'static str = "JSON";

    fn read<T: DeserializeOwned>(_: &Operation, text: &str) -> Result<T, Undecoded> {
        serde_json::from_str(text).map_err(Undecoded::Json)
    }

    fn find<T: DeserializeOwned>(text: &str) -> Found {
        match serde_json::from_str::<T>(text) {
            Ok(_) => Found::default(),
            Err(error) => Found { path: json_path::of(text, &error), error: Some(error) },
        }
    }
}

#[cfg(feature = "aws-query")]
pub(crate) struct Xml;

#[cfg(feature = "aws-query")]
impl Format for Xml {
    const NAME: &'static str = "XML";

    fn read<T: DeserializeOwned>(operation: &Operation, text: &str) -> Result<T, Undecoded> {
        let action = match operation.protocol {
            crate::operation::Protocol::AwsQuery { action, .. } => Some(action),
            _ => None,
        };
        let is_root = |root: &str| root.strip_suffix("Response") == action;
        crate::xml::from_str(text, is_root).map_err(Undecoded::Xml)
    }

    fn find<T: DeserializeOwned>(text: &str) -> Found {
        Found { path: crate::xml::path_of::<T>(text), error: None }
    }
}
