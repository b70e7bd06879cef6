//! The parameters of SSM.

use super::refusal::Refusal;
use super::region::{Here, Region};
use super::{ACCOUNT, Api};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "get_parameter",
        method: "POST",
        path: "/AmazonSSM.GetParameter",
        handler: |api, call| api.answer_json(call, get_parameter),
    },
    Route {
        operation: "get_parameters",
        method: "POST",
        path: "/AmazonSSM.GetParameters",
        handler: |api, call| api.answer_json(call, get_parameters),
    },
    Route {
        operation: "get_parameters_by_path",
        method: "POST",
        path: "/AmazonSSM.GetParametersByPath",
        handler: |api, call| api.answer_json(call, get_parameters_by_path),
    },
];

/// The most parameters of a request or a page.
const MOST: usize = 10;

/// A parameter by its name; `name:3` is its third version.
fn parameter(region: &Region, here: &str, sent: &str) -> Option<Value> {
    let (name, version) = match sent.rsplit_once(':') {
        Some((name, version)) => (name, Some(version.parse::<usize>().ok()?)),
        None => (sent, None),
    };
    let versions = region.parameters.get(name)?;
    let version = version.unwrap_or(versions.len());
    let value = versions.get(version.checked_sub(1)?)?;
    let is_public = name.starts_with("/aws/");
    let account = if is_public { "" } else { ACCOUNT };
    let kind = if value.starts_with("ami-") { "aws:ec2:image" } else { "text" };
    Some(json!({
        "Name": name,
        "Type": "String",
        "Value": value,
        "Version": version,
        "LastModifiedDate": 1.794_983_4e9,
        "ARN": format!("arn:aws:ssm:{here}:{account}:parameter{name}"),
        "DataType": kind,
    }))
}

fn get_parameter(here: &mut Here<'_>, sent: &Value) -> Result<Value, Refusal> {
    let name = sent["Name"].as_str().unwrap_or_default();
    let place = here.region;
    let found = parameter(here.region(), place, name);
    let found = found.ok_or_else(|| Refusal::bad("ParameterNotFound", ""))?;
    Ok(json!({ "Parameter": found }))
}

fn get_parameters(here: &mut Here<'_>, sent: &Value) -> Result<Value, Refusal> {
    let names = sent["Names"].as_array().into_iter().flatten();
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    if !(1..=MOST).contains(&names.len()) {
        let message = "Value at 'names' failed to satisfy constraint: Member must have length less than or \
                       equal to 10";
        return Err(Refusal::bad("ValidationException", message));
    }
    let place = here.region;
    let region = here.region();
    let (mut found, mut invalid) = (Vec::new(), Vec::new());
    for name in names {
        match parameter(region, place, name) {
            Some(parameter) => found.push(parameter),
            None => invalid.push(name),
        }
    }
    Ok(json!({ "Parameters": found, "InvalidParameters": invalid }))
}

fn get_parameters_by_path(here: &mut Here<'_>, sent: &Value) -> Result<Value, Refusal> {
    let path = sent["Path"].as_str().unwrap_or_default();
    if !path.starts_with('/') {
        let message = "The parameter path must begin with a slash";
        return Err(Refusal::bad("ValidationException", message));
    }
    let size = sent["MaxResults"].as_u64().map_or(Ok(MOST), usize::try_from).unwrap_or(0);
    if !(1..=MOST).contains(&size) {
        let message = "Value at 'maxResults' failed to satisfy constraint: Member must have value less than \
                       or equal to 10";
        return Err(Refusal::bad("ValidationException", message));
    }
    let folder = format!("{}/", path.trim_end_matches('/'));
    let is_recursive = sent["Recursive"] == true;
    let after = sent["NextToken"].as_str().unwrap_or_default();
    let place = here.region;
    let region = here.region();
    let mut names = region.parameters.keys().filter(|name| {
        let rest = name.strip_prefix(folder.as_str());
        rest.is_some_and(|rest| is_recursive || !rest.contains('/')) && name.as_str() > after
    });
    let page: Vec<_> = names.by_ref().take(size).collect();
    let next = names.next().and(page.last());
    let found: Vec<_> = page.iter().filter_map(|name| parameter(region, place, name)).collect();
    let mut answer = json!({ "Parameters": found });
    if let Some(next) = next {
        answer["NextToken"] = next.as_str().into();
    }
    Ok(answer)
}
