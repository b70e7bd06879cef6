//! The images of Amazon EC2.

use super::rows::{shown, single};
use crate::catalog::publishers::partition_of;
use crate::catalog::{Architecture, Field, Hints, Image, List, Query, Source, Status, Visibility};
use crate::ec2::requests::DescribeImages;
use crate::ec2::{Client, is_account, types};
use crate::types::Text;
use crate::{BoxFuture, Result};

/// How many values a filter takes.
const MOST_VALUES: usize = 200;

/// The images of EC2 as a source, one list for each region.
///
/// Name an owner, a publisher or ids in the query: otherwise the service lists every public image of a region, which
/// takes minutes. The owner of an image is the account in its `imageOwnerId`. Its alias, name and location are ignored,
/// since they prove nothing.
///
/// Deprecated images are listed with the time of their deprecation. Disabled images are left out only if the query has
/// a `status` without `disabled`.
///
/// ```no_run
/// # async fn example(client: cloud_images::ec2::Client) -> cloud_images::Result<()> {
/// use cloud_images::catalog::{Catalog, publishers, sources::Ec2};
///
/// let aws = Ec2::new(client).regions(["eu-west-1", "us-east-1"])?.account("123456789012");
/// let catalog = Catalog::new().add("aws", aws);
/// let query = "ubuntu=24.04 arch=x86_64 region=eu-west-1".parse()?;
/// let newest = catalog.find(query).from(publishers::CANONICAL).latest().await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Ec2 {
    /// One in each region.
    clients: Vec<Client>,
    account: Option<String>,
}

impl Ec2 {
    /// A source of the client's own region.
    pub fn new(client: Client) -> Self {
        Self { clients: vec![client], account: None }
    }

    /// The regions to list. The default is the region of the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if a name cannot be that of a region.
    pub fn regions(mut self, regions: impl IntoIterator<Item = impl Into<String>>) -> Result<Self> {
        let Some(client) = self.clients.first().cloned() else { return Ok(self) };
        let clients = regions.into_iter().map(|region| client.in_region(region));
        self.clients = clients.collect::<Result<_>>()?;
        Ok(self)
    }

    /// The id of the account that the credentials belong to, for
    /// [`Publisher::this_project`](crate::catalog::Publisher::this_project): 12 digits.
    #[must_use]
    pub fn account(mut self, id: impl Into<String>) -> Self {
        self.account = Some(id.into());
        self
    }

    fn image(&self, region: &str, listed: &types::Image) -> Image {
        image(region, self.account.as_deref(), listed)
    }

    /// What the service checks: owners, ids, one name, the architecture, the state, and whether an image is public.
    fn request(&self, client: &Client, query: &Query) -> Option<DescribeImages> {
        let mut request = client.images().describe_images().include_deprecated(true);
        if let Some(owners) = owners(client.region(), query) {
            if owners.is_empty() {
                return None; // of nobody, where an empty list would mean everybody
            }
            request = request.owners(owners);
        }
        if let Some(ids) = query.exact(Field::Id)
            && ids.len() <= MOST_VALUES
        {
            let ids = ids.iter().map(|id| escaped(id));
            request = request.filter(types::Filter::new("image-id", ids));
        }
        if let Some(name) = single(query, Field::Name) {
            request = request.filter(types::Filter::new("name", [escaped(&name)]));
        }
        if let Some(architectures) = query.exact(Field::Architecture) {
            let words = architectures.iter().flat_map(|word| words_of_architecture(word));
            let words: Vec<&str> = words.copied().collect();
            if words.is_empty() {
                return None; // EC2 has no machines of these
            }
            request = request.filter(types::Filter::new("architecture", words));
        }
        let statuses = query.exact(Field::Status);
        if let Some(statuses) = &statuses {
            let states = statuses.iter().flat_map(|status| states(status));
            request = request.filter(types::Filter::new("state", states.copied()));
        }
        if statuses.is_none_or(|statuses| statuses.iter().any(|status| status == "disabled")) {
            request = request.include_disabled(true);
        }
        match single(query, Field::Visibility).as_deref() {
            Some("public") => request = request.filter(("is-public", "true")),
            Some("private" | "shared") => request = request.filter(("is-public", "false")),
            _ => {}
        }
        Some(request)
    }
}

