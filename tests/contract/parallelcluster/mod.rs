//! What ParallelCluster does, on both servers: the real server, or the one of `testing`.
//!
//! Each behaviour takes a [`World`] and asserts what a user of the client relies on. The names are
//! those of the real server's seed: `img-0001`, `building-001`, `failed-001`, `full-cluster`, ...

pub mod clusters;
pub mod fleet;
pub mod images;
pub mod lists;
pub mod logs;

use cloud_images::BoxFuture;
use cloud_images::parallelcluster::Client;
use std::time::Duration;

/// How often the behaviours look when they wait.
pub const SOON: Duration = Duration::from_millis(300);

/// How long they wait at most.
pub const LONG: Duration = Duration::from_secs(120);

/// A configuration of an image that passes the server's checks.
pub const IMAGE: &str = "Build:\n  InstanceType: c5.xlarge\n  ParentImage: ami-0aaaaaaaaaaaaaaa1\n";

/// A server, and what a client cannot do to it.
pub trait World: Send + Sync {
    fn client(&self) -> Client;

    /// A name that nothing has: `suffix` tells the behaviours apart.
    fn name(&self, suffix: &str) -> String;

    /// The present configuration of `full-cluster`.
    fn full_configuration(&self) -> BoxFuture<'_, String>;

    /// Lets the fleet of `full-cluster` arrive where it was asked to go.
    fn fleet_arrives<'a>(&'a self, status: &'a str) -> BoxFuture<'a, ()>;

    /// Makes a log stream of the image `img-0001`, with events of these texts.
    fn make_log<'a>(&'a self, stream: &'a str, texts: &'a [&'a str]) -> BoxFuture<'a, ()>;

    /// Adds events to a log stream of the image `img-0001`.
    fn append_log<'a>(&'a self, stream: &'a str, texts: &'a [&'a str]) -> BoxFuture<'a, ()>;
}

/// All behaviours, as arguments of another macro.
macro_rules! all_behaviours {
    ($each:ident) => {
        $each! {
            clusters::a_cluster_lives_from_creation_to_deletion
            clusters::a_cluster_is_updated
            clusters::clusters_that_do_not_exist_are_not_found
            clusters::configurations_of_clusters_are_checked
            clusters::an_image_in_the_place_of_a_cluster_is_not_deleted
            clusters::instances_come_in_pages_and_by_kind
            fleet::a_fleet_stops_and_starts
            fleet::fleets_that_cannot_be_changed_are_refused
            images::an_image_lives_from_build_to_deletion
            images::a_dry_run_builds_nothing
            images::configurations_of_images_are_checked
            images::a_failed_build_is_an_error_with_its_reason
            images::images_that_do_not_exist_are_not_found
            images::a_running_build_is_not_deleted
            images::a_stack_in_the_place_of_an_image_is_not_deleted
            lists::lists_are_read_to_their_end_through_empty_pages
            lists::clusters_are_listed_by_status
            lists::official_images_are_filtered
            lists::a_list_is_resumed_where_it_was_left
            lists::a_token_that_nobody_gave_is_refused
            lists::a_region_that_does_not_exist_does_not_lose_the_others
            logs::log_streams_are_listed
            logs::a_log_is_read_from_both_ends
            logs::a_log_is_read_for_a_time
            logs::a_log_is_followed_as_it_grows
            logs::cluster_logs_are_read_and_filtered
            logs::stack_events_are_listed
            logs::logs_that_do_not_exist_are_not_found
        }
    };
}
pub(crate) use all_behaviours;
