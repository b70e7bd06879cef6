//! Who publishes images, by the ids of their accounts.
//!
//! A name proves nothing: anybody may publish a newer `ubuntu-noble-24.04-amd64-server` on AWS, or share an image of
//! that name on OpenStack (CVE-2018-15869). Only the id of the account that owns an image cannot be chosen freely, so a
//! [`Publisher`] is identified by its account ids.
//!
//! The ids are those of `data/publishers.tsv`, which names the date and the source of each. No cloud confirms
//! them; check the ones you rely on.
//!
//! ```
//! use cloud_images::catalog::{Image, Publisher, publishers};
//!
//! let mut image = Image::new("prod", "aws", "ami-0abc", "ubuntu-noble-24.04-amd64-server-20260101");
//! assert!(!publishers::CANONICAL.owns(&image));        // the name alone
//! image.owner = Some("099720109477".into());
//! assert!(publishers::CANONICAL.owns(&image));
//!
//! let ours = Publisher::new("platform team").account("aws", "123456789012").account("otc", "4f1a");
//! assert!(!ours.owns(&image));
//!
//! // In the text of a query, a publisher of your own is its accounts.
//! let query: cloud_images::catalog::Query = "ubuntu from=aws/123456789012,otc/4f1a".parse()?;
//! # Ok::<_, cloud_images::Error>(())
//! ```

use crate::catalog::Image;
use crate::catalog::shown::shown;
use crate::types::Text;
use crate::{Error, ErrorKind, Result};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A publisher of images: a display name, and the accounts that own the images.
///
/// The known publishers are constants in [`publishers`](self). `"canonical".parse()` finds one by its short name, and
/// `"aws/123456789012".parse()` is the publisher with that account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publisher {
    word: Cow<'static, str>,
    name: Cow<'static, str>,
    accounts: Accounts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Accounts {
    /// The provider and the id of the owner.
    Known(&'static [(&'static str, &'static str)]),
    Given(Vec<(Text, Text)>),
    /// Those whose credentials the source uses.
    ThisProject,
}

impl Publisher {
    /// Creates a publisher without accounts; add them with [`account`](Self::account).
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { word: name.clone().into(), name: name.into(), accounts: Accounts::Given(Vec::new()) }
    }

    /// Adds an account.
    ///
    /// `provider` is the provider of the images ([`Image::provider`]), such as `aws` or `otc`. For AWS in China it is
    /// `aws-cn`, for GovCloud `aws-us-gov`, for the European Sovereign Cloud `aws-eusc`, and for the isolated regions
    /// `aws-iso`. `owner` is the id of the account or project, not its name.
    #[must_use]
    pub fn account(mut self, provider: impl Into<Text>, owner: impl Into<Text>) -> Self {
        let mut accounts: Vec<(Text, Text)> =
            self.accounts().map(|(provider, owner)| (provider.into(), owner.into())).collect();
        accounts.push((provider.into(), owner.into()));
        self.accounts = Accounts::Given(accounts);
        self
    }

    /// The project or account whose credentials a source uses.
    ///
    /// It is a different one for each source; see [`Publisher::owns_in`].
    #[must_use]
    pub const fn this_project() -> Self {
        Self {
            word: Cow::Borrowed("this-project"),
            name: Cow::Borrowed("this project"),
            accounts: Accounts::ThisProject,
        }
    }

    const fn known(
        word: &'static str,
        name: &'static str,
        accounts: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            word: Cow::Borrowed(word),
            name: Cow::Borrowed(name),
            accounts: Accounts::Known(accounts),
        }
    }

    /// The short name of a known publisher in queries, such as `canonical`. For a publisher of your own, its name.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }

    /// What stands for the publisher in a query: the word of a known one, the accounts of one of your own.
    pub(in crate::catalog) fn spelled(&self) -> Vec<String> {
        match &self.accounts {
            Accounts::Given(given) if !given.is_empty() => {
                given.iter().map(|(provider, owner)| format!("{provider}/{owner}")).collect()
            }
            _ => vec![self.word().to_owned()],
        }
    }

    /// The display name, such as `Canonical (Ubuntu)`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The provider and the id of each account. Empty for [`Publisher::this_project`], whose account only the source
    /// knows.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &str)> {
        let (known, given): (&[_], &[(Text, Text)]) = match &self.accounts {
            Accounts::Known(known) => (known, &[]),
            Accounts::Given(given) => (&[], given),
            Accounts::ThisProject => (&[], &[]),
        };
        let given = given.iter().map(|(provider, owner)| (provider.as_str(), owner.as_str()));
        known.iter().copied().chain(given)
    }

    /// Whether this is [`Publisher::this_project`].
    #[must_use]
    pub fn is_this_project(&self) -> bool {
        self.accounts == Accounts::ThisProject
    }

    /// Whether the owner of an image is one of the accounts. `false` for an image without an owner.
    #[must_use]
    pub fn owns(&self, image: &Image) -> bool {
        self.owns_in(image, None)
    }

    /// Like [`owns`](Self::owns), for an image from a source whose credentials belong to the account `own`.
    #[must_use]
    pub fn owns_in(&self, image: &Image, own: Option<&str>) -> bool {
        let Some(owner) = image.owner.as_deref().filter(|owner| !owner.is_empty()) else {
            return false;
        };
        if self.is_this_project() {
            return own == Some(owner);
        }
        let partition = partition(image);
        self.accounts().any(|(provider, account)| provider == partition && account == owner)
    }
}

