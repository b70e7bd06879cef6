//! Calls progenitor, and says which operation it is that it cannot take.

use super::document::{Document, Error};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The generated file: `mod types` and a client with one positional method per operation.
pub fn generate(document: &Document) -> Result<syn::File, Error> {
    attempt(document).map_err(|reason| match guilty_operation(document) {
        Some((operation, reason)) => Error::at(&operation, reason),
        None => Error::new(reason),
    })
}

/// progenitor reports some of what it cannot do by panicking, so a panic is a refusal too.
fn attempt(document: &Document) -> Result<syn::File, String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| -> Result<syn::File, String> {
        let spec = serde_json::from_value(document.0.clone()).map_err(|error| error.to_string())?;
        let tokens = Generator::new(&settings())
            .generate_tokens(&spec)
            .map_err(|error| error.to_string())?;
        syn::parse2(tokens).map_err(|error| error.to_string())
    }));
    outcome.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!(
            "progenitor cannot generate it ({}): change how the document describes it",
            text.unwrap_or("no reason given")
        ))
    })
}

/// Tries the operations one by one, to name the one that fails.
fn guilty_operation(document: &Document) -> Option<(String, String)> {
    for (path, method, operation) in document.operations() {
        let mut alone = document.clone();
        let mut item = serde_json::json!({ method: operation });
        if let Some(shared) = document.0["paths"][path].get("parameters") {
            item["parameters"] = shared.clone();
        }
        // What only other operations use must not make this one fail.
        let used = document.references(&item).unwrap_or_default();
        if let Some(Value::Object(schemas)) = alone.0.pointer_mut("/components/schemas") {
            schemas.retain(|name, _| used.contains(&*format!("#/components/schemas/{name}")));
        }
        alone.0["paths"] = serde_json::json!({ path: item });
        if let Err(reason) = attempt(&alone) {
            let id = operation["operationId"].as_str().map(str::to_owned);
            return Some((id.unwrap_or_else(|| format!("{method} {path}")), reason));
        }
    }
    None
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    settings
}
