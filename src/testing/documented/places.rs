//! What a JSON pointer leads to.

use serde_json::{Map, Value};

/// The value at a pointer, made if it is not there. `*` is the first element or value.
pub fn at<'a>(value: &'a mut Value, pointer: &[&str]) -> &'a mut Value {
    pointer.iter().fold(value, |here, segment| inside(here, segment))
}

fn inside<'a>(here: &'a mut Value, segment: &str) -> &'a mut Value {
    let is_any = segment == "*";
    if !here.is_array() && !here.is_object() {
        *here = if is_any { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    if let Value::Array(list) = here
        && list.is_empty()
    {
        list.push(Value::Null);
    }
    match here {
        Value::Object(map) => {
            let first = map.keys().next().filter(|_| is_any).cloned();
            map.entry(first.unwrap_or_else(|| segment.to_owned())).or_insert(Value::Null)
        }
        list => &mut list[0],
    }
}

/// Takes the value at a pointer away.
pub fn remove(value: &mut Value, pointer: &[&str]) {
    if let Some((name, parents)) = pointer.split_last()
        && let Value::Object(object) = at(value, parents)
    {
        object.remove(*name);
    }
}
