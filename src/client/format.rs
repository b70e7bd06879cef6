//! What answers are written in. A type is compiled for the one in which it comes.

use crate::operation::Operation;
use serde::de::DeserializeOwned;

pub(crate) trait Format {
    const NAME: &'static str;

    fn read<T: DeserializeOwned>(operation: &Operation, text: &str) -> Result<T, Undecoded>;
}

/// Why a body is not of its type.
pub(crate) enum Undecoded {
    /// It is not text, and so not the format that it should be.
    Text(&'static str, std::str::Utf8Error),
    /// The error, and the reader of the type, for what is shown of the text.
    Json(serde_json::Error, fn(&str) -> Option<serde_json::Error>),
    #[cfg(feature = "aws-query")]
    Xml(crate::xml::Error),
}

pub(crate) struct Json;

impl Format for Json {
    const NAME: &'static str = "JSON";

    fn read<T: DeserializeOwned>(_: &Operation, text: &str) -> Result<T, Undecoded> {
        let again = |text: &str| serde_json::from_str::<T>(text).err();
        serde_json::from_str(text).map_err(|error| Undecoded::Json(error, again))
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
}
