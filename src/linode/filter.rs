//! The conditions and the order of lists, in the header `X-Filter`.

use serde_json::{Map, Value, json};

/// What a list of Linode is filtered and sorted by.
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
/// Images are filtered by `deprecated`, `is_public`, `label`, `size`, `status`, `tags`, `type` and `vendor`. The
/// service refuses other fields.
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
    /// Everything: for an order alone.
    #[must_use]
    pub fn all() -> Self {
        Self { condition: Map::new(), order_by: None, descending: false }
    }

    /// The field has this value. A list, such as `tags`, has it among its values.
    #[must_use]
    pub fn eq(field: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::of(field.into(), value.into())
    }

    operators! {
        /// The field has another value.
        neq "+neq";
        /// The text of the field has this text in it.
        contains "+contains";
        /// The field is greater.
        gt "+gt";
        /// The field is greater or the same.
        gte "+gte";
        /// The field is smaller.
        lt "+lt";
        /// The field is smaller or the same.
        lte "+lte";
    }

    /// Both conditions hold. The order is that of the first one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined("+and", other)
    }

    /// One of the conditions holds. The order is that of the first one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined("+or", other)
    }

    /// Sorts by this field, from the smallest to the greatest.
    #[must_use]
    pub fn order_by(mut self, field: impl Into<String>) -> Self {
        self.order_by = Some(field.into());
        self
    }

    /// Turns the order round. Without [`order_by`](Self::order_by) it does nothing.
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

/// As the header has it: JSON in ASCII.
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
