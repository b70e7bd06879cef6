//! The images of Hetzner Cloud.

use super::rows::{shown, single};
use crate::catalog::{Architecture, Field, Hints, Image, List, Query, Source, Status, Visibility};
use crate::hetzner::{Client, types};
use crate::{BoxFuture, Result};

/// Hetzner Cloud: system images and apps, which all locations have, and the snapshots and backups of the project,
/// deprecated ones too.
///
/// The API returns no owners. A snapshot has no name, so its description is used as the name.
impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        let mut request = self.image_operations().list_images().include_deprecated(true);
        let architecture = single(query, Field::Architecture).and_then(|word| word.parse().ok());
        match architecture {
            Some(Architecture::X86_64) => request = request.architecture("x86"),
            Some(Architecture::Aarch64) => request = request.architecture("arm"),
            _ => {}
        }
        vec![List::of(request.items(), image)]
    }

    fn read(&self, image: Image) -> Image {
        let original = image.original::<types::Image>();
        let distribution = original.map(|original| original.os_flavor.to_string());
        let version = original.and_then(|original| original.os_version.clone());
        let hints = Hints {
            distribution: distribution.as_deref(),
            version: version.as_deref(),
            ..Hints::default()
        };
        image.read(&hints)
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
    let name = listed.name.as_deref().unwrap_or(&listed.description);
    let mut image = Image::unplaced("hetzner", listed.id.to_string(), name);
    image.architecture = match listed.architecture.as_str() {
        "x86" => Some(Architecture::X86_64),
        "arm" => Some(Architecture::Aarch64),
        _ => None,
    };
    image.status = match listed.status.as_str() {
        _ if listed.deleted.is_some() => Some(Status::Deleted),
        "available" => Some(Status::Available),
        "creating" => Some(Status::Pending),
        "unavailable" => Some(Status::Disabled),
        _ => None,
    };
    image.visibility = match listed.type_.as_str() {
        "system" | "app" => Some(Visibility::Public),
        "snapshot" | "backup" => Some(Visibility::Private),
        _ => None,
    };
    image.created = Some(listed.created);
    image.deprecated = listed.deprecated;
    image
}
