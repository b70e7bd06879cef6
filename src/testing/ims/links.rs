//! Links between pages.

use url::form_urlencoded::Serializer;

/// The path of this list: with a marker the link to the next page, without the link to the first.
///
/// Like Glance's own, it repeats only the last of several equal parameters: a client that follows it gets the wrong
/// rows.
pub(super) fn link(query: &[(String, String)], marker: Option<&str>) -> String {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (name, value) in query.iter().filter(|(name, _)| name != "marker") {
        match pairs.iter_mut().find(|(other, _)| other == name) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
    }
    pairs.extend(marker.map(|marker| ("marker", marker)));
    if pairs.is_empty() {
        return "/v2/images".to_owned();
    }
    format!("/v2/images?{}", Serializer::new(String::new()).extend_pairs(pairs).finish())
}
