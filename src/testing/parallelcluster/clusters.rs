//! Clusters: list, create, describe, update, delete.

use super::cluster::{Cluster, build_as_cluster};
use super::parameters::{bad_request, boolean, checked_image_id, one_of, region};
use super::stacks::{Region, Stack};
use super::{Api, records, refusal};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route { operation: "list_clusters", method: "GET", path: "/v3/clusters", handler: list },
    Route { operation: "create_cluster", method: "POST", path: "/v3/clusters", handler: create },
    Route {
        operation: "describe_cluster",
        method: "GET",
        path: "/v3/clusters/{clusterName}",
        handler: describe,
    },
    Route {
        operation: "update_cluster",
        method: "PUT",
        path: "/v3/clusters/{clusterName}",
        handler: update,
    },
    Route {
        operation: "delete_cluster",
        method: "DELETE",
        path: "/v3/clusters/{clusterName}",
        handler: delete,
    },
];

const LISTED: [&str; 8] = [
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
];

/// The cluster's name in the path.
pub(super) fn cluster_name<'a>(call: &'a Call<'_>) -> Result<&'a str, Reply> {
    let name = call.path("clusterName");
    checked_image_id(name).map(|()| name)
}

pub(super) fn not_found(name: &str) -> Reply {
    let problem = "does not exist or belongs to an incompatible ParallelCluster major version.";
    refusal(404, &format!("Cluster '{name}' {problem}"))
}

/// The cluster of a name.
pub(super) fn cluster<'a>(held: &'a mut Region, name: &str) -> Result<&'a mut Cluster, Reply> {
    match held.stack(name) {
        Some(Stack::Cluster(cluster)) => Ok(cluster),
        Some(Stack::Other(_)) => Err(incompatible(name)),
        _ => Err(not_found(name)),
    }
}

fn incompatible(name: &str) -> Reply {
    let problem = "belongs to an incompatible ParallelCluster major version.";
    bad_request(&format!("Cluster '{name}' {problem}"))
}

fn list(api: &Api, call: &Call<'_>) -> Outcome {
    let region = region(api, call)?;
    let sent = call.query().iter().filter(|(name, _)| name == "clusterStatus");
    let wanted: Vec<_> = sent.flat_map(|(_, value)| value.split(',')).collect();
    for status in &wanted {
        one_of(status, &LISTED)?;
    }
    let token = call.parameter("nextToken").filter(|token| !token.is_empty());
    api.with_region(region, |held| {
        let (page, next) = held
            .page(token, api.stacks_per_page)
            .ok_or_else(|| refusal(500, "The provided NextToken is not valid"))?;
        let clusters: Vec<_> = page
            .iter()
            .filter_map(|stack| match stack {
                Stack::Cluster(cluster) => Some(cluster),
                _ => None,
            })
            .filter(|cluster| wanted.is_empty() || wanted.contains(&cluster.status()))
            .map(|cluster| cluster.summary(region))
            .collect();
        let mut body = json!({ "clusters": clusters });
        if let Some(next) = next {
            body["nextToken"] = next.into();
        }
        Ok(Reply::indented(200, &body))
    })
}

fn create(api: &Api, call: &Call<'_>) -> Outcome {
    let (region, dry_run) = (region(api, call)?, boolean(call, "dryrun")?);
    let name = text(call, "clusterName")?;
    checked_image_id(&name)?;
    let configuration = configuration(call)?;
    api.with_region(region, |held| {
        if held.stack(&name).is_some() {
            return Err(bad_request(&format!("Cluster {name} already exists.")));
        }
        let missing: Vec<_> = ["HeadNode", "Scheduling"]
            .into_iter()
            .filter(|section| !configuration.lines().any(|line| line == format!("{section}:")))
            .map(|section| format!("('{section}', ['Missing data for required field.'])"))
            .collect();
        if !missing.is_empty() {
            let problem = format!("[{}]", missing.join(", "));
            let error =
                json!({ "level": "ERROR", "message": problem, "type": "ConfigSchemaValidator" });
            let body = json!({
                "configurationValidationErrors": [error],
                "message": "Invalid cluster configuration.",
            });
            return Err(Reply::json(400, &body));
        }
        if dry_run {
            return Err(refusal(412, "Request would have succeeded, but DryRun flag is set."));
        }
        let cluster = Cluster::new(name, configuration, api.build_polls, held.stacks.len());
        let body = json!({ "cluster": cluster.summary(region) });
        held.stacks.push(Stack::Cluster(cluster));
        Ok(Reply::indented(202, &body))
    })
}

fn describe(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    api.with_region(region, |held| {
        match held.stack(name) {
            Some(Stack::Cluster(cluster)) => {
                if !cluster.advance() {
                    return Ok(Reply::indented(200, &cluster.in_full(region)));
                }
            }
            // The service does not look at whose stack it is.
            Some(Stack::Building(image, _)) => {
                let arn = records::stack_arn(image, region);
                let described = build_as_cluster(image, &arn, "CREATE_IN_PROGRESS", region);
                return Ok(Reply::indented(200, &described));
            }
            Some(Stack::Other(_)) => return Err(incompatible(name)),
            _ => return Err(not_found(name)),
        }
        held.stacks.retain(|stack| stack.name() != name);
        Err(not_found(name))
    })
}

