//! The images of DigitalOcean.

use super::rows::{admits, flattened, in_regions, shown};
use crate::catalog::{Hints, Image, List, Query, Source, Status, Visibility};
use crate::digitalocean::{Client, types};
use crate::{BoxFuture, Result};

/// DigitalOcean: public images, and the snapshots, backups and imports of the account, once for each region that has
/// them.
///
/// The API returns no owners. When a public image is replaced, its slug stays the same and its id changes.
impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        let mut request = self.image_operations().list_images();
        if !admits(query, "public") {
            request = request.private(true);
        }
        vec![List::new(flattened(request.items(), rows))]
    }

    fn read(&self, image: Image) -> Image {
        let original = image.original::<types::Image>();
        let distribution = original.and_then(|original| original.distribution.as_ref());
        let distribution = distribution.map(|distribution| distribution.to_string());
        image.read(&Hints { distribution: distribution.as_deref(), ..Hints::default() })
    }

    fn show<'a>(
        &'a self,
        region: Option<&'a str>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Image>>> {
        Box::pin(async move {
            let shown = shown(self.image_operations().show_image(id)).await?;
            let shown = shown.and_then(|shown| shown.image);
            let is_there = |shown: &types::Image| {
                region.is_none_or(|region| shown.regions.iter().any(|has| has.as_str() == region))
            };
            Ok(shown.filter(is_there).map(|shown| match region {
                Some(region) => placed(image(shown), region),
                None => image(shown),
            }))
        })
    }
}

fn rows(listed: types::Image) -> impl futures_core::Stream<Item = Result<Image>> + Send + 'static {
    let regions = listed.regions.clone();
    in_regions(image(listed), &regions, |image, region| placed(image, region.as_str()))
}

fn placed(mut image: Image, region: &str) -> Image {
    image.region = Some(region.into());
    image
}

fn image(listed: types::Image) -> Image {
    let id = listed.id.map(|id| id.to_string()).unwrap_or_default();
    let name = listed.name.as_deref().unwrap_or_default();
    let mut image = Image::unplaced("digitalocean", id, name);
    image.status = listed.status.as_ref().and_then(|status| {
        Some(match status.as_str() {
            "available" => Status::Available,
            "NEW" | "pending" => Status::Pending,
            "retired" => Status::Disabled,
            "deleted" => Status::Deleted,
            _ => return None,
        })
    });
    image.visibility = listed.public.map(|is_public| match is_public {
        true => Visibility::Public,
        false => Visibility::Private,
    });
    image.created = listed.created_at;
    image.min_disk_gib = listed.min_disk_size.and_then(|size| u64::try_from(size).ok());
    image.with_original(listed)
}
