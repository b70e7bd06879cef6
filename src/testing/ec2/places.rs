//! Lists regions and instance types.

use super::Api;
use super::filters::Filters;
use super::form::Form;
use super::pages::page;
use super::refusal::Refusal;
use super::region::{Here, dry_run};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "describe_regions",
        method: "POST",
        path: "/DescribeRegions",
        handler: |api, call| api.answer(call, describe_regions),
    },
    Route {
        operation: "describe_instance_types",
        method: "POST",
        path: "/DescribeInstanceTypes",
        handler: |api, call| api.answer(call, describe_instance_types),
    },
];

/// Name, architecture, boot modes, memory in MiB, and the GPU with its number and memory in MiB.
type InstanceType =
    (&'static str, &'static str, &'static [&'static str], u64, Option<(&'static str, u64, u64)>);

const UEFI: &[&str] = &["uefi"];
const BOTH: &[&str] = &["legacy-bios", "uefi"];

const TYPES: [InstanceType; 8] = [
    ("c7g.large", "arm64", UEFI, 4096, None),
    ("g5.xlarge", "x86_64", BOTH, 16_384, Some(("A10G", 1, 24_576))),
    ("m7g.medium", "arm64", UEFI, 4096, None),
    ("m7i.large", "x86_64", BOTH, 8192, None),
    ("p4d.24xlarge", "x86_64", BOTH, 1_179_648, Some(("A100", 8, 40_960))),
    ("p5.48xlarge", "x86_64", BOTH, 2_097_152, Some(("H100", 8, 81_920))),
    ("t3.micro", "x86_64", BOTH, 1024, None),
    ("t4g.micro", "arm64", UEFI, 1024, None),
];

fn describe_regions(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let names = ["endpoint", "opt-in-status", "region-name"];
    let filters = Filters::named(form.filters(), &names)?;
    let wanted = form.list("RegionName");
    if let Some(absent) = wanted.iter().find(|name| !here.regions.contains_key(**name)) {
        return Err(Refusal::invalid(format!("Invalid region name: {absent}")));
    }
    dry_run(form)?;
    let all =
        here.regions.keys().filter(|name| wanted.is_empty() || wanted.contains(&name.as_str()));
    let records = all.map(|name| {
        json!({
            "regionName": name,
            "regionEndpoint": format!("ec2.{name}.amazonaws.com"),
            "optInStatus": "opt-in-not-required",
        })
    });
    // The filter is called `endpoint`, the field is not.
    let found = records.filter(|record| {
        let mut record = record.clone();
        record["endpoint"] = record["regionEndpoint"].clone();
        filters.admit(&record)
    });
    Ok(json!({ "regionInfo": found.collect::<Vec<_>>() }))
}

fn describe_instance_types(_: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    dry_run(form)?;
    let names = ["instance-type", "bare-metal", "current-generation"];
    let filters = Filters::named(form.filters(), &names)?;
    let wanted = form.list("InstanceType");
    if let Some(absent) = wanted.iter().find(|name| !TYPES.iter().any(|kind| kind.0 == **name)) {
        let message = format!("The following supplied instance types do not exist: [{absent}]");
        return Err(Refusal::bad("InvalidInstanceType", message));
    }
    let all = TYPES.iter().filter(|kind| wanted.is_empty() || wanted.contains(&kind.0));
    let records = all.map(|kind| (kind.0.to_owned(), record(kind))).collect();
    let (found, next) = page(form, records, &filters, 5..=100, !wanted.is_empty())?;
    Ok(json!({ "instanceTypeSet": found, "nextToken": next }))
}

fn record((name, architecture, boot_modes, memory, gpu): &InstanceType) -> Value {
    let mut record = json!({
        "instanceType": name,
        "currentGeneration": true,
        "bareMetal": false,
        "hypervisor": "nitro",
        "supportedVirtualizationTypes": ["hvm"],
        "supportedBootModes": boot_modes,
        "processorInfo": { "supportedArchitectures": [architecture] },
        "memoryInfo": { "sizeInMiB": memory },
    });
    if let Some((gpu, count, memory)) = gpu {
        record["gpuInfo"] = json!({
            "gpus": [{
                "name": gpu, "manufacturer": "NVIDIA", "count": count,
                "memoryInfo": { "sizeInMiB": memory },
            }],
            "totalGpuMemoryInMiB": count * memory,
        });
    }
    record
}
