//! Makes progenitor's types the types of this crate.
//!
//! * String enums become open enums: a value that the document does not name is kept.
//! * Objects that may carry further properties keep them (`records.rs`).
//! * Strings that the document marks `x-short` are stored inline (`Text`).
//! * What it marks `x-secret` is not shown by `Debug` (`secrets.rs`).
//! * Times are read by the crate's own reader, and `null` is read as an empty list.
//! * What progenitor adds for itself and nobody uses is taken out.

use super::document::{Document, Error};
use super::operations::is_open;
use super::records;
use super::secrets;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, Field, Fields, Item, ItemEnum, ItemStruct, parse_quote};

/// Rewrites the generated file in place.
pub fn rewrite(file: &mut syn::File, document: &Document) -> Result<(), Error> {
    for item in &mut file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                let (_, items) = module
                    .content
                    .as_mut()
                    .ok_or_else(|| Error::new("the types have no content"))?;
                *items = rewrite_types(std::mem::take(items), document)?;
            }
            // Only `new_with_client` is called: `new` would build a second HTTP client.
            Item::Impl(item) if item.trait_.is_none() => item.items.retain(
                |member| !matches!(member, syn::ImplItem::Fn(function) if function.sig.ident == "new"),
            ),
            _ => {}
        }
    }
    file.items.retain(|item| !matches!(item, Item::Mod(module) if module.ident == "prelude"));
    Ok(())
}

fn rewrite_types(items: Vec<Item>, document: &Document) -> Result<Vec<Item>, Error> {
    let enums: Vec<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let mut kept = Vec::new();
    for item in items {
        match item {
            Item::Enum(item) => kept.push(open_enum(&item)?),
            Item::Struct(mut item) => {
                let schema = document.schema_of_type(&item.ident.to_string());
                rewrite_struct(&mut item, schema.unwrap_or(&Value::Null));
                let secret = secret_fields(&item, schema.unwrap_or(&Value::Null));
                let mut items = match schema {
                    Some(schema) if is_open(schema) && schema.get("properties").is_some() => {
                        records::open_record(item)?
                    }
                    _ => vec![Item::Struct(item)],
                };
                if !secret.is_empty()
                    && let [Item::Struct(item), ..] = &mut *items
                {
                    let debug = secrets::instead_of_derived(item, &secret);
                    items.push(debug);
                }
                kept.extend(items);
            }
            // Conversions of the enums, which the open ones bring themselves.
            Item::Impl(item) if enums.contains(&self_type(&item)) => {}
            // The error of those conversions.
            Item::Mod(item) if item.ident == "error" => {}
            other => kept.push(other),
        }
    }
    Ok(kept)
}

