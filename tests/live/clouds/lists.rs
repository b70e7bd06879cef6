//! Every list of every cloud: complete and in order, for pages of any size.

use super::server::{Clients, Live, TOKEN};
use cloud_images::pagination::Items;
use cloud_images::{BoxFuture, Result};
use futures::{FutureExt, TryStreamExt};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How a list is divided, for reading it by plain HTTP.
#[derive(Clone, Copy)]
enum Pages {
    /// There is one answer.
    One,
    /// By numbers: the parameter of the size, the smallest and the largest.
    Numbers(&'static str, u32, u32),
    /// By cursors, with the largest size.
    Cursors(u32),
    /// By offset and limit.
    Offsets,
}

/// Reads a whole list through the client, with a page size or the default.
type ReadAll = Box<dyn Fn(Option<u32>) -> BoxFuture<'static, Result<Vec<Value>>>>;

struct List {
    /// `cloud.operation`.
    name: &'static str,
    path: String,
    items: &'static str,
    /// What tells the items apart; `""` where an item is a text.
    keys: &'static [&'static str],
    pages: Pages,
    /// Some lists of this size are there.
    least: usize,
    read_all: ReadAll,
}

fn collect<T: Serialize + Send + 'static>(
    items: Items<T>,
) -> BoxFuture<'static, Result<Vec<Value>>> {
    items.map_ok(|item| serde_json::to_value(item).unwrap()).try_collect().boxed()
}

/// The lists of the clouds that `clients` are for. Images and actions are as `prepare` leaves them.
fn lists(clients: &Clients) -> Vec<List> {
    use Pages::{Cursors, Numbers, Offsets, One};

    macro_rules! sized {
        (One $request:ident $size:ident) => {{
            let _ = $size;
            $request
        }};
        ($pages:ident $request:ident $size:ident) => {
            match $size {
                Some(size) => $request.page_size(size),
                None => $request,
            }
        };
    }
    macro_rules! lists {
        ($($cloud:ident.$api:ident.$list:ident($($argument:expr),*) $path:literal $items:literal
            $keys:tt $pages:ident$(($($page:expr),*))? $least:literal;)*) => {
            vec![$({
                let api = clients.$cloud.$api();
                List {
                    name: concat!(stringify!($cloud), ".", stringify!($list)),
                    path: $path.to_owned(),
                    items: $items,
                    keys: &$keys,
                    pages: $pages$(($($page),*))?,
                    least: $least,
                    read_all: Box::new(move |size| {
                        let request = api.$list($($argument),*);
                        collect(sized!($pages request size).items())
                    }),
                }
            }),*]
        };
    }
    lists! {
        computing.image_operations.list_images() "/nebula/api/v1/computing/images" "/data/*" ["id"] One 137;
        computing.instance_types.list_products() "/nebula/api/v1/computing/products" "/data/*/*" ["id"] One 18;
        computing.instances.list_instances() "/nebula/api/v1/computing/instances" "/data" ["id"] Offsets 10;
        computing.instances.list_deleted_instances() "/nebula/api/v1/computing/deleted-instances" "/data" ["id"]
            Offsets 2;
        computing.ssh_keys.list_ssh_keys() "/nebula/api/v1/ssh-keys" "/data/ssh_keys" ["id"] Offsets 3;
        digitalocean.image_operations.list_images() "/digitalocean/v2/images" "/images" ["id"]
            Numbers("per_page", 1, 200) 137;
        digitalocean.image_actions.list_image_actions(7_555_990_i64) "/digitalocean/v2/images/7555990/actions"
            "/actions" ["id"] Numbers("per_page", 1, 200) 3;
        digitalocean.instance_types.list_sizes() "/digitalocean/v2/sizes" "/sizes" ["slug"]
            Numbers("per_page", 1, 200) 10;
        digitalocean.regions.list_regions() "/digitalocean/v2/regions" "/regions" ["slug"]
            Numbers("per_page", 1, 200) 5;
        digitalocean.snapshots.list_snapshots() "/digitalocean/v2/snapshots" "/snapshots" ["id"]
            Numbers("per_page", 1, 200) 45;
        hetzner.image_operations.list_images() "/hetzner/images" "/images" ["id"] Numbers("per_page", 1, 50) 135;
        hetzner.image_actions.list_actions_of_images() "/hetzner/images/actions" "/actions" ["id"]
            Numbers("per_page", 1, 50) 3;
        hetzner.image_actions.list_image_actions(4_802_i64) "/hetzner/images/4802/actions" "/actions" ["id"]
            Numbers("per_page", 1, 50) 3;
        hetzner.instance_types.list_server_types() "/hetzner/server_types" "/server_types" ["id"]
            Numbers("per_page", 1, 50) 3;
        hetzner.isos.list_isos() "/hetzner/isos" "/isos" ["id"] Numbers("per_page", 1, 50) 1;
        hetzner.locations.list_datacenters() "/hetzner/datacenters" "/datacenters" ["id"]
            Numbers("per_page", 1, 50) 4;
        hetzner.locations.list_locations() "/hetzner/locations" "/locations" ["id"] Numbers("per_page", 1, 50) 4;
        hyperstack.image_operations.list_images() "/hyperstack/core/images" "/images/*/images" ["id"]
            Numbers("per_page", 1, 100) 137;
        hyperstack.snapshots.list_snapshots() "/hyperstack/core/snapshots" "/snapshots" ["id"]
            Numbers("pageSize", 1, 100) 30;
        hyperstack.regions.list_regions() "/hyperstack/core/regions" "/regions" ["id"] One 3;
        hyperstack.instance_types.list_flavors() "/hyperstack/core/flavors" "/data/*/flavors" ["id"] One 48;
        hyperstack.instance_types.list_gpus() "/hyperstack/core/gpus" "/gpu_list" ["id"] One 3;
        hyperstack.instance_types.list_stocks() "/hyperstack/core/stocks" "/stocks" ["region"] One 3;
        lambda.image_operations.list_images() "/lambda/api/v1/images" "/data" ["id"] One 137;
        lambda.instance_types.list_instance_types() "/lambda/api/v1/instance-types" "/data"
            ["instance_type/name"] One 4;
        lambda.regions.list_regions() "/lambda/api/v1/regions" "/data" ["name"] One 3;
        linode.image_operations.list_images() "/linode/v4/images" "/data" ["id"] Numbers("page_size", 25, 500) 137;
        linode.instance_types.list_types() "/linode/v4/linode/types" "/data" ["id"] Numbers("page_size", 25, 500) 3;
        linode.regions.list_regions() "/linode/v4/regions" "/data" ["id"] Numbers("page_size", 25, 500) 3;
        linode.regions.list_regions_availability() "/linode/v4/regions/availability" "/data" ["region", "plan"]
            Numbers("page_size", 25, 500) 12;
        vultr.image_operations.list_images() "/vultr/os" "/os" ["id"] Cursors(500) 137;
        vultr.applications.list_applications() "/vultr/applications" "/applications" ["id"] Cursors(500) 137;
        vultr.snapshots.list_snapshots() "/vultr/snapshots" "/snapshots" ["id"] Cursors(500) 137;
        vultr.backups.list_backups() "/vultr/backups" "/backups" ["id"] Cursors(500) 7;
        vultr.isos.list_isos() "/vultr/iso" "/isos" ["id"] Cursors(500) 3;
        vultr.isos.list_public_isos() "/vultr/iso-public" "/public_isos" ["id"] Cursors(500) 1;
        vultr.regions.list_regions() "/vultr/regions" "/regions" ["id"] Cursors(500) 3;
        vultr.regions.list_region_availability("ams") "/vultr/regions/ams/availability" "/available_plans" [""]
            One 3;
        vultr.instance_types.list_plans() "/vultr/plans" "/plans" ["id"] Cursors(500) 4;
        vultr.instance_types.list_metal_plans() "/vultr/plans-metal" "/plans_metal" ["id"] Cursors(500) 1;
    }
}

