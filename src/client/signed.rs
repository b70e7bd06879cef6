//! Data for a signed address, which a service gave and another host has: it carries its own permission, so no
//! credential goes there.

use super::body::Body;
use super::call::Call;
use super::endpoint::is_loopback;
use super::error_response::of_http;
use super::options::Options;
use super::shared::Shared;
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use std::sync::Arc;
use url::Url;

impl Shared {
    /// Sends data to a signed address by `PUT`, as the operation says.
    #[allow(dead_code)] // for services that give such addresses
    pub(crate) async fn put_signed(
        self: &Arc<Self>,
        operation: &'static Operation,
        options: &Options,
        address: &str,
        data: &Body,
    ) -> Result<()> {
        // Not even a part of the address is shown: it is enough to upload.
        let refused = |message: &str| {
            Error::new(ErrorKind::InvalidRequest, message).with_operation(operation)
        };
        let url = Url::parse(address)
            .map_err(|_| refused("the service gave an upload address that is not a URL"))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(refused(
                "the service gave an upload address without https, which would carry the data unencrypted",
            ));
        }
        let mut call = self.begin(operation, options).await?.at_signed(&url);
        call.sends_stream = data.is_stream();
        let build = |call: &Call| {
            let body = data.clone().into_reqwest()?;
            call.http().put(url.clone()).body(body).build().map_err(of_http)
        };
        call.execute(&build).await.map(drop)
    }
}
