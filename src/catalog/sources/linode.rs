//! The images of Linode.

use super::rows::{flattened, in_regions, shown};
use crate::catalog::{Hints, Image, List, Query, Source, Status, Visibility};
use crate::linode::{Client, types};
use crate::types::Text;
use crate::{BoxFuture, Result};

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
            Ok(shown.map(|shown| {
                let mut image = image(shown);
                image.region = region.map(Text::from);
                image
            }))
        })
    }
}

fn rows(listed: types::Image) -> impl futures_core::Stream<Item = Result<Image>> + Send + 'static {
    let regions = listed.regions.iter().filter_map(|copy| copy.region.clone()).collect();
    in_regions(image(listed), regions)
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
