//! The images of Hyperstack.

use super::rows::{shown, single};
use crate::catalog::{Field, Hints, Image, List, Query, Source, Visibility};
use crate::hyperstack::{Client, types};
use crate::{BoxFuture, Result};

/// Hyperstack: the images of the vendor and of the account, each in one region.
///
/// The API returns no owners, dates or states, so `latest` never chooses between several of its images.
impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        let mut request = self.image_operations().list_images();
        if let Some(region) = single(query, Field::Region) {
            request = request.region(region);
        }
        vec![List::of(request.items(), image)]
    }

    fn read(&self, image: Image) -> Image {
        let original = image.original::<types::Image>();
        let distribution = original.and_then(|original| original.type_.clone());
        image.read(&Hints { distribution: distribution.as_deref(), ..Hints::default() })
    }

    fn show<'a>(&'a self, _: Option<&'a str>, id: &'a str) -> BoxFuture<'a, Result<Option<Image>>> {
        Box::pin(async move {
            let Ok(number) = id.parse::<i64>() else { return Ok(None) };
            let shown = shown(self.image_operations().show_image(number)).await?;
            let shown = shown.and_then(|shown| shown.image);
            Ok(shown.map(|shown| image(&shown).with_original(shown)))
        })
    }
}

fn image(listed: &types::Image) -> Image {
    let id = listed.id.map(|id| id.to_string()).unwrap_or_default();
    let name = listed.name.as_deref().unwrap_or_default();
    let mut image = Image::unplaced("hyperstack", id, name);
    image.region = listed.region_name.clone();
    image.visibility = listed.is_public.map(|is_public| match is_public {
        true => Visibility::Public,
        false => Visibility::Private,
    });
    image.size_bytes = listed.size.and_then(|size| u64::try_from(size).ok());
    image
}
