//! The official and custom images of AWS ParallelCluster.

use crate::catalog::{
    Architecture, Field, Hints, Image, List, Query, Reading, Source, Status, Visibility,
};
use crate::parallelcluster::types::{
    AmiInfo, ImageBuildStatus, ImageInfoSummary, ImageStatusFilteringOption,
};
use crate::parallelcluster::{Client, ImageOperationsApi};
use crate::types::Text;

/// AWS ParallelCluster as a source: official images, and custom ones in every state.
///
/// The id of an image is that of its AMI; a custom image without one has its own id. The API returns neither owners nor
/// dates.
///
/// ```no_run
/// # fn example(client: cloud_images::parallelcluster::Client) {
/// use cloud_images::catalog::{Catalog, sources::ParallelCluster};
///
/// let hpc = ParallelCluster::new(client).regions(["eu-west-1", "us-east-1"]);
/// let catalog = Catalog::new().add("hpc", hpc);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ParallelCluster {
    client: Client,
    regions: Vec<Text>,
}

impl ParallelCluster {
    /// A source of the endpoint's own region.
    pub fn new(client: Client) -> Self {
        Self { client, regions: Vec::new() }
    }

    /// The regions to list. The default is the region of the endpoint, which official images then do not name.
    #[must_use]
    pub fn regions(mut self, regions: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        self.regions = regions.into_iter().map(Into::into).collect();
        self
    }
}

impl Source for ParallelCluster {
    fn lists(&self, query: &Query) -> Vec<List> {
        let api = self.client.image_operations();
        if self.regions.is_empty() {
            return in_region(&api, None, query);
        }
        let lists = self.regions.iter().flat_map(|region| in_region(&api, Some(region), query));
        lists.collect()
    }

    fn read(&self, image: Image) -> Image {
        read(image)
    }
}

impl Source for Client {
    fn lists(&self, query: &Query) -> Vec<List> {
        in_region(&self.image_operations(), None, query)
    }

    fn read(&self, image: Image) -> Image {
        read(image)
    }
}

fn in_region(api: &ImageOperationsApi, region: Option<&Text>, query: &Query) -> Vec<List> {
    use ImageStatusFilteringOption::{Available, Failed, Pending};
    let statuses = query.exact(Field::Status);
    let wanted =
        |word| statuses.as_ref().is_none_or(|words| words.iter().any(|given| given == word));
    // A build that is being deleted is in these lists, too.
    let states = [
        (Available, wanted("available") || wanted("deleted")),
        (Pending, wanted("pending") || wanted("deleted")),
        (Failed, wanted("failed") || wanted("deleted")),
    ];
    let mut lists = Vec::new();
    if wanted("available") {
        lists.extend(official(api, region, query));
    }
    for (state, _) in states.into_iter().filter(|(_, wanted)| *wanted) {
        let mut request = api.list_images(state);
        if let Some(region) = region {
            request = request.region(region.as_str());
        }
        lists.push(List::of(request.items(), custom_image));
    }
    for list in &mut lists {
        list.region = region.cloned();
    }
    lists
}

/// The list of official images, unless the query is for an architecture that they do not have.
fn official(api: &ImageOperationsApi, region: Option<&Text>, query: &Query) -> Option<List> {
    let mut request = api.list_official_images();
    if let Some(region) = region {
        request = request.region(region.as_str());
    }
    if let Some([one]) = query.exact(Field::Architecture).as_deref() {
        request = request.architecture(match one.parse() {
            Ok(Architecture::X86_64) => "x86_64",
            Ok(Architecture::Aarch64) => "arm64",
            _ => return None,
        });
    }
    let region = region.cloned();
    Some(List::of(request.items(), move |listed| official_image(region.as_ref(), listed)))
}

fn read(image: Image) -> Image {
    let original = image.original::<AmiInfo>();
    let distribution = original.map(|original| original.os.as_str());
    let reading = Reading::with(&image.name, &Hints { distribution, ..Hints::default() });
    image.with_reading(reading)
}

fn official_image(region: Option<&Text>, listed: &AmiInfo) -> Image {
    let mut image = Image::unplaced("aws", listed.ami_id.clone(), listed.name.clone());
    image.region = region.cloned();
    image.architecture = Architecture::of_word(&listed.architecture);
    image.parallelcluster = listed.version.parse().ok();
    image.status = Some(Status::Available);
    image.visibility = Some(Visibility::Public);
    image
}

fn custom_image(listed: &ImageInfoSummary) -> Image {
    let ami = listed.ec2_ami_info.as_ref().map(|ami| ami.ami_id.clone());
    let id = ami.unwrap_or_else(|| listed.image_id.clone());
    let mut image = Image::unplaced("aws", id, listed.image_id.clone());
    image.region = Some(listed.region.clone());
    image.parallelcluster = listed.version.as_ref().and_then(|version| version.parse().ok());
    image.status = listed.image_build_status.as_ref().and_then(|status| {
        use ImageBuildStatus as S;
        Some(match status {
            S::BuildComplete => Status::Available,
            S::BuildInProgress => Status::Pending,
            S::BuildFailed => Status::Failed,
            S::DeleteInProgress | S::DeleteComplete => Status::Deleted,
            _ => return None,
        })
    });
    image
}
