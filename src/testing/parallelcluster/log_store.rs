//! The logs of a region.

use super::values::time_of;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

pub(super) struct Event {
    pub time: DateTime<Utc>,
    pub text: String,
}

/// The log streams of images and clusters, by the name of the image or cluster.
#[derive(Default)]
pub(super) struct Logs(BTreeMap<String, Vec<LogStream>>);

pub(super) struct LogStream {
    pub name: String,
    pub events: Vec<Event>,
}

impl Logs {
    /// The streams of an image or cluster; `None` if it has no logs.
    pub fn streams(&self, owner: &str) -> Option<&[LogStream]> {
        self.0.get(owner).map(Vec::as_slice)
    }

    pub fn stream(&self, owner: &str, name: &str) -> Option<&LogStream> {
        self.streams(owner)?.iter().find(|stream| stream.name == name)
    }

    /// A stream with `count` events, a second apart.
    pub fn seed(&mut self, owner: &str, name: &str, count: usize) {
        let start = time_of(0);
        let events = (0..count).map(|index| Event {
            time: start + TimeDelta::seconds(i64::try_from(index).unwrap_or_default()),
            text: format!("{name} event {index:04}"),
        });
        let stream = LogStream { name: name.to_owned(), events: events.collect() };
        self.0.entry(owner.to_owned()).or_default().push(stream);
    }

    /// Adds an event with the present time, and the stream if it is new.
    pub fn append(&mut self, owner: &str, name: &str, text: &str) {
        let streams = self.0.entry(owner.to_owned()).or_default();
        let event = Event { time: Utc::now(), text: text.to_owned() };
        match streams.iter_mut().find(|stream| stream.name == name) {
            Some(stream) => stream.events.push(event),
            None => streams.push(LogStream { name: name.to_owned(), events: vec![event] }),
        }
    }

    pub fn remove(&mut self, owner: &str) {
        self.0.remove(owner);
    }
}

impl std::fmt::Debug for Logs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
