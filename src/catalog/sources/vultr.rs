//! The operating systems and snapshots of Vultr.

use super::rows::admits;
use crate::catalog::{Architecture, Hints, Image, List, Query, Source, Status, Visibility};
use crate::vultr::{Client, types};
use futures_util::{StreamExt, future};

/// The families of entries that are not operating systems.
const NO_SYSTEMS: [&str; 4] = ["application", "backup", "iso", "snapshot"];

/// Vultr: its operating systems, and the snapshots of the account, which all regions have.
///
/// The API returns no owners, and no dates of operating systems. A snapshot has no name, so its description is used as
/// the name.
impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        let mut lists = Vec::new();
        if admits(query, "public") {
            let systems = self.image_operations().list_images().items();
            let is_system = |image: &types::Image| {
                let family = image.family.as_deref().unwrap_or_default();
                !NO_SYSTEMS.contains(&family)
            };
            let systems =
                systems.filter(move |found| future::ready(found.as_ref().map_or(true, is_system)));
            lists.push(List::of(systems, system));
        }
        if admits(query, "private") {
            let snapshots = self.snapshots().list_snapshots().items();
            lists.push(List::of(snapshots, snapshot));
        }
        lists
    }

    fn read(&self, image: Image) -> Image {
        let original = image.original::<types::Image>();
        let family = original.and_then(|original| original.family.clone());
        image.read(&Hints { distribution: family.as_deref(), ..Hints::default() })
    }
}

fn system(listed: &types::Image) -> Image {
    let id = listed.id.map(|id| id.to_string()).unwrap_or_default();
    let name = listed.name.as_deref().unwrap_or_default();
    let mut image = Image::unplaced("vultr", id, name);
    image.architecture = listed.arch.as_deref().and_then(Architecture::of_word);
    image.status = Some(Status::Available);
    image.visibility = Some(Visibility::Public);
    image
}

fn snapshot(listed: &types::Snapshot) -> Image {
    let id = listed.id.clone().unwrap_or_default();
    let name = listed.description.as_deref().unwrap_or_default();
    let mut image = Image::unplaced("vultr", id, name);
    image.status = listed.status.as_deref().and_then(|status| {
        Some(match status {
            "complete" => Status::Available,
            "pending" => Status::Pending,
            "deleted" => Status::Deleted,
            _ => return None,
        })
    });
    image.visibility = Some(Visibility::Private);
    image.created = listed.date_created.as_deref().and_then(|date| date.parse().ok());
    // 0 until it is complete.
    image.size_bytes =
        listed.size.and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0);
    image
}
