//! Clusters: created, updated, or gone.

use super::super::requests::{DescribeCluster, GetClusterStackEvents};
use super::super::types::{ClusterStatus, DescribeClusterResponseContent, Failure};
use super::{failed, failed_stack};
use crate::Result;
use crate::wait::{self, Seen, Wait};

type Cluster = DescribeClusterResponseContent;

/// What a status means for a wait.
enum Verdict {
    Pending,
    Done,
    Failed,
}

impl DescribeCluster {
    /// Waits until the cluster is created.
    ///
    /// ```no_run
    /// # async fn example(clusters: cloud_images::parallelcluster::ClusterOperationsApi) -> cloud_images::Result<()> {
    /// use futures::TryStreamExt;
    ///
    /// let mut states = clusters.describe_cluster("my-cluster").wait_for_creation();
    /// while let Some(cluster) = states.try_next().await? {
    ///     println!("{}", cluster.cluster_status);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the cluster is being deleted or its
    /// creation failed. The message has the `failures` of the cluster, or else the first failure of its stack.
    pub fn wait_for_creation(self) -> Wait<DescribeClusterResponseContent> {
        use ClusterStatus::*;
        self.wait_for(|status| match status {
            // A cluster that is updated was created before.
            CreateComplete | UpdateInProgress | UpdateComplete | UpdateFailed => Verdict::Done,
            CreateFailed | DeleteInProgress | DeleteFailed | DeleteComplete => Verdict::Failed,
            _ => Verdict::Pending,
        })
    }

    /// Waits until a requested update of the cluster is complete.
    ///
    /// ```no_run
    /// # async fn example(clusters: cloud_images::parallelcluster::ClusterOperationsApi) -> cloud_images::Result<()> {
    /// clusters.update_cluster("my-cluster", "Region: ...").await?;
    /// clusters.describe_cluster("my-cluster").wait_for_update().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if there is no update, or if the update
    /// failed; the message then has the first failure of the cluster's stack.
    pub fn wait_for_update(self) -> Wait<DescribeClusterResponseContent> {
        use ClusterStatus::*;
        self.wait_for(|status| match status {
            UpdateComplete => Verdict::Done,
            UpdateFailed | CreateComplete | CreateFailed => Verdict::Failed,
            DeleteInProgress | DeleteFailed | DeleteComplete => Verdict::Failed,
            _ => Verdict::Pending,
        })
    }

    /// Waits until the cluster is gone, and then gives `None`.
    ///
    /// It also waits if nobody deletes the cluster: set a [`deadline`](Wait::deadline) if that can happen.
    ///
    /// ```no_run
    /// # async fn example(clusters: cloud_images::parallelcluster::ClusterOperationsApi) -> cloud_images::Result<()> {
    /// clusters.delete_cluster("my-cluster").checked().await?;
    /// clusters.describe_cluster("my-cluster").wait_for_deletion().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the deletion failed, with the
    /// first failure of the cluster's stack.
    pub fn wait_for_deletion(self) -> Wait<Option<DescribeClusterResponseContent>> {
        let label = |state: &Option<Cluster>| match state {
            Some(cluster) => label(cluster),
            None => "gone".to_owned(),
        };
        Wait::new(subject(&self), label, move || {
            let request = self.clone();
            Box::pin(async move {
                let cluster = match request.clone().await {
                    Err(error) if error.is_not_found() => return Ok(Seen::Done(None)),
                    other => other?,
                };
                Ok(match cluster.cluster_status {
                    ClusterStatus::DeleteComplete => Seen::Done(None),
                    ClusterStatus::DeleteFailed => {
                        let failure = failure(&request, &cluster);
                        Seen::Failed(Some(cluster), failure)
                    }
                    _ => Seen::Pending(Some(cluster)),
                })
            })
        })
    }

    fn wait_for(self, judge: fn(&ClusterStatus) -> Verdict) -> Wait<Cluster> {
        Wait::new(subject(&self), label, move || {
            let request = self.clone();
            Box::pin(async move { look(request, judge).await })
        })
    }
}

async fn look(
    request: DescribeCluster,
    judge: fn(&ClusterStatus) -> Verdict,
) -> Result<Seen<Cluster>> {
    let cluster = request.clone().await?;
    Ok(match judge(&cluster.cluster_status) {
        Verdict::Pending => Seen::Pending(cluster),
        Verdict::Done => Seen::Done(cluster),
        Verdict::Failed => {
            let failure = failure(&request, &cluster);
            Seen::Failed(cluster, failure)
        }
    })
}

fn subject(request: &DescribeCluster) -> String {
    format!("cluster {}", request.cluster_name)
}

fn label(cluster: &Cluster) -> String {
    cluster.cluster_status.to_string()
}

fn failure(request: &DescribeCluster, cluster: &Cluster) -> wait::Failure {
    let (subject, status) = (subject(request), &cluster.cluster_status);
    if *status == ClusterStatus::CreateComplete {
        return failed(
            &subject,
            status.as_str(),
            Some("no update was started: call `update_cluster` first".to_owned()),
        )
        .into();
    }
    let listed = cluster.failures.iter().filter_map(listed_failure).collect::<Vec<_>>().join("; ");
    let reason = Some(listed).filter(|text| !text.is_empty()).or(cluster.failure_reason.clone());
    match reason {
        Some(reason) => failed(&subject, status.as_str(), Some(reason)).into(),
        None => {
            let events = GetClusterStackEvents::from(request);
            failed_stack(subject, status.to_string(), events.items())
        }
    }
}

fn listed_failure(failure: &Failure) -> Option<String> {
    match (&failure.failure_code, &failure.failure_reason) {
        (Some(code), Some(reason)) => Some(format!("{code}: {reason}")),
        (one, other) => one.as_ref().or(other.as_ref()).cloned(),
    }
}
