//! The reader of all types that a document describes.
//!
//! It is compiled once for each format, and not for each type: a type says into which places its values go.

use super::target::{
    Demand, Entries, Failed, Fields, ListPlace, NO_FIELD, Outcome, Scalar, ScalarPlace, Slot,
    Target,
};
use super::{LIST, Lenient, OBJECT, field};
use crate::types::Property;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde_json::{Number, Value};
use std::fmt;

/// Reads a value that has to be there, and all of it. Anything else is an error.
pub(crate) struct Required<'a> {
    slot: Slot<'a>,
    room: usize,
}

impl<'a> Required<'a> {
    pub fn of<T: Lenient>(place: &'a mut Option<T>) -> Self {
        Self { slot: Slot::new(Demand::OnItsOwn(T::EXPECTED), field(place)), room: 0 }
    }

    /// The same with room for so many items in the list that it has, so that the list does not move while it grows.
    pub fn with_room(self, items: usize) -> Self {
        Self { room: items, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Required<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { slot, mut room } = self;
        let mut reader = Reader { slot, outcome: Outcome::Read, room: Some(&mut room) };
        reader.deserialize(deserializer)?;
        match reader.outcome {
            Outcome::Partly(others) => {
                Err(D::Error::custom(format_args!("a part of it cannot be read: {others}")))
            }
            _ => Ok(()),
        }
    }
}

/// Reads a value of a type, which has to be there.
pub(crate) fn read_required<'de, D: Deserializer<'de>, T: Lenient>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut place = None;
    Required::of(&mut place).deserialize(deserializer)?;
    place.ok_or_else(|| not_a(T::EXPECTED, None))
}

struct Reader<'a, 'r> {
    slot: Slot<'a>,
    outcome: Outcome,
    /// For how many items the first list has room at the beginning. It takes it, so that many lists do not have too
    /// much.
    room: Option<&'r mut usize>,
}

impl<'a> Reader<'a, '_> {
    fn new(demand: Demand, target: Target<'a>) -> Self {
        Self { slot: Slot::new(demand, target), outcome: Outcome::Read, room: None }
    }

    fn scalar<E: Error>(&mut self, scalar: Scalar<'_>) -> Result<(), E> {
        let place: &mut dyn ScalarPlace = match &mut self.slot.target {
            Target::Scalar(place) => *place,
            Target::Text(place) => *place,
            _ => return self.not_read(Some(scalar.into())),
        };
        if place.put_scalar(scalar) { Ok(()) } else { self.not_read(Some(scalar.into())) }
    }

    #[cold]
    fn not_read<E: Error>(&mut self, value: Option<Value>) -> Result<(), E> {
        if let Demand::OnItsOwn(expected) = self.slot.demand {
            return Err(not_a(expected, value));
        }
        match &mut self.slot.target {
            Target::Text(place) => **place = None,
            Target::Scalar(place) => place.clear(),
            Target::List(place) | Target::OneOrMany(place) => place.clear(),
            Target::Object(place) => place.clear(),
            Target::Property(property) => {
                **property = Property::Json(value.unwrap_or_default());
                return Ok(());
            }
            Target::Json(_) | Target::Nowhere => {}
        }
        self.outcome = value.map_or(Outcome::Null, |value| Outcome::Odd(Box::new(value)));
        Ok(())
    }

    /// Refuses what must not stand there, after it was read: the position of the error is behind it.
    #[cold]
    fn judge<E: Error>(&mut self) -> Result<(), E> {
        match (self.slot.demand, &mut self.outcome) {
            (Demand::Type(expected), Outcome::Null) => Err(not_a(expected, None)),
            (Demand::Type(expected) | Demand::TypeOrNull(expected), Outcome::Odd(value)) => {
                Err(not_a(expected, Some(std::mem::take(value))))
            }
            _ => Ok(()),
        }
    }
}

// By reference, so that what the deserializer hands on is a pointer.
impl<'de> DeserializeSeed<'de> for &mut Reader<'_, '_> {
    type Value = ();

    // One call less for each value.
    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match &mut self.slot.target {
            Target::Json(place) => {
                let value = Value::deserialize(deserializer)?;
                if value.as_object().is_some_and(serde_json::Map::is_empty) {
                    self.outcome = Outcome::Empty;
                }
                match place.put_json(value) {
                    Ok(()) => {}
                    Err(Value::Null) => self.not_read(None)?,
                    Err(value) => self.not_read(Some(value))?,
                }
            }
            Target::Nowhere => _ = IgnoredAny::deserialize(deserializer)?,
            Target::List(_) | Target::OneOrMany(_) => {
                deserializer.deserialize_newtype_struct(LIST, &mut *self)?;
            }
            Target::Object(_) => deserializer.deserialize_newtype_struct(OBJECT, &mut *self)?,
            _ => deserializer.deserialize_newtype_struct("", &mut *self)?,
        }
        if let Outcome::Read = self.outcome { Ok(()) } else { self.judge() }
    }
}