/// The provider of an image; of AWS, the partition.
fn partition(image: &Image) -> &str {
    match (image.provider.as_str(), image.region.as_deref()) {
        ("aws", Some(region)) => partition_of(region),
        (provider, _) => provider,
    }
}

/// The partition of AWS that a region is in. Each has accounts of its own, so an id that is known in one says nothing in
/// another, and in one that is not known here nobody is known.
pub(super) fn partition_of(region: &str) -> &'static str {
    let (place, rest) = region.split_once('-').unwrap_or((region, ""));
    match (place, rest) {
        ("cn", _) => "aws-cn",
        ("eusc", _) => "aws-eusc",
        ("us", rest) if rest.starts_with("gov-") => "aws-us-gov",
        (_, rest) if rest.starts_with("iso") => "aws-iso",
        (place, _) if place.len() == 2 => "aws",
        _ => "aws-unknown",
    }
}

impl fmt::Display for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl FromStr for Publisher {
    type Err = Error;

    /// Finds a known publisher, or [`Publisher::this_project`], by its short name. The form `provider/owner-id`, such
    /// as `aws/123456789012`, is a publisher with that one account.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for anything else. The message lists the short names.
    fn from_str(word: &str) -> Result<Self> {
        let found = KNOWN.iter().find(|publisher| publisher.word.eq_ignore_ascii_case(word));
        if let Some(publisher) = found {
            return Ok(publisher.clone());
        }
        if word.eq_ignore_ascii_case("this-project") {
            return Ok(Self::this_project());
        }
        if let Some((provider, owner)) = word.split_once('/')
            && ![provider, owner].contains(&"")
        {
            return Ok(Self::new(word).account(provider, owner));
        }
        let words: Vec<&str> = KNOWN.iter().map(Self::word).collect();
        let message = format!(
            "`{}` is not a publisher: use {}, this-project, or a provider and the id of an owner, such as \
             aws/123456789012",
            shown(word),
            words.join(", ")
        );
        Err(Error::new(ErrorKind::InvalidRequest, message))
    }
}

macro_rules! publishers {
    ($($constant:ident = $word:literal, $name:literal, [$(($provider:literal, $owner:literal)),+];)*) => {
        $(
            #[doc = concat!($name, ": ", $("`", $owner, "` of `", $provider, "`, ",)+ "as in `data/publishers.tsv`.")]
            pub const $constant: Publisher = Publisher::known($word, $name, &[$(($provider, $owner)),+]);
        )*

        /// All publishers of `data/publishers.tsv`.
        pub static KNOWN: &[Publisher] = &[$($constant),*];
    };
}

publishers! {
    CANONICAL = "canonical", "Canonical (Ubuntu)",
        [("aws", "099720109477"), ("aws-cn", "837727238323"), ("aws-us-gov", "513442679011")];
    DEBIAN = "debian", "Debian", [("aws", "136693071363")];
    ROCKY = "rocky", "Rocky Linux", [("aws", "792107900819")];
    ALMALINUX = "almalinux", "AlmaLinux", [("aws", "764336703387")];
    FEDORA = "fedora", "Fedora", [("aws", "125523088429")];
    CENTOS = "centos", "CentOS", [("aws", "125523088429")];
    FREEBSD = "freebsd", "FreeBSD", [("aws", "782442783595")];
    FLATCAR = "flatcar", "Flatcar Container Linux", [("aws", "075585003325"), ("aws-cn", "306934455918")];
    RED_HAT = "red-hat", "Red Hat", [("aws", "309956199498")];
    SUSE = "suse", "SUSE", [("aws", "013907871322")];
    AMAZON_LINUX = "amazon-linux", "Amazon (Amazon Linux)", [("aws", "137112412989")];
    AMAZON_WINDOWS = "amazon-windows", "Amazon (Windows)", [("aws", "801119661308")];
    AMAZON_DEEP_LEARNING = "amazon-deep-learning", "Amazon (Deep Learning AMIs)", [("aws", "898082745236")];
    AMAZON_ECS = "amazon-ecs", "Amazon (ECS)", [("aws", "591542846629")];
    AMAZON_EKS = "amazon-eks", "Amazon (EKS)", [("aws", "602401143452")];
    AMAZON_PARALLELCLUSTER = "amazon-parallelcluster", "Amazon (ParallelCluster)",
        [("aws", "247102896272"), ("aws-us-gov", "124026578433")];
}

