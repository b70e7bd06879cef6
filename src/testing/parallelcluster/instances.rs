//! The instances of a cluster.

use super::clusters::{cluster, cluster_name, not_found};
use super::parameters::{boolean, one_of, region};
use super::stacks::Stack;
use super::{Api, refusal};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use serde_json::json;

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "describe_cluster_instances",
        method: "GET",
        path: "/v3/clusters/{clusterName}/instances",
        handler: describe,
    },
    Route {
        operation: "delete_cluster_instances",
        method: "DELETE",
        path: "/v3/clusters/{clusterName}/instances",
        handler: delete,
    },
];

/// How many instances a page has.
const PAGE: usize = 100;

/// A cluster that does not exist has no instances; that is no error.
fn describe(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    if let Some(kind) = call.parameter("nodeType") {
        one_of(kind, &["HeadNode", "ComputeNode", "LoginNode"])?;
    }
    let mut instances = api.with_region(region, |held| match held.stack(name) {
        Some(Stack::Cluster(cluster)) => cluster.instances(),
        _ => Vec::new(),
    });
    for (parameter, field) in [("nodeType", "nodeType"), ("queueName", "queueName")] {
        if let Some(wanted) = call.parameter(parameter) {
            instances.retain(|instance| instance[field] == wanted);
        }
    }
    let start = match call.parameter("nextToken").filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => token
            .strip_prefix("r-")
            .and_then(|position| position.parse().ok())
            .ok_or_else(|| refusal(500, "The token is not valid."))?,
    };
    let page: Vec<_> = instances.iter().skip(start).take(PAGE).collect();
    let mut body = json!({ "instances": page });
    if start + PAGE < instances.len() {
        body["nextToken"] = format!("r-{}", start + PAGE).into();
    }
    Ok(Reply::indented(200, &body))
}

/// The response is empty, with the media type of JSON.
fn delete(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    let force = boolean(call, "force")?;
    api.with_region(region, |held| match cluster(held, name) {
        Ok(cluster) => {
            cluster.compute_nodes = 0;
            Ok(())
        }
        Err(_) if force => Ok(()),
        Err(reply) if reply.status == 404 => Err(not_found(name)),
        Err(reply) => Err(reply),
    })?;
    Ok(Reply::new(202, "application/json", String::new()))
}
