//! Every operation of every cloud: its success, what it says to a wrong credential, and what to a thing that is
//! not there.

use super::server::{Clients, Live, TOKEN};
use cloud_images::{BoxFuture, ErrorKind, Result};
use futures::{FutureExt, TryStreamExt};
use serde_json::json;
use std::collections::BTreeSet;

/// The things that the operations are about.
struct Things {
    image: String,
    product: String,
    instance: String,
    /// Of Vultr.
    snapshots: [String; 2],
    backup: String,
    iso: String,
    /// Of images between accounts.
    transfers: [i64; 3],
    /// Of DigitalOcean and of Hetzner.
    actions: [i64; 2],
    /// Added to each number: things that are there, or not.
    shift: i64,
    /// In the middle of each name.
    odd: &'static str,
}

impl Things {
    /// What the emulator has, and what has to be made first.
    async fn find(clients: &Clients) -> Result<Self> {
        let images: Vec<_> =
            clients.computing.image_operations().list_images().items().try_collect().await?;
        let products: Vec<_> =
            clients.computing.instance_types().list_products().items().try_collect().await?;
        let instances: Vec<_> =
            clients.computing.instances().list_instances().items().try_collect().await?;
        let product = products.iter().find(|product| {
            product.dc_id == images[0].dc_id
                && product.region.as_deref() == images[0].region.as_deref()
        });
        let snapshots: Vec<_> =
            clients.vultr.snapshots().list_snapshots().items().try_collect().await?;
        let snapshot = |index: usize| snapshots[index].id.clone().unwrap();
        let isos: Vec<_> = clients.vultr.isos().list_isos().items().try_collect().await?;
        let mut transfers = [0; 3];
        for (transfer, image) in transfers.iter_mut().zip([PRIVATE, PRIVATE + 37, PRIVATE + 74]) {
            let request = clients.digitalocean.image_transfers().create_image_transfer(image);
            *transfer = request.recipient_email("someone@example.com").await?.transfer_id.unwrap();
        }
        let actions = clients.digitalocean.image_actions();
        actions.create_image_action(PRIVATE + 111, "transfer").region("ams3").await?;
        let actions: Vec<_> =
            actions.list_image_actions(PRIVATE + 111).items().try_collect().await?;
        let protection = clients.hetzner.image_operations().change_image_protection(SNAPSHOT);
        let protected = protection.delete(false).await?;
        Ok(Self {
            image: images[0].id.as_ref().unwrap().to_string(),
            product: product.unwrap().id.to_string(),
            instance: instances[0].id.to_string(),
            snapshots: [snapshot(10), snapshot(11)],
            backup: snapshot(0),
            iso: isos[0].id.clone().unwrap(),
            transfers,
            actions: [actions[0].id.unwrap(), protected.action.id],
            shift: 0,
            odd: "",
        })
    }

    /// The same where nothing is there.
    fn missing(self) -> Self {
        let no = || "00000000-0000-0000-0000-000000000000".to_owned();
        Self {
            image: no(),
            product: no(),
            instance: no(),
            snapshots: [no(), no()],
            backup: no(),
            iso: no(),
            transfers: [1; 3],
            shift: 900_000_000,
            odd: "999",
            ..self
        }
    }
}

/// A private image of DigitalOcean.
const PRIVATE: i64 = 7_555_990;
/// A snapshot of Hetzner.
const SNAPSHOT: i64 = 4_802;

struct Row {
    cloud: &'static str,
    operation: &'static str,
    /// What it fails with where nothing is there.
    missing: Option<ErrorKind>,
    call: BoxFuture<'static, Result<()>>,
}

