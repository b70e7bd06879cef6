//! The versions of the API.

use super::Api;
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use serde_json::json;

pub(super) const ROUTES: &[Route<Api>] =
    &[Route { operation: "list_versions", method: "GET", path: "/", handler: list_versions }];

fn list_versions(_: &Api, _: &Call<'_>) -> Outcome {
    let version = |id: &str, status: &str| {
        let links = json!([{ "rel": "self", "href": "/v2/" }]);
        json!({ "id": id, "status": status, "links": links })
    };
    let versions =
        [version("v2.9", "SUPPORTED"), version("v2.17", "CURRENT"), version("v2.15", "SUPPORTED")];
    Ok(Reply::json(300, &json!({ "versions": versions })))
}
