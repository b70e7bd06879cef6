//! From the settings to a client.

use super::{ClientBuilder, Service};
use crate::Result;
use crate::client::connections::Connections;
use crate::client::endpoint::{Endpoint, configuration, no_endpoint, parse_endpoint};
use crate::client::http_client;
use crate::client::limits::{Limits, Quotas, Rate};
use crate::client::retry_budget::Budget;
use crate::client::settings::Settings;
use crate::client::shared::Shared;
use crate::client::streams::Streams;
use http::HeaderValue;
use std::sync::Arc;
use tokio::sync::Semaphore;
use url::Url;

/// What requests carry, unless another `User-Agent` is set.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

impl<S: Service> ClientBuilder<S> {
    /// Builds the client. This sends nothing and loads no certificates of the platform.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if
    ///
    /// * there is no endpoint, and the credential provides neither a service catalogue nor a region;
    /// * the endpoint is not an `http` or `https` URL, holds credentials or a query, or is an `http` URL of
    ///   another machine without [`allow_http`](Self::allow_http);
    /// * the endpoint is an `https` URL, and the crate was built without a TLS feature (`rustls`,
    ///   `ring` or `native-tls`);
    /// * the rate is not a positive number, the `User-Agent` is not a header value, or a root certificate is
    ///   not PEM;
    /// * the HTTP client cannot be built.
    pub fn build(self) -> Result<S> {
        let service =
            Facts { catalogued: S::CATALOGUED, signed_as: S::SIGNED_AS, normalize: S::normalize };
        Ok(S::from_shared(Arc::new(service.client(self.settings)?)))
    }
}

/// What is known of a service.
struct Facts {
    catalogued: Option<&'static str>,
    signed_as: Option<&'static str>,
    normalize: fn(Url) -> Url,
}

impl Facts {
    fn client(&self, mut settings: Settings) -> Result<Shared> {
        let origin = self.settle_region(&mut settings)?;
        let catalogued = self.catalogued.filter(|_| settings.auth.catalogue().is_some());
        let endpoint = match (&settings.endpoint, catalogued) {
            (Some(text), _) => {
                Endpoint::given((self.normalize)(parse_endpoint(text, settings.allow_http)?))
            }
            (None, Some(service)) => {
                Endpoint::from_catalogue(service, settings.allow_http, self.normalize)
            }
            (None, None) => return Err(no_endpoint()),
        };
        let user_agent = match &settings.user_agent {
            Some(text) => HeaderValue::from_str(text).map_err(|error| {
                configuration(format!("the User-Agent {text:?} has characters that HTTP forbids"))
                    .caused_by(error)
            })?,
            None => HeaderValue::from_static(USER_AGENT),
        };
        let connections = match settings.http {
            Some(client) => Connections::of(client),
            None => {
                let trust = settings.trust.and(settings.auth.certificates()?);
                let make =
                    move |direct| http_client::make(settings.connect_timeout, &trust, direct);
                Connections::new(Box::new(make), endpoint.is_loopback())?
            }
        };
        let limits = Limits {
            in_flight: settings.in_flight.map(permits),
            rate: settings
                .rate
                .map(|(per_second, burst)| Rate::new(per_second, burst))
                .transpose()?,
            quotas: Quotas::default(),
        };
        Ok(Shared {
            endpoint,
            connections,
            streams: Streams::default(),
            auth: settings.auth,
            user_agent,
            read_timeout: settings.read_timeout,
            timeout: settings.timeout,
            deadline: settings.deadline,
            budget: Budget::default(),
            limits,
            observer: settings.observer,
            retry: settings.retry,
            max_response: settings.max_response,
            origin,
        })
    }

    /// Sets address and signature for one region, where the service has regions. Gives the settings before
    /// that, with the region.
    fn settle_region(&self, settings: &mut Settings) -> Result<Option<Box<Settings>>> {
        let Some(service) = self.signed_as else { return Ok(None) };
        let mut origin = settings.clone();
        let Some(regional) = origin.auth.regional(service, &origin.region)? else {
            // Signed in another way, if at all: the region is the user's matter.
            return Ok(Some(Box::new(origin)));
        };
        origin.region.name = Some(regional.region);
        settings.auth = regional.auth;
        settings.endpoint = settings.endpoint.take().or(regional.endpoint);
        Ok(Some(Box::new(origin)))
    }
}

fn permits(requests: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS)))
}