/// Lists that would be empty get something to list.
async fn prepare(clients: &Clients) -> Result<()> {
    let actions = clients.digitalocean.image_actions();
    for region in ["ams3", "fra1", "sfo3"] {
        actions.create_image_action(7_555_990_i64, "transfer").region(region).await?;
    }
    for delete in [true, false, true] {
        let operations = clients.hetzner.image_operations();
        operations.change_image_protection(4_802_i64).delete(delete).await?;
    }
    let instances: Vec<_> =
        clients.computing.instances().list_instances().items().try_collect().await?;
    for instance in &instances[..2] {
        clients.computing.instances().delete_instance(instance.id.to_string()).await?;
    }
    for name in ["second", "third"] {
        clients.computing.ssh_keys().create_ssh_key(name, "ssh-rsa AAAA").await?;
    }
    Ok(())
}

/// The values that a pointer with `*` leads to; the last step is to the elements or values.
fn pick<'a>(value: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let all = |value: &'a Value| -> Vec<&'a Value> {
        match value {
            Value::Array(items) => items.iter().collect(),
            Value::Object(map) => map.values().collect(),
            _ => Vec::new(),
        }
    };
    let mut here = vec![value];
    for step in pointer.split('/').skip(1) {
        here = match step {
            "*" => here.into_iter().flat_map(all).collect(),
            name => here.into_iter().filter_map(|value| value.get(name)).collect(),
        };
    }
    here.into_iter().flat_map(all).collect()
}