#[allow(clippy::vec_init_then_push)]
fn rows(clients: &Clients, things: &Things) -> Vec<Row> {
    let mut rows = Vec::new();
    macro_rules! missing {
        () => {
            None
        };
        ($kind:ident) => {
            Some(ErrorKind::$kind)
        };
    }
    macro_rules! calls {
        ($($cloud:ident.$api:ident: $operation:ident($($argument:expr),*) $(.$setter:ident($($value:expr),*))*
            $(=> $kind:ident)?;)*) => {$(
            let request = clients.$cloud.$api().$operation($($argument),*)$(.$setter($($value),*))*;
            rows.push(Row {
                cloud: stringify!($cloud),
                operation: stringify!($operation),
                missing: missing!($($kind)?),
                call: async move { request.await.map(drop) }.boxed(),
            });
        )*};
    }
    let (shift, odd) = (things.shift, things.odd);
    let [converted, transferred, updated, deleted] = [7_555_805, 7_555_879, 7_555_916, 7_555_953];
    let action = if shift == 0 { things.actions } else { [shift; 2] };
    let linode = |number: i64| format!("private/{odd}{number}");
    calls! {
        computing.authentication: login("user@example.com", "secret");
        computing.image_operations: list_images();
        computing.instance_types: list_products();
        computing.instances: list_instances();
        computing.instances: list_deleted_instances();
        computing.instances: create_instance("new", &things.product, &things.image, 75) => NotFound;
        computing.instances: show_instance(&things.instance) => NotFound;
        computing.instances: stop_instance(&things.instance) => NotFound;
        computing.instances: start_instance(&things.instance) => NotFound;
        computing.instances: reboot_instance(&things.instance) => NotFound;
        computing.instances: delete_instance(&things.instance) => NotFound;
        computing.ssh_keys: list_ssh_keys();
        computing.ssh_keys: create_ssh_key("key", "ssh-rsa AAAA");
        computing.ssh_keys: update_ssh_key(75 + shift, "renamed") => NotFound;
        computing.ssh_keys: delete_ssh_key(75 + shift) => NotFound;

        digitalocean.image_operations: list_images();
        digitalocean.image_operations: create_image("new", "https://example.com/image.gz", "nyc3");
        digitalocean.image_operations: show_image(PRIVATE + shift) => NotFound;
        digitalocean.image_operations: update_image(updated + shift).name("renamed") => NotFound;
        digitalocean.image_operations: delete_image(deleted + shift) => NotFound;
        digitalocean.image_actions: list_image_actions(PRIVATE + shift) => NotFound;
        digitalocean.image_actions: create_image_action(converted + shift, "convert") => NotFound;
        digitalocean.image_actions: show_image_action(PRIVATE + 111 + shift, action[0]) => NotFound;
        digitalocean.image_transfers: create_image_transfer(transferred + shift)
            .recipient_email("someone@example.com") => NotFound;
        digitalocean.image_transfers: accept_image_transfer(PRIVATE + shift, things.transfers[0], "uuid")
            => NotFound;
        digitalocean.image_transfers: cancel_image_transfer(PRIVATE + 37 + shift, things.transfers[1]) => NotFound;
        digitalocean.image_transfers: decline_image_transfer(PRIVATE + 74 + shift, things.transfers[2])
            => NotFound;
        digitalocean.snapshots: list_snapshots();
        digitalocean.snapshots: show_snapshot(6_372_322 + shift) => NotFound;
        digitalocean.snapshots: delete_snapshot(6_372_322 + shift) => NotFound;
        digitalocean.regions: list_regions();
        digitalocean.instance_types: list_sizes();

        hetzner.image_operations: list_images();
        hetzner.image_operations: show_image(SNAPSHOT + shift) => NotFound;
        hetzner.image_operations: update_image(SNAPSHOT + shift).description("renamed").label("a", "b")
            => NotFound;
        hetzner.image_operations: create_image(42 + shift) => NotFound;
        hetzner.image_operations: change_image_protection(SNAPSHOT + shift).delete(false) => NotFound;
        hetzner.image_actions: list_image_actions(SNAPSHOT + shift) => NotFound;
        hetzner.image_actions: show_image_action(SNAPSHOT + shift, action[1]) => NotFound;
        hetzner.image_actions: list_actions_of_images();
        hetzner.image_actions: show_action_of_images(action[1]) => NotFound;
        hetzner.image_actions: show_action(action[1]) => NotFound;
        hetzner.image_operations: delete_image(SNAPSHOT + shift) => NotFound;
        hetzner.isos: list_isos();
        hetzner.isos: show_iso(ISO + shift) => NotFound;
        hetzner.locations: list_locations();
        hetzner.locations: list_datacenters();
        hetzner.instance_types: list_server_types();

        hyperstack.image_operations: list_images();
        hyperstack.image_operations: show_image(137 + shift) => NotFound;
        hyperstack.image_operations: check_image_name("free");
        hyperstack.image_operations: create_image(1 + shift, "new") => NotFound;
        hyperstack.image_operations: delete_image(136 + shift) => NotFound;
        hyperstack.snapshots: list_snapshots();
        hyperstack.snapshots: show_snapshot(1 + shift) => NotFound;
        hyperstack.snapshots: check_snapshot_name("free");
        hyperstack.snapshots: list_snapshot_events(1 + shift);
        hyperstack.snapshots: create_snapshot(if shift == 0 { 100 } else { 1 }, "new", "text") => NotFound;
        hyperstack.snapshots: restore_snapshot(1 + shift, "vm") => BadRequest;
        hyperstack.snapshots: delete_snapshot(2 + shift) => NotFound;
        hyperstack.regions: list_regions();
        hyperstack.instance_types: list_flavors();
        hyperstack.instance_types: list_gpus();
        hyperstack.instance_types: list_stocks();

        lambda.image_operations: list_images();
        lambda.instance_types: list_instance_types();
        lambda.regions: list_regions();

        linode.image_operations: list_images();
        linode.image_operations: create_image(1).label("new");
        linode.image_operations: upload_image("new", "us-iad");
        linode.image_operations: show_image(linode(LINODE)) => NotFound;
        linode.image_operations: update_image(linode(LINODE)).label("renamed") => NotFound;
        linode.image_operations: replicate_image(linode(LINODE)).region("us-iad") => NotFound;
        linode.image_operations: delete_image(linode(LINODE)) => NotFound;
        linode.instance_types: list_types();
        linode.regions: list_regions();
        linode.regions: list_regions_availability();

        vultr.image_operations: list_images();
        vultr.applications: list_applications();
        vultr.snapshots: list_snapshots();
        vultr.snapshots: create_snapshot("instance").description("new");
        vultr.snapshots: create_snapshot_from_url("https://example.com/disk.raw");
        vultr.snapshots: show_snapshot(&things.snapshots[0]) => NotFound;
        vultr.snapshots: update_snapshot(&things.snapshots[0], "renamed") => NotFound;
        vultr.snapshots: delete_snapshot(&things.snapshots[1]) => NotFound;
        vultr.backups: list_backups();
        vultr.backups: show_backup(&things.backup) => NotFound;
        vultr.isos: list_isos();
        vultr.isos: create_iso("https://example.com/disk.iso");
        vultr.isos: show_iso(&things.iso) => NotFound;
        vultr.isos: delete_iso(&things.iso) => NotFound;
        vultr.isos: list_public_isos();
        vultr.regions: list_regions();
        vultr.regions: list_region_availability(format!("ams{odd}")) => NotFound;
        vultr.instance_types: list_plans();
        vultr.instance_types: list_metal_plans();
    }
    rows
}

