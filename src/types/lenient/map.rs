//! Maps of names to values.

use super::kind::{self, Kind};
use super::target::{Demand, Entries, Failed, Fields, ObjectPlace, Outcome, Slot};
use super::{Lenient, Place, Target, target};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A type that is an object in JSON.
pub(crate) trait Object: Sized {
    fn read(entries: &mut dyn Entries, place: &mut dyn Put<Self>) -> Result<Outcome, Failed>;
}

impl<P: Place<Item: Object>> ObjectPlace for P {
    fn read(&mut self, entries: &mut dyn Entries) -> Result<Outcome, Failed> {
        P::Item::read(entries, self)
    }

    fn clear(&mut self) {
        Place::clear(self);
    }
}

impl<T: Object> Kind<T> for kind::Entries {
    fn target<P: Place<Item = T>>(place: &mut P) -> Target<'_> {
        Target::Object(place)
    }
}

/// Where an object is put.
pub(crate) trait Put<T> {
    fn put(&mut self, item: T);
}

impl<P: Place> Put<P::Item> for P {
    fn put(&mut self, item: P::Item) {
        Place::put(self, item);
    }
}

struct InBox<'a, T>(&'a mut dyn Put<Box<T>>);

impl<T> Put<T> for InBox<'_, T> {
    fn put(&mut self, item: T) {
        self.0.put(Box::new(item));
    }
}

impl<T: Object> Object for Box<T> {
    fn read(entries: &mut dyn Entries, place: &mut dyn Put<Self>) -> Result<Outcome, Failed> {
        T::read(entries, &mut InBox(place))
    }
}

impl<T: Lenient> Lenient for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";
    const STRICT: bool = T::STRICT;

    type Kind = kind::Entries;
}

impl<T: Lenient> Object for BTreeMap<String, T> {
    fn read(entries: &mut dyn Entries, place: &mut dyn Put<Self>) -> Result<Outcome, Failed> {
        let mut named =
            Named { entries: Self::new(), others: Map::new(), name: String::new(), value: None };
        entries.read_into(&mut named)?;
        named.settle();
        let outcome = match (named.others.is_empty(), named.entries.is_empty()) {
            (false, _) => Outcome::Partly(Box::new(Value::Object(named.others))),
            (true, true) => Outcome::Empty,
            (true, false) => Outcome::Read,
        };
        place.put(named.entries);
        Ok(outcome)
    }
}

struct Named<T> {
    entries: BTreeMap<String, T>,
    others: Map<String, Value>,
    /// The entry that was read last.
    name: String,
    value: Option<T>,
}

impl<T> Named<T> {
    fn settle(&mut self) {
        if let Some(value) = self.value.take() {
            self.entries.insert(std::mem::take(&mut self.name), value);
        }
    }
}

impl<T: Lenient> Fields for Named<T> {
    fn find<'a>(&'a mut self, name: &str, slot: &mut Slot<'a>) {
        self.settle();
        name.clone_into(&mut self.name);
        slot.index = 0;
        if T::STRICT {
            // `null` is left out.
            slot.demand = Demand::TypeOrNull(T::EXPECTED);
        }
        slot.target = target(&mut self.value);
    }

    fn note(&mut self, _: u8, outcome: Outcome) {
        let other = match outcome {
            Outcome::Read | Outcome::Empty => return,
            _ if T::STRICT => return,
            Outcome::Null => Value::Null,
            Outcome::Odd(value) | Outcome::Partly(value) => *value,
        };
        self.others.insert(self.name.clone(), other);
    }
}
