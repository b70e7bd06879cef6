//! Log streams and their events.

use super::clusters::{cluster, cluster_name};
use super::log_store::{Event, LogStream};
use super::parameters::{bad_request, boolean, image_id, region};
use super::values::{ACCOUNT, time};
use super::{Api, refusal};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "list_image_log_streams",
        method: "GET",
        path: "/v3/images/custom/{imageId}/logstreams",
        handler: list_of_image,
    },
    Route {
        operation: "get_image_log_events",
        method: "GET",
        path: "/v3/images/custom/{imageId}/logstreams/{logStreamName}",
        handler: events_of_image,
    },
    Route {
        operation: "list_cluster_log_streams",
        method: "GET",
        path: "/v3/clusters/{clusterName}/logstreams",
        handler: list_of_cluster,
    },
    Route {
        operation: "get_cluster_log_events",
        method: "GET",
        path: "/v3/clusters/{clusterName}/logstreams/{logStreamName}",
        handler: events_of_cluster,
    },
];

/// How many streams a page has.
const PAGE: usize = 50;

/// The most events a page may have.
const MOST: i64 = 10_000;

fn list_of_image(api: &Api, call: &Call<'_>) -> Outcome {
    let (id, region) = (image_id(call)?, region(api, call)?);
    api.with_region(region, |held| {
        let streams = held.logs.streams(id).ok_or_else(|| no_image_logs(id))?;
        let group = format!("/aws/imagebuilder/ParallelClusterImage-{id}");
        list(call, streams.iter().collect(), &group, region)
    })
}

fn list_of_cluster(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    let prefix = filter(call)?;
    api.with_region(region, |held| {
        cluster(held, name)?;
        let streams = held.logs.streams(name).ok_or_else(|| no_cluster_logs(name))?;
        let fits = |stream: &&LogStream| {
            prefix.as_ref().is_none_or(|prefix| stream.name.starts_with(prefix))
        };
        let group = format!("/aws/parallelcluster/{name}");
        list(call, streams.iter().filter(fits).collect(), &group, region)
    })
}

fn no_image_logs(id: &str) -> Reply {
    let problem = "Unable to find image logs, please double check if image id";
    refusal(404, &format!("{problem}={id} is correct."))
}

fn no_cluster_logs(name: &str) -> Reply {
    refusal(404, &format!("CloudWatch logging is not enabled for cluster {name}."))
}

/// What the names of the streams begin with.
fn filter(call: &Call<'_>) -> Result<Option<String>, Reply> {
    let sent = call.query().iter().filter(|(name, _)| name == "filters");
    let filters: Vec<_> = sent.flat_map(|(_, value)| value.split(' ')).collect();
    let Some(first) = filters.first() else { return Ok(None) };
    if filters.len() > 1 {
        let problem = "Private DNS Name and Node Type filters cannot be set at the same time.";
        return Err(bad_request(problem));
    }
    if *first == "Name=node-type,Values=HeadNode" {
        return Ok(Some("ip-10-0-0-254.".to_owned()));
    }
    let name = first.strip_prefix("Name=private-dns-name,Values=").map(|name| format!("{name}."));
    name.map(Some).ok_or_else(|| {
        let form = r"^(Name=(private-dns-name|node-type),Values=[\w\-_.,]+)$";
        bad_request(&format!("provided filters parameter '{first}' must be in the form {form}."))
    })
}

fn list(call: &Call<'_>, streams: Vec<&LogStream>, group: &str, region: &str) -> Outcome {
    let after = call.parameter("nextToken").and_then(|token| token.split_once('@'));
    let start = after.and_then(|(_, last)| streams.iter().position(|stream| stream.name == last));
    let start = start.map_or(0, |index| index + 1);
    let page: Option<Vec<Value>> = streams
        .iter()
        .skip(start)
        .take(PAGE)
        .map(|stream| written(stream, group, region))
        .collect();
    // One stream without an event is the end of it.
    let page = page.ok_or_else(|| refusal(500, "'firstEventTimestamp'"))?;
    let mut body = json!({ "logStreams": page });
    if let Some(last) = streams.get(start + PAGE - 1).filter(|_| streams.len() > start + PAGE) {
        body["nextToken"] = format!("{group}@{}", last.name).into();
    }
    Ok(Reply::indented(200, &body))
}

