//! How a list goes on, as the client reads it.

use super::parameter::{Parameter, Value};
use super::{pointer, table};
use crate::pipeline::document::Error;
use crate::pipeline::operations::Operation;
use crate::pipeline::pagination::{End, Next, Pagination, Until, segments};
use crate::pipeline::types::Types;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The `Rules` of the operation: where the position of the next page is, and when the list ends.
pub fn write(
    operation: &Operation,
    pagination: &Pagination,
    position: Option<&Parameter>,
    types: &Types,
    page: &syn::Type,
) -> Result<TokenStream, Error> {
    let pointer = |text: &str| -> Result<TokenStream, Error> {
        let segments = segments(text)?;
        Ok(quote!(&[#(#segments),*]))
    };
    let scalar = |text: &str| -> Result<TokenStream, Error> {
        pointer::check_scalar(types, page, text)?;
        pointer(text)
    };
    let until = |until: &Until| -> Result<TokenStream, Error> {
        Ok(match until {
            Until::Pages(at) => {
                let at = scalar(at)?;
                quote!(crate::pagination::Until::Pages(#at))
            }
            Until::Total(at) => {
                let at = scalar(at)?;
                quote!(crate::pagination::Until::Total(#at))
            }
            Until::EmptyPage => quote!(crate::pagination::Until::EmptyPage),
            Until::ShortPage => quote!(crate::pagination::Until::ShortPage),
        })
    };
    let next = match &pagination.next {
        Next::None => quote!(None),
        Next::Token(at) => {
            let at = scalar(at)?;
            quote!(Token(#at))
        }
        Next::Link(link) => {
            let take = &link.take;
            match (&link.at, &link.header, &link.rel) {
                (Some(at), ..) => {
                    let at = scalar(at)?;
                    quote!(Link { at: #at, take: #take })
                }
                (None, Some(name), Some(rel)) => {
                    quote!(Header { name: #name, rel: #rel, take: #take })
                }
                _ => return Err(Error::new("x-pagination: a link without a place")),
            }
        }
        Next::Page(page) => match (&page.more, &page.until) {
            (Some(at), _) => {
                let at = scalar(at)?;
                quote!(PageAt(#at))
            }
            (None, Some(end)) => {
                let until = until(end)?;
                quote!(Page(#until))
            }
            (None, None) => return Err(Error::new("x-pagination: page numbers without an end")),
        },
        Next::Offset(offset) => {
            let until = until(&offset.until)?;
            quote!(Offset(#until))
        }
        Next::Item(item) => {
            let (at, until) = (pointer(&item.at)?, until(&item.until)?);
            quote!(Item(#at, #until))
        }
    };
    let end = match pagination.end {
        Some(End::RepeatedToken) => quote!(RepeatedToken),
        _ => quote!(Absent),
    };
    let largest = match position.map(|position| &position.value) {
        Some(Value::Integer(ty)) => {
            let ty = format_ident!("{ty}");
            quote!(Some(#ty::MAX as u64))
        }
        _ => quote!(None),
    };
    let table = table::ident(operation);
    let items = pointer(&pagination.items)?;
    Ok(quote! {
        crate::pagination::Rules {
            operation: &super::operations::#table,
            items: #items,
            next: crate::pagination::Next::#next,
            end: crate::pagination::End::#end,
            largest: #largest,
        }
    })
}
