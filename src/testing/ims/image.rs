//! What the service holds of an image.

use serde_json::{Map, Value};

/// An image: its fields as they are sent, and what is kept of it besides.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub fields: Map<String, Value>,
    /// What this project has said to an image that another one shares.
    pub member_status: Option<&'static str>,
}

impl Image {
    /// A field or property; null if there is none.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }
}
