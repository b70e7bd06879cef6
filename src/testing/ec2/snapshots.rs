//! Lists snapshots.

use super::filters::Filters;
use super::form::Form;
use super::pages::page;
use super::refusal::Refusal;
use super::region::{Here, dry_run};
use super::{ACCOUNT, Api};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[Route {
    operation: "describe_snapshots",
    method: "POST",
    path: "/DescribeSnapshots",
    handler: |api, call| api.answer(call, describe_snapshots),
}];

const FILTERS: [&str; 10] = [
    "description",
    "encrypted",
    "owner-id",
    "progress",
    "snapshot-id",
    "start-time",
    "status",
    "tag-key",
    "volume-id",
    "volume-size",
];

fn describe_snapshots(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    dry_run(form)?;
    let filters = Filters::named(form.filters(), &FILTERS)?;
    let (ids, owners) = (form.list("SnapshotId"), form.list("Owner"));
    let snapshots = &here.region().snapshots;
    if let Some(absent) = ids.iter().find(|id| !snapshots.contains_key(**id)) {
        let message = format!("The snapshot '{absent}' does not exist.");
        return Err(Refusal::bad("InvalidSnapshot.NotFound", message));
    }
    let is_own = owners.is_empty() || owners.iter().any(|owner| ["self", ACCOUNT].contains(owner));
    let records = snapshots
        .iter()
        .filter(|(id, _)| is_own && (ids.is_empty() || ids.contains(&id.as_str())))
        .map(|(id, snapshot)| (id.clone(), Value::Object(snapshot.clone())))
        .collect();
    let (found, next) = page(form, records, &filters, 5..=1000, !ids.is_empty())?;
    Ok(json!({ "snapshotSet": found, "nextToken": next }))
}
