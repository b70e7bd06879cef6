//! The images of Lambda Cloud.

use crate::catalog::{Architecture, Image, List, Query, Source, Status, Visibility};
use crate::lambda::{Client, types};

/// Lambda Cloud: the vendor's images, each once for every region, with an id of its own.
///
/// The API returns no owners. It lists only images that instances can be started from.
impl Source for Client {
    fn lists(&self, _: &Query) -> Vec<List> {
        let items = self.image_operations().list_images().items();
        vec![List::of(items, image)]
    }
}

fn image(listed: &types::Image) -> Image {
    let mut image = Image::unplaced("lambda", listed.id.as_str(), listed.name.as_str());
    image.region = Some(listed.region.name.clone());
    image.architecture = Architecture::of_word(listed.architecture.as_str());
    image.status = Some(Status::Available);
    image.visibility = Some(Visibility::Public);
    image.created = Some(listed.created_time);
    image.updated = Some(listed.updated_time);
    image
}
