//! A cluster: its state, and how the service writes it.

use super::image::Image;
use super::values::{ACCOUNT, BUCKET, tag, time, time_of};
use super::{VERSION, numbers};
use serde_json::{Value, json};

/// A configuration like that of the first cluster.
const CONFIGURATION: &str = "Region: us-east-1
Image:
  Os: alinux2023
HeadNode:
  InstanceType: t3.medium
  Networking:
    SubnetId: subnet-0123456789abcdef0
LoginNodes:
  Pools:
  - Name: login
    InstanceType: t3.medium
    Count: 1
Scheduling:
  Scheduler: slurm
  SlurmQueues:
  - Name: q1
    ComputeResources:
    - Name: cr1
      InstanceType: c5.large
      MinCount: 0
      MaxCount: 10
";

/// The stack statuses of the generated clusters, in turn.
const STATUSES: [&str; 10] = [
    "CREATE_COMPLETE",
    "CREATE_IN_PROGRESS",
    "ROLLBACK_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "CREATE_FAILED",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
];

#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub name: String,
    pub stack_status: &'static str,
    pub configuration: String,
    /// The status of the fleet; `None` where nothing is known of it.
    pub fleet: Option<&'static str>,
    pub login_nodes: usize,
    pub compute_nodes: usize,
    /// How often the change under way is still described so, if it is ever to end.
    pub polls: Option<u32>,
    pub number: usize,
}

impl Cluster {
    /// One that is being created.
    pub fn new(name: String, configuration: String, polls: u32, number: usize) -> Self {
        Self {
            name,
            stack_status: "CREATE_IN_PROGRESS",
            configuration,
            fleet: Some("RUNNING"),
            login_nodes: 0,
            compute_nodes: 0,
            polls: Some(polls),
            number,
        }
    }

    /// One with nodes, login nodes and a fleet.
    pub fn full() -> Self {
        Self {
            stack_status: "CREATE_COMPLETE",
            login_nodes: 1,
            compute_nodes: 120,
            polls: None,
            ..Self::new("full-cluster".to_owned(), CONFIGURATION.to_owned(), 0, 0)
        }
    }

    /// One of those that stand in all states.
    pub fn generated(number: usize) -> Self {
        Self {
            stack_status: STATUSES[(number - 1) % STATUSES.len()],
            fleet: None,
            polls: None,
            ..Self::new(format!("cluster-{number:03}"), CONFIGURATION.to_owned(), 0, number)
        }
    }

    /// The status of the cluster, which is a simplified one of its stack.
    pub fn status(&self) -> &'static str {
        match self.stack_status {
            "ROLLBACK_COMPLETE" | "ROLLBACK_IN_PROGRESS" => "CREATE_FAILED",
            "UPDATE_ROLLBACK_COMPLETE" => "UPDATE_FAILED",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" => "UPDATE_IN_PROGRESS",
            other => other,
        }
    }

    pub fn changes(&self) -> bool {
        self.stack_status.ends_with("IN_PROGRESS")
    }

    /// Begins a change that ends after some descriptions.
    pub fn begin(&mut self, status: &'static str, polls: u32) {
        self.stack_status = status;
        self.polls = Some(polls);
    }

    /// One description further; whether the cluster is gone.
    pub fn advance(&mut self) -> bool {
        match self.polls {
            Some(0) => {
                self.polls = None;
                self.stack_status = match self.stack_status {
                    "UPDATE_IN_PROGRESS" => "UPDATE_COMPLETE",
                    "DELETE_IN_PROGRESS" => return true,
                    _ => "CREATE_COMPLETE",
                };
            }
            Some(polls) => self.polls = Some(polls - 1),
            None => {}
        }
        false
    }

    pub fn arn(&self, region: &str) -> String {
        let id = numbers::uuid(numbers::of_text(&self.name));
        format!("arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{}/{id}", self.name)
    }

    /// As lists have it.
    pub fn summary(&self, region: &str) -> Value {
        json!({
            "cloudformationStackArn": self.arn(region),
            "cloudformationStackStatus": self.stack_status,
            "clusterName": self.name,
            "clusterStatus": self.status(),
            "region": region,
            "scheduler": { "type": "slurm" },
            "version": VERSION,
        })
    }

    /// In full. The stack's status has another capital here than everywhere else.
    pub fn in_full(&self, region: &str) -> Value {
        let mut described = describe(&self.name, &self.arn(region), self.stack_status, region);
        described["clusterStatus"] = self.status().into();
        described["scheduler"] = json!({ "type": "slurm" });
        described["computeFleetStatus"] = self.fleet.unwrap_or("UNKNOWN").into();
        let file =
            format!("parallelcluster/{VERSION}/clusters/{}/configs/cluster-config.yaml", self.name);
        let url = format!("https://{BUCKET}.s3.{region}.amazonaws.com/{file}?X-Amz-Signature=0");
        described["clusterConfiguration"] = json!({ "url": url });
        described["creationTime"] = time(time_of(self.number)).into();
        described["lastUpdatedTime"] = time(time_of(self.number)).into();
        if self.stack_status == "ROLLBACK_COMPLETE" {
            described["failures"] = json!([{
                "failureCode": "HeadNodeBootstrapFailure",
                "failureReason": "Failed to set up the head node.",
            }]);
        }
        described
    }

    /// The nodes, the head node first.
    pub fn instances(&self) -> Vec<Value> {
        let count = 1 + self.login_nodes + self.compute_nodes;
        (0..count).map(|index| self.instance(index)).collect()
    }

    fn instance(&self, index: usize) -> Value {
        let seed = numbers::of_text(&self.name) ^ index as u64;
        let mut instance = json!({
            "instanceId": format!("i-{}", numbers::hex(seed, 17)),
            "instanceType": "c5.large",
            "launchTime": time(time_of(self.number)),
            "nodeType": "ComputeNode",
            "privateIpAddress": format!("10.0.{}.{}", index / 250, index % 250 + 4),
            "state": "running",
        });
        if index == 0 {
            instance["nodeType"] = "HeadNode".into();
        } else if index <= self.login_nodes {
            instance["nodeType"] = "LoginNode".into();
            instance["poolName"] = "login".into();
        } else {
            instance["queueName"] = "q1".into();
        }
        instance
    }
}

/// A build, described as if it were a cluster: without a scheduler's type.
pub(super) fn build_as_cluster(image: &Image, arn: &str, status: &str, region: &str) -> Value {
    let mut described = describe(&image.id, arn, status, region);
    described["clusterStatus"] = status.into();
    described
}

fn describe(name: &str, arn: &str, status: &str, region: &str) -> Value {
    json!({
        "cloudFormationStackStatus": status,
        "cloudformationStackArn": arn,
        "clusterConfiguration": { "url": "NOT_AVAILABLE" },
        "clusterName": name,
        "computeFleetStatus": "UNKNOWN",
        "creationTime": time(time_of(0)),
        "lastUpdatedTime": time(time_of(0)),
        "region": region,
        "scheduler": {},
        "tags": [tag("parallelcluster:cluster-name", name), tag("parallelcluster:version", VERSION)],
        "version": VERSION,
    })
}
