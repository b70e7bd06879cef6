//! The compute fleet of a cluster.

use super::clusters::{cluster, cluster_name};
use super::parameters::{bad_request, list, region};
use super::values::{time, time_of};
use super::{Api, refusal};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "describe_compute_fleet",
        method: "GET",
        path: "/v3/clusters/{clusterName}/computefleet",
        handler: describe,
    },
    Route {
        operation: "update_compute_fleet",
        method: "PATCH",
        path: "/v3/clusters/{clusterName}/computefleet",
        handler: update,
    },
];

/// A requested change is one step further with every description.
fn describe(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    api.with_region(region, |held| {
        let cluster = cluster(held, name)?;
        let Some(status) = cluster.fleet else {
            return Ok(Reply::indented(200, &json!({ "status": "UNKNOWN" })));
        };
        cluster.fleet = Some(match status {
            "STOP_REQUESTED" => "STOPPING",
            "STOPPING" => "STOPPED",
            "START_REQUESTED" => "STARTING",
            "STARTING" => "RUNNING",
            other => other,
        });
        let body = json!({ "lastStatusUpdatedTime": time(time_of(0)), "status": status });
        Ok(Reply::indented(200, &body))
    })
}

/// The response is a 200 with a body, where the document has 204.
fn update(api: &Api, call: &Call<'_>) -> Outcome {
    const ALLOWED: [&str; 4] = ["START_REQUESTED", "STOP_REQUESTED", "ENABLED", "DISABLED"];
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    if call.request.body.is_empty() {
        return Err(bad_request("request body is required"));
    }
    let body: Value = serde_json::from_slice(&call.request.body)
        .map_err(|_| bad_request("Request body is not valid JSON"))?;
    let Some(asked) = body["status"].as_str() else {
        return Err(bad_request("'status' is a required property"));
    };
    let Some(asked) = ALLOWED.into_iter().find(|allowed| *allowed == asked) else {
        return Err(bad_request(&format!("'{asked}' is not one of {} - 'status'", list(&ALLOWED))));
    };
    api.with_region(region, |held| {
        let cluster = cluster(held, name)?;
        if !asked.ends_with("_REQUESTED") {
            return Err(bad_request(
                "the update compute fleet status can only be set to `START_REQUESTED` or \
                 `STOP_REQUESTED` for Slurm scheduler clusters.",
            ));
        }
        if cluster.fleet.is_none() {
            let what = if asked == "START_REQUESTED" { "starting" } else { "stopping" };
            let reason = "Could not retrieve compute fleet status.";
            let problem = format!("Failed when {what} compute fleet with error: {reason}");
            return Err(refusal(500, &problem));
        }
        cluster.fleet = Some(asked);
        let body = json!({ "lastStatusUpdatedTime": time(time_of(0)), "status": asked });
        Ok(Reply::indented(200, &body))
    })
}
