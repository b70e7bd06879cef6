//! Requests that are made of another operation's, as `x-related` declares them.

use super::signature::{Input, Kind, Signature};
use crate::pipeline::document::Error;
use crate::pipeline::operations::Operation;
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::BTreeMap;

/// The conversions of one operation's request into those of the operations that it is related to.
///
/// What both have in common is taken over, and so are the settings of the call; all else is left out.
pub fn write(
    operation: &Operation,
    operations: &[Operation],
    signatures: &BTreeMap<&str, Signature>,
) -> Result<TokenStream, Error> {
    let name = format_ident!("{}", operation.id.to_upper_camel_case());
    let Some(from) = signatures.get(operation.id.as_str()) else { return Ok(TokenStream::new()) };
    let mut tokens = TokenStream::new();
    for related in &operation.related {
        let to = signatures
            .get(related.as_str())
            .ok_or_else(|| Error::new(format!("x-related: there is no operation {related}")))?;
        let target = format_ident!("{}", related.to_upper_camel_case());
        let mut fields = Vec::new();
        for input in &to.inputs {
            let ident = &input.ident;
            let common = from.inputs.iter().find(|other| is_same(other, input));
            fields.push(match (common, &input.kind) {
                (Some(_), _) => quote!(#ident: request.#ident.clone()),
                (None, Kind::Required(_)) => {
                    return Err(Error::new(format!(
                        "x-related: {related} requires {ident}, which this operation does not have"
                    )));
                }
                (None, _) => quote!(#ident: ::std::default::Default::default()),
            });
        }
        let paged = operations.iter().any(|other| other.id == *related && other.pagination.is_some());
        let resumed = paged.then(|| quote!(resumed: None,));
        tokens.extend(quote! {
            impl From<&#name> for #target {
                fn from(request: &#name) -> Self {
                    Self {
                        shared: ::std::sync::Arc::clone(&request.shared),
                        options: request.options.clone(),
                        #(#fields,)*
                        #resumed
                    }
                }
            }
        });
    }
    Ok(tokens)
}

fn is_same(one: &Input, other: &Input) -> bool {
    let spelled = |kind: &Kind| match kind {
        Kind::Required(ty) => format!("{}", quote!(#ty)),
        Kind::Optional(ty) => format!("optional {}", quote!(#ty)),
        Kind::List(ty) => format!("list {}", quote!(#ty)),
        Kind::Map => "map".to_owned(),
        Kind::Properties => "properties".to_owned(),
    };
    one.ident == other.ident && spelled(&one.kind) == spelled(&other.kind)
}
