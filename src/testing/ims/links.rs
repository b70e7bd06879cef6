//! Links between pages.

use url::form_urlencoded::Serializer;

/// The path of this list: with a marker the link to the next page, without the link to the first.
///
/// Of a parameter that was sent several times only the last stays: whoever follows such a link gets the
/// wrong rows. So it is with Glance.
pub(super) fn link(query: &[(String, String)], marker: Option<&str>) -> String {
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for (name, value) in query.iter().filter(|(name, _)| name != "marker") {
        match kept.iter_mut().find(|(kept, _)| kept == name) {
            Some(kept) => kept.1 = value,
            None => kept.push((name, value)),
        }
    }
    kept.extend(marker.map(|marker| ("marker", marker)));
    if kept.is_empty() {
        return "/v2/images".to_owned();
    }
    format!("/v2/images?{}", Serializer::new(String::new()).extend_pairs(kept).finish())
}