const ISO: i64 = 4_711;
const LINODE: i64 = 12_352;

/// The operations of a document, as their methods are named.
fn documented(cloud: &str) -> BTreeSet<String> {
    let path = format!("{}/specs/{cloud}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let ids = text.lines().filter_map(|line| line.trim().strip_prefix("operationId: "));
    let snake = |id: &str| {
        let mut name = String::new();
        for (index, letter) in id.char_indices() {
            if letter.is_ascii_uppercase() && index > 0 {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    };
    ids.map(snake).collect()
}

async fn succeed_and_fail(live: &Live) {
    let clients = live.clients(TOKEN);
    let things = Things::find(&clients).await.unwrap();
    let mut failed = Vec::new();

    let strangers = live.clients("token-of-a-stranger");
    for Row { cloud, operation, call, .. } in rows(&strangers, &things) {
        // A login has no credential yet.
        let outcome = call.await.map_err(|error| error.kind());
        if operation != "login" && outcome != Err(ErrorKind::Unauthorized) {
            failed.push(format!("{cloud}.{operation} with a wrong token: {outcome:?}"));
        }
    }

    let mut tried = BTreeSet::new();
    for Row { cloud, operation, call, .. } in rows(&clients, &things) {
        tried.insert((cloud, operation.to_owned()));
        if let Err(error) = call.await {
            failed.push(format!("{cloud}.{operation}: {error}"));
        }
    }
    for cloud in ["computing", "digitalocean", "hetzner", "hyperstack", "lambda", "linode", "vultr"]
    {
        for operation in documented(cloud) {
            if !tried.contains(&(cloud, operation.clone())) {
                failed.push(format!("{cloud}.{operation} is not tried"));
            }
        }
    }

    for Row { cloud, operation, missing, call } in rows(&clients, &things.missing()) {
        let outcome = call.await;
        if let (Some(_), Err(error)) = (missing, &outcome)
            && error.message().is_empty()
        {
            failed.push(format!("{cloud}.{operation} fails without a message"));
        }
        let outcome = outcome.err().map(|error| (error.kind(), error.to_string()));
        if outcome.as_ref().map(|(kind, _)| *kind) != missing {
            failed.push(format!("{cloud}.{operation} of what is not there: {outcome:?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test]
async fn every_operation_succeeds_and_fails() {
    let Some(live) = Live::find() else { return };
    for quirks in [false, true] {
        let settings = json!({"quirks": quirks, "build_seconds": 0});
        live.with(settings, succeed_and_fail(&live)).await;
    }
}

#[tokio::test]
async fn every_list_of_the_documents_is_read() {
    let Some(live) = Live::find() else { return };
    let read = super::lists::names(&live.clients(TOKEN));
    for cloud in ["computing", "digitalocean", "hetzner", "hyperstack", "lambda", "linode", "vultr"]
    {
        for operation in documented(cloud) {
            let name = format!("{cloud}.{operation}");
            // The events of a snapshot are not described, and not known to be a list.
            if operation.starts_with("list_") && operation != "list_snapshot_events" {
                assert!(read.contains(name.as_str()), "{name} is read by no test");
            }
        }
    }
}
