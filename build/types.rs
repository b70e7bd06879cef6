//! Makes progenitor's types the types of this crate.
//!
//! * Enums of strings become open enums: a value that the document does not name is preserved.
//! * The variants of an enum of objects have the names of their types.
//! * Objects of answers become records, which read what can be read (`records.rs`).
//! * Strings that the document marks `x-short` are stored inline (`Text`), and so are those that may
//!   come as numbers.
//! * What it marks `x-secret` is not shown by `Debug` (`secrets.rs`).
//! * What progenitor adds for itself and nobody uses is taken out.

use super::document::{Document, Error, referred_name};
use super::normalize::{ONE_OR_MANY, SCALAR, WIRE};
use super::operations::{description, extension, is_open};
use super::words::Words;
use super::{records, secrets};
use quote::{format_ident, quote};
use serde_json::Value;
use std::collections::BTreeMap;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Fields, Ident, Item, ItemEnum, ItemStruct, Type, parse_quote};

/// The structs among the types by name.
pub type Types = BTreeMap<String, Struct>;

/// A struct with named fields.
pub struct Struct {
    pub fields: Vec<Field>,
    /// Whether it has a field for properties that the document does not name.
    pub open: bool,
    /// Whether it has a field for what could not be read.
    pub answered: bool,
    /// Whether it is a type of another API.
    pub same: bool,
}

/// A field of a struct.
pub struct Field {
    pub ident: Ident,
    /// The name in JSON.
    pub wire: String,
    /// Other spellings of it.
    pub also: Vec<String>,
    pub ty: Type,
    pub required: bool,
    pub secret: bool,
    /// Whether a list may come as one item alone.
    pub one_or_many: bool,
    /// Whether it holds the items of a page.
    pub listed: bool,
    /// Whether only the service sets it.
    pub read_only: bool,
}

/// Rewrites the module `types` of the generated file in place.
pub fn rewrite(file: &mut syn::File, document: &Document) -> Result<Types, Error> {
    let words = Words::of(document);
    let answered = answered(document)?;
    let listed = listed(document)?;
    let pass = Pass { document, words: &words, answered: &answered, listed: &listed };
    let mut types = Types::new();
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            *items = pass.items(std::mem::take(items), &mut types)?;
        }
    }
    Ok(types)
}

/// The references to all that answers consist of.
fn answered(document: &Document) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for (_, _, operation) in document.operations() {
        found.extend(document.references(&operation["responses"])?.into_iter().map(str::to_owned));
    }
    Ok(found)
}

/// The properties on the way to the items of a page, by schema: what is not a list there is no empty page.
fn listed(document: &Document) -> Result<Vec<(String, String)>, Error> {
    let mut found = Vec::new();
    for (_, _, operation) in document.operations() {
        let Some(path) = operation["x-pagination"]["items"].as_str() else { continue };
        let responses = operation["responses"].as_object().into_iter().flatten();
        for (_, response) in responses.filter(|(status, _)| status.starts_with('2')) {
            let content =
                response["content"].as_object().and_then(|content| content.values().next());
            let Some(mut node) = content.map(|content| &content["schema"]) else { continue };
            for segment in path.split('/').filter(|segment| !segment.is_empty()) {
                let schema = document.resolve(node)?;
                if segment == "*" {
                    let inner = schema.get("items").or_else(|| schema.get("additionalProperties"));
                    node = inner.unwrap_or(&Value::Null);
                } else {
                    let component = referred_name(node).unwrap_or_default();
                    let properties = schema["properties"].as_object();
                    let property = properties.into_iter().flatten().find(|(key, property)| {
                        property[WIRE].as_str().unwrap_or(key.as_str()) == segment
                    });
                    let Some((key, property)) = property else { break };
                    found.push((component.to_owned(), key.clone()));
                    node = property;
                }
            }
        }
    }
    Ok(found)
}

struct Pass<'a> {
    document: &'a Document,
    words: &'a Words,
    answered: &'a [String],
    listed: &'a [(String, String)],
}

