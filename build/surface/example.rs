//! An example for every operation, which the documentation tests compile.

use super::client::Place;
use super::signature::{Kind, Signature, argument, last_segment};
use crate::pipeline::document::Document;
use crate::pipeline::operations::Operation;
use heck::ToSnakeCase;
use quote::quote;
use syn::Type;

/// The section of the documentation that shows how the operation is called.
pub fn write(
    operation: &Operation,
    signature: &Signature,
    document: &Document,
    place: &Place,
) -> String {
    let api = &place.module;
    let parent = api.rsplit_once("::").map(|(parent, _)| parent).filter(|_| place.is_part);
    let owner = parent.unwrap_or(api);
    let mut arguments = Vec::new();
    let mut parameters = String::new();
    for input in &signature.inputs {
        let Kind::Required(ty) = &input.kind else { continue };
        let name = input.ident.to_string();
        if let Some(object) = object(ty, document) {
            parameters += &format!(", {name}: cloud_images::{api}::types::{object}");
            arguments.push(name);
        } else {
            arguments.push(value(&name, ty, document, api));
        }
    }
    let call = format!(
        "client.{}().{}({})",
        operation.tag.to_snake_case(),
        operation.method_name,
        arguments.join(", ")
    );
    let output = &signature.output;
    let lines = if operation.pagination.is_some() {
        format!(
            "use futures::TryStreamExt;\n\nlet mut items = {call}.items();\n\
             while let Some(item) = items.try_next().await? {{\n    println!(\"{{item:?}}\");\n}}"
        )
    } else if quote!(#output).to_string() == "()" {
        format!("{call}.await?;")
    } else {
        format!("let answer = {call}.await?;\nprintln!(\"{{answer:?}}\");")
    };
    format!(
        "# Examples\n\n```no_run\n\
         # async fn example(client: cloud_images::{owner}::Client{parameters}) -> cloud_images::Result<()> {{\n\
         {lines}\n# Ok(()) }}\n```"
    )
}

/// The name of a type that is an object of the document: the example takes one from outside.
fn object(ty: &Type, document: &Document) -> Option<String> {
    let name = last_segment(ty)?;
    let schema = document.schema_of_type(&name)?;
    let is_object = schema["type"] == "object" || schema.get("properties").is_some();
    is_object.then_some(name)
}

/// A value that an argument could have.
fn value(name: &str, ty: &Type, document: &Document, api: &str) -> String {
    let type_name = last_segment(ty).unwrap_or_default();
    // `image_id` is an image to the reader.
    let name = name.trim_end_matches("_id").trim_end_matches("_name").replace('_', "-");
    if let Some(item) = argument(ty, "Vec").and_then(last_segment) {
        if item == "String" {
            return format!("vec![\"my-{name}\".to_owned()]");
        }
        return format!("Vec::<cloud_images::{api}::types::{item}>::new()");
    }
    if type_name == "Body" {
        return "\"the data of the image\"".to_owned();
    }
    let known = document.schema_of_type(&type_name).and_then(|schema| schema["enum"][0].as_str());
    if let Some(known) = known {
        return format!("{known:?}");
    }
    match type_name.as_str() {
        "i64" => return "42".to_owned(),
        "f64" => return "1.5".to_owned(),
        "bool" => return "true".to_owned(),
        "DateTime" => return "cloud_images::chrono::DateTime::UNIX_EPOCH".to_owned(),
        _ => {}
    }
    format!("\"my-{name}\"")
}
