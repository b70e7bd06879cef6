//! What EC2 does with images, on the server in `tests/servers/ec2` and on the one of `testing`.
//!
//! Each behaviour takes a [`World`] and asserts what a user of the client relies on. It makes the images that it
//! changes; of those that are there, it knows the vendors' alone.

pub mod catalog;
pub mod images;
pub mod lifecycle;
pub mod parameters;
pub mod records;
pub mod refusals;
pub mod sharing;

use cloud_images::ec2::types::{Image, NewBlockDeviceMapping};
use cloud_images::ec2::{Client, ImagesApi};
use futures::TryStreamExt;
use serde_json::json;
use std::time::Duration;

/// How often the behaviours look when they wait.
pub const SOON: Duration = Duration::from_millis(200);

/// The account that the credentials of each server belong to.
pub const ACCOUNT: &str = "123456789012";

/// Somebody to share with.
pub const PARTNER: &str = "222222222222";

/// A server.
pub trait World: Send + Sync {
    /// A client of `us-east-1`. The server has `eu-west-1`, too.
    fn client(&self) -> Client;

    /// A name that nothing has: `suffix` tells the behaviours apart.
    fn name(&self, suffix: &str) -> String;

    /// The images of `us-east-1`.
    fn images(&self) -> ImagesApi {
        self.client().images()
    }
}

/// The snapshot of some image of the account.
pub async fn snapshot(world: &dyn World) -> String {
    let mut snapshots = world.client().snapshots().describe_snapshots().owner("self").items();
    snapshots.try_next().await.unwrap().unwrap().snapshot_id.to_string()
}

pub fn device(snapshot: &str) -> NewBlockDeviceMapping {
    let device = json!({"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": snapshot}});
    serde_json::from_value(device).unwrap()
}

/// A new image of the account.
pub async fn register(world: &dyn World, name: &str) -> String {
    let request = world.images().register_image(name).architecture("x86_64");
    let request = request.root_device_name("/dev/sda1").virtualization_type("hvm");
    let made = request.block_device_mapping(device(&snapshot(world).await)).await.unwrap();
    made.image_id.to_string()
}

/// An image by its id.
pub async fn show(client: &Client, id: &str) -> Image {
    let request = client.images().describe_images().image_id(id).include_disabled(true);
    let mut page = request.await.unwrap();
    assert_eq!(page.images.len(), 1, "{id}");
    page.images.remove(0)
}

/// The state of an image by its id.
pub async fn state(client: &Client, id: &str) -> String {
    show(client, id).await.state.unwrap().to_string()
}

/// All behaviours, as arguments of another macro.
macro_rules! all_behaviours {
    ($each:ident) => {
        $each! {
            catalog::the_latest_of_a_publisher_is_never_a_strangers
            catalog::an_image_has_what_the_service_says
            catalog::the_answer_is_that_of_the_whole_list
            catalog::a_deregistered_image_is_gone_from_a_lock
            images::images_are_found_by_owner_name_and_tag
            images::pages_and_the_whole_list_are_the_same
            images::filters_that_nothing_fits_and_wrong_ones
            images::ids_are_there_gone_or_malformed
            images::an_empty_list_of_owners_is_refused
            images::the_newest_by_name_alone_is_a_strangers
            images::several_regions_are_one_stream
            lifecycle::an_image_is_registered_and_its_name_is_taken
            lifecycle::an_image_is_made_of_a_snapshot_that_exists
            lifecycle::a_copy_is_pending_and_then_there
            lifecycle::a_deregistered_image_comes_back_from_the_recycle_bin
            lifecycle::snapshots_go_with_an_image_unless_they_are_used
            lifecycle::a_deprecated_image_has_its_time
            lifecycle::a_disabled_image_is_hidden_and_comes_back
            lifecycle::a_protected_image_stays
            lifecycle::a_dry_run_changes_nothing
            lifecycle::images_of_others_are_not_changed
            sharing::an_image_is_shared_and_unshared
            sharing::wrong_accounts_and_empty_changes_are_refused
            sharing::a_description_is_changed_and_shown
            records::tags_are_set_found_and_deleted
            records::snapshots_are_listed
            records::regions_and_instance_types_are_listed
            records::public_access_can_be_looked_at
            refusals::every_operation_fails_with_the_kind_of_its_cause
            parameters::a_public_parameter_leads_to_the_vendors_image
            parameters::unknown_parameters_are_distinguished
            parameters::a_path_is_listed_in_pages
        }
    };
}
pub(crate) use all_behaviours;
