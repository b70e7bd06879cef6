//! One suite of what an image service does, run against the server of `testing` and, where
//! `CLOUD_IMAGES_LIVE_KEYSTONE` is set, against real Keystone and Glance alike.

#![cfg(feature = "ims")]

mod suite;

use cloud_images::auth::Keystone;
use cloud_images::ims::Client;
use cloud_images::testing::FakeIms;

fn real() -> Option<Client> {
    let url = std::env::var("CLOUD_IMAGES_LIVE_KEYSTONE").ok().filter(|url| !url.is_empty())?;
    let login = Keystone::password(url).user("demo", "Default").password("password");
    let login = login.project("demo", "Default").region("RegionOne");
    Some(Client::builder().auth(login).build().unwrap())
}

macro_rules! contract {
    ($($name:ident),* $(,)?) => {
        mod fake {
            $(#[tokio::test]
            async fn $name() {
                let server = super::FakeIms::builder().images(60).start().await;
                super::suite::$name(server.client()).await;
            })*
        }

        mod real {
            $(#[tokio::test]
            async fn $name() {
                match super::real() {
                    Some(client) => super::suite::$name(client).await,
                    None => println!("skipped: no OpenStack to test against"),
                }
            })*
        }
    };
}

contract! {
    a_new_image_is_queued_and_shared,
    an_image_is_changed_all_at_once_or_not_at_all,
    data_goes_in_once_and_comes_out_the_same,
    what_is_not_there_is_not_found,
    tags_come_and_go,
    members_are_offered_and_taken_back,
    a_list_is_the_same_by_any_page_size,
    a_list_survives_its_marker,
    blocked_data_is_forbidden,
}