fn written(stream: &LogStream, group: &str, region: &str) -> Option<Value> {
    let (first, last) = (stream.events.first()?, stream.events.last()?);
    let arn = format!("arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}:log-stream");
    Some(json!({
        "creationTime": time(first.time),
        "firstEventTimestamp": time(first.time),
        "lastEventTimestamp": time(last.time),
        "lastIngestionTime": time(last.time),
        "logStreamArn": format!("{arn}:{}", stream.name),
        "logStreamName": stream.name,
        "uploadSequenceToken": "1",
    }))
}

fn events_of_image(api: &Api, call: &Call<'_>) -> Outcome {
    let (id, region) = (image_id(call)?, region(api, call)?);
    reachable(call)?;
    api.with_region(region, |held| {
        let stream = held.logs.stream(id, call.path("logStreamName"));
        events(call, stream.ok_or_else(|| no_image_logs(id))?)
    })
}

fn events_of_cluster(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    reachable(call)?;
    api.with_region(region, |held| {
        cluster(held, name)?;
        let stream = held.logs.stream(name, call.path("logStreamName"));
        events(call, stream.ok_or_else(|| no_cluster_logs(name))?)
    })
}

/// The path is decoded before it is looked up, so a name with a slash is not a route.
fn reachable(call: &Call<'_>) -> Result<(), Reply> {
    if call.path("logStreamName").contains('/') {
        let problem = "The requested URL was not found on the server. If you entered the URL \
                       manually please check your spelling and try again.";
        return Err(refusal(404, problem));
    }
    Ok(())
}

/// A page of events. It has both tokens, even at either end of the log.
fn events(call: &Call<'_>, stream: &LogStream) -> Outcome {
    let (from, to) = (moment(call, "startTime")?, moment(call, "endTime")?);
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(bad_request("start_time filter must be earlier than end_time filter."));
    }
    let limit = limit(call)?;
    let head = boolean(call, "startFromHead")?;
    let within = |event: &&Event| {
        from.is_none_or(|from| event.time >= from) && to.is_none_or(|to| event.time < to)
    };
    let all: Vec<_> = stream.events.iter().filter(within).collect();
    let (start, end) = match call.parameter("nextToken").filter(|token| !token.is_empty()) {
        Some(token) => {
            let invalid = || failed("The specified nextToken is invalid.");
            let (direction, position) = token.split_at_checked(2).ok_or_else(invalid)?;
            let position: usize = position.parse().map_err(|_| invalid())?;
            let position = position.min(all.len());
            match direction {
                "f/" => (position, (position + limit).min(all.len())),
                "b/" => (position.saturating_sub(limit), position),
                _ => return Err(invalid()),
            }
        }
        None if head => (0, limit.min(all.len())),
        None => (all.len().saturating_sub(limit), all.len()),
    };
    let page: Vec<_> = all[start..end]
        .iter()
        .map(|event| json!({ "message": event.text, "timestamp": time(event.time) }))
        .collect();
    let body = json!({
        "events": page,
        "nextToken": format!("f/{end:056}"),
        "prevToken": format!("b/{start:056}"),
    });
    Ok(Reply::indented(200, &body))
}

fn failed(reason: &str) -> Reply {
    refusal(500, &format!("Unexpected error when retrieving log events: {reason}"))
}

fn limit(call: &Call<'_>) -> Result<usize, Reply> {
    let Some(limit) = call.parameter("limit") else { return Ok(MOST as usize) };
    let problem = "Wrong type, expected 'integer' for query parameter 'limit'";
    match limit.parse::<i64>().map_err(|_| bad_request(problem))? {
        0 => Ok(MOST as usize),
        limit if limit < 0 => Err(bad_request("'limit' must be a positive integer.")),
        limit if limit > MOST => {
            let constraint = format!("Member must have value less than or equal to {MOST}");
            Err(failed(&format!(
                "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: {constraint}"
            )))
        }
        limit => Ok(usize::try_from(limit).unwrap_or(MOST as usize)),
    }
}

fn moment(call: &Call<'_>, name: &str) -> Result<Option<DateTime<Utc>>, Reply> {
    let Some(text) = call.parameter(name) else { return Ok(None) };
    match DateTime::parse_from_rfc3339(text) {
        Ok(moment) => Ok(Some(moment.to_utc())),
        Err(_) => Err(bad_request(&format!("'{text}' is not a 'date-time'"))),
    }
}
