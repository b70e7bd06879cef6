//! What users would write instead: a loop of reqwest and serde_json into structs of strings.

#![allow(dead_code)] // no bench uses all of it

use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
pub struct Image {
    id: String,
    name: Option<String>,
    status: String,
    visibility: String,
    owner: String,
    checksum: Option<String>,
    container_format: Option<String>,
    disk_format: Option<String>,
    created_at: String,
    updated_at: String,
    size: Option<i64>,
    virtual_size: Option<i64>,
    min_ram: i64,
    min_disk: i64,
    protected: bool,
    os_hidden: Option<bool>,
    os_hash_algo: Option<String>,
    os_hash_value: Option<String>,
    tags: Vec<String>,
    #[serde(rename = "self")]
    self_: String,
    file: String,
    schema: String,
    stores: Option<String>,
    virtual_env_type: Option<String>,
    hw_firmware_type: Option<String>,
    __os_type: Option<String>,
    __imagetype: Option<String>,
    __platform: Option<String>,
    __os_bit: Option<String>,
    __os_version: Option<String>,
    __isregistered: Option<String>,
    __image_source_type: Option<String>,
    __lazyloading: Option<String>,
    __support_kvm_fpga_type: Option<String>,
    __image_size: Option<String>,
}

#[derive(Deserialize)]
pub struct ImagePage {
    pub images: Vec<Image>,
    next: Option<String>,
}

/// The client that all of this uses.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().no_proxy().build()
}

/// One image of Glance.
pub async fn show_image(
    client: &reqwest::Client,
    url: &str,
    id: &str,
) -> Result<Image, reqwest::Error> {
    let url = format!("{url}/v2/images/{id}");
    let request = client.get(url).header("x-auth-token", "token-of-the-bench");
    request.send().await?.error_for_status()?.json().await
}

/// All images of Glance, `page` at a time, following `next`.
pub async fn ims(url: &str, page: u32) -> Result<usize, reqwest::Error> {
    let client = client()?;
    let mut path = format!("/v2/images?limit={page}");
    let mut count = 0;
    loop {
        let request =
            client.get(format!("{url}{path}")).header("x-auth-token", "token-of-the-bench");
        let page: ImagePage = request.send().await?.json().await?;
        for image in page.images {
            count += usize::from(!std::hint::black_box(image).id.is_empty());
        }
        match page.next {
            Some(next) => path = next,
            None => return Ok(count),
        }
    }
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
pub struct PcImage {
    imageId: String,
    ec2AmiInfo: Option<Ami>,
    region: String,
    version: Option<String>,
    cloudformationStackArn: Option<String>,
    imageBuildStatus: Option<String>,
    cloudformationStackStatus: Option<String>,
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
pub struct Ami {
    amiId: String,
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
pub struct PcPage {
    pub images: Vec<PcImage>,
    nextToken: Option<String>,
}

/// All images of ParallelCluster, signed by `sign`.
pub async fn parallelcluster(
    url: &str,
    sign: impl Fn(&mut reqwest::Request),
) -> Result<usize, reqwest::Error> {
    let client = client()?;
    let mut token: Option<String> = None;
    let mut count = 0;
    loop {
        let mut request =
            client.get(format!("{url}/v3/images/custom")).query(&[("imageStatus", "AVAILABLE")]);
        if let Some(token) = &token {
            request = request.query(&[("nextToken", token)]);
        }
        let mut request = request.build()?;
        sign(&mut request);
        let page: PcPage = client.execute(request).await?.json().await?;
        for image in page.images {
            count += usize::from(!std::hint::black_box(image).imageId.is_empty());
        }
        token = page.nextToken;
        if token.is_none() {
            return Ok(count);
        }
    }
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
pub struct Described {
    imageId: String,
    region: String,
    version: Option<String>,
    imageBuildStatus: Option<String>,
    creationTime: Option<String>,
    imageConfiguration: Configuration,
    ec2AmiInfo: Option<FullAmi>,
}

#[derive(Deserialize)]
pub struct Configuration {
    url: Option<String>,
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
pub struct FullAmi {
    amiId: String,
    amiName: Option<String>,
    architecture: Option<String>,
    state: Option<String>,
    description: Option<String>,
    tags: Option<Vec<Tag>>,
}

#[derive(Deserialize)]
pub struct Tag {
    key: Option<String>,
    value: Option<String>,
}

/// One image of ParallelCluster, signed by `sign`.
pub async fn describe_image(
    client: &reqwest::Client,
    url: &str,
    id: &str,
    sign: impl Fn(&mut reqwest::Request),
) -> Result<Described, reqwest::Error> {
    let mut request = client.get(format!("{url}/v3/images/custom/{id}")).build()?;
    sign(&mut request);
    client.execute(request).await?.error_for_status()?.json().await
}

#[derive(Deserialize)]
pub struct Computing {
    id: i64,
    dc_id: i64,
    dc_region_id: String,
    os_id: String,
    os_name: String,
    os_type: String,
    region: String,
}

#[derive(Deserialize)]
pub struct Envelope {
    pub data: HashMap<String, Vec<Computing>>,
    message: String,
    status: String,
}

/// All images of the computing API.
pub async fn computing(url: &str) -> Result<usize, reqwest::Error> {
    let client = client()?;
    let request =
        client.get(format!("{url}/api/v1/computing/images")).bearer_auth("token-of-the-bench");
    let envelope: Envelope = request.send().await?.json().await?;
    Ok(std::hint::black_box(envelope).data.values().map(Vec::len).sum())
}
