//! The servers, clients for them, and plain HTTP to compare with.

use crate::patient;
use cloud_images::auth::{Authenticate, Keystone};
use cloud_images::ims::types::Image;
use cloud_images::ims::{Client, requests};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Where the servers are.
#[derive(Clone)]
pub struct Servers {
    pub keystone: String,
    /// A Keystone whose tokens live five seconds.
    pub short: String,
    pub proxy: String,
}

impl Servers {
    pub fn find() -> Option<Self> {
        let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Some(Self {
            keystone: get("CLOUD_IMAGES_LIVE_KEYSTONE")?,
            short: get("CLOUD_IMAGES_LIVE_KEYSTONE_SHORT")?,
            proxy: get("CLOUD_IMAGES_LIVE_GLANCE_PROXY")?,
        })
    }

    pub fn login(&self, user: &str) -> Keystone {
        login_at(&self.keystone, user).region("RegionOne")
    }

    pub fn client(&self, user: &str) -> Client {
        patient(Client::builder()).auth(self.login(user)).build().unwrap()
    }

    /// A client whose requests pass through the fault proxy.
    pub fn faulty(&self, user: &str) -> Client {
        patient(Client::builder()).auth(self.login(user).region("RegionFault")).build().unwrap()
    }

    /// Lays faults in the way of requests through the proxy, until the guard is dropped.
    pub async fn faults(&self, faults: Value) -> Faults {
        static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let guard = ONE_AT_A_TIME.lock().await;
        let http = reqwest_client();
        http.delete(format!("{}/__requests", self.proxy)).send().await.unwrap();
        let put = http.put(format!("{}/__faults", self.proxy)).json(&faults).send().await.unwrap();
        assert!(put.status().is_success(), "{put:?}");
        Faults { _guard: guard }
    }

    /// How many downloads have come to the proxy since faults were laid last.
    pub async fn downloads(&self) -> u64 {
        let answer =
            reqwest_client().get(format!("{}/__requests", self.proxy)).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let counts = answer["counts"].as_object().unwrap().iter();
        let downloads =
            counts.filter(|(name, _)| name.starts_with("GET ") && name.ends_with("/file"));
        downloads.filter_map(|(_, count)| count.as_u64()).sum()
    }
}

pub struct Faults {
    _guard: tokio::sync::MutexGuard<'static, ()>,
}

pub fn login_at(url: &str, user: &str) -> Keystone {
    Keystone::password(url).user(user, "Default").password("password").project(user, "Default")
}

/// The token that a request gets.
pub async fn token_of(login: &Keystone) -> String {
    let mut request =
        reqwest::Request::new(reqwest::Method::GET, "http://localhost".parse().unwrap());
    login.authenticate(&mut request).await.unwrap();
    request.headers()["x-auth-token"].to_str().unwrap().to_owned()
}

pub fn reqwest_client() -> reqwest::Client {
    // The crate brings its own TLS set-up; this one only speaks plain HTTP.
    #[cfg(any(feature = "aws-lc", feature = "ring"))]
    {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build().unwrap()
    }
    #[cfg(not(any(feature = "aws-lc", feature = "ring")))]
    reqwest::Client::new()
}

/// Plain HTTP with a token, as a check on the client that does not use it.
pub struct Plain {
    http: reqwest::Client,
    pub token: String,
    pub glance: String,
    pub body: Value,
}

