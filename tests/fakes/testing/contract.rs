//! The servers of `testing` keep the contracts: what is run against the real servers in `tests/live`.

#[cfg(feature = "ec2")]
mod ec2 {
    use crate::contract::ec2::*;
    use cloud_images::ec2::Client;
    use cloud_images::testing::FakeEc2;

    struct Fake(FakeEc2);

    impl World for Fake {
        fn client(&self) -> Client {
            self.0.client()
        }

        fn name(&self, suffix: &str) -> String {
            format!("new-{suffix}")
        }
    }

    macro_rules! contract {
        ($($file:ident::$name:ident)*) => {$(
            #[tokio::test]
            async fn $name() {
                $file::$name(&Fake(FakeEc2::builder().images(40).start().await)).await;
            }
        )*};
    }
    all_behaviours!(contract);
}

mod ims {
    use crate::contract::ims::{self, all_behaviours};
    use cloud_images::testing::FakeIms;

    macro_rules! contract {
        ($($name:ident)*) => {$(
            #[tokio::test]
            async fn $name() {
                let server = FakeIms::builder().images(60).start().await;
                ims::$name(server.client()).await;
            }
        )*};
    }
    all_behaviours!(contract);
}

#[cfg(feature = "glance")]
mod imports {
    use crate::contract::imports::{self, World, all_behaviours};
    use cloud_images::testing::FakeIms;

    macro_rules! contract {
        ($($name:ident)*) => {$(
            #[tokio::test]
            async fn $name() {
                let server = FakeIms::builder().images(0).start().await;
                let files = "http://files.example".to_owned();
                imports::$name(World { client: server.client(), files }).await;
            }
        )*};
    }
    all_behaviours!(contract);
}

mod parallelcluster {
    use crate::contract::parallelcluster::*;
    use cloud_images::BoxFuture;
    use cloud_images::parallelcluster::Client;
    use cloud_images::testing::FakeParallelCluster;

    struct Fake(FakeParallelCluster);

    impl Fake {
        async fn start() -> Self {
            let builder = FakeParallelCluster::builder().images(250).pending(60).failed(70);
            Self(builder.clusters(120).start().await)
        }
    }

    impl World for Fake {
        fn client(&self) -> Client {
            self.0.client()
        }

        fn name(&self, suffix: &str) -> String {
            format!("new-{suffix}")
        }

        fn full_configuration(&self) -> BoxFuture<'_, String> {
            Box::pin(async { self.0.cluster_configuration("full-cluster").unwrap() })
        }

        /// It arrives while it is watched.
        fn fleet_arrives<'a>(&'a self, _: &'a str) -> BoxFuture<'a, ()> {
            Box::pin(async {})
        }

        fn make_log<'a>(&'a self, stream: &'a str, texts: &'a [&'a str]) -> BoxFuture<'a, ()> {
            self.append_log(stream, texts)
        }

        fn append_log<'a>(&'a self, stream: &'a str, texts: &'a [&'a str]) -> BoxFuture<'a, ()> {
            Box::pin(async move {
                texts.iter().for_each(|text| self.0.append_log("img-0001", stream, text));
            })
        }
    }

    macro_rules! contract {
        ($($file:ident::$name:ident)*) => {$(
            #[tokio::test]
            async fn $name() {
                $file::$name(&Fake::start().await).await;
            }
        )*};
    }
    all_behaviours!(contract);
}
