//! The owned request of one operation: its struct, setters, and the way it is sent.

use super::signature::{Input, Kind, Signature};
use super::{pages, table};
use crate::pipeline::operations::Operation;
use crate::pipeline::protocol::Protocol;
use crate::pipeline::secrets;
use crate::pipeline::words::Words;
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The methods of the `<Tag>Api` that make the request: one for its name and one for each older name.
pub fn constructors(
    operation: &Operation,
    signature: &Signature,
    example: String,
    words: &Words,
) -> TokenStream {
    let name = format_ident!("{}", operation.id.to_upper_camel_case());
    let required: Vec<_> = signature
        .inputs
        .iter()
        .filter_map(|input| match &input.kind {
            Kind::Required(ty) => Some((&input.ident, ty, &input.docs)),
            _ => None,
        })
        .collect();
    let resumed = operation.pagination.is_some().then(|| quote!(resumed: None,));
    let idents: Vec<_> = required.iter().map(|(ident, ..)| ident).collect();
    let types: Vec<_> = required.iter().map(|(_, ty, _)| ty).collect();
    let others = signature.inputs.iter().filter(|input| !matches!(input.kind, Kind::Required(_)));
    let others: Vec<_> = others.map(|input| &input.ident).collect();
    let mut docs: Vec<String> = operation.docs.iter().map(|text| words.in_rust(text)).collect();
    if !required.is_empty() {
        docs.push("# Parameters".to_owned());
        let lines =
            required.iter().map(|(ident, _, text)| format!("* `{ident}`: {}", one_line(text)));
        docs.push(lines.collect::<Vec<_>>().join("\n"));
    }
    docs.push(example);
    docs.push(errors(operation));
    let docs = docs.join("\n\n");
    let names = std::iter::once(&operation.method_name).chain(&operation.aliases);
    let methods = names.enumerate().map(|(index, method)| {
        let ident = format_ident!("{method}");
        let docs = match index {
            0 => docs.clone(),
            _ => {
                format!("The same as [`{0}`](Self::{0}), by its older name.", operation.method_name)
            }
        };
        quote! {
            #[doc = #docs]
            pub fn #ident(&self #(, #idents: impl Into<#types>)*) -> requests::#name {
                requests::#name {
                    shared: ::std::sync::Arc::clone(&self.shared),
                    options: ::std::default::Default::default(),
                    #resumed
                    #(#idents: #idents.into(),)*
                    #(#others: ::std::default::Default::default(),)*
                }
            }
        }
    });
    quote!(#(#methods)*)
}

/// The section of the documentation about errors.
fn errors(operation: &Operation) -> String {
    let mut docs =
        "# Errors\n\n[`ErrorKind`](crate::ErrorKind) lists what every call may fail with."
            .to_owned();
    let mut lines = Vec::new();
    for (statuses, schema) in &operation.errors {
        let statuses = match (*statuses.start(), *statuses.end()) {
            (first, last) if first == last => first.to_string(),
            (400, 599) => "any other".to_owned(),
            (first, _) => format!("{}xx", first / 100),
        };
        lines.push(format!("* {statuses}: [`{schema}`](types::{schema})"));
    }
    if !lines.is_empty() {
        docs.push_str(
            " [`Error::body`](crate::Error::body) reads the response body of these statuses:\n\n",
        );
        docs.push_str(&lines.join("\n"));
    }
    docs
}

