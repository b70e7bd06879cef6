//! The images of Glance and IMS.

use super::rows::{shown, single};
use crate::catalog::{
    Field, Hints, Image, List, Operator, Query, Reading, Source, Status, Visibility,
};
use crate::ims::requests::ListImages;
use crate::ims::{Client, TimeFilter, types};
use crate::types::Text;
use crate::{BoxFuture, Result};

/// The MD5 sums of no data and of an empty object: placeholders of IMS.
const PLACEHOLDERS: [&str; 2] =
    ["d41d8cd98f00b204e9800998ecf8427e", "99914b932bd37a50b983c5e7c90ae93b"];

/// An OpenStack image service as a source.
///
/// It lists the project's own images, public images, and shared images that the project has accepted. Community images
/// are listed only if the query names them: `visibility=community`.
///
/// ```no_run
/// # fn example(client: cloud_images::ims::Client) {
/// use cloud_images::catalog::{Catalog, sources::Ims};
///
/// let otc = Ims::new(client).provider("otc").region("eu-de").account("39465d1ecd41");
/// let catalog = Catalog::new().add("otc", otc);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Ims {
    client: Client,
    provider: Text,
    region: Option<Text>,
    account: Option<String>,
}

impl Ims {
    /// Creates a source with the provider `openstack` and no region.
    pub fn new(client: Client) -> Self {
        Self { client, provider: "openstack".into(), region: None, account: None }
    }

    /// The provider of the images: `otc`, `huawei`, or a name of your own for a private cloud.
    #[must_use]
    pub fn provider(mut self, provider: impl Into<Text>) -> Self {
        self.provider = provider.into();
        self
    }

    /// The region of the images, which the service does not return.
    #[must_use]
    pub fn region(mut self, region: impl Into<Text>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The id of the project that the credentials belong to, for
    /// [`Publisher::this_project`](crate::catalog::Publisher::this_project).
    #[must_use]
    pub fn account(mut self, project: impl Into<String>) -> Self {
        self.account = Some(project.into());
        self
    }

    /// Makes images of what the service lists.
    fn rows(&self) -> Rows {
        let (provider, region) = (self.provider.clone(), self.region.clone());
        Rows { provider, region, owner: None }
    }

    /// What the service checks: one owner, one name, one status, one date.
    fn request(&self, query: &Query) -> ListImages {
        let mut request = self.client.image_operations().list_images();
        if let Some(owner) = single(query, Field::Owner) {
            request = request.owner(owner);
        }
        if let Some(name) = single(query, Field::Name).filter(|name| !name.contains(':')) {
            request = request.name(name);
        }
        match single(query, Field::Status).as_deref() {
            Some("available") => request = request.status(types::ImageStatus::Active),
            Some("disabled") => request = request.status(types::ImageStatus::Deactivated),
            _ => {}
        }
        if let Some(since) = since(query) {
            request = request.created_at(since);
        }
        request
    }
}

impl Source for Ims {
    fn lists(&self, query: &Query) -> Vec<List> {
        let request = self.request(query);
        let visibilities = query.exact(Field::Visibility).unwrap_or_default();
        let community = visibilities.iter().any(|visibility| visibility == "community");
        let requests = if community || visibilities.len() == 1 {
            visibilities.into_iter().map(|one| request.clone().visibility(one)).collect()
        } else {
            vec![request]
        };
        let lists = requests.into_iter().map(|request| {
            let mut rows = self.rows();
            let images = List::of(request.items(), move |listed| rows.image(listed));
            List { region: self.region.clone(), ..images }
        });
        lists.collect()
    }

    fn read(&self, image: Image) -> Image {
        read(image)
    }

    fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    fn show<'a>(&'a self, _: Option<&'a str>, id: &'a str) -> BoxFuture<'a, Result<Option<Image>>> {
        Box::pin(async move {
            let shown = shown(self.client.image_operations().show_image(id)).await?;
            Ok(shown.map(|shown| {
                let mut image = self.rows().image(&shown);
                image.hash = hash(&shown);
                image.with_original(shown)
            }))
        })
    }
}

impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        Ims::new(self.clone()).lists(query)
    }

    fn read(&self, image: Image) -> Image {
        read(image)
    }

    fn show<'a>(
        &'a self,
        region: Option<&'a str>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Image>>> {
        Box::pin(async move { Ims::new(self.clone()).show(region, id).await })
    }
}

/// The start of the time of creation. A request takes one condition.
fn since(query: &Query) -> Option<TimeFilter> {
    query.terms().iter().filter(|term| term.field() == Field::Created).find_map(|term| {
        let time = term.values().first()?.parse().ok()?;
        match term.operator() {
            // The service has whole seconds.
            Operator::AtLeast | Operator::Above => Some(TimeFilter::gte(time)),
            _ => None,
        }
    })
}

