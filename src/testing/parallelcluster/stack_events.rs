//! The events of stacks.

use super::clusters::{cluster, cluster_name};
use super::parameters::{image_id, region};
use super::records;
use super::stacks::Stack;
use super::values::{time, time_of};
use super::{Api, numbers, refusal};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use chrono::TimeDelta;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "get_image_stack_events",
        method: "GET",
        path: "/v3/images/custom/{imageId}/stackevents",
        handler: of_image,
    },
    Route {
        operation: "get_cluster_stack_events",
        method: "GET",
        path: "/v3/clusters/{clusterName}/stackevents",
        handler: of_cluster,
    },
];

/// How many events a page has.
const PAGE: usize = 100;

/// The resources of a build, each with an event of its own.
const COMPONENTS: usize = 130;

/// The resource of an event, its type, its status, and the reason.
type Fact = (String, &'static str, &'static str, Option<&'static str>);

const STACK: &str = "AWS::CloudFormation::Stack";

fn of_image(api: &Api, call: &Call<'_>) -> Outcome {
    let (id, region) = (image_id(call)?, region(api, call)?);
    api.with_region(region, |held| {
        let missing =
            || refusal(404, &format!("CloudFormation Stack for Image {id} does not exist."));
        let stack = held.stack(id).ok_or_else(missing)?;
        let mut facts: Vec<Fact> =
            vec![(id.to_owned(), STACK, "CREATE_IN_PROGRESS", Some("User Initiated"))];
        let image = match stack {
            Stack::Building(image, _) => {
                let component = |index| format!("Component{index}");
                let kind = "AWS::ImageBuilder::Component";
                facts.extend(
                    (0..COMPONENTS)
                        .map(|index| (component(index), kind, "CREATE_IN_PROGRESS", None)),
                );
                image
            }
            Stack::Failed(image) => {
                let name = "ParallelClusterImage".to_owned();
                let reason = Some("a component step failed");
                facts.push((name, "AWS::ImageBuilder::Image", "CREATE_FAILED", reason));
                facts.push((id.to_owned(), STACK, "CREATE_FAILED", None));
                image
            }
            Stack::Deleting(image, _) => {
                facts.push((id.to_owned(), STACK, "DELETE_IN_PROGRESS", Some("User Initiated")));
                image
            }
            Stack::Cluster(_) | Stack::Other(_) => return Err(missing()),
        };
        page(call, id, &records::stack_arn(image, region), facts)
    })
}

fn of_cluster(api: &Api, call: &Call<'_>) -> Outcome {
    let (name, region) = (cluster_name(call)?, region(api, call)?);
    api.with_region(region, |held| {
        let cluster = cluster(held, name)?;
        let mut facts: Vec<Fact> =
            vec![(name.to_owned(), STACK, "CREATE_IN_PROGRESS", Some("User Initiated"))];
        if matches!(cluster.stack_status, "ROLLBACK_COMPLETE" | "CREATE_FAILED") {
            let reason =
                Some("Failed to run chef recipe aws-parallelcluster-slurm::config_head_node.");
            let kind = "AWS::CloudFormation::WaitCondition";
            facts.push(("HeadNodeWaitCondition".to_owned(), kind, "CREATE_FAILED", reason));
        }
        if cluster.stack_status == "ROLLBACK_COMPLETE" {
            let reason =
                Some("The following resource(s) failed to create: [HeadNodeWaitCondition].");
            facts.push((name.to_owned(), STACK, "ROLLBACK_IN_PROGRESS", reason));
        }
        if cluster.stack_status != "CREATE_IN_PROGRESS" {
            facts.push((name.to_owned(), STACK, cluster.stack_status, None));
        }
        page(call, name, &cluster.arn(region), facts)
    })
}

/// A page of events, newest first.
fn page(call: &Call<'_>, stack: &str, arn: &str, facts: Vec<Fact>) -> Outcome {
    let start = match call.parameter("nextToken").filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => token
            .strip_prefix("arn:event/")
            .and_then(|position| position.parse().ok())
            .ok_or_else(|| refusal(500, "The provided NextToken is not valid"))?,
    };
    let count = facts.len();
    let events: Vec<Value> = facts
        .into_iter()
        .enumerate()
        .rev()
        .skip(start)
        .take(PAGE)
        .map(|(index, (logical, kind, status, reason))| {
            let of_stack = kind == STACK;
            let physical = if of_stack { arn.to_owned() } else { format!("{stack}-{logical}") };
            let seconds = TimeDelta::seconds(i64::try_from(index).unwrap_or_default());
            let mut event = json!({
                "eventId": numbers::uuid(numbers::of_text(stack) ^ index as u64),
                "logicalResourceId": logical,
                "physicalResourceId": physical,
                "resourceStatus": status,
                "resourceType": kind,
                "stackId": arn,
                "stackName": stack,
                "timestamp": time(time_of(0) + seconds),
            });
            if let Some(reason) = reason {
                event["resourceStatusReason"] = reason.into();
            }
            event
        })
        .collect();
    let mut body = json!({ "events": events });
    if start + PAGE < count {
        body["nextToken"] = format!("arn:event/{}", start + PAGE).into();
    }
    Ok(Reply::indented(200, &body))
}
