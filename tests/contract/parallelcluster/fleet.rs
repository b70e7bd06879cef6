//! Compute fleets.

use super::{LONG, SOON, World};
use cloud_images::ErrorKind;
use cloud_images::parallelcluster::types::{ComputeFleetStatus, RequestedComputeFleetStatus};

pub async fn a_fleet_stops_and_starts(world: &dyn World) {
    let fleet = world.client().cluster_compute_fleet();
    let describe = || fleet.describe_compute_fleet("full-cluster");

    let ask = RequestedComputeFleetStatus::StopRequested;
    let answer = fleet.update_compute_fleet("full-cluster", ask).send().await.unwrap();
    // 204 in the document.
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.body().status, Some(ComputeFleetStatus::StopRequested));
    let wait = describe().wait_for_stop().interval(SOON).deadline(LONG);
    let (stopped, ()) = futures::join!(async { wait.await }, world.fleet_arrives("STOPPED"));
    assert_eq!(stopped.unwrap().status, ComputeFleetStatus::Stopped);

    let ask = RequestedComputeFleetStatus::StartRequested;
    fleet.update_compute_fleet("full-cluster", ask).await.unwrap();
    let wait = describe().wait_for_start().interval(SOON).deadline(LONG);
    let (running, ()) = futures::join!(async { wait.await }, world.fleet_arrives("RUNNING"));
    assert_eq!(running.unwrap().status, ComputeFleetStatus::Running);
    assert!(describe().await.unwrap().last_status_updated_time.is_some());
}

pub async fn fleets_that_cannot_be_changed_are_refused(world: &dyn World) {
    let fleet = world.client().cluster_compute_fleet();
    for status in ["RUNNING", "ENABLED"] {
        let error = fleet.update_compute_fleet("full-cluster", status).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRequest, "{status}");
    }
    let error = fleet.update_compute_fleet("cluster-001", "START_REQUESTED").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    assert!(error.message().contains("Could not retrieve compute fleet status"), "{error}");
}
