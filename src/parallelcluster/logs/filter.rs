//! The filter of log streams.

/// Which log streams of a cluster to list: a value for `filter` of `list_cluster_log_streams`.
///
/// The service takes one filter with one value, and answers 400 to more.
///
/// ```no_run
/// # async fn example(logs: cloud_images::parallelcluster::ClusterLogsApi) -> cloud_images::Result<()> {
/// use cloud_images::parallelcluster::LogStreamFilter;
///
/// let node = LogStreamFilter::PrivateDnsName("ip-10-0-0-2".into());
/// let page = logs.list_cluster_log_streams("my-cluster").filter(node).await?;
/// # Ok(()) }
/// ```
///
/// Source: ParallelCluster API 3.16.1, ListClusterLogStreams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogStreamFilter {
    /// The streams of the head node.
    HeadNode,
    /// The streams of the node with this private DNS name, without its domain: `ip-10-0-0-2`.
    PrivateDnsName(String),
}

impl From<LogStreamFilter> for String {
    fn from(filter: LogStreamFilter) -> Self {
        match filter {
            LogStreamFilter::HeadNode => "Name=node-type,Values=HeadNode".to_owned(),
            LogStreamFilter::PrivateDnsName(name) => format!("Name=private-dns-name,Values={name}"),
        }
    }
}