impl Source for Ec2 {
    fn lists(&self, query: &Query) -> Vec<List> {
        let lists = self.clients.iter().filter_map(|client| {
            let request = self.request(client, query)?;
            let (source, region) = (self.clone(), client.region().to_owned());
            let place = Text::from(region.as_str());
            let images = List::of(request.items(), move |listed| source.image(&region, listed));
            Some(images.region(place))
        });
        lists.collect()
    }

    fn read(&self, image: Image) -> Image {
        read(image)
    }

    fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    fn show<'a>(
        &'a self,
        region: Option<&'a str>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Image>>> {
        Box::pin(async move {
            let is_there = |client: &&Client| region.is_none_or(|region| client.region() == region);
            let Some(client) = self.clients.iter().find(is_there) else { return Ok(None) };
            let request = client.images().describe_images().image_id(id);
            let page = shown(request.include_deprecated(true).include_disabled(true)).await?;
            // For a while after it was deregistered, the answer is an empty list.
            let mut images = page.map(|page| page.images).unwrap_or_default().into_iter();
            let found = images.find(|image| image.image_id == id);
            Ok(found.map(|found| self.image(client.region(), &found).with_original(found)))
        })
    }
}

impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        Ec2::new(self.clone()).lists(query)
    }

    fn read(&self, image: Image) -> Image {
        Ec2::new(self.clone()).read(image)
    }

    fn show<'a>(
        &'a self,
        region: Option<&'a str>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Image>>> {
        Box::pin(async move { Ec2::new(self.clone()).show(region, id).await })
    }
}

/// The platform is no hint: it is `windows` for Windows Server as well as for Windows.
fn read(image: Image) -> Image {
    let original = image.original::<types::Image>();
    let description = original.and_then(|original| original.description.clone());
    image.read(&Hints { description: description.as_deref(), ..Hints::default() })
}

/// The owners that a query is about; `None` for everybody.
fn owners(region: &str, query: &Query) -> Option<Vec<String>> {
    if let Some(owners) = query.exact(Field::Owner) {
        return Some(owners.into_iter().filter(|owner| is_account(owner)).collect());
    }
    let from = query.terms().iter().find(|term| term.field() == Field::From)?;
    let (publishers, partition) = (from.publishers().iter(), partition_of(region));
    let owners = publishers.flat_map(|publisher| {
        let accounts = publisher.accounts().filter(move |(provider, _)| *provider == partition);
        let own = publisher.is_this_project().then(|| "self".to_owned());
        accounts.map(|(_, owner)| owner.to_owned()).chain(own)
    });
    Some(owners.filter(|owner| owner == "self" || is_account(owner)).collect())
}

/// A name as a pattern that only it fits.
fn escaped(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, '*' | '?' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

fn words_of_architecture(word: &str) -> &'static [&'static str] {
    match word.parse() {
        Ok(Architecture::X86_64) => &["x86_64", "x86_64_mac"],
        Ok(Architecture::Aarch64) => &["arm64", "arm64_mac"],
        Ok(Architecture::I686) => &["i386"],
        _ => &[],
    }
}

/// The states of the service that a status stands for.
fn states(status: &str) -> &'static [&'static str] {
    match status {
        "available" => &["available"],
        "pending" => &["pending", "transient"],
        "disabled" => &["disabled"],
        "failed" => &["failed", "error", "invalid"],
        _ => &["deregistered"],
    }
}

