//! What the transport must know of an operation beyond its request: retries and errors.

use super::Structs;
use crate::pipeline::document::Error;
use crate::pipeline::operations::Operation;
use heck::ToShoutySnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The name of the operation's entry.
pub fn ident(operation: &Operation) -> syn::Ident {
    format_ident!("{}", operation.id.to_shouty_snake_case())
}

/// The entry of one operation.
pub fn write(operation: &Operation, api: &str) -> TokenStream {
    let ident = ident(operation);
    let name = &operation.method_name;
    let idempotent = operation.retry.idempotent;
    let statuses = &operation.retry.statuses;
    let errors = operation.errors.iter().map(|(status, schema)| quote!((#status, #schema)));
    let streams = operation.streams;
    let media_type = match &operation.body {
        Some(body) if body.media_type != "application/json" => {
            let media_type = &body.media_type;
            quote!(Some(#media_type))
        }
        _ => quote!(None),
    };
    quote! {
        pub static #ident: Operation = Operation {
            api: #api,
            name: #name,
            media_type: #media_type,
            streams: #streams,
            idempotent: #idempotent,
            retry_statuses: &[#(#statuses),*],
            errors: &[#(#errors),*],
        };
    }
}

/// Marks the error schemas, so that `Error::body` gives each for its own status only.
pub fn error_bodies(operations: &[Operation], structs: &Structs) -> Result<TokenStream, Error> {
    let mut tokens = TokenStream::new();
    let mut known = BTreeSet::new();
    for operation in operations {
        for (status, schema) in &operation.errors {
            let is_object = |item: &&syn::ItemStruct| matches!(item.fields, syn::Fields::Named(_));
            if !structs.get(schema).is_some_and(is_object) {
                let message = format!("the schema {schema} of response {status} is no object");
                return Err(Error::at(&operation.id, message));
            }
            if known.insert(schema) {
                let ident = format_ident!("{schema}");
                tokens.extend(quote! {
                    impl crate::error::ErrorBody for types::#ident {
                        const SCHEMA: &'static str = #schema;
                    }
                });
            }
        }
    }
    Ok(tokens)
}