fn read(mut image: Image) -> Image {
    let Some(original) = image.original::<types::Image>() else {
        return image.read(&Hints::default());
    };
    let hints = Hints {
        distribution: original.extra.get_str("os_distro"),
        version: original.extra.get_str("os_version"),
        architecture: original.extra.get_str("architecture").or_else(|| by_support(original)),
        description: original.os_version.as_deref(),
    };
    let hash = hash(original);
    let reading = Reading::with(&image.name, &hints);
    image.hash = hash;
    image.add_reading(reading);
    image
}

/// Makes images of what the service lists, without what is read later.
struct Rows {
    provider: Text,
    region: Option<Text>,
    /// The last owner: most images of a list have the same one and share its text.
    owner: Option<Text>,
}

impl Rows {
    fn image(&mut self, listed: &types::Image) -> Image {
        let name = listed.name.clone().unwrap_or_default();
        let mut image = Image::unplaced(self.provider.clone(), listed.id.as_str(), name);
        if self.owner.as_deref() != listed.owner.as_deref() {
            self.owner = listed.owner.as_deref().map(Text::from);
        }
        image.owner.clone_from(&self.owner);
        image.region.clone_from(&self.region);
        image.status = listed.status.as_ref().and_then(status);
        image.visibility = listed.visibility.as_ref().and_then(visibility);
        image.created = listed.created_at;
        image.updated = listed.updated_at;
        let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        image.size_bytes = size(listed);
        image.min_disk_gib = number(listed.min_disk);
        image.min_ram_mib = number(listed.min_ram);
        image
    }
}

fn status(status: &types::ImageStatus) -> Option<Status> {
    use types::ImageStatus as S;
    Some(match status {
        S::Active => Status::Available,
        S::Queued | S::Saving | S::Uploading | S::Importing => Status::Pending,
        S::Killed => Status::Failed,
        S::Deleted | S::PendingDelete => Status::Deleted,
        S::Deactivated => Status::Disabled,
        _ => return None,
    })
}

fn visibility(visibility: &types::Visibility) -> Option<Visibility> {
    use types::Visibility as V;
    Some(match visibility {
        V::Public => Visibility::Public,
        V::Community => Visibility::Community,
        V::Shared => Visibility::Shared,
        V::Private => Visibility::Private,
        _ => return None,
    })
}

/// The size of the data. IMS has it in a property of its own, and 0 or 2 bytes of a placeholder in `size`.
fn size(image: &types::Image) -> Option<u64> {
    const LARGEST_PLACEHOLDER: u64 = 2;
    let own = image.extra.get_str("__image_size").and_then(|size| size.parse().ok());
    let size = own.or_else(|| u64::try_from(image.size?).ok());
    size.filter(|size| *size > LARGEST_PLACEHOLDER)
}

/// The architecture of an image of IMS that is made for ARM; the others do not say it.
fn by_support(image: &types::Image) -> Option<&'static str> {
    let arm = image.extra.get_str("__support_arm")?;
    arm.eq_ignore_ascii_case("true").then_some("aarch64")
}

fn hash(image: &types::Image) -> Option<Text> {
    let (algorithm, value) = match (&image.os_hash_algo, &image.os_hash_value) {
        (Some(algorithm), Some(value)) => (algorithm.as_str(), value.as_str()),
        _ => ("md5", image.checksum.as_deref().filter(|sum| is_hash(sum))?),
    };
    let mut text = String::with_capacity(algorithm.len() + 1 + value.len());
    text.extend([algorithm, ":", value]);
    Some(text.into())
}

fn is_hash(checksum: &str) -> bool {
    !checksum.is_empty() && !PLACEHOLDERS.contains(&checksum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Architecture;

    fn image(json: &str) -> Image {
        let listed: types::Image = serde_json::from_str(json).unwrap();
        let mut rows = Rows { provider: "huawei".into(), region: None, owner: None };
        let image = rows.image(&listed);
        read(image.with_original(listed))
    }

    #[test]
    fn an_image_for_arm_is_not_taken_for_one_of_64_bits() {
        let said = |arm: &str| {
            let json = format!(
                r#"{{"id": "1", "name": "a", "__os_version": "openEuler 20.03 64bit"{arm}}}"#
            );
            image(&json).architecture
        };
        assert_eq!(said(r#", "__support_arm": "true""#), Some(Architecture::Aarch64));
        assert_eq!(said(r#", "__support_arm": "false""#), Some(Architecture::X86_64));
        assert_eq!(said(""), Some(Architecture::X86_64));
    }

    #[test]
    fn the_size_of_a_placeholder_is_not_that_of_the_image() {
        let size = |fields: &str| image(&format!(r#"{{"id": "1", {fields}}}"#)).size_bytes;
        assert_eq!(size(r#""size": 2, "__image_size": "1848573952""#), Some(1_848_573_952));
        assert_eq!(size(r#""size": 2, "__image_size": "0""#), None);
        assert_eq!(size(r#""size": 0"#), None);
        assert_eq!(size(r#""size": 1848573952"#), Some(1_848_573_952));
        assert_eq!(size(r#""size": null"#), None);
    }
}
