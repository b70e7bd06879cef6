//! Compute fleets: started, or stopped.

use super::super::requests::DescribeComputeFleet;
use super::super::types::{ComputeFleetStatus, DescribeComputeFleetResponseContent};
use super::failed;
use crate::wait::{Seen, Wait};

type Fleet = DescribeComputeFleetResponseContent;

impl DescribeComputeFleet {
    /// Waits until the compute fleet runs.
    ///
    /// It also waits if nobody starts the fleet: set a [`deadline`](Wait::deadline) if that can happen.
    ///
    /// ```no_run
    /// # async fn example(fleet: cloud_images::parallelcluster::ClusterComputeFleetApi) -> cloud_images::Result<()> {
    /// fleet.update_compute_fleet("my-cluster", "START_REQUESTED").await?;
    /// fleet.describe_compute_fleet("my-cluster").wait_for_start().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the fleet is `PROTECTED`.
    pub fn wait_for_start(self) -> Wait<DescribeComputeFleetResponseContent> {
        self.wait_for(|status| {
            matches!(status, ComputeFleetStatus::Running | ComputeFleetStatus::Enabled)
        })
    }

    /// Waits until the compute fleet is stopped.
    ///
    /// It also waits if nobody stops the fleet: set a [`deadline`](Wait::deadline) if that can happen.
    ///
    /// ```no_run
    /// # async fn example(fleet: cloud_images::parallelcluster::ClusterComputeFleetApi) -> cloud_images::Result<()> {
    /// fleet.update_compute_fleet("my-cluster", "STOP_REQUESTED").await?;
    /// fleet.describe_compute_fleet("my-cluster").wait_for_stop().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. The status `PROTECTED` is not an error here: such a fleet can be stopped.
    pub fn wait_for_stop(self) -> Wait<DescribeComputeFleetResponseContent> {
        self.wait_for(|status| {
            matches!(status, ComputeFleetStatus::Stopped | ComputeFleetStatus::Disabled)
        })
    }

    fn wait_for(self, arrived: fn(&ComputeFleetStatus) -> bool) -> Wait<Fleet> {
        let subject = format!("compute fleet of {}", self.cluster_name);
        let starts = arrived(&ComputeFleetStatus::Running);
        let label = |fleet: &Fleet| fleet.status.to_string();
        Wait::new(subject.clone(), label, move || {
            let (request, subject) = (self.clone(), subject.clone());
            Box::pin(async move {
                let fleet = request.await?;
                Ok(if arrived(&fleet.status) {
                    Seen::Done(fleet)
                } else if starts && fleet.status == ComputeFleetStatus::Protected {
                    let reason = "queues are switched off because their nodes failed to start many times: see the logs of \
                         the cluster, then start the fleet again";
                    let error = failed(&subject, fleet.status.as_str(), Some(reason.to_owned()));
                    Seen::Failed(fleet, error.into())
                } else {
                    Seen::Pending(fleet)
                })
            })
        })
    }
}
