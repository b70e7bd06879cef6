//! The parameters of a request: `Filter.1.Name=name&Filter.1.Value.2=golden-*`.

use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// Names and values, as they were sent.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// The parameters of a body of type `application/x-www-form-urlencoded`.
    pub fn of(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let decoded = |part: &str| {
            let part = part.replace('+', " ");
            percent_decode_str(&part).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(sent, _)| sent == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn is(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// A list of texts: `Owner.1`, `Owner.2`.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let mut found: Vec<(u32, &str)> = self
            .0
            .iter()
            .filter_map(|(sent, value)| {
                let number = sent.strip_prefix(name)?.strip_prefix('.')?;
                Some((number.parse().ok()?, value.as_str()))
            })
            .collect();
        found.sort_by_key(|(number, _)| *number);
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// A list of structures: `Tag.1.Key`, `Tag.1.Value`.
    pub fn structures(&self, name: &str) -> Vec<Self> {
        let mut found: BTreeMap<u32, Vec<(String, String)>> = BTreeMap::new();
        for (sent, value) in &self.0 {
            let rest = sent.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
            let Some((number, member)) = rest.and_then(|rest| rest.split_once('.')) else {
                continue;
            };
            if let Ok(number) = number.parse() {
                found.entry(number).or_default().push((member.to_owned(), value.clone()));
            }
        }
        found.into_values().map(Self).collect()
    }

    /// The names and values of the filters.
    pub fn filters(&self) -> Vec<(String, Vec<String>)> {
        let filters = self.structures("Filter").into_iter().map(|filter| {
            let values = filter.list("Value").into_iter().map(str::to_owned).collect();
            (filter.text("Name").unwrap_or_default().to_owned(), values)
        });
        filters.collect()
    }

    /// What tells two questions apart: everything but the page.
    pub fn question(&self) -> String {
        let sent = self.0.iter();
        let sent = sent.filter(|(name, _)| name != "MaxResults" && name != "NextToken");
        let mut sent: Vec<_> = sent.map(|(name, value)| format!("{name}={value}")).collect();
        sent.sort();
        sent.join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn lists_are_numbered_and_structures_are_dotted() {
        let form = Form::of(
            b"Owner.2=b&Owner.1=a+c&Filter.1.Name=tag%3Aenv&Filter.1.Value.1=x&Filter.1.Value.2=%2A&DryRun=true",
        );
        assert_eq!(form.list("Owner"), ["a c", "b"]);
        assert_eq!(form.filters(), [("tag:env".to_owned(), vec!["x".to_owned(), "*".to_owned()])]);
        assert!(form.is("DryRun") && !form.is("Owner.1"));
    }
}
