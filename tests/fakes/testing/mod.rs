//! The servers of `cloud_images::testing`, through the clients of this crate.

#[cfg(all(
    feature = "digitalocean",
    feature = "hetzner",
    feature = "hyperstack",
    feature = "lambda",
    feature = "linode",
    feature = "vultr"
))]
mod clouds;
mod computing;
mod contract;
mod faults;
mod ims;
mod own_images;
mod parallelcluster;

/// A request that is not a client's, to see what is on the wire.
async fn get(url: String, headers: &[(&str, &str)]) -> (u16, reqwest::header::HeaderMap, String) {
    // The crate leaves the choice of a provider to the program; this one may have been chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut request = reqwest::Client::new().get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.text().await.unwrap())
}