impl Plain {
    pub async fn login(servers: &Servers, user: &str) -> Self {
        let body = json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": {
                "name": user, "domain": { "name": "Default" }, "password": "password" } } },
            "scope": { "project": { "name": user, "domain": { "name": "Default" } } } } });
        let http = reqwest_client();
        let url = format!("{}/auth/tokens", servers.keystone);
        let answer = http.post(url).json(&body).send().await.unwrap();
        let token = answer.headers()["x-subject-token"].to_str().unwrap().to_owned();
        let body: Value = answer.json().await.unwrap();
        let glance = body["token"]["catalog"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|service| service["type"] == "image")
            .flat_map(|service| service["endpoints"].as_array().unwrap())
            .find(|e| e["region_id"] == "RegionOne" && e["interface"] == "public")
            .unwrap()["url"]
            .as_str()
            .unwrap()
            .to_owned();
        Self { http, token, glance, body }
    }

    pub fn id(&self, of: &str) -> String {
        self.body["token"][of]["id"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.glance);
        self.http
            .get(url)
            .header("x-auth-token", &self.token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub async fn post(&self, url: &str, body: Value) -> Value {
        let request = self.http.post(url).header("x-auth-token", &self.token).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }

    pub async fn revoke(&self, servers: &Servers, token: &str) {
        let request = self.http.delete(format!("{}/auth/tokens", servers.keystone));
        let request = request.header("x-auth-token", token).header("x-subject-token", token);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// All ids that a query lists, by a loop that keeps its own query.
    pub async fn ids(&self, query: &[(&str, &str)], limit: usize) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        loop {
            let mut pairs: Vec<(&str, String)> =
                query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            pairs.push(("limit", limit.to_string()));
            pairs.extend(ids.last().map(|id| ("marker", id.clone())));
            let request = self
                .http
                .get(format!("{}/v2/images", self.glance))
                .query(&pairs)
                .header("x-auth-token", &self.token);
            let page: Value = request.send().await.unwrap().json().await.unwrap();
            let images = page["images"].as_array().unwrap_or_else(|| panic!("{page}"));
            ids.extend(images.iter().map(|image| image["id"].as_str().unwrap().to_owned()));
            if images.len() < limit {
                return ids;
            }
        }
    }
}

/// A name that no other test has.
pub fn unique(name: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{name}-{}-{count}", std::process::id())
}

/// A request for a new raw image that can take data.
pub fn raw(client: &Client, name: &str) -> requests::CreateImage {
    let request = client.image_operations().create_image();
    request.name(unique(name)).disk_format("raw").container_format("bare")
}

pub async fn ids(request: requests::ListImages) -> Vec<String> {
    use futures::TryStreamExt;
    request.items().map_ok(|image: Image| image.id).try_collect().await.unwrap()
}

/// Passes connections on to a server, and writes down which requests come on each.
pub struct Relay {
    pub url: String,
    connections: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Relay {
    pub async fn before(url: &str) -> Self {
        let url = url.trim_start_matches("http://");
        let (upstream, path) = url.split_at(url.find('/').unwrap_or(url.len()));
        let upstream = upstream.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{path}", listener.local_addr().unwrap());
        let connections = Arc::<Mutex<Vec<Vec<String>>>>::default();
        let seen = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&upstream).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let number = seen.lock().unwrap().len();
                seen.lock().unwrap().push(Vec::new());
                let seen = Arc::clone(&seen);
                tokio::spawn(async move {
                    let mut buffer = vec![0; 64 << 10];
                    while let Ok(many @ 1..) = from_client.read(&mut buffer).await {
                        let text = String::from_utf8_lossy(&buffer[..many]);
                        let lines = text.split(char::is_control);
                        let lines = lines.filter_map(|line| line.strip_suffix(" HTTP/1.1"));
                        seen.lock().unwrap()[number].extend(lines.map(str::to_owned));
                        if to_server.write_all(&buffer[..many]).await.is_err() {
                            break;
                        }
                    }
                });
                tokio::spawn(async move {
                    let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
                });
            }
        });
        Self { url, connections }
    }

    /// The first lines of the requests on each connection, without the version.
    pub fn connections(&self) -> Vec<Vec<String>> {
        self.connections.lock().unwrap().clone()
    }

    pub fn logins(&self) -> usize {
        let logins = |line: &String| line.starts_with("POST /v3/auth");
        self.connections().iter().flatten().filter(|line| logins(line)).count()
    }
}

/// The servers, or the end of the test where there are none.
macro_rules! servers {
    () => {
        match $crate::openstack::harness::Servers::find() {
            Some(servers) => servers,
            None => {
                println!("skipped: no OpenStack to test against");
                return;
            }
        }
    };
}
pub(crate) use servers;

/// The servers and the address of the files that they may download, or the end of the test: only a Glance that
/// was started with `MORE=1` has these.
#[cfg(feature = "glance")]
macro_rules! files {
    () => {
        match (
            $crate::openstack::harness::Servers::find(),
            std::env::var("CLOUD_IMAGES_LIVE_GLANCE_FILES"),
        ) {
            (Some(servers), Ok(files)) => (servers, files),
            _ => {
                println!("skipped: no Glance with several stores to test against");
                return;
            }
        }
    };
}
#[cfg(feature = "glance")]
pub(crate) use files;
