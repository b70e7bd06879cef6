//! The servers of the clouds that are their documents.

#[allow(unused_imports)] // without one of the clouds
use super::{builder::FakeBuilder, documented::Cloud, server::FakeServer};

macro_rules! fakes {
    ($($feature:literal $module:ident $name:ident $builder:ident;)*) => {$(
        #[doc = concat!("A server that behaves like the service of [`", stringify!($module), "`](crate::", stringify!($module), ").")]
        ///
        /// It is derived from the OpenAPI document of the service. Resources can be listed page by page, shown,
        /// created, changed and deleted. Each list starts with three resources; `list_images` also has the images
        /// that the builder adds. All other operations return a response of the documented form and change nothing.
        ///
        /// Requests need the token of the server, in the header that the service uses. Filters have no effect.
        ///
        /// ```
        #[doc = concat!("use cloud_images::testing::{", stringify!($name), ", Fault};")]
        /// use futures::TryStreamExt;
        ///
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> cloud_images::Result<()> {
        #[doc = concat!("let server = ", stringify!($name), "::builder().images(60).start().await;")]
        /// server.fail(Fault::status(503).retry_after(0));
        ///
        /// let images = server.client().image_operations().list_images().items();
        /// assert_eq!(images.try_collect::<Vec<_>>().await?.len(), 63);
        /// # Ok(()) }
        /// ```
        #[cfg(feature = $feature)]
        pub type $name = FakeServer<Cloud<crate::$module::Client>>;

        #[doc = concat!("Configures a [`", stringify!($name), "`].")]
        #[cfg(feature = $feature)]
        pub type $builder = FakeBuilder<Cloud<crate::$module::Client>>;
    )*};
}

fakes! {
    "digitalocean" digitalocean FakeDigitalOcean FakeDigitalOceanBuilder;
    "hetzner" hetzner FakeHetzner FakeHetznerBuilder;
    "hyperstack" hyperstack FakeHyperstack FakeHyperstackBuilder;
    "lambda" lambda FakeLambda FakeLambdaBuilder;
    "linode" linode FakeLinode FakeLinodeBuilder;
    "vultr" vultr FakeVultr FakeVultrBuilder;
}
