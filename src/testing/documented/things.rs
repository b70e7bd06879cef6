//! What the server has: the items of each list, which are shown, made, changed and deleted one by one.

use super::Endpoint;
use super::places::at;
use crate::testing::exchange::{Call, Reply};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How many things a list has that the test does not fill.
const GENERATED: usize = 3;

/// The properties that tell one thing from another.
const NAMES: [&str; 6] = ["id", "slug", "name", "label", "region", "plan"];

/// The things by the path of their list.
pub struct Things {
    lists: BTreeMap<&'static str, Vec<Value>>,
    templates: BTreeMap<&'static str, Value>,
    /// How many have been made.
    made: usize,
}

impl Things {
    /// A few of everything, and `images` more images.
    pub fn new(endpoints: &'static [Endpoint], images: usize) -> Self {
        let (mut lists, mut templates) = (BTreeMap::new(), BTreeMap::new());
        for endpoint in endpoints {
            let Some(list) = &endpoint.list else { continue };
            let more = if endpoint.operation.name == "list_images" { images } else { 0 };
            let template = at(&mut endpoint.answer(), list.rules.items).take();
            let template = match template {
                Value::Array(items) => items.into_iter().next(),
                Value::Object(items) => items.into_iter().next().map(|(_, item)| item),
                _ => None,
            };
            let template = template.unwrap_or_default();
            let items = (1..=GENERATED + more).map(|number| numbered(&template, number));
            lists.insert(endpoint.path, items.collect::<Vec<_>>());
            templates.insert(endpoint.path, template);
        }
        Self { lists, templates, made: GENERATED + images }
    }

    /// Adds a thing, in the place of one with the same id.
    pub fn add(&mut self, path: &'static str, item: Value) {
        let items = self.lists.entry(path).or_default();
        items.retain(|other| other["id"].is_null() || other["id"] != item["id"]);
        items.push(item);
    }

    /// The items of a list.
    pub fn of(&self, path: &str) -> &[Value] {
        self.lists.get(path).map_or(&[], Vec::as_slice)
    }

    /// Whether all that the path names is there, as far as it is in a list.
    pub fn check(&self, endpoint: &Endpoint, call: &Call<'_>) -> Result<(), ()> {
        for (list, name) in owners(endpoint.path) {
            if let Some(items) = self.lists.get(list) {
                position(items, call.path(name)).ok_or(())?;
            }
        }
        Ok(())
    }

    /// Shows, makes, changes or deletes a thing. Any other operation has the answer of its document.
    pub fn answer(&mut self, endpoint: &Endpoint, call: &Call<'_>) -> Result<Reply, ()> {
        self.check(endpoint, call)?;
        let sent: Map<String, Value> =
            serde_json::from_slice(&call.request.body).unwrap_or_default();
        let owner = owners(endpoint.path).last();
        let owner = owner.filter(|(_, name)| endpoint.path.ends_with(&format!("{{{name}}}")));
        let thing = match (endpoint.method, owner) {
            ("POST", _) if self.lists.contains_key(endpoint.path) => {
                Some(self.make(endpoint.path, sent))
            }
            (method, Some((list, name))) if self.lists.contains_key(list) => {
                let items = self.lists.get_mut(list).ok_or(())?;
                let index = position(items, call.path(name)).ok_or(())?;
                if method == "DELETE" {
                    items.remove(index);
                    None
                } else {
                    if let Value::Object(thing) = &mut items[index] {
                        thing.extend(sent);
                    }
                    Some(items[index].clone())
                }
            }
            _ => None,
        };
        let mut answer = endpoint.answer();
        if let (Some(thing), Some(pointer)) = (thing, endpoint.thing) {
            *at(&mut answer, pointer) = thing;
        }
        Ok(endpoint.reply(&answer))
    }

    fn make(&mut self, path: &'static str, sent: Map<String, Value>) -> Value {
        self.made += 1;
        let template = self.templates.get(path).cloned().unwrap_or_default();
        let mut thing = numbered(&template, self.made);
        if let Value::Object(thing) = &mut thing {
            thing.extend(sent);
        }
        self.add(path, thing.clone());
        thing
    }
}

/// The names in a path, each with what stands before it: `/images` and `id` of `/images/{id}/actions`.
fn owners(path: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    path.match_indices("/{").filter_map(move |(start, _)| {
        let name = path[start + 2..].split('}').next()?;
        Some((&path[..start], name))
    })
}

fn position(items: &[Value], name: &str) -> Option<usize> {
    let is = |value: &Value| match value {
        Value::String(text) => text == name,
        Value::Number(number) => number.to_string() == name,
        _ => false,
    };
    items.iter().position(|item| is(&item["id"]) || is(&item["slug"]))
}

/// A thing of a template, different from the others of it.
fn numbered(template: &Value, number: usize) -> Value {
    match template {
        Value::Object(object) => {
            let fields = object.iter().map(|(name, value)| {
                let is_name = NAMES.contains(&name.as_str());
                let value = match value {
                    Value::String(text) if is_name => format!("{text}-{number}").into(),
                    Value::Number(_) if is_name => number.into(),
                    Value::Object(_) => numbered(value, number),
                    other => other.clone(),
                };
                (name.clone(), value)
            });
            Value::Object(fields.collect())
        }
        Value::String(text) => format!("{text}-{number}").into(),
        other => other.clone(),
    }
}
