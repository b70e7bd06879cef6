//! A source whose images a test lays out.

use cloud_images::catalog::{Image, List, Query, Source, Status};
use cloud_images::{BoxFuture, Error, ErrorKind, Result};
use std::sync::{Arc, Mutex};

/// What is on the shelf; a test may change it at any time.
#[derive(Default)]
pub struct Content {
    /// The images in the list.
    pub listed: Vec<Image>,
    /// Images that are found by their ids alone.
    pub hidden: Vec<Image>,
    /// Whether the list breaks off after its images.
    pub fails: bool,
}

#[derive(Clone, Default)]
pub struct Shelf {
    content: Arc<Mutex<Content>>,
    account: Option<&'static str>,
}

impl Shelf {
    pub fn of(images: impl IntoIterator<Item = Image>) -> Self {
        let shelf = Self::default();
        shelf.change(|content| content.listed = images.into_iter().collect());
        shelf
    }

    pub fn account(mut self, account: &'static str) -> Self {
        self.account = Some(account);
        self
    }

    pub fn failing(self) -> Self {
        self.change(|content| content.fails = true);
        self
    }

    pub fn change(&self, change: impl FnOnce(&mut Content)) {
        change(&mut self.content.lock().unwrap());
    }
}

impl Source for Shelf {
    fn lists(&self, _: &Query) -> Vec<List> {
        let content = self.content.lock().unwrap();
        let failure = content.fails.then(|| Err(outage()));
        let images: Vec<Result<Image>> =
            content.listed.iter().cloned().map(Ok).chain(failure).collect();
        vec![List::new(futures::stream::iter(images))]
    }

    fn account(&self) -> Option<&str> {
        self.account
    }

    fn show<'a>(&'a self, _: Option<&'a str>, id: &'a str) -> BoxFuture<'a, Result<Option<Image>>> {
        let content = self.content.lock().unwrap();
        let found = content.listed.iter().chain(&content.hidden).find(|image| image.id == *id);
        let shown = if content.fails { Err(outage()) } else { Ok(found.cloned()) };
        Box::pin(std::future::ready(shown))
    }
}

fn outage() -> Error {
    Error::new(ErrorKind::Server, "an outage")
}

/// An available image of an owner, of a day in January 2026; the day 0 is unknown.
pub fn image(id: &str, name: &str, owner: &str, day: u32) -> Image {
    let mut image = Image::unplaced("aws", id, name);
    image.region = Some("eu-west-1".into());
    image.owner = Some(owner.into());
    image.status = Some(Status::Available);
    image.created = format!("2026-01-{day:02}T00:00:00Z").parse().ok();
    image
}
