//! The token: had once, kept, renewed.

use super::wire::{Answer, Service, login};
use super::{Credential, Refusal, Settings};
use crate::auth::token_cache::{Lease, TokenCache};
use crate::client::{ClientBuilder, Options, Shared, sealed};
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result, auth::set_secret};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// The longest time before its end at which a token is renewed; short-lived ones are renewed after four
/// fifths of their life.
const MARGIN: Duration = Duration::from_secs(60);

/// Logging in changes nothing, so it may be repeated whatever became of it.
static LOGIN: Operation = Operation {
    api: "keystone",
    name: "keystone_login",
    media_type: None,
    streams: false,
    idempotent: true,
    retry_statuses: &[429, 502, 503, 504],
    errors: &[],
    failure: &crate::operation::Failure::NONE,
};

/// What the clones of a credential share.
#[derive(Default)]
pub(super) struct Session {
    identity: OnceCell<Identity>,
    kept: TokenCache<Arc<Token>>,
}

pub(super) struct Token {
    pub value: SecretString,
    pub services: Vec<Service>,
    ends_at: Instant,
    renew_at: Option<Instant>,
}

impl Lease for Arc<Token> {
    fn left_when_due(&self) -> Option<Duration> {
        let now = Instant::now();
        let due = self.renew_at.is_some_and(|renew_at| now >= renew_at);
        due.then(|| self.ends_at.saturating_duration_since(now))
    }
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
    /// The token, from Keystone if none is at hand or it ends soon.
    pub async fn token(&self, settings: &Settings) -> Result<Arc<Token>> {
        self.kept.get(async { self.login(settings).await.map(Arc::new) }).await
    }

    /// Forgets a token that was refused.
    pub fn give_up(&self, refusal: &Refusal<'_>) {
        self.kept.forget_if(|token| refusal.carried(token.value.expose_secret()));
    }

    async fn login(&self, settings: &Settings) -> Result<Token> {
        let shared = &self
            .identity
            .get_or_try_init(|| async {
                let builder = ClientBuilder::<Identity>::new()
                    .endpoint(&settings.auth_url)
                    .allow_http(settings.allow_http);
                match &settings.http {
                    Some(client) => builder.http_client(client.clone()).build(),
                    None => builder.build(),
                }
                .map_err(|error| {
                    let message = format!("the identity service: {}", error.message());
                    Error::new(error.kind(), message).caused_by(error)
                })
            })
            .await?
            .0;
        let (endpoint, http, call) = shared.begin(&LOGIN, &Options::default()).await?;
        // Keystone's 400 repeats what it was sent.
        let call = call.hiding(settings.credential.secret().expose_secret());
        let url = format!("{endpoint}/auth/tokens");
        let fixed = match &settings.credential {
            Credential::Token(token) if settings.project.is_none() => Some(token),
            _ => None,
        };
        let request = match fixed {
            Some(_) => http.get(url),
            None => http.post(url).json(&login(settings)?),
        };
        let mut request = request
            .build()
            .map_err(|_| Error::new(ErrorKind::Configuration, "the login cannot be sent"))?;
        if let Some(token) = fixed {
            for name in ["x-auth-token", "x-subject-token"] {
                set_secret(request.headers_mut(), name, token.expose_secret())?;
            }
        }
        let asked = Instant::now();
        let answer = match call.execute(request).await {
            Ok(reply) => reply.decode::<Answer>(),
            Err(error) => Err(error),
        }
        .map_err(|error| explain(settings, error))?;
        let value = match fixed {
            Some(token) => Some(token.expose_secret()),
            None => answer.headers().get("x-subject-token").and_then(|value| value.to_str().ok()),
        };
        let Some(value) = value else {
            return Err(Error::new(ErrorKind::Auth, "Keystone's answer has no X-Subject-Token"));
        };
        let value = SecretString::from(value.to_owned());
        let body = answer.into_body().token;
        if !body.is_scoped() {
            let message = format!(
                "Keystone gave a token without a project for {}: set project, or OS_PROJECT_NAME",
                settings.credential.whose()
            );
            return Err(Error::new(ErrorKind::Auth, message));
        }
        // The life of a token is told by two times of the server, so that a wrong clock here does not
        // matter.
        let life = body.expires_at - body.issued_at.unwrap_or_else(chrono::Utc::now);
        let life = life.to_std().unwrap_or_default();
        let renewable = !matches!(settings.credential, Credential::Token(_));
        let renew_at = asked + (life - MARGIN.min(life / 5));
        Ok(Token {
            value,
            services: body.catalog,
            ends_at: asked + life,
            renew_at: renewable.then_some(renew_at),
        })
    }
}

/// What went wrong at Keystone.
fn explain(settings: &Settings, error: Error) -> Error {
    let credential = &settings.credential;
    let said = error.message();
    let (kind, message) = match error.status().map(|status| status.as_u16()) {
        Some(400 | 401 | 403 | 404) => {
            (ErrorKind::Auth, format!("Keystone refused {}: {said}", credential.whose()))
        }
        _ => (error.kind(), format!("Keystone: {said}")),
    };
    let explained = Error::new(kind, message).with_retry_after(error.retry_after());
    match error.status() {
        Some(status) => {
            let id = error.request_id().map(str::to_owned);
            explained.with_response(status, id, bytes::Bytes::new())
        }
        None => explained,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Keystone;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_valid_token_is_used_while_keystone_hangs() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keystone = Keystone::password(url).user("me", "Default").password("secret");
        let now = Instant::now();
        let token = Token {
            value: SecretString::from("valid"),
            services: Vec::new(),
            ends_at: now + Duration::from_secs(2),
            renew_at: Some(now),
        };
        let known = keystone.session.kept.get(async { Ok(Arc::new(token)) }).await.unwrap();
        let token = || keystone.session.token(&keystone.settings);
        let mut first = Box::pin(token());
        assert!(first.as_mut().now_or_never().is_none());
        let second = token().now_or_never().unwrap().unwrap();
        assert!(Arc::ptr_eq(&second, &known));
        assert!(Arc::ptr_eq(&first.await.unwrap(), &known));
    }
}