#[cfg(test)]
mod tests {
    use super::{CANONICAL, KNOWN, Publisher};
    use crate::catalog::Image;
    use crate::catalog::table::Table;

    #[test]
    fn the_constants_are_the_table() {
        let table = include_str!("../../data/publishers.tsv");
        let table =
            Table::parse(table, ["publisher", "name", "provider", "owner", "source"]).unwrap();
        let rows: Vec<_> = table.rows.iter().map(|row| row.map(|cell| cell.text)).collect();
        assert!(rows.iter().all(|row| !row[4].is_empty()), "every id has a source");
        let constants: Vec<_> = KNOWN
            .iter()
            .flat_map(|publisher| {
                publisher
                    .accounts()
                    .map(|(provider, owner)| [publisher.word(), publisher.name(), provider, owner])
            })
            .collect();
        let table: Vec<_> = rows
            .iter()
            .map(|[word, name, provider, owner, _]| [*word, *name, *provider, *owner])
            .collect();
        assert_eq!(constants, table);
    }

    fn image(provider: &str, region: &str, owner: &str) -> Image {
        let mut image = Image::new("a", provider, "1", "canonical ubuntu 24.04 by Canonical");
        image.region = Some(region.into());
        image.owner = Some(owner.into());
        image
    }

    #[test]
    fn an_owner_id_counts_in_its_cloud_and_partition() {
        assert!(CANONICAL.owns(&image("aws", "eu-west-1", "099720109477")));
        assert!(CANONICAL.owns(&image("aws", "cn-north-1", "837727238323")));
        assert!(!CANONICAL.owns(&image("aws", "eu-west-1", "837727238323")));
        for elsewhere in
            ["us-gov-west-1", "eusc-de-east-1", "us-isob-east-1", "eu-isoe-west-1", "new"]
        {
            assert!(!CANONICAL.owns(&image("aws", elsewhere, "099720109477")), "{elsewhere}");
        }
        let sovereign = Publisher::new("us").account("aws-eusc", "1");
        assert!(sovereign.owns(&image("aws", "eusc-de-east-1", "1")));
        assert!(!sovereign.owns(&image("aws", "eu-central-1", "1")));
        assert!(!CANONICAL.owns(&image("openstack", "eu-west-1", "099720109477")));
        assert!(!CANONICAL.owns(&image("aws", "eu-west-1", "canonical")));
        assert!(!CANONICAL.owns(&image("aws", "eu-west-1", "")));
    }

    #[test]
    fn this_project_is_the_account_of_the_credentials() {
        let ours = Publisher::this_project();
        let image = image("openstack", "RegionOne", "4f1a");
        assert!(!ours.owns(&image));
        assert!(!ours.owns_in(&image, Some("9999")));
        assert!(ours.owns_in(&image, Some("4f1a")));
        let mut nobodys = image;
        nobodys.owner = None;
        assert!(!ours.owns_in(&nobodys, None));
    }

    #[test]
    fn a_publisher_of_ones_own_has_the_accounts_that_were_given() {
        let image = image("otc", "eu-de", "4f1a");
        assert!(!Publisher::new("us").owns(&image));
        assert!(Publisher::new("us").account("aws", "1").account("otc", "4f1a").owns(&image));
        let mirror = CANONICAL.account("otc", "4f1a");
        assert!(mirror.owns(&image) && mirror.accounts().count() == 4);
    }

    #[test]
    fn publishers_are_found_by_their_words() {
        assert_eq!("Canonical".parse::<Publisher>().unwrap(), CANONICAL);
        assert!("this-project".parse::<Publisher>().unwrap().is_this_project());
        let error = "canonica1".parse::<Publisher>().unwrap_err();
        assert!(error.message().contains("canonical, debian"), "{}", error.message());
        let ours: Publisher = "otc/4f1a".parse().unwrap();
        assert!(ours.owns(&image("otc", "eu-de", "4f1a")));
        assert!(!ours.owns(&image("aws", "eu-de", "4f1a")));
        assert!("otc/".parse::<Publisher>().is_err() && "/4f1a".parse::<Publisher>().is_err());
    }
}