fn update(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    let dry_run = boolean(call, "dryrun")?;
    let wanted = configuration(call)?;
    api.with_region(region, |held| {
        let cluster = cluster(held, name)?;
        if cluster.changes() {
            let status = cluster.stack_status;
            let problem = format!("Cannot execute update while stack is in {status} status.");
            return Err(refusal(409, &problem));
        }
        let changes = changes(&cluster.configuration, &wanted);
        if changes.is_empty() {
            return Err(bad_request("No changes found in your cluster configuration."));
        }
        let refused: Vec<_> = changes.iter().filter_map(refused_change).collect();
        if !refused.is_empty() {
            let body = json!({
                "changeSet": changes, "message": "Update failure",
                "updateValidationErrors": refused,
            });
            return Err(Reply::json(400, &body));
        }
        if dry_run {
            let message = "Request would have succeeded, but DryRun flag is set.";
            return Err(Reply::json(412, &json!({ "changeSet": changes, "message": message })));
        }
        cluster.configuration = wanted;
        cluster.begin("UPDATE_IN_PROGRESS", api.build_polls);
        let body = json!({ "changeSet": changes, "cluster": cluster.summary(region) });
        Ok(Reply::indented(202, &body))
    })
}

fn delete(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    api.with_region(region, |held| {
        // An image that is being built goes the same way.
        if let Some(stack) = held.stack(name)
            && let Stack::Building(image, _) = stack
        {
            let image = image.clone();
            let arn = records::stack_arn(&image, region);
            let mut summary = build_as_cluster(&image, &arn, "DELETE_IN_PROGRESS", region);
            summary["cloudformationStackStatus"] = "DELETE_IN_PROGRESS".into();
            *stack = Stack::Deleting(image, api.build_polls);
            return Ok(Reply::indented(202, &json!({ "cluster": summary })));
        }
        let cluster = cluster(held, name)?;
        if cluster.stack_status != "DELETE_IN_PROGRESS" {
            cluster.begin("DELETE_IN_PROGRESS", api.build_polls);
        }
        Ok(Reply::indented(202, &json!({ "cluster": cluster.summary(region) })))
    })
}

/// A string of the JSON body.
fn text(call: &Call<'_>, name: &str) -> Result<String, Reply> {
    if call.request.body.is_empty() {
        return Err(bad_request("request body is required"));
    }
    let body: Value = serde_json::from_slice(&call.request.body)
        .map_err(|_| bad_request("Request body is not valid JSON"))?;
    let missing = || bad_request(&format!("'{name}' is a required property"));
    body[name].as_str().map(str::to_owned).ok_or_else(missing)
}

fn configuration(call: &Call<'_>) -> Result<String, Reply> {
    let configuration = text(call, "clusterConfiguration")?;
    if configuration.trim().is_empty() {
        return Err(bad_request("configuration is required and cannot be empty"));
    }
    Ok(configuration)
}

/// What differs between two configurations: the settings whose values are not the same.
fn changes(present: &str, wanted: &str) -> Vec<Value> {
    let (present, wanted) = (settings(present), settings(wanted));
    let find = |list: &[(String, String)], path: &str| {
        list.iter().find(|(other, _)| other == path).map(|(_, value)| value.clone())
    };
    let mut paths: Vec<_> = present.iter().chain(&wanted).map(|(path, _)| path.clone()).collect();
    paths.sort();
    paths.dedup();
    paths
        .into_iter()
        .filter_map(|path| {
            let (before, after) = (find(&present, &path), find(&wanted, &path));
            (before != after).then(|| {
                let dash = || "-".to_owned();
                json!({
                    "currentValue": before.unwrap_or_else(dash),
                    "parameter": path,
                    "requestedValue": after.unwrap_or_else(dash),
                })
            })
        })
        .collect()
}

/// The settings of a configuration as path and value, as far as its indentation tells.
fn settings(configuration: &str) -> Vec<(String, String)> {
    let mut path: Vec<(usize, &str)> = Vec::new();
    let mut settings = Vec::new();
    for line in configuration.lines() {
        let content = line.trim_start_matches([' ', '-']);
        let Some((key, value)) = content.split_once(':') else { continue };
        let indentation = line.len() - content.len();
        path.retain(|(outer, _)| *outer < indentation);
        path.push((indentation, key));
        if !value.trim().is_empty() {
            let keys: Vec<_> = path.iter().map(|(_, key)| *key).collect();
            settings.push((keys.join("."), value.trim().to_owned()));
        }
    }
    settings
}

/// Why a change is not allowed.
fn refused_change(change: &Value) -> Option<Value> {
    let fixed = change["parameter"] == "Image.Os";
    fixed.then(|| {
        let value = change["currentValue"].as_str().unwrap_or_default();
        let mut refused = change.clone();
        let message = format!(
            "Update actions are not currently supported for the 'Os' parameter. Restore 'Os' value to '{value}'."
        );
        refused["message"] = message.into();
        refused
    })
}