/// What is checked of an input before anything is sent.
fn check(input: &Input, table: &syn::Ident) -> Option<TokenStream> {
    let Kind::Required(ty) = &input.kind else { return None };
    let ty = quote!(#ty).to_string();
    if !input.in_path || matches!(ty.as_str(), "i64" | "f64" | "bool") {
        return None;
    }
    let (ident, wire) = (&input.ident, &input.wire);
    let refused = input.refuse.as_ref().map(|text| {
        quote!(crate::client::progenitor::refuse(&super::operations::#table, #wire, self.#ident.as_ref(), #text)?;)
    });
    Some(quote! {
        crate::client::check_path_segment(&super::operations::#table, #wire, self.#ident.as_ref())?;
        #refused
    })
}

/// The struct of the request, its setters, and the ways to send it.
pub fn write(operation: &Operation, signature: &Signature, words: &Words) -> TokenStream {
    let name = format_ident!("{}", operation.id.to_upper_camel_case());
    let docs = words.in_rust(&operation.docs.join("\n\n"));
    let constructor =
        format!("{}Api::{}", operation.tag.to_upper_camel_case(), operation.method_name);
    let docs = format!(
        "{docs}\n\n[`{constructor}`](super::{constructor}) makes this request. It is sent when it is \
         awaited, or by [`send`](Self::send)."
    );
    let errors = format!("Those of [`{constructor}`](super::{constructor}).");
    let fields = signature.inputs.iter().map(|input| {
        let ident = &input.ident;
        let ty = match &input.kind {
            Kind::Required(ty) => quote!(#ty),
            Kind::Optional(ty) => quote!(Option<#ty>),
            Kind::List(ty) => quote!(Vec<#ty>),
            Kind::Map => quote!(::std::collections::BTreeMap<String, String>),
            Kind::Properties => quote!(crate::types::Properties),
        };
        quote!(pub(crate) #ident: #ty)
    });
    let page_size = operation.page_size();
    let setters =
        signature.inputs.iter().filter(|input| Some(input.wire.as_str()) != page_size).map(setter);
    let method = format_ident!("{}", operation.method_name);
    let table = table::ident(operation);
    let output = &signature.output;
    let checks = signature.inputs.iter().filter_map(|input| check(input, &table));
    let names = operation.check.then(|| {
        let names = operation.parameters.iter().map(|parameter| &parameter.name);
        quote! {
            /// The parameters as on the wire.
            #[allow(dead_code)]
            pub(crate) const PARAMETERS: &[&str] = &[#(#names),*];
        }
    });
    let resumed = operation
        .pagination
        .is_some()
        .then(|| quote!(pub(crate) resumed: Option<crate::pagination::Cursor>,));
    let check_cursor = operation.pagination.is_some().then(pages::check);
    let sends_stream = signature.uploads.then(|| {
        quote! {
            fn sends_stream(&self) -> bool {
                self.body.is_stream()
            }
        }
    });
    let own_check = operation.check.then(
        || quote!(Self::check(self).map_err(|e| e.with_operation(&super::operations::#table))?;),
    );
    let checks = quote!(#check_cursor #(#checks)* #own_check);
    let check = (!checks.is_empty()).then(|| {
        quote! {
            fn check(&self) -> crate::Result<()> {
                #checks
                Ok(())
            }
        }
    });
    let project = signature.project.as_ref().map(|(ident, wire)| {
        quote! {
            fn project(&self) -> Option<(&'static str, Option<&str>)> {
                Some((#wire, self.#ident.as_deref()))
            }
        }
    });
    let (derived, debug) = debug(&name, signature);
    let refused = operation
        .body
        .iter()
        .flat_map(|body| &body.refuse)
        .map(|(path, characters)| quote!((&[#(#path),*] as &[&str], #characters)));
    let refused: Vec<_> = refused.collect();
    let refused = (!refused.is_empty()).then(|| {
        quote!(crate::client::progenitor::refuse_in(&super::operations::#table, body, &[#(#refused),*])?;)
    });
    let body = signature.body.as_ref().map(|body| quote!(let body = #body; #refused));
    let arguments = &signature.arguments;
    let built = match operation.protocol {
        Protocol::Rest => quote!(Ok(super::wire::#method(call, #(#arguments),*)?)),
        Protocol::AwsQuery => quote!(crate::client::protocol::query(call, body)),
        Protocol::AwsJson => quote!(crate::client::protocol::json(call, body)),
    };
    let (response, read) = match (operation.protocol, quote!(#output).to_string().as_str()) {
        (Protocol::AwsQuery, _) => {
            (quote!(response), quote!(response.read_as::<crate::client::format::Xml, _>()))
        }
        (Protocol::Rest, "()") => (quote!(_), quote!(Ok(()))),
        (Protocol::Rest, "crate :: ByteStream") => {
            (quote!(response), quote!(Ok(response.take_stream())))
        }
        _ => (quote!(response), quote!(response.read())),
    };
    let read = if operation.check_answer {
        quote! {
            let answer = #read?;
            self.check_answer(&answer).map_err(|error| response.refused(error))?;
            Ok(answer)
        }
    } else {
        read
    };
    quote! {
        #[doc = #docs]
        #[derive(#derived)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct #name {
            pub(crate) shared: ::std::sync::Arc<crate::client::Shared>,
            pub(crate) options: crate::client::Options,
            #resumed
            #(#fields,)*
        }

        #debug

        impl #name {
            #names

            #(#setters)*

            crate::client::call_settings!();

            /// Sends the request and returns the body with the status, the headers and the request id.
            ///
            /// # Errors
            ///
            #[doc = #errors]
            pub async fn send(self) -> crate::Result<crate::Response<#output>> {
                crate::client::send(self).await
            }
        }

        impl crate::client::Request for #name {
            fn operation(&self) -> &'static crate::operation::Operation {
                &super::operations::#table
            }

            fn shared(&self) -> &::std::sync::Arc<crate::client::Shared> {
                &self.shared
            }

            fn options(&self) -> &crate::client::Options {
                &self.options
            }

            #check
            #project
            #sends_stream

            #[allow(clippy::clone_on_copy)] // what is cloned may be a number
            fn build(&self, call: &crate::client::Call) -> crate::Result<Box<reqwest::Request>> {
                #body
                #built
            }
        }

        impl crate::client::Typed for #name {
            type Output = #output;

            fn read(&self, #response: &mut crate::client::RawResponse) -> crate::Result<#output> {
                #read
            }
        }

        impl ::std::future::IntoFuture for #name {
            type Output = crate::Result<#output>;
            type IntoFuture = crate::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                crate::client::send_for_body(self)
            }
        }
    }
}

/// What a request derives, and the `Debug` of one with a secret among its inputs.
fn debug(name: &syn::Ident, signature: &Signature) -> (TokenStream, Option<syn::Item>) {
    if !signature.inputs.iter().any(|input| input.secret) {
        return (quote!(Clone, Debug), None);
    }
    let own = [format_ident!("shared"), format_ident!("options")];
    let inputs = signature.inputs.iter().map(|input| (&input.ident, input.secret));
    let fields = own.iter().map(|ident| (ident, false)).chain(inputs);
    (quote!(Clone), Some(secrets::debug(name, fields)))
}

fn setter(input: &Input) -> TokenStream {
    let ident = &input.ident;
    let docs = &input.docs;
    match &input.kind {
        Kind::Required(_) => quote!(),
        Kind::Optional(ty) if input.once => {
            let wire = &input.wire;
            quote! {
                #[doc = #docs]
                ///
                /// Set it once: a request with two values fails with
                /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) and is not sent.
                pub fn #ident(mut self, #ident: impl Into<#ty>) -> Self {
                    if self.#ident.replace(#ident.into()).is_some() {
                        self.options.repeated = Some(#wire);
                    }
                    self
                }
            }
        }
        Kind::Optional(ty) => quote! {
            #[doc = #docs]
            pub fn #ident(mut self, #ident: impl Into<#ty>) -> Self {
                self.#ident = Some(#ident.into());
                self
            }
        },
        Kind::List(ty) => {
            let one = input.setter().map(|name| format_ident!("{name}"));
            quote! {
                #[doc = #docs]
                ///
                /// Each call adds one.
                pub fn #one(mut self, #one: impl Into<#ty>) -> Self {
                    self.#ident.push(#one.into());
                    self
                }
            }
        }
        Kind::Map => {
            let one = input.setter().map(|name| format_ident!("{name}"));
            quote! {
                #[doc = #docs]
                ///
                /// Each call adds one.
                pub fn #one(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                    self.#ident.insert(name.into(), value.into());
                    self
                }
            }
        }
        Kind::Properties => quote! {
            #[doc = #docs]
            ///
            /// Each call adds one.
            pub fn #ident(
                mut self,
                name: impl Into<crate::types::Text>,
                value: impl Into<crate::types::Property>,
            ) -> Self {
                self.#ident.insert(name, value);
                self
            }
        },
    }
}

/// The first sentence lines of a description as one line of a list.
fn one_line(text: &str) -> String {
    text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
