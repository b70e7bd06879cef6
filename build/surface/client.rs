//! The `Client` of a module.

use crate::pipeline::document::{Document, Error};
use crate::pipeline::operations::Operation;
use proc_macro2::TokenStream;
use quote::quote;
use serde::Deserialize;
use std::collections::BTreeSet;

/// `x-endpoint`: where the service is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Endpoint {
    /// The type of the service in the catalogue of a Keystone token.
    #[serde(default)]
    service_type: Option<String>,
    /// The path at the end of an endpoint that every operation begins with anyway.
    #[serde(default)]
    without: Option<String>,
}

pub fn write(operations: &[Operation], document: &Document) -> Result<TokenStream, Error> {
    let endpoint: Endpoint = match document.0.get("x-endpoint") {
        Some(endpoint) => serde_json::from_value(endpoint.clone())
            .map_err(|error| Error::new(error).within("x-endpoint"))?,
        None => Endpoint::default(),
    };
    let title = document.0["info"]["title"]
        .as_str()
        .ok_or_else(|| Error::new("info: the document has no title"))?;
    let tags: BTreeSet<&str> = operations.iter().map(|operation| operation.tag.as_str()).collect();
    let docs = format!(
        "A client of the service \"{title}\". Cheap to clone: a clone is one reference count.\n\n\
         Its methods give the operations of the service by subject: {}.",
        tags.into_iter().collect::<Vec<_>>().join(", ")
    );
    let catalogued = match &endpoint.service_type {
        Some(name) => quote!(const CATALOGUED: Option<&'static str> = Some(#name);),
        None => quote!(),
    };
    let normalize = endpoint.without.map(|path| {
        quote! {
            fn normalize(mut endpoint: ::url::Url) -> ::url::Url {
                let path = endpoint.path().trim_end_matches('/');
                let path = path.strip_suffix(#path).unwrap_or(path).to_owned();
                endpoint.set_path(&path);
                endpoint
            }
        }
    });
    Ok(quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        pub struct Client {
            shared: ::std::sync::Arc<crate::client::Shared>,
        }

        impl Client {
            /// Configures a client.
            #[must_use]
            pub fn builder() -> crate::ClientBuilder<Self> {
                crate::ClientBuilder::new()
            }
        }

        impl crate::Service for Client {}

        impl crate::client::sealed::Service for Client {
            #catalogued

            fn from_shared(shared: ::std::sync::Arc<crate::client::Shared>) -> Self {
                Self { shared }
            }

            #normalize
        }
    })
}
