//! The token: logging in, and what the clones of a credential share.

use super::settings::{Credential, Settings};
use super::wire::{Answer, Service, login};
use crate::auth::token_cache::{Lease, TokenCache};
use crate::auth::x_auth_token::X_AUTH_TOKEN;
use crate::auth::{Refusal, set_secret};
use crate::client::{Call, ClientBuilder, Options, Shared, sealed};
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::Instant;

const X_SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

/// A token is refreshed this long before it expires; a short-lived one after four fifths of its life.
const MARGIN: Duration = Duration::from_secs(60);

/// Logging in changes nothing, so it may be repeated after any failure.
static LOGIN: Operation = Operation {
    api: "keystone",
    name: "keystone_login",
    protocol: crate::operation::Protocol::Rest,
    media_type: None,
    optional_body: false,
    streams: false,
    successes: &[],
    idempotent: true,
    retry_statuses: &[429, 502, 503, 504],
    errors: &[],
    failure: &crate::operation::Failure::NONE,
    quota: None,
};

/// What the clones of a credential share.
#[derive(Default)]
pub(super) struct Session {
    identity: Arc<OnceCell<Identity>>,
    tokens: TokenCache<Arc<Token>>,
}

pub(super) struct Token {
    pub value: SecretString,
    pub services: Vec<Service>,
    /// The project that the token is for.
    pub project_id: Option<String>,
}

/// The identity service as a client of its own: the same HTTP rules as for every other.
struct Identity(Arc<Shared>);

impl sealed::Service for Identity {
    fn from_shared(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    fn normalize(mut url: url::Url) -> url::Url {
        let path = url.path().trim_end_matches('/');
        let base = path.strip_suffix("/v3").or(path.strip_suffix("/v2.0")).unwrap_or(path);
        let path = format!("{base}/v3");
        url.set_path(&path);
        url
    }
}

impl crate::Service for Identity {}

impl Session {
    /// The token: a cached one, or one from Keystone.
    pub async fn token(&self, settings: &Arc<Settings>) -> Result<Arc<Token>> {
        self.tokens.get(|| self.login(settings)).await
    }

    /// Renews a token that was refused, and says whether there is another now.
    pub async fn renew(&self, settings: &Arc<Settings>, refusal: &Refusal<'_>) -> bool {
        let refused = |token: &Arc<Token>| refusal.carried(token.value.expose_secret());
        self.tokens.renew(refused, || self.login(settings)).await
    }

    fn login(
        &self,
        settings: &Arc<Settings>,
    ) -> impl Future<Output = Result<Lease<Arc<Token>>>> + Send + use<> {
        let (identity, settings) = (Arc::clone(&self.identity), Arc::clone(settings));
        async move {
            let identity = identity.get_or_try_init(|| async { Identity::new(&settings) }).await?;
            identity.login(&settings).await
        }
    }
}

impl Identity {
    fn new(settings: &Settings) -> Result<Self> {
        let builder = ClientBuilder::<Self>::new()
            .endpoint(&settings.auth_url)
            .allow_http(settings.allow_http);
        let built = match &settings.http {
            Some(client) => builder.http_client(client.clone()).build(),
            None => {
                let trust = settings.tls.trust()?;
                let builder =
                    trust.roots.into_iter().fold(builder, ClientBuilder::root_certificate_pem);
                builder.danger_accept_invalid_certs(trust.accept_any).build()
            }
        };
        built.map_err(|error| {
            let message = format!("Keystone: {}", error.message());
            Error::new(error.kind(), message).caused_by(error)
        })
    }

    async fn login(&self, settings: &Settings) -> Result<Lease<Arc<Token>>> {
        let shared = &self.0;
        let call = shared.begin(&LOGIN, &Options::default()).await?;
        // Keystone's 400 repeats what it was sent.
        let call = call.hiding(settings.credential.secret().expose_secret());
        let fixed = match &settings.credential {
            Credential::Token(token) if settings.scope.is_none() => Some(token),
            _ => None,
        };
        let build = |call: &Call| {
            let url = call.url("/auth/tokens")?;
            let request = match fixed {
                Some(_) => call.http().get(url),
                None => call.http().post(url).json(&login(settings)?),
            };
            let mut request = request.build().map_err(|_| {
                Error::new(ErrorKind::Configuration, "the login request cannot be built")
            })?;
            if let Some(token) = fixed {
                for name in [X_AUTH_TOKEN, X_SUBJECT_TOKEN] {
                    set_secret(request.headers_mut(), name, token.expose_secret())?;
                }
            }
            Ok(request)
        };
        let asked = Instant::now();
        let response = call.execute(&build).await;
        let (answer, response) = response
            .and_then(|response| Ok((response.read_derived::<Answer>()?, response)))
            .map_err(|error| explain(settings, error))?;
        let value = match fixed {
            Some(token) => Some(token.expose_secret()),
            None => response.headers().get(X_SUBJECT_TOKEN).and_then(|value| value.to_str().ok()),
        };
        let Some(value) = value else {
            let message = "the response to the login has no X-Subject-Token: check that auth_url is the \
                           address of Keystone";
            return Err(Error::new(ErrorKind::Auth, message));
        };
        let value = SecretString::from(value.to_owned());
        let body = answer.token;
        if !body.is_scoped() {
            let message = format!(
                "Keystone gave a token without a project for {}: call `project()`, or \
                 set OS_PROJECT_NAME",
                settings.credential.whose()
            );
            return Err(Error::new(ErrorKind::Auth, message));
        }
        // Two times of the server give the lifetime, so that a wrong clock here does not matter.
        let lifetime = body.expires_at - body.issued_at.unwrap_or_else(chrono::Utc::now);
        let lifetime = lifetime.to_std().unwrap_or_default();
        let is_renewable = !matches!(settings.credential, Credential::Token(_));
        let refresh_at = asked + (lifetime - MARGIN.min(lifetime / 5));
        let project_id = body.project_id().map(str::to_owned);
        Ok(Lease {
            value: Arc::new(Token { value, services: body.catalog, project_id }),
            refresh_at: is_renewable.then_some(refresh_at),
            expires_at: Some(asked + lifetime),
        })
    }
}

/// The failure of a login, with whose credential it was about.
fn explain(settings: &Settings, error: Error) -> Error {
    let whose = settings.credential.whose();
    let message = error.message();
    let (kind, message) = match error.status().map(|status| status.as_u16()) {
        Some(401) if wants_more_methods(&error) => (
            ErrorKind::Auth,
            format!(
                "Keystone wants a second factor for {whose}: use an application credential, or a token \
                 that `openstack token issue` gave"
            ),
        ),
        Some(400 | 401 | 403 | 404) => {
            (ErrorKind::Auth, format!("Keystone refused {whose}: {message}"))
        }
        _ => (error.kind(), format!("Keystone: {message}")),
    };
    let explained = Error::new(kind, message).with_retry_after(error.retry_after());
    match error.status() {
        Some(status) => {
            let id = error.request_id().map(str::to_owned);
            explained.with_response(status, id, bytes::Bytes::new())
        }
        None => explained.with_cause_of(&error),
    }
}

/// Whether the answer is a receipt: the password was right, and a passcode is missing.
fn wants_more_methods(error: &Error) -> bool {
    let body =
        error.raw_body().and_then(|body| serde_json::from_slice::<serde_json::Value>(body).ok());
    body.is_some_and(|body| body.get("required_auth_methods").is_some())
}
