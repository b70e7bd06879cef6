//! The images of Linode.

use super::rows::{flattened, in_regions, shown};
use crate::catalog::{Hints, Image, List, Query, Source, Status, Visibility};
use crate::linode::{Client, types};
use crate::{BoxFuture, Result};
use futures_core::Stream;

/// Linode: public images, which all regions have, and those of the account, once for each region that has them.
///
/// The API returns the user who created an image, not the account, so images have no owner.
impl Source for Client {
    fn lists(&self, _: &Query) -> Vec<List> {
        let items = self.image_operations().list_images().items();
        vec![List::new(flattened(items, rows))]
    }

    fn read(&self, image: Image) -> Image {
        let original = image.original::<types::Image>();
        let vendor = original.and_then(|original| original.vendor.clone());
        image.read(&Hints { distribution: vendor.as_deref(), ..Hints::default() })
    }

    fn show<'a>(
        &'a self,
        region: Option<&'a str>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Image>>> {
        Box::pin(async move {
            let shown = shown(self.image_operations().show_image(id)).await?;
            Ok(shown.and_then(|shown| in_region(shown, region)))
        })
    }
}

fn rows(listed: types::Image) -> impl Stream<Item = Result<Image>> + Send + 'static {
    let copies = listed.regions.clone();
    in_regions(image(listed), &copies, placed)
}

/// The image in a region, if it is there.
fn in_region(shown: types::Image, region: Option<&str>) -> Option<Image> {
    let copies = shown.regions.clone();
    let mut image = image(shown);
    let Some(region) = region else { return Some(image) };
    if copies.is_empty() {
        image.region = Some(region.into());
        return Some(image);
    }
    let copy = copies.iter().find(|copy| copy.region.as_deref() == Some(region))?;
    Some(placed(image, copy))
}

/// The image as the copy that a region has of it, or is to have.
fn placed(mut image: Image, copy: &types::ImageRegion) -> Image {
    use types::ImageRegionStatus as S;
    image.region.clone_from(&copy.region);
    match &copy.status {
        None | Some(S::Available) => {}
        Some(S::PendingDeletion) => image.status = Some(Status::Deleted),
        Some(S::Creating | S::Pending | S::PendingReplication | S::Replicating) => {
            image.status = Some(Status::Pending);
        }
        Some(_) => image.status = None,
    }
    image
}

fn image(listed: types::Image) -> Image {
    let id = listed.id.clone().unwrap_or_default();
    let name = listed.label.as_deref().unwrap_or_default();
    let mut image = Image::unplaced("linode", id, name);
    image.status = listed.status.as_ref().and_then(|status| {
        Some(match status.as_str() {
            "available" => Status::Available,
            "creating" | "pending_upload" => Status::Pending,
            _ => return None,
        })
    });
    image.visibility = match (listed.is_public, listed.is_shared) {
        (Some(true), _) => Some(Visibility::Public),
        (Some(false), Some(true)) => Some(Visibility::Shared),
        (Some(false), _) => Some(Visibility::Private),
        (None, _) => None,
    };
    image.created = listed.created;
    image.updated = listed.updated;
    // In MB, of 1024 KiB each.
    image.min_disk_gib =
        listed.size.and_then(|size| u64::try_from(size).ok()).map(|size| size.div_ceil(1024));
    image.with_original(listed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, StreamExt};

    #[test]
    fn each_region_has_the_state_of_its_copy() {
        let listed = || -> types::Image {
            serde_json::from_str(
                r#"{"id": "private/1", "label": "a", "status": "available", "regions": [
                    {"region": "us-east", "status": "available"},
                    {"region": "eu-west", "status": "pending replication"},
                    {"region": "ap-west", "status": "pending deletion"},
                    {"region": "in-maa", "status": "teleporting"},
                    {"region": "br-gru"}]}"#,
            )
            .unwrap()
        };
        let rows: Vec<_> = rows(listed()).map(Result::unwrap).collect().now_or_never().unwrap();
        let states = [
            ("us-east", Some(Status::Available)),
            ("eu-west", Some(Status::Pending)),
            ("ap-west", Some(Status::Deleted)),
            ("in-maa", None),
            ("br-gru", Some(Status::Available)),
        ];
        assert_eq!(rows.len(), states.len());
        for (row, (region, status)) in rows.iter().zip(states) {
            assert_eq!((row.region.as_deref(), row.status), (Some(region), status));
            let shown = in_region(listed(), Some(region)).unwrap();
            assert_eq!((shown.region.as_deref(), shown.status), (Some(region), status));
        }
        assert_eq!(in_region(listed(), Some("us-west")), None);
        assert!(in_region(listed(), None).is_some());
    }
}