fn image(region: &str, account: Option<&str>, listed: &types::Image) -> Image {
    let name = listed.name.clone().unwrap_or_default();
    let mut image = Image::unplaced("aws", listed.image_id.clone(), name);
    image.region = Some(region.into());
    image.owner = listed.owner_id.clone().filter(|owner| is_account(owner));
    image.architecture = listed.architecture.as_ref().and_then(|word| match word.as_str() {
        "x86_64" | "x86_64_mac" => Some(Architecture::X86_64),
        "arm64" | "arm64_mac" => Some(Architecture::Aarch64),
        "i386" => Some(Architecture::I686),
        _ => None,
    });
    image.status = listed.state.as_ref().and_then(|state| {
        Some(match state.as_str() {
            "available" => Status::Available,
            "pending" | "transient" => Status::Pending,
            "disabled" => Status::Disabled,
            "failed" | "error" | "invalid" => Status::Failed,
            "deregistered" => Status::Deleted,
            _ => return None,
        })
    });
    image.visibility = match (listed.public, account) {
        (Some(true), _) => Some(Visibility::Public),
        (Some(false), Some(account)) if image.owner.as_deref() == Some(account) => {
            Some(Visibility::Private)
        }
        (Some(false), Some(_)) => Some(Visibility::Shared),
        _ => None,
    };
    image.created = listed.creation_date;
    image.deprecated = listed.deprecation_time;
    image.min_disk_gib = root_disk(listed);
    image
}

/// The size of the disk that the image starts from, in GiB.
fn root_disk(image: &types::Image) -> Option<u64> {
    let root = image.root_device_name.as_deref()?;
    let mut devices = image.block_device_mappings.iter();
    let device = devices.find(|device| device.device_name.as_deref() == Some(root))?;
    device.ebs.as_ref()?.volume_size.and_then(|size| u64::try_from(size).ok())
}

#[cfg(test)]
mod tests {
    use super::{escaped, image, owners, read};
    use crate::catalog::{Publisher, Query, publishers};
    use crate::ec2::types;

    fn owners_of(region: &str, query: Query) -> Option<Vec<String>> {
        owners(region, &query)
    }

    #[test]
    fn publishers_are_accounts_of_the_partition() {
        let canonical = || Query::new().from(publishers::CANONICAL);
        assert_eq!(owners_of("eu-west-1", canonical()).unwrap(), ["099720109477"]);
        assert_eq!(owners_of("cn-north-1", canonical()).unwrap(), ["837727238323"]);
        assert_eq!(owners_of("us-gov-west-1", canonical()).unwrap(), ["513442679011"]);
        assert_eq!(owners_of("eusc-de-east-1", canonical()).unwrap(), [""; 0]);
        let ours = Query::new().from(Publisher::this_project());
        assert_eq!(owners_of("eu-west-1", ours).unwrap(), ["self"]);
        let elsewhere = Query::new().from(Publisher::new("us").account("otc", "4f1a"));
        assert_eq!(owners_of("eu-west-1", elsewhere).unwrap(), [""; 0]);
        assert_eq!(owners_of("eu-west-1", "owner=amazon".parse().unwrap()).unwrap(), [""; 0]);
        assert_eq!(owners_of("eu-west-1", Query::new()), None);
    }

    #[test]
    fn the_platform_does_not_say_which_windows_it_is() {
        for (name, description, expected) in [
            ("golden-7", "", (None, None)),
            ("golden-7", "our image", (None, None)),
            (
                "golden-7",
                "Microsoft Windows Server 2022 Full Locale English AMI provided by Amazon",
                (Some("windows-server"), Some("2022")),
            ),
            ("Windows_Server-2019-English-Full-Base", "", (Some("windows-server"), Some("2019"))),
            ("windows-11-golden", "", (Some("windows"), Some("11"))),
        ] {
            let listed = serde_json::json!({
                "imageId": "ami-1", "name": name, "description": description, "platform": "windows",
            });
            let listed: types::Image = serde_json::from_value(listed).unwrap();
            let read = read(image("eu-west-1", None, &listed).with_original(listed));
            let read = (
                read.distribution.as_ref().map(|distribution| distribution.as_str()),
                read.version.as_ref().map(|version| version.as_str()),
            );
            assert_eq!(read, expected, "{name}: {description}");
        }
    }

    #[test]
    fn a_name_is_no_pattern() {
        assert_eq!(escaped(r"a*b?c\d"), r"a\*b\?c\\d");
    }
}