impl<'de> Visitor<'de> for &mut Reader<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.slot.demand {
            Demand::Nothing => "JSON",
            Demand::TypeOrNull(expected) | Demand::Type(expected) | Demand::OnItsOwn(expected) => {
                expected
            }
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match &mut self.slot.target {
            Target::Text(place) => **place = Some(text.into()),
            Target::Property(property) => **property = text.into(),
            Target::Scalar(place) => {
                if !place.put_text(text) {
                    return self.not_read(Some(text.into()));
                }
            }
            _ => return self.not_read(Some(text.into())),
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(Scalar::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(Scalar::Number(&value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(Scalar::Number(&value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match Number::from_f64(value) {
            Some(number) => self.scalar(Scalar::Number(&number)),
            None => self.not_read(Some(Value::Null)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.not_read(None)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.not_read(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        match (&mut self.slot.target, self.slot.demand) {
            (Target::List(list) | Target::OneOrMany(list), _) => {
                let on_its_own = matches!(self.slot.demand, Demand::OnItsOwn(_));
                let room = self.room.take().map(std::mem::take).unwrap_or_default();
                self.outcome = read_items(seq, *list, on_its_own, room)?;
                Ok(())
            }
            (_, Demand::OnItsOwn(expected)) => {
                Err(A::Error::invalid_type(Unexpected::Seq, &expected))
            }
            _ => {
                let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
                self.not_read(Some(value))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        match &mut self.slot.target {
            Target::Object(place) => {
                let mut map = Map { map, error: None, room: self.room.as_deref_mut() };
                match place.read(&mut map) {
                    Ok(outcome) => {
                        self.outcome = outcome;
                        Ok(())
                    }
                    Err(failed) => Err(match (map.error, failed) {
                        (Some(error), _) => error,
                        (None, Failed::MissingField(name)) => A::Error::missing_field(name),
                        (None, Failed::Entry) => A::Error::custom("an entry cannot be read"),
                    }),
                }
            }
            Target::OneOrMany(list) => {
                list.begin(0);
                let mut reader = Reader::new(Demand::Nothing, list.item());
                reader.deserialize(MapAccessDeserializer::new(map))?;
                self.outcome = reader.outcome;
                if let Outcome::Null | Outcome::Odd(_) = self.outcome {
                    list.clear();
                }
                Ok(())
            }
            target => {
                if let Demand::OnItsOwn(expected) = self.slot.demand
                    && !matches!(target, Target::Scalar(_) | Target::Text(_))
                {
                    return Err(A::Error::invalid_type(Unexpected::Map, &expected));
                }
                match Value::deserialize(MapAccessDeserializer::new(map))? {
                    // With `serde_json/arbitrary_precision`, which any crate of a program may turn on, a number
                    // that is no integer comes as a map.
                    Value::Number(number) => self.scalar(Scalar::Number(&number)),
                    value => self.not_read(Some(value)),
                }
            }
        }
    }
}

fn read_items<'de, A: SeqAccess<'de>>(
    mut seq: A,
    list: &mut dyn ListPlace,
    on_its_own: bool,
    room: usize,
) -> Result<Outcome, A::Error> {
    list.begin(room);
    let strict = list.is_strict();
    let demand = if strict || on_its_own { Demand::Type(list.expected()) } else { Demand::Nothing };
    let mut others = Vec::new();
    loop {
        let mut reader = Reader::new(demand, list.item());
        let Some(()) = seq.next_element_seed(&mut reader)? else { break };
        match reader.outcome {
            Outcome::Read | Outcome::Empty => {}
            _ if strict => {}
            Outcome::Null => others.push(Value::Null),
            Outcome::Odd(value) | Outcome::Partly(value) => others.push(*value),
        }
    }
    Ok(match (others.is_empty(), list.is_empty()) {
        (false, _) => Outcome::Partly(Box::new(Value::Array(others))),
        (true, true) => Outcome::Empty,
        (true, false) => Outcome::Read,
    })
}

struct Map<'de, 'r, A: MapAccess<'de>> {
    map: A,
    error: Option<A::Error>,
    room: Option<&'r mut usize>,
}

impl<'de, A: MapAccess<'de>> Entries for Map<'de, '_, A> {
    fn read_into(&mut self, fields: &mut dyn Fields) -> Result<(), Failed> {
        read_fields(&mut self.map, fields, self.room.as_deref_mut()).map_err(|error| {
            self.error = Some(error);
            Failed::Entry
        })
    }
}

fn read_fields<'de, A: MapAccess<'de>>(
    map: &mut A,
    fields: &mut dyn Fields,
    mut room: Option<&mut usize>,
) -> Result<(), A::Error> {
    let mut had_other = false;
    loop {
        let room = room.as_deref_mut();
        let mut reader = Reader { room, ..Reader::new(Demand::Nothing, Target::Nowhere) };
        let key = Key { fields, slot: &mut reader.slot };
        let Some(()) = map.next_key_seed(key)? else { return Ok(()) };
        map.next_value_seed(&mut reader)?;
        let Reader { slot: Slot { index, .. }, outcome, .. } = reader;
        if had_other || !matches!(outcome, Outcome::Read) {
            had_other |= matches!(outcome, Outcome::Odd(_) | Outcome::Partly(_));
            if index != NO_FIELD {
                fields.note(index, outcome);
            }
        }
    }
}

struct Key<'a, 'b> {
    fields: &'a mut dyn Fields,
    slot: &'b mut Slot<'a>,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        self.fields.find(name, self.slot);
        Ok(())
    }
}

/// The error where another value or `null` stands.
fn not_a<E: Error>(expected: &'static str, value: Option<Value>) -> E {
    E::invalid_type(value.as_ref().map_or(Unexpected::Unit, unexpected), &expected)
}

fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Unexpected::Signed(number),
            (_, Some(number)) => Unexpected::Unsigned(number),
            _ => Unexpected::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}