impl Pass<'_> {
    fn items(&self, items: Vec<Item>, types: &mut Types) -> Result<Vec<Item>, Error> {
        let is_open_enum = |item: &ItemEnum| {
            item.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit))
        };
        let enums: Vec<String> = items
            .iter()
            .filter_map(|item| match item {
                Item::Enum(item) if is_open_enum(item) => Some(item.ident.to_string()),
                _ => None,
            })
            .collect();
        let mut rewritten = Vec::new();
        let mut renamed = Vec::new();
        for item in items {
            match item {
                Item::Enum(mut item) => {
                    if let Some(same) = self.same(&item.ident)? {
                        rewritten.push(same);
                        continue;
                    }
                    self.type_docs(&item.ident, &mut item.attrs)?;
                    if is_open_enum(&item) {
                        rewritten.push(open_enum(&item)?);
                    } else {
                        let name = item.ident.clone();
                        item.attrs.push(parse_quote!(#[non_exhaustive]));
                        renamed.push((name.to_string(), name_variants(&mut item)));
                        for variant in &mut item.variants {
                            if let Some(field) = variant.fields.iter().next() {
                                let ty = &field.ty;
                                let text = format!("A value of type `{}`.", quote!(#ty));
                                set_docs(&mut variant.attrs, &text);
                            }
                        }
                        rewritten.push(Item::Enum(item));
                        rewritten.push(by_value(&name));
                    }
                }
                Item::Struct(mut item) => {
                    self.type_docs(&item.ident, &mut item.attrs)?;
                    rewritten.extend(self.item_struct(item, types)?);
                }
                // Conversions of the enums, which the open ones bring themselves.
                Item::Impl(item) if enums.contains(&self_type(&item)) => {}
                // Those of a type of another API are there.
                Item::Impl(item) if self.is_of_another(&item)? => {}
                Item::Impl(mut item) => {
                    let name = self_type(&item);
                    if let Some((_, names)) = renamed.iter().find(|(renamed, _)| *renamed == name) {
                        RenameVariants(names).visit_item_impl_mut(&mut item);
                    }
                    rewritten.push(Item::Impl(item));
                }
                // The error of those conversions.
                Item::Mod(item) if item.ident == "error" => {}
                other => rewritten.push(other),
            }
        }
        Ok(rewritten)
    }

    /// The type of another API that a schema is the same as, by `x-same-as`.
    fn same(&self, name: &Ident) -> Result<Option<Item>, Error> {
        let schema = self.document.schema_of_type(&name.to_string());
        let Some(api) = schema.and_then(|schema| schema.get("x-same-as")) else { return Ok(None) };
        let api = api.as_str().and_then(|api| syn::parse_str::<Ident>(api).ok());
        let api = api.ok_or_else(|| {
            Error::new(format!(
                "schema {name}: x-same-as: it is not the name of an API, such as ims"
            ))
        })?;
        Ok(Some(parse_quote!(pub use crate::#api::types::#name;)))
    }

    /// Whether an implementation is about a type of another API.
    fn is_of_another(&self, item: &syn::ItemImpl) -> Result<bool, Error> {
        let (ty, of) = (&item.self_ty, item.trait_.as_ref().map(|(path, _)| path));
        let text = quote!(#ty #of).to_string();
        for name in text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
            if let Ok(name) = syn::parse_str::<Ident>(name)
                && self.same(&name)?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Every type says what it is.
    fn type_docs(&self, name: &Ident, attributes: &mut Vec<Attribute>) -> Result<(), Error> {
        let schema = self.document.schema_of_type(&name.to_string());
        let text = schema.map(|schema| description(self.document, schema)).unwrap_or_default();
        if text.is_empty() {
            return Err(Error::new(format!("schema {name} has no description")));
        }
        set_docs(attributes, &self.words.in_rust(&text));
        Ok(())
    }

    fn item_struct(&self, mut item: ItemStruct, types: &mut Types) -> Result<Vec<Item>, Error> {
        let (name, ident) = (item.ident.to_string(), item.ident.clone());
        let found = self.document.named_schema_of_type(&name);
        let (component, schema) = found.unwrap_or(("", &Value::Null));
        let Fields::Named(fields) = &mut item.fields else {
            let same = self.same(&ident)?;
            return Ok(
                same.map_or_else(|| vec![Item::Struct(item), by_value(&ident)], |same| vec![same])
            );
        };
        // Services add fields, and a field more must not break the programs of users.
        item.attrs.push(parse_quote!(#[non_exhaustive]));
        let all_secret = schema["x-secret"] == true;
        let mut described = Vec::new();
        for field in &mut fields.named {
            let ident = field.ident.clone().ok_or_else(|| Error::new("a field has no name"))?;
            let key = serde_name(&field.attrs)?;
            let key = key.unwrap_or_else(|| ident.to_string().trim_start_matches("r#").to_owned());
            let property = &schema["properties"][&key];
            let marked = |mark: &str| property[mark] == true || property["items"][mark] == true;
            if marked("x-short") || marked(SCALAR) {
                replace_string(&mut field.ty);
            }
            let text = description(self.document, property);
            if text.is_empty() {
                return Err(Error::new(format!(
                    "schema {name}: property {key} has no description"
                )));
            }
            set_docs(&mut field.attrs, &self.words.in_rust(&text));
            let required = schema["required"]
                .as_array()
                .is_some_and(|list| list.contains(&key.clone().into()));
            described.push(Field {
                ident,
                wire: property[WIRE].as_str().unwrap_or(&key).to_owned(),
                also: extension(property, "x-also")?.unwrap_or_default(),
                ty: field.ty.clone(),
                required,
                secret: all_secret || self.document.is_marked(property, "x-secret"),
                one_or_many: property[ONE_OR_MANY] == true,
                read_only: property["readOnly"] == true,
                listed: self.listed.contains(&(component.to_owned(), key)),
            });
        }
        let reference = format!("{}{component}", super::document::SCHEMAS);
        let answered = self.answered.contains(&reference);
        let open = is_open(schema) && schema.get("properties").is_some();
        let mut secret: Vec<Ident> = described
            .iter()
            .filter(|field| field.secret)
            .map(|field| field.ident.clone())
            .collect();
        if open && self.document.is_marked(&schema["additionalProperties"], "x-secret") {
            secret.push(format_ident!("extra"));
        }
        let mut items = if answered || open {
            records::record(item, &described, open, answered)?
        } else {
            sent_names(&mut item, &described);
            vec![Item::Struct(item)]
        };
        if !secret.is_empty()
            && let [Item::Struct(item), ..] = &mut *items
        {
            let debug = secrets::instead_of_derived(item, &secret);
            items.push(debug);
        }
        let same = self.same(&ident)?;
        types.insert(name, Struct { fields: described, open, answered, same: same.is_some() });
        Ok(same.map_or(items, |same| vec![same]))
    }
}

/// The names on the wire of a struct that serde's derive writes.
fn sent_names(item: &mut ItemStruct, described: &[Field]) {
    for (field, described) in item.fields.iter_mut().zip(described) {
        let wire = &described.wire;
        let name = serde_name(&field.attrs).ok().flatten();
        if name.unwrap_or_else(|| described.ident.to_string()) != *wire {
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            field.attrs.push(match Kind::of(&field.ty) {
                Kind { optional: true, .. } => {
                    parse_quote!(#[serde(rename = #wire, default, skip_serializing_if = "::std::option::Option::is_none")])
                }
                _ => parse_quote!(#[serde(rename = #wire)]),
            });
        }
    }
}

/// A type that is read through any JSON, since it is rare.
fn by_value(name: &Ident) -> Item {
    parse_quote!(crate::types::lenient_by_value!(#name);)
}

fn set_docs(attributes: &mut Vec<Attribute>, text: &str) {
    let text = format!(" {}", text.replace('\n', "\n "));
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    attributes.insert(0, parse_quote!(#[doc = #text]));
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
        let ident = &variant.ident;
        if ident == "Unrecognized" {
            return Err(Error::new(format!(
                "{name}: a value has the name of the variant for unknown values, Unrecognized"
            )));
        }
        let wire = serde_name(&variant.attrs)?.unwrap_or_else(|| ident.to_string());
        let ident = if wire.is_empty() { format_ident!("Empty") } else { ident.clone() };
        variants.push(quote!(#ident = #wire,));
    }
    Ok(parse_quote!(crate::types::open_enum! { #(#docs)* #name { #(#variants)* } }))
}

/// What a field holds, as far as the passes must know.
pub struct Kind {
    pub optional: bool,
    pub collection: bool,
}

impl Kind {
    pub fn of(ty: &syn::Type) -> Self {
        let text = quote!(#ty).to_string().replace(' ', "");
        let collections =
            ["::std::vec::Vec<", "::std::collections::BTreeMap<", "::serde_json::Map<"];
        Self {
            optional: text.starts_with("::std::option::Option<"),
            collection: collections.iter().any(|collection| text.starts_with(collection)),
        }
    }
}

/// Gives the variants of an enum of objects the names of their types, and says which they had.
fn name_variants(item: &mut ItemEnum) -> Vec<(Ident, Ident)> {
    let mut renamed: Vec<(Ident, Ident)> = Vec::new();
    for variant in &mut item.variants {
        let Some(field) = variant.fields.iter().next() else { continue };
        let Type::Path(path) = &field.ty else { continue };
        let Some(name) = path.path.segments.last().map(|last| last.ident.clone()) else { continue };
        if renamed.iter().all(|(_, other)| *other != name) {
            renamed.push((std::mem::replace(&mut variant.ident, name.clone()), name));
        }
    }
    renamed
}

/// The old names of variants and their new ones.
struct RenameVariants<'a>(&'a [(Ident, Ident)]);

impl VisitMut for RenameVariants<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.segments.len() > 1
            && let Some(last) = path.segments.last_mut()
            && let Some((_, new)) = self.0.iter().find(|(old, _)| *old == last.ident)
        {
            last.ident = new.clone();
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
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
    impl VisitMut for Replace {
        fn visit_type_mut(&mut self, ty: &mut syn::Type) {
            if quote!(#ty).to_string().replace(' ', "") == "::std::string::String" {
                *ty = parse_quote!(crate::types::Text);
            } else {
                syn::visit_mut::visit_type_mut(self, ty);
            }
        }
    }
    Replace.visit_type_mut(ty);
}
