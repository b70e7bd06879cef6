//! What the transport must know of an operation beyond its request: retries and errors.

use crate::pipeline::document::Error;
use crate::pipeline::failure::Failure;
use crate::pipeline::operations::Operation;
use crate::pipeline::protocol::Protocol;
use crate::pipeline::types::Types;
use heck::ToShoutySnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The name of the operation's entry.
pub fn ident(operation: &Operation) -> syn::Ident {
    format_ident!("{}", operation.id.to_shouty_snake_case())
}

/// The entries of all operations.
pub fn write(operations: &[Operation], api: &str) -> TokenStream {
    let mut failures: Vec<String> = Vec::new();
    let mut tokens = TokenStream::new();
    for operation in operations {
        let failure = failure(&operation.failure);
        let text = failure.to_string();
        let known = failures.iter().position(|known| *known == text);
        let number = known.unwrap_or(failures.len());
        let name = format_ident!("FAILURE_{number}");
        if known.is_none() {
            failures.push(text);
            tokens.extend(quote!(static #name: Failure = #failure;));
        }
        tokens.extend(entry(operation, api, &name));
    }
    tokens
}

fn entry(operation: &Operation, api: &str, failure: &syn::Ident) -> TokenStream {
    let ident = ident(operation);
    let name = &operation.method_name;
    let idempotent = operation.retry.idempotent;
    let statuses = &operation.retry.statuses;
    let errors = operation.errors.iter().map(|(statuses, schema)| {
        let (first, last) = (statuses.start(), statuses.end());
        quote!((#first..=#last, #schema))
    });
    let (streams, successes) = (operation.streams, &operation.successes);
    let optional_body = operation.body.as_ref().is_some_and(|body| body.optional);
    let quota = match &operation.quota {
        Some(quota) => {
            let name = if quota.is_shared { api } else { name };
            let (calls, seconds) = (quota.calls.get(), quota.seconds.get());
            quote!(Some(crate::operation::Quota { name: #name, calls: #calls, seconds: #seconds }))
        }
        None => quote!(None),
    };
    let media_type = match &operation.body {
        Some(body) if body.media_type != "application/json" => {
            let media_type = &body.media_type;
            quote!(Some(#media_type))
        }
        _ => quote!(None),
    };
    let (action, version) = (operation.path.trim_start_matches('/'), &operation.version);
    let protocol = match operation.protocol {
        Protocol::Rest => quote!(Rest),
        Protocol::AwsQuery => quote!(AwsQuery { action: #action, version: #version }),
        Protocol::AwsJson => quote!(AwsJson { target: #action }),
    };
    quote! {
        pub static #ident: Operation = Operation {
            api: #api,
            name: #name,
            protocol: crate::operation::Protocol::#protocol,
            media_type: #media_type,
            optional_body: #optional_body,
            streams: #streams,
            successes: &[#(#successes),*],
            idempotent: #idempotent,
            retry_statuses: &[#(#statuses),*],
            errors: &[#(#errors),*],
            failure: &#failure,
            quota: #quota,
        };
    }
}

fn failure(failure: &Failure) -> TokenStream {
    let pointer = |segments: &Vec<String>| quote!(&[#(#segments),*]);
    let pointers = |all: &[Vec<String>]| {
        let all = all.iter().map(pointer);
        quote!(&[#(#all),*])
    };
    let (code, message) = (pointers(&failure.code), pointers(&failure.message));
    let (field, reason) = (pointers(&failure.field), pointers(&failure.reason));
    let success = match &failure.success {
        Some((at, is)) => {
            let at = pointer(at);
            quote!(Some((#at, #is)))
        }
        None => quote!(None),
    };
    let kind = |kind: &String| {
        let kind = format_ident!("{kind}");
        quote!(crate::ErrorKind::#kind)
    };
    let by_text = |listed: &[(String, String)]| {
        let rows = listed.iter().map(|(text, name)| {
            let kind = kind(name);
            quote!((#text, #kind))
        });
        quote!(&[#(#rows),*])
    };
    let (kinds, messages) = (by_text(&failure.kinds), by_text(&failure.messages));
    let statuses = failure.statuses.iter().map(|(status, name)| {
        let kind = kind(name);
        quote!((#status, #kind))
    });
    let window = match &failure.window {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    };
    quote! {
        Failure {
            code: #code,
            message: #message,
            field: #field,
            reason: #reason,
            success: #success,
            kinds: #kinds,
            messages: #messages,
            statuses: &[#(#statuses),*],
            window: #window,
        }
    }
}

/// Marks the error schemas, so that `Error::body` gives each for its own status only.
pub fn error_bodies(operations: &[Operation], types: &Types) -> Result<TokenStream, Error> {
    let mut tokens = TokenStream::new();
    let mut known = BTreeSet::new();
    for operation in operations {
        for (statuses, schema) in &operation.errors {
            let Some(known_type) = types.get(schema) else {
                let message = format!(
                    "the schema {schema} of response {} is not an object",
                    statuses.start()
                );
                return Err(Error::at(&operation.id, message));
            };
            // One of another API has it there.
            if !known_type.same && known.insert(schema) {
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
