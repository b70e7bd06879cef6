//! Ids and their order as boto3 lists them, for seventeen questions in every region, whole and in pages.

use super::server::Live;
use crate::contract::ec2::World;
use cloud_images::ec2::Client;
use cloud_images::ec2::requests::DescribeImages;
use cloud_images::ec2::types::Filter;
use futures::{StreamExt, TryStreamExt};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

const REGIONS: [&str; 4] = ["us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"];
const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/ec2/oracle.py");

/// A question, in the words of both clients.
#[derive(Clone, Default)]
struct Question {
    about: &'static str,
    owners: Vec<&'static str>,
    executable_by: Vec<&'static str>,
    ids: Vec<String>,
    filters: Vec<(&'static str, Vec<&'static str>)>,
    deprecated: bool,
    disabled: bool,
}

impl Question {
    fn new(about: &'static str) -> Self {
        Self { about, ..Self::default() }
    }

    fn owners(mut self, owners: &[&'static str]) -> Self {
        self.owners.extend(owners);
        self
    }

    fn filter(mut self, name: &'static str, values: &[&'static str]) -> Self {
        self.filters.push((name, values.to_vec()));
        self
    }

    /// As arguments of boto3.
    fn arguments(&self) -> Value {
        let filters = self.filters.iter();
        let filters: Vec<_> =
            filters.map(|(name, values)| json!({"Name": name, "Values": values})).collect();
        let mut arguments = Map::new();
        for (name, value) in [
            ("Owners", json!(self.owners)),
            ("ExecutableUsers", json!(self.executable_by)),
            ("ImageIds", json!(self.ids)),
            ("Filters", json!(filters)),
            ("IncludeDeprecated", json!(self.deprecated)),
            ("IncludeDisabled", json!(self.disabled)),
        ] {
            let is_absent = value == json!([]) || value == json!(false);
            if !is_absent {
                arguments.insert(name.to_owned(), value);
            }
        }
        arguments.into()
    }

    fn request(&self, client: &Client) -> DescribeImages {
        let mut request = client.images().describe_images();
        if !self.owners.is_empty() {
            request = request.owners(self.owners.iter().copied());
        }
        for one in &self.executable_by {
            request = request.executable_by(*one);
        }
        for id in &self.ids {
            request = request.image_id(id);
        }
        for (name, values) in &self.filters {
            request = request.filter(Filter::new(*name, values.iter().copied()));
        }
        request.include_deprecated(self.deprecated).include_disabled(self.disabled)
    }
}

fn questions(ids: Vec<String>) -> Vec<Question> {
    let ask = Question::new;
    vec![
        ask("own images").owners(&["self"]),
        ask("an account and an alias").owners(&["099720109477", "amazon"]),
        ask("a name with a star")
            .owners(&["099720109477"])
            .filter("name", &["ubuntu/images/*24.04*"]),
        ask("one character and an escape").filter("name", &["app-00?1*", "app-00\\*"]),
        ask("one of two architectures")
            .owners(&["self"])
            .filter("architecture", &["arm64", "i386"]),
        ask("a tag").filter("tag:env", &["prod"]),
        ask("a tag's key and a state")
            .filter("tag-key", &["parallelcluster:image_id"])
            .filter("state", &["available"]),
        ask("failed and transient").owners(&["self"]).filter("state", &["failed", "transient"]),
        ask("days of creation").filter("creation-date", &["2026-11-1*", "2026-10-*"]),
        ask("without block devices").filter("root-device-type", &["instance-store"]),
        ask("not public").filter("is-public", &["false"]),
        ask("of the marketplace").filter("owner-alias", &["aws-marketplace"]),
        Question { deprecated: true, ..ask("deprecated ones").owners(&["099720109477"]) },
        Question { disabled: true, ..ask("disabled ones").filter("state", &["disabled"]) },
        ask("nothing: case counts").filter("name", &["APP-*"]),
        Question { executable_by: vec!["self"], ..ask("shared with this account") },
        Question { ids, disabled: true, ..ask("ids") },
    ]
}

/// What boto3 answers to each case.
fn ask_boto3(url: &str, cases: &[Value]) -> Vec<Vec<String>> {
    let python =
        std::env::var("CLOUD_IMAGES_LIVE_EC2_PYTHON").expect("CLOUD_IMAGES_LIVE_EC2_PYTHON");
    let mut oracle = Command::new(python)
        .args([ORACLE, url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = Value::from(cases).to_string();
    oracle.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = oracle.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn ids_and_their_order_are_those_of_boto3() {
    let Some(live) = Live::find() else { return };
    live.undisturbed(async {
        let (mut cases, mut asked) = (Vec::new(), Vec::new());
        for region in REGIONS {
            let client = live.client().in_region(region).unwrap();
            let own = client.images().describe_images().owner("self").items().take(9);
            let own: Vec<_> = own.try_collect().await.unwrap();
            let ids = own.iter().step_by(4).rev().map(|image| image.image_id.to_string()).collect();
            for question in questions(ids) {
                // Ids and a page size exclude each other.
                let sizes: &[Option<u32>] =
                    if question.ids.is_empty() { &[None, Some(400)][..] } else { &[None] };
                for size in sizes {
                    let (arguments, page_size) = (question.arguments(), *size);
                    cases.push(
                        json!({"region": region, "arguments": arguments, "page_size": page_size}),
                    );
                    asked.push((client.clone(), region, question.clone(), *size));
                }
            }
        }
        let url = live.url.clone();
        let expected = tokio::task::spawn_blocking(move || ask_boto3(&url, &cases)).await.unwrap();
        assert_eq!(expected.len(), 4 * (2 * 17 - 1));
        let mut empty = 0;
        for ((client, region, question, size), expected) in asked.into_iter().zip(expected) {
            let request = question.request(&client);
            let found: Vec<_> = match size {
                Some(size) => request.page_size(size).items().try_collect().await.unwrap(),
                None => request.await.unwrap().images,
            };
            let found: Vec<String> = found.iter().map(|image| image.image_id.to_string()).collect();
            assert_eq!(found, expected, "{} in {region}, pages of {size:?}", question.about);
            empty += usize::from(found.is_empty());
        }
        assert!(empty < 33, "most questions have an answer: {empty} have none");
    })
    .await;
}
