//! What users call: one `<Tag>Api` per tag, one owned request per operation.
//!
//! The signatures come from progenitor's own methods, everything else from the document.

mod example;
mod pages;
mod request;
mod signature;
mod table;

use super::document::{Document, Error};
use super::operations::Operation;
use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use signature::Signature;
use std::collections::BTreeMap;
use syn::{ImplItem, ImplItemFn, Item};

/// The structs of the generated types by name.
pub type Structs<'a> = BTreeMap<String, &'a syn::ItemStruct>;

/// The items to add to the generated file.
pub fn write(
    file: &syn::File,
    operations: &[Operation],
    document: &Document,
    api: &str,
) -> Result<Vec<Item>, Error> {
    let methods = methods(file);
    let structs = structs(file);
    let mut requests = Vec::new();
    for operation in operations {
        let method = methods
            .get(&operation.method_name)
            .ok_or_else(|| Error::at(&operation.id, "progenitor made no method of it"))?;
        let signature = Signature::read(operation, method, &structs)
            .map_err(|error| Error::at(&operation.id, error))?;
        requests.push(request::write(operation, &signature));
        if let Some(pagination) = &operation.pagination {
            let pages = pages::write(operation, pagination, &signature, &structs)
                .map_err(|error| Error::at(&operation.id, error))?;
            requests.push(pages);
        }
    }
    let apis = apis(operations, &methods, &structs, document, api)?;
    let tables = operations.iter().map(|operation| table::write(operation, api));
    let readers = readers(operations, &methods, &structs)?;
    let error_bodies = table::error_bodies(operations, &structs)?;
    let tokens = quote! {
        #apis
        /// The requests of the operations, each named after its operation.
        pub mod requests {
            use super::types;
            #(#requests)*
        }
        mod operations {
            use crate::operation::Operation;
            #(#tables)*
        }
        #error_bodies
        #readers
    };
    let file: syn::File = syn::parse2(tokens).map_err(Error::new)?;
    Ok(file.items)
}

/// What reads the answer of each operation, for the fuzz target that gives them any bytes.
fn readers(
    operations: &[Operation],
    methods: &BTreeMap<String, &ImplItemFn>,
    structs: &Structs,
) -> Result<TokenStream, Error> {
    let mut readers = Vec::new();
    for operation in operations.iter().filter(|operation| !operation.streams) {
        let signature = Signature::read(operation, methods[&operation.method_name], structs)
            .map_err(|error| Error::at(&operation.id, error))?;
        let (table, output) = (table::ident(operation), &signature.output);
        if quote!(#output).to_string() != "()" {
            readers.push(quote!(crate::fuzzing::Reader::of::<#output>(&operations::#table)));
        }
    }
    Ok(quote! {
        #[cfg(any(fuzzing, test))]
        pub(crate) const READERS: &[crate::fuzzing::Reader] = &[#(#readers),*];
    })
}

/// The methods of the generated client by name.
fn methods(file: &syn::File) -> BTreeMap<String, &ImplItemFn> {
    let mut methods = BTreeMap::new();
    for item in &file.items {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
        {
            for member in &item.items {
                if let ImplItem::Fn(function) = member {
                    methods.insert(function.sig.ident.to_string(), function);
                }
            }
        }
    }
    methods
}

fn structs(file: &syn::File) -> Structs<'_> {
    let mut structs = BTreeMap::new();
    for item in &file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &module.content
        {
            for item in items {
                if let Item::Struct(item) = item {
                    structs.insert(item.ident.to_string(), item);
                }
            }
        }
    }
    structs
}

/// The `<Tag>Api` structs and the methods of `Client` that give them.
fn apis(
    operations: &[Operation],
    methods: &BTreeMap<String, &ImplItemFn>,
    structs: &Structs,
    document: &Document,
    api_name: &str,
) -> Result<TokenStream, Error> {
    let mut tags: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations {
        tags.entry(&operation.tag).or_default().push(operation);
    }
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
            let method = methods
                .get(&operation.method_name)
                .ok_or_else(|| Error::at(&operation.id, "progenitor made no method of it"))?;
            let signature = Signature::read(operation, method, structs)
                .map_err(|error| Error::at(&operation.id, error))?;
            let example = example::write(operation, &signature, document, api_name);
            constructors.push(request::constructors(operation, &signature, example));
        }
        let accessor_docs = format!("The operations of [`{api}`].");
        tokens.extend(quote! {
            #[doc = #description]
            ///
            /// Cheap to clone: a clone is one reference count.
            #[derive(Clone, Debug)]
            pub struct #api {
                pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
            }

            impl #api {
                #(#constructors)*
            }

            impl super::Client {
                #[doc = #accessor_docs]
                #[must_use]
                pub fn #accessor(&self) -> #api {
                    #api { shared: ::std::sync::Arc::clone(&self.shared) }
                }
            }
        });
    }
    Ok(tokens)
}
