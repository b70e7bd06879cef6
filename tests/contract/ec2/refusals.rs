//! What every operation says to a request that it cannot carry out.

use super::{World, device, register};
use crate::contract::documented::operations;
use chrono::{TimeDelta, Utc};
use cloud_images::ErrorKind;
use cloud_images::ec2::types::NewTag;
use std::collections::BTreeSet;
use std::future::IntoFuture;

pub async fn every_operation_fails_with_the_kind_of_its_cause(world: &dyn World) {
    let client = world.client();
    let (images, bin, tags) = (client.images(), client.recycle_bin(), client.tags());
    let (regions, kinds) = (client.regions(), client.instance_types());
    let (snapshots, parameters) = (client.snapshots(), client.ssm().unwrap().parameters());
    let (id, no_snapshot) = ("ami-00000000000000000", "snap-00000000000000000");
    let (tag, resources) = (|| NewTag::new("a", "b"), || vec![id.to_owned()]);
    let taken = world.name("taken");
    register(world, &taken).await;
    let mut tried = BTreeSet::new();
    let mut wrong = Vec::new();
    macro_rules! fails {
        ($kind:ident: $($api:ident.$method:ident($($argument:expr),*)$(.$setter:ident($value:expr))*;)*) => {$(
            let request = $api.$method($($argument),*)$(.$setter($value))*;
            tried.insert(stringify!($method).to_owned());
            match Box::pin(request.into_future()).await {
                Err(error) if error.kind() == ErrorKind::$kind && error.code().is_some() => {}
                other => wrong.push(format!("{}: {other:?}", stringify!($method))),
            }
        )*};
    }
    fails! { NotFound:
        images.describe_images().image_id(id);
        images.describe_image_attribute(id, "description");
        images.modify_image_attribute(id).description("text");
        images.reset_image_attribute(id, "launchPermission");
        images.copy_image("eu-west-1", id, world.name("copy"));
        images.create_image("i-00000000000000000", world.name("of-an-instance"));
        images.deregister_image(id);
        images.enable_image(id);
        images.disable_image(id);
        images.enable_image_deprecation(id, Utc::now() + TimeDelta::days(1));
        images.disable_image_deprecation(id);
        images.enable_image_deregistration_protection(id);
        images.disable_image_deregistration_protection(id);
        bin.restore_image_from_recycle_bin(id);
        tags.create_tags(resources(), vec![tag()]);
        snapshots.describe_snapshots().snapshot_id(no_snapshot);
        kinds.describe_instance_types().instance_type("q1.small");
        parameters.get_parameter("/no/such/parameter");
    }
    fails! { Conflict:
        images.register_image(&*taken).root_device_name("/dev/sda1").block_device_mapping(device(no_snapshot));
    }
    fails! { BadRequest:
        regions.describe_regions().filter(("colour", "blue"));
        tags.describe_tags().filter(("colour", "blue"));
        parameters.get_parameters(vec!["/a".to_owned(); 11]);
    }
    // What has no other failure than a credential for another region.
    let elsewhere = client.in_region("mars-north-1").unwrap();
    let (tags, parameters) = (elsewhere.tags(), elsewhere.ssm().unwrap().parameters());
    fails! { Unauthorized:
        tags.delete_tags(resources()).tag(tag());
        parameters.get_parameters_by_path("/golden");
    }
    fails! { InvalidPageToken:
        bin.list_images_in_recycle_bin().next_token("nonsense");
    }
    // It has no other failure than that it was only tried.
    fails! { DryRun:
        images.get_image_block_public_access_state().dryrun(true);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(tried, operations(&["ec2", "ssm"]));
}
