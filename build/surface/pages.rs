//! Streams of pages and items, as `x-pagination` declares them.

use super::signature::{Kind, Signature, argument, last_segment, qualified};
use super::table;
use crate::pipeline::document::Error;
use crate::pipeline::operations::{End, Operation, Pagination, Style};
use crate::pipeline::types::{Field, Types};
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

pub fn write(
    operation: &Operation,
    pagination: &Pagination,
    signature: &Signature,
    types: &Types,
) -> Result<TokenStream, Error> {
    let name = format_ident!("{}", operation.id.to_upper_camel_case());
    let page = &signature.output;
    let items = field(types, page, &pagination.items)?;
    let next = field(types, page, &pagination.response)?;
    let item = argument(&items.ty, "Vec").ok_or_else(|| mistake(&pagination.items, "no list"))?;
    if argument(&next.ty, "Option").is_none_or(|text| !is_text(text)) {
        return Err(mistake(&pagination.response, "no optional string"));
    }
    let marker = match &pagination.item_marker {
        Some(marker) => {
            let field = field(types, item, marker)?;
            if !is_text(&field.ty) {
                return Err(mistake(marker, "no required string"));
            }
            let ident = &field.ident;
            quote!(Some(item.#ident.as_ref()))
        }
        None => quote!(None),
    };
    let item = qualified(item);
    let (items, next) = (&items.ident, &next.ident);
    let position = input(signature, &pagination.request, "String")?;
    let (forwards, moves) = match &pagination.forwards {
        Some(parameter) => forwards(input(signature, parameter, "bool")?),
        None => (quote!(), quote!(false)),
    };

    let style = match pagination.style {
        Style::Token => quote!(Token),
        Style::Link => quote!(Link),
    };
    let end = match pagination.end {
        End::NoToken => quote!(NoToken),
        End::RepeatedToken => quote!(RepeatedToken),
    };
    let (parameter, response) = (&pagination.request, &pagination.response);
    let (page_size, fill) = match &pagination.page_size {
        Some(parameter) => page_size(signature, parameter, pagination.max_page_size)?,
        None if pagination.max_page_size.is_some() => {
            return Err(Error::new("x-pagination: max-page-size without page-size"));
        }
        None => (quote!(), quote!()),
    };
    let table = table::ident(operation);
    Ok(quote! {
        impl #name {
            #page_size

            /// All pages, from the first or from where [`resume`](Self::resume) says, as a stream.
            ///
            /// Each element is the body of one exchange; see [`crate::pagination`].
            pub fn pages(self) -> crate::pagination::Pages<#page> {
                crate::pagination::Pages::new(self)
            }

            /// All items of all pages as a stream; see [`crate::pagination`].
            ///
            /// Asks for the largest pages that the service allows, unless a size was set.
            pub fn items(self) -> crate::pagination::Items<#item> {
                crate::pagination::Items::new(self)
            }

            /// Goes on from the position that an earlier stream of the same request had.
            ///
            /// Awaiting the request then gives the whole page at that position.
            pub fn resume(mut self, cursor: crate::pagination::Cursor) -> Self {
                self.#position = cursor.position().map(::std::convert::Into::into);
                self.resumed = Some(cursor);
                self
            }
        }

        impl crate::pagination::Paged for #name {
            type Page = #page;
            type Item = #item;
            const RULES: crate::pagination::Rules = crate::pagination::Rules {
                operation: &super::operations::#table,
                parameter: #parameter,
                response: #response,
                style: crate::pagination::Style::#style,
                end: crate::pagination::End::#end,
            };

            fn start(&self) -> (Option<&crate::pagination::Cursor>, Option<&str>) {
                (self.resumed.as_ref(), self.#position.as_deref())
            }

            fn at(mut self, position: Option<&str>) -> Self {
                self.#position = position.map(::std::convert::Into::into);
                #forwards
                self
            }

            fn on_body(mut self, on_body: crate::client::OnBody) -> Self {
                self.options.on_body = Some(on_body);
                self
            }

            fn start_moves(&self) -> bool {
                #moves
            }

            fn fill_pages(&mut self) {
                #fill
            }

            fn fetch(self) -> crate::BoxFuture<'static, crate::Result<Self::Page>> {
                ::std::future::IntoFuture::into_future(self)
            }

            fn next(page: &Self::Page) -> Option<&str> {
                page.#next.as_deref()
            }

            fn items_of(page: &mut Self::Page) -> &mut Vec<Self::Item> {
                &mut page.#items
            }

            fn into_items(page: Self::Page) -> Vec<Self::Item> {
                page.#items
            }

            #[allow(unused_variables)]
            fn marker(item: &Self::Item) -> Option<&str> {
                #marker
            }
        }
    })
}

/// The setter of the page size, and what sets the largest.
fn page_size(
    signature: &Signature,
    parameter: &str,
    most: Option<u32>,
) -> Result<(TokenStream, TokenStream), Error> {
    let ident = input(signature, parameter, "i64")?;
    let missing = "x-pagination: page-size without max-page-size";
    let most = most.ok_or_else(|| Error::new(missing))?;
    let docs = format!(
        "How many items a page holds: 1 to {most}; more is cut to {most}, and 0 is taken for 1.\n\n\
         The parameter `{parameter}` of the service. It sets the size of a page, not a total."
    );
    let setter = quote! {
        #[doc = #docs]
        pub fn page_size(mut self, items: u32) -> Self {
            self.#ident = Some(items.clamp(1, #most).into());
            self
        }
    };
    Ok((setter, quote!(self.#ident.get_or_insert(#most.into());)))
}

/// What makes a request for a page one that leads forwards, and whether the page without a position is
/// the newest one.
fn forwards(ident: &syn::Ident) -> (TokenStream, TokenStream) {
    let at = quote! {
        // A position of the way forward only counts together with the direction.
        if position.is_some() {
            self.#ident = Some(true);
        }
        self.#ident.get_or_insert(true);
    };
    (at, quote!(self.#ident == Some(false)))
}

/// The field of the request that holds a parameter of a type.
fn input<'a>(
    signature: &'a Signature,
    parameter: &str,
    wanted: &str,
) -> Result<&'a syn::Ident, Error> {
    let input = signature.inputs.iter().find(|input| input.wire == parameter);
    let input = input.ok_or_else(|| mistake(parameter, "no parameter"))?;
    match &input.kind {
        Kind::Optional(ty) if last_segment(ty).is_some_and(|name| name == wanted) => {
            Ok(&input.ident)
        }
        _ => Err(mistake(parameter, &format!("no optional parameter of type {wanted}"))),
    }
}

/// The field of a generated type that holds a property.
fn field<'a>(types: &'a Types, ty: &syn::Type, property: &str) -> Result<&'a Field, Error> {
    last_segment(ty)
        .and_then(|name| types.get(&name))
        .and_then(|item| item.fields.iter().find(|field| field.wire == property))
        .ok_or_else(|| mistake(property, "no property"))
}

fn is_text(ty: &syn::Type) -> bool {
    last_segment(ty).is_some_and(|name| name == "String" || name == "Text")
}

fn mistake(name: &str, what: &str) -> Error {
    Error::new(format!("x-pagination: {name} is {what}"))
}
