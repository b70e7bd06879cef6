//! The `Client` of a module.

use crate::pipeline::document::{Document, Error};
use proc_macro2::TokenStream;
use quote::quote;
use serde::Deserialize;

/// `x-endpoint`: where the service is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Endpoint {
    /// The type of the service in the catalogue of a Keystone token.
    #[serde(default)]
    service_type: Option<String>,
    /// Paths that are left out at the end of an endpoint, because every operation begins with its own.
    #[serde(default)]
    without: Vec<String>,
    /// The name in signatures of a service that has an address in each region.
    #[serde(default)]
    signed_as: Option<String>,
}

/// Where the generated code of a document stands.
pub struct Place {
    /// The path of the module: `api`, or `api::part`.
    pub module: String,
    /// The client whose methods give the operations.
    pub client: syn::Path,
    /// Whether that is the client of another document.
    pub is_part: bool,
}

impl Place {
    /// `x-module` of the document, or the module of the API's name.
    pub fn of(document: &Document, api: &str) -> Result<Self, Error> {
        let given = document.0.get("x-module").map(|module| module.as_str().unwrap_or_default());
        let module = given.map_or_else(|| api.replace('-', "_"), str::to_owned);
        let parent = module.rsplit_once("::").map(|(parent, _)| parent);
        if given.is_some() && parent.is_none() {
            return Err(Error::new(
                "x-module: it is not the path of a module in another API, such as `api::part`",
            ));
        }
        // A document with an endpoint of its own has a client of its own.
        let parent = parent.filter(|_| document.0.get("x-endpoint").is_none());
        let client = match parent {
            Some(parent) => format!("crate::{parent}::Client"),
            None => "Client".to_owned(),
        };
        let client =
            syn::parse_str(&client).map_err(|error| Error::new(error).within("x-module"))?;
        Ok(Self { is_part: parent.is_some(), module, client })
    }
}

/// The struct and its builder, unless another document has the client.
pub fn write(document: &Document, place: &Place) -> Result<TokenStream, Error> {
    if place.is_part {
        return Ok(TokenStream::new());
    }
    let endpoint: Endpoint = match document.0.get("x-endpoint") {
        Some(endpoint) => serde_json::from_value(endpoint.clone())
            .map_err(|error| Error::new(error).within("x-endpoint"))?,
        None => Endpoint::default(),
    };
    let title = document.0["info"]["title"]
        .as_str()
        .ok_or_else(|| Error::new("info: the document has no title"))?;
    let docs = format!(
        "A client for the service \"{title}\".\n\nThe operations are grouped by subject, each group in an \
         `...Api` struct.\n\nCloning is cheap: the clones share connections, credentials and settings."
    );
    let catalogued = match &endpoint.service_type {
        Some(name) => quote!(const CATALOGUED: Option<&'static str> = Some(#name);),
        None => quote!(),
    };
    let signed = match &endpoint.signed_as {
        Some(name) => quote!(const SIGNED_AS: Option<&'static str> = Some(#name);),
        None => quote!(),
    };
    let regional =
        endpoint.signed_as.is_some().then(|| quote!(impl crate::RegionalService for Client {}));
    let without = &endpoint.without;
    let normalize = (!without.is_empty()).then(|| {
        quote! {
            fn normalize(mut endpoint: ::url::Url) -> ::url::Url {
                let path = endpoint.path().trim_end_matches('/');
                let path = [#(#without),*].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
                let path = path.to_owned();
                endpoint.set_path(&path);
                endpoint
            }
        }
    });
    Ok(quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
        }

        impl Client {
            /// Configures a client.
            #[must_use]
            pub fn builder() -> crate::ClientBuilder<Self> {
                crate::ClientBuilder::new()
            }
        }

        impl crate::Service for Client {}

        #regional

        impl crate::client::sealed::Service for Client {
            #catalogued
            #signed

            fn from_shared(shared: ::std::sync::Arc<crate::client::Shared>) -> Self {
                Self { shared }
            }

            #normalize
        }
    })
}