fn self_type(item: &syn::ItemImpl) -> String {
    match &*item.self_ty {
        syn::Type::Path(path) => {
            path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// `enum Status { #[serde(rename = "BUILD_COMPLETE")] BuildComplete }` as a call of `open_enum!`.
fn open_enum(item: &ItemEnum) -> Result<Item, Error> {
    let name = &item.ident;
    let docs = item.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let mut variants = Vec::new();
    for variant in &item.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new(format!("{name}: only enums of strings can be open")));
        }
        let ident = &variant.ident;
        if ident == "Unrecognized" {
            return Err(Error::new(format!(
                "{name}: a value named like the variant for all others"
            )));
        }
        let wire = serde_name(&variant.attrs)?.unwrap_or_else(|| ident.to_string());
        variants.push(quote!(#ident = #wire,));
    }
    Ok(parse_quote!(crate::types::open_enum! { #(#docs)* #name { #(#variants)* } }))
}

/// The fields that the document marks as secret.
fn secret_fields(item: &ItemStruct, schema: &Value) -> Vec<syn::Ident> {
    let marked =
        |field: &&Field| secrets::is_secret(&schema["properties"][wire_name(field).as_str()]);
    item.fields.iter().filter(marked).filter_map(|field| field.ident.clone()).collect()
}

fn rewrite_struct(item: &mut ItemStruct, schema: &Value) {
    let Fields::Named(fields) = &mut item.fields else { return };
    // Services add fields, and a field more must not break the programs of users.
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    for field in &mut fields.named {
        let wire = wire_name(field);
        let property = &schema["properties"][&wire];
        if property["x-short"] == Value::Bool(true) || property["items"]["x-short"] == true {
            replace_string(&mut field.ty);
        }
        // OpenAPI 3.0 ignores what stands beside a `$ref`, but there a field says what it is for.
        if let Some(text) = property["description"].as_str() {
            let text = format!(" {}", text.trim().replace('\n', "\n "));
            field.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            field.attrs.insert(0, parse_quote!(#[doc = #text]));
        } else if !field.attrs.iter().any(|attribute| attribute.path().is_ident("doc")) {
            let text = format!(" The field `{wire}`.");
            field.attrs.push(parse_quote!(#[doc = #text]));
        }
        let kind = Kind::of(&field.ty);
        let reader = match (kind.time, kind.optional, kind.collection) {
            (true, false, _) => Some("crate::types::read_time"),
            (true, true, _) => Some("crate::types::read_optional_time"),
            (false, _, true) if has_default(field) => Some("crate::types::null_as_default"),
            _ => None,
        };
        if let Some(reader) = reader {
            // `deserialize_with` takes away serde's own default for options.
            if kind.optional {
                field.attrs.push(parse_quote!(#[serde(default)]));
            }
            field.attrs.push(parse_quote!(#[serde(deserialize_with = #reader)]));
        }
    }
}

/// What a field holds, as far as the passes must know.
pub struct Kind {
    pub optional: bool,
    pub time: bool,
    pub collection: bool,
}

impl Kind {
    pub fn of(ty: &syn::Type) -> Self {
        let text = quote!(#ty).to_string().replace(' ', "");
        let optional = text.starts_with("::std::option::Option<");
        let inner = text.strip_prefix("::std::option::Option<").unwrap_or(&text);
        Self {
            optional,
            time: inner.starts_with("::chrono::DateTime<"),
            collection: !optional
                && (inner.starts_with("::std::vec::Vec<")
                    || inner.starts_with("::std::collections::BTreeMap<")),
        }
    }
}

/// The name of a field in JSON.
pub fn wire_name(field: &Field) -> String {
    let renamed = serde_name(&field.attrs).ok().flatten();
    let ident = field.ident.as_ref().map(ToString::to_string);
    renamed.or(ident).unwrap_or_default().trim_start_matches("r#").to_owned()
}

fn has_default(field: &Field) -> bool {
    field.attrs.iter().any(|attribute| {
        attribute.path().is_ident("serde") && quote!(#attribute).to_string().contains("default")
    })
}

/// The value of `#[serde(rename = "...")]`.
fn serde_name(attributes: &[Attribute]) -> Result<Option<String>, Error> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute
            .parse_nested_meta(|meta| {
                let value = meta.value().and_then(|value| value.parse::<syn::LitStr>());
                if meta.path.is_ident("rename") {
                    name = Some(value?.value());
                }
                Ok(())
            })
            .map_err(Error::new)?;
    }
    Ok(name)
}

/// `String` to `Text`, wherever it stands in the type.
fn replace_string(ty: &mut syn::Type) {
    struct Replace;
    impl syn::visit_mut::VisitMut for Replace {
        fn visit_type_mut(&mut self, ty: &mut syn::Type) {
            if quote!(#ty).to_string().replace(' ', "") == "::std::string::String" {
                *ty = parse_quote!(crate::types::Text);
            } else {
                syn::visit_mut::visit_type_mut(self, ty);
            }
        }
    }
    syn::visit_mut::VisitMut::visit_type_mut(&mut Replace, ty);
}