fn key(item: &Value, keys: &[&str]) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let keys = keys.iter().map(|key| match *key {
        "" => text(item),
        key => text(item.pointer(&format!("/{key}")).unwrap_or(&Value::Null)),
    });
    keys.collect::<Vec<_>>().join(" ")
}

/// The keys of all items, by plain HTTP in pages of `size`.
async fn plain(live: &Live, list: &List, size: Option<u32>) -> Vec<String> {
    let mut found = Vec::new();
    let (mut page, mut cursor) = (1, String::new());
    loop {
        let query = match list.pages {
            Pages::One => vec![],
            Pages::Numbers(parameter, least, most) => vec![
                ("page", page.to_string()),
                (parameter, size.map_or(most, |size| size.clamp(least, most)).to_string()),
            ],
            Pages::Cursors(most) => {
                vec![("per_page", size.unwrap_or(most).to_string()), ("cursor", cursor.clone())]
            }
            Pages::Offsets => {
                vec![
                    ("offset", found.len().to_string()),
                    ("limit", size.unwrap_or(100).to_string()),
                ]
            }
        };
        // A page behind the last one is not found.
        let Some(body) = live.get(&list.path, &query).await else { return found };
        let items = pick(&body, list.items);
        found.extend(items.iter().map(|item| key(item, list.keys)));
        cursor = body["meta"]["links"]["next"].as_str().unwrap_or_default().to_owned();
        page += 1;
        let is_last = match list.pages {
            Pages::One => true,
            Pages::Cursors(_) => cursor.is_empty(),
            Pages::Numbers(..) | Pages::Offsets => items.is_empty(),
        };
        if is_last {
            return found;
        }
    }
}

/// Of a list in one answer that is a map, the order is that of the names here and that of the text there.
fn has_order(list: &List) -> bool {
    list.name != "lambda.list_instance_types"
}

async fn complete_and_in_order(live: &Live) {
    let clients = live.clients(TOKEN);
    prepare(&clients).await.unwrap();
    for list in lists(&clients) {
        let most = match list.pages {
            Pages::One => None,
            Pages::Numbers(_, _, most) | Pages::Cursors(most) => Some(most),
            Pages::Offsets => Some(100),
        };
        let sizes: BTreeSet<_> = [None, most.map(|_| 1), most].into();
        for size in sizes {
            let mut expected = plain(live, &list, size).await;
            let items = (list.read_all)(size)
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", list.name));
            let mut seen: Vec<_> = items.iter().map(|item| key(item, list.keys)).collect();
            if !has_order(&list) {
                expected.sort();
                seen.sort();
            }
            assert_eq!(seen, expected, "{} in pages of {size:?}", list.name);
            assert!(seen.len() >= list.least, "{}: {} items", list.name, seen.len());
            let once: BTreeSet<_> = seen.iter().collect();
            assert_eq!(once.len(), seen.len(), "{}: an item comes twice", list.name);
        }
    }
}

#[tokio::test]
async fn every_list_is_complete_and_in_order() {
    let Some(live) = Live::find() else { return };
    for quirks in [false, true] {
        let settings = json!({"quirks": quirks, "build_seconds": 0});
        live.with(settings, complete_and_in_order(&live)).await;
    }
}

#[tokio::test]
async fn links_to_another_host_are_not_followed() {
    let Some(live) = Live::find() else { return };
    // There is no way from here to the vendors: a list that is complete was read from the emulator.
    live.with(json!({"links": "vendor", "build_seconds": 0}), async {
        let page = live.get("/digitalocean/v2/images", &[("per_page", "1".to_owned())]).await;
        let next = page.unwrap()["links"]["pages"]["next"].as_str().unwrap().to_owned();
        assert!(next.starts_with("https://api.digitalocean.com/"), "{next}");
        complete_and_in_order(&live).await;
    })
    .await;
}

#[tokio::test]
async fn a_throttled_list_is_complete_all_the_same() {
    let Some(live) = Live::find() else { return };
    live.with(json!({"throttle": "4:1"}), async {
        let clients = live.clients(TOKEN);
        let mut throttled = 0;
        for cloud in ["digitalocean", "hetzner", "hyperstack", "vultr"] {
            let name = format!("{cloud}.list_images");
            let lists = lists(&clients);
            let list = lists.iter().find(|list| list.name == name).unwrap();
            let items = (list.read_all)(Some(20)).await.unwrap();
            assert!(items.len() >= list.least, "{name}: {}", items.len());
            throttled += live.statuses(cloud).await.iter().filter(|status| **status == 429).count();
        }
        assert!(throttled >= 4, "{throttled}");
    })
    .await;
}

/// The operations of the documents that are lists.
pub fn names(clients: &Clients) -> BTreeSet<&'static str> {
    lists(clients).iter().map(|list| list.name).collect()
}
