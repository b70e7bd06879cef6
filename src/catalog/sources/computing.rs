//! The images of the computing API.

use crate::catalog::{Hints, Image, List, Query, Reading, Source, Status};
use crate::computing::{Client, types};
use crate::types::Text;

/// The computing API of a GPU cloud as a source.
///
/// One response has the images of all regions, and the catalogue checks the query. The API returns neither owners nor
/// dates, so `latest` never chooses between several of its images.
#[derive(Clone, Debug)]
pub struct Computing {
    client: Client,
    provider: Text,
}

impl Computing {
    /// Creates a source with the provider `nebula-block`.
    pub fn new(client: Client) -> Self {
        Self { client, provider: "nebula-block".into() }
    }

    /// The provider of the images.
    #[must_use]
    pub fn provider(mut self, provider: impl Into<Text>) -> Self {
        self.provider = provider.into();
        self
    }
}

impl Source for Computing {
    fn lists(&self, _: &Query) -> Vec<List> {
        let provider = self.provider.clone();
        let items = self.client.image_operations().list_images().items();
        vec![List::of(items, move |listed| image(&provider, listed))]
    }

    fn read(&self, image: Image) -> Image {
        read(image)
    }
}

impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        Computing::new(self.clone()).lists(query)
    }

    fn read(&self, image: Image) -> Image {
        read(image)
    }
}

fn read(image: Image) -> Image {
    let original = image.original::<types::Image>();
    let distribution = original.and_then(|original| original.os_type.as_deref());
    let reading = Reading::with(&image.name, &Hints { distribution, ..Hints::default() });
    image.with_reading(reading)
}

fn image(provider: &Text, listed: &types::Image) -> Image {
    // Answers in the form of 2024 may have another id alone.
    let id = listed.id.clone().or_else(|| listed.os_id.as_deref().map(Text::from));
    let name = &listed.os_name;
    let mut image = Image::unplaced(provider.clone(), id.unwrap_or_default(), name);
    image.region = listed.region.clone();
    // The API lists what machines can be made from.
    image.status = Some(Status::Available);
    image
}
