//! What users call: one `<Tag>Api` per tag, one owned request per operation.
//!
//! The signatures come from progenitor's own methods, everything else from the document.

mod client;
mod example;
mod fake;
mod pages;
mod parameter;
mod pointer;
mod related;
mod request;
mod rules;
mod signature;
mod table;
mod wire;

use super::document::{Document, Error};
use super::operations::Operation;
use super::protocol::Protocol;
use super::types::Types;
use super::words::Words;
use client::Place;
use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use signature::Signature;
use std::collections::BTreeMap;
use syn::{ImplItem, ImplItemFn, Item, parse_quote};

/// The whole file: the types, what builds requests in a module of its own, and the surface; and the file of the
/// readers.
pub fn write(
    mut file: syn::File,
    types: &Types,
    operations: &[Operation],
    document: &Document,
    api: &str,
) -> Result<(syn::File, syn::File), Error> {
    let (surface, readers) = surface(&file, types, operations, document, api)?;
    let mut wire = Vec::new();
    let mut items = Vec::new();
    for item in std::mem::take(&mut file.items) {
        match item {
            Item::Mod(module) if module.ident == "types" => items.push(Item::Mod(module)),
            Item::Impl(item) if item.trait_.is_none() => {
                for method in item.items.iter().filter_map(method) {
                    wire.extend(wire::adapt(method)?);
                }
            }
            // Progenitor's own client.
            _ => {}
        }
    }
    // By another protocol, nothing is called that progenitor wrote.
    let is_rest = operations.iter().any(|operation| operation.protocol == Protocol::Rest);
    items.extend(is_rest.then(|| -> Item {
        parse_quote! {
            /// What builds the requests, as progenitor wrote it.
            #[allow(clippy::all, unused_imports)]
            mod wire {
                use super::types;
                use crate::client::progenitor as progenitor_client;

                #(#wire)*
            }
        }
    }));
    items.extend(surface);
    file.items = items;
    Ok((file, readers))
}

fn method(member: &ImplItem) -> Option<&ImplItemFn> {
    match member {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    }
}

fn surface(
    file: &syn::File,
    types: &Types,
    operations: &[Operation],
    document: &Document,
    api: &str,
) -> Result<(Vec<Item>, syn::File), Error> {
    let methods = methods(file);
    let words = Words::of(document);
    let mut signatures = BTreeMap::new();
    for operation in operations {
        let method = methods.get(&operation.method_name).ok_or_else(|| {
            Error::at(
                &operation.id,
                "progenitor generated no method for it: check its operationId and its tag",
            )
        })?;
        let mut signature = Signature::read(operation, method, types)
            .map_err(|error| Error::at(&operation.id, error))?;
        for input in &mut signature.inputs {
            input.docs = words.in_rust(&input.docs);
        }
        signatures.insert(operation.id.as_str(), signature);
    }
    let mut requests = Vec::new();
    for operation in operations {
        let signature = &signatures[operation.id.as_str()];
        requests.push(request::write(operation, signature, &words));
        let related = related::write(operation, operations, &signatures);
        requests.push(related.map_err(|error| Error::at(&operation.id, error))?);
        if let Some(pagination) = &operation.pagination {
            let pages = pages::write(operation, pagination, signature, types)
                .map_err(|error| Error::at(&operation.id, error))?;
            requests.push(pages);
        }
    }
    let place = Place::of(document, api)?;
    let client = client::write(document, &place)?;
    let apis = apis(operations, &signatures, document, &words, &place)?;
    let table = table::write(operations, &place.module.replace("::", "."));
    let readers = syn::parse2(readers(operations, &signatures)).map_err(Error::new)?;
    let error_bodies = table::error_bodies(operations, types)?;
    let fake = fake::write(document, operations, &signatures, types)?;
    let tokens = quote! {
        #client
        #apis
        /// The request of each operation. The methods of the `...Api` structs make them.
        pub mod requests {
            use super::types;
            #(#requests)*
        }
        pub(crate) mod operations {
            use crate::operation::{Failure, Operation};
            #table
        }
        #error_bodies
        #fake
    };
    let file: syn::File = syn::parse2(tokens).map_err(Error::new)?;
    Ok((file.items, readers))
}

/// What reads the response of each operation, for the fuzz target that gives them any bytes.
fn readers(operations: &[Operation], signatures: &BTreeMap<&str, Signature>) -> TokenStream {
    let mut readers = Vec::new();
    for operation in operations.iter().filter(|operation| !operation.streams) {
        let (table, output) = (table::ident(operation), &signatures[operation.id.as_str()].output);
        if quote!(#output).to_string() != "()" {
            readers.push(quote!(Reader::of::<#output>(&operations::#table)));
        }
    }
    quote! {
        pub(super) const READERS: &[Reader] = &[#(#readers),*];
    }
}

/// The methods of the generated client by name.
fn methods(file: &syn::File) -> BTreeMap<String, &ImplItemFn> {
    let mut methods = BTreeMap::new();
    for item in &file.items {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
        {
            let own = item.items.iter().filter_map(method);
            methods.extend(own.map(|method| (method.sig.ident.to_string(), method)));
        }
    }
    methods
}

/// The `<Tag>Api` structs and the methods of `Client` that give them.
fn apis(
    operations: &[Operation],
    signatures: &BTreeMap<&str, Signature>,
    document: &Document,
    words: &Words,
    place: &Place,
) -> Result<TokenStream, Error> {
    let mut tags: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations {
        tags.entry(&operation.tag).or_default().push(operation);
    }
    let client = &place.client;
    let mut tokens = TokenStream::new();
    for (tag, operations) in tags {
        let api = format_ident!("{}Api", tag.to_upper_camel_case());
        let accessor = format_ident!("{}", tag.to_snake_case());
        let description = document.0["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|listed| listed["name"] == tag)
            .and_then(|listed| listed["description"].as_str())
            .ok_or_else(|| {
                Error::at(&operations[0].id, format!("its tag {tag} has no description"))
            })?
            .trim();
        let mut constructors = Vec::new();
        for operation in operations {
            let signature = &signatures[operation.id.as_str()];
            let example = example::write(operation, signature, document, place);
            constructors.push(request::constructors(operation, signature, example, words));
        }
        let client_path = quote!(#client).to_string().replace(' ', "");
        let origin = format!(
            "Returned by [`{accessor}`]({client_path}::{accessor}) of the client. Cloning is cheap."
        );
        tokens.extend(quote! {
            #[doc = #description]
            ///
            #[doc = #origin]
            #[derive(Clone, Debug)]
            pub struct #api {
                pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
            }

            impl #api {
                #(#constructors)*

                /// The client that this is part of.
                #[allow(dead_code)]
                pub(crate) fn client(&self) -> #client {
                    #client { shared: ::std::sync::Arc::clone(&self.shared) }
                }
            }

            impl #client {
                #[doc = #description]
                #[must_use]
                pub fn #accessor(&self) -> #api {
                    #api { shared: ::std::sync::Arc::clone(&self.shared) }
                }
            }
        });
    }
    Ok(tokens)
}
