//! The conditions and the order of lists, in the header `X-Filter`.

use serde_json::{Map, Value, json};

/// The conditions and the sort order of a list, for `x_filter` of the requests.
///
/// ```
/// use cloud_images::linode::Filter;
///
/// # fn example(images: cloud_images::linode::ImageOperationsApi) {
/// let debian = Filter::eq("vendor", "Debian").and(Filter::eq("deprecated", false));
/// let request = images.list_images().x_filter(debian.order_by("label").descending());
/// # }
/// ```
///
/// The fields of images are `deprecated`, `is_public`, `label`, `size`, `status`, `tags`, `type` and `vendor`. The
/// service answers 400 to other fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    condition: Map<String, Value>,
    order_by: Option<String>,
    descending: bool,
}

macro_rules! operators {
    ($($(#[$docs:meta])* $name:ident $operator:literal;)*) => {$(
        $(#[$docs])*
        #[must_use]
        pub fn $name(field: impl Into<String>, value: impl Into<Value>) -> Self {
            Self::of(field.into(), json!({ $operator: value.into() }))
        }
    )*};
}

impl Filter {
    /// Matches all items. Use it to sort without a condition.
    #[must_use]
    pub fn all() -> Self {
        Self { condition: Map::new(), order_by: None, descending: false }
    }

    /// Matches if the field has this value. For a list, such as `tags`: if the list contains it.
    #[must_use]
    pub fn eq(field: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::of(field.into(), value.into())
    }

    operators! {
        /// Matches if the field has another value.
        neq "+neq";
        /// Matches if the text of the field contains this text.
        contains "+contains";
        /// Matches if the field is greater than this value.
        gt "+gt";
        /// Matches if the field is greater than or equal to this value.
        gte "+gte";
        /// Matches if the field is less than this value.
        lt "+lt";
        /// Matches if the field is less than or equal to this value.
        lte "+lte";
    }

    /// Matches if both conditions are met. Keeps the sort order of the first one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined("+and", other)
    }

    /// Matches if one of the conditions matches. Keeps the sort order of the first one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined("+or", other)
    }

    /// Sorts by this field, the smallest value first.
    #[must_use]
    pub fn order_by(mut self, field: impl Into<String>) -> Self {
        self.order_by = Some(field.into());
        self
    }

    /// Reverses the order of [`order_by`](Self::order_by): the greatest value first. Does nothing without it.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    fn of(field: String, value: Value) -> Self {
        Self { condition: Map::from_iter([(field, value)]), ..Self::all() }
    }

    fn joined(mut self, operator: &str, other: Self) -> Self {
        let both = vec![self.condition.into(), other.condition.into()];
        self.condition = Map::from_iter([(operator.to_owned(), Value::Array(both))]);
        self
    }
}

/// The value of the header `X-Filter`: JSON in ASCII.
impl From<Filter> for String {
    fn from(filter: Filter) -> Self {
        let mut object = filter.condition;
        if let Some(field) = filter.order_by {
            let order = if filter.descending { "desc" } else { "asc" };
            object.insert("+order_by".to_owned(), field.into());
            object.insert("+order".to_owned(), order.into());
        }
        let mut text = String::new();
        for character in Value::Object(object).to_string().chars() {
            if character.is_ascii() {
                text.push(character);
            } else {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_json_in_ascii() {
        let filter = Filter::eq("vendor", "Debian").and(Filter::contains("label", "ö\u{1f600}\n"));
        let text = String::from(filter.order_by("label").descending());
        assert!(text.chars().all(|character| (' '..='~').contains(&character)), "{text}");
        let expected = json!({
            "+and": [{"vendor": "Debian"}, {"label": {"+contains": "ö\u{1f600}\n"}}],
            "+order_by": "label",
            "+order": "desc",
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
        assert_eq!(String::from(Filter::all()), "{}");
        assert_eq!(String::from(Filter::lte("size", 2500)), r#"{"size":{"+lte":2500}}"#);
    }
}
