//! Streams of pages and items, as `x-pagination` declares them.

use super::parameter::{Parameter, Value, mistake};
use super::signature::{Kind, Signature, qualified};
use super::{pointer, rules};
use crate::pipeline::document::Error;
use crate::pipeline::operations::Operation;
use crate::pipeline::pagination::{Next, PageSize, Pagination, Positions};
use crate::pipeline::types::Types;
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The methods of a request that make streams, and its `Paged`.
pub fn write(
    operation: &Operation,
    pagination: &Pagination,
    signature: &Signature,
    types: &Types,
) -> Result<TokenStream, Error> {
    pagination.check()?;
    let name = format_ident!("{}", operation.id.to_upper_camel_case());
    let page = &signature.output;
    let items = pointer::items(types, page, &pagination.items)?;
    let item = qualified(&items.item);
    let iterator = &items.iterator;
    let into_items = match &items.list {
        Some(list) => quote!(#list),
        None => quote!(#iterator.collect()),
    };
    let ids = ids(pagination, types, &items)?;
    let position = match &pagination.parameter {
        Some(parameter) => Some(Parameter::position(signature, parameter)?),
        None => None,
    };
    let rules = rules::write(operation, pagination, position.as_ref(), types, page)?;
    let size = match &pagination.page_size {
        Some(size) => Some(page_size(signature, size)?),
        None => None,
    };
    let (setter, size_methods) = size.unwrap_or_default();
    let fill = pagination
        .size_makes_pages()
        .then(|| quote!(crate::pagination::Paged::fill_page_size(&mut self);));
    let (forwards, moves) = match &pagination.forwards {
        Some(parameter) => forwards(&Parameter::of(signature, parameter)?)?,
        None => (quote!(), quote!()),
    };
    let (get, set) = match &position {
        Some(position) => (position.read(), position.write(quote!(position))),
        None => (quote!(None), quote!()),
    };
    let resumed = position.as_ref().map(|position| position.write(quote!(cursor.value())));
    let fingerprint = fingerprint(pagination, signature);
    let extent = extent(pagination, signature);
    Ok(quote! {
        impl #name {
            #setter

            /// Streams the pages: each element is the body of one response. See [`crate::pagination`].
            ///
            #[doc = #extent]
            pub fn pages(self) -> crate::pagination::Pages<#page> {
                crate::pagination::Pages::new(self)
            }

            /// Streams the items of all pages. See [`crate::pagination`].
            ///
            #[doc = #extent]
            pub fn items(self) -> crate::pagination::Items<#item> {
                crate::pagination::Items::new(self)
            }

            /// Continues at the position of an earlier stream of the same request.
            ///
            /// If the cursor belongs to a request with other parameters, this one fails with
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) and is not sent. Awaiting the
            /// request, instead of streaming, returns the whole page at that position.
            #[allow(unused_mut)]
            pub fn resume(mut self, cursor: crate::pagination::Cursor) -> Self {
                #fill
                #resumed
                self.resumed = Some(cursor);
                self
            }
        }

        impl crate::pagination::Paged for #name {
            type Page = #page;
            type Item = #item;
            const RULES: crate::pagination::Rules = #rules;

            fn resumed(&self) -> Option<&crate::pagination::Cursor> {
                self.resumed.as_ref()
            }

            fn position(&self) -> Option<String> {
                #get
            }

            fn fingerprint(&self) -> u64 {
                #fingerprint
            }

            #[allow(unused_mut, unused_variables)]
            fn at(mut self, position: Option<&str>) -> Self {
                self.resumed = None;
                #set
                #forwards
                self
            }

            #moves
            #size_methods

            fn send_for_response(
                self,
                beginning: ::std::option::Option<crate::client::Beginning>,
            ) -> crate::BoxFuture<'static, crate::Result<crate::client::RawResponse>> {
                crate::client::send_for_response(::std::boxed::Box::new(self), beginning)
            }

            fn read(&self, response: &mut crate::client::RawResponse) -> crate::Result<Self::Page> {
                crate::client::Typed::read(self, response)
            }

            fn into_items(page: Self::Page) -> Vec<Self::Item> {
                #into_items
            }

            #ids
        }
    })
}

/// Where a stream starts and how large its pages are, for the documentation.
fn extent(pagination: &Pagination, signature: &Signature) -> String {
    if matches!(pagination.next, Next::None) {
        return "The service sends the whole list in one response.".to_owned();
    }
    let start = "Starts at the first page, or where [`resume`](Self::resume) says.";
    let Some(PageSize { max: Some(max), unless, .. }) = &pagination.page_size else {
        return start.to_owned();
    };
    let unless = unless.as_ref().and_then(|name| {
        let input = signature.inputs.iter().find(|input| input.wire == *name)?;
        Some(format!(" or [`{0}`](Self::{0})", input.setter()?))
    });
    let unless = unless.unwrap_or_default();
    format!(
        "{start} Requests {max} items per page, unless [`page_size`](Self::page_size){unless} is set."
    )
}

/// What a paged request checks before it is sent.
pub fn check() -> TokenStream {
    quote! {
        if let Some(cursor) = &self.resumed {
            let fingerprint = crate::pagination::Paged::fingerprint(self);
            cursor.check(&<Self as crate::pagination::Paged>::RULES, fingerprint)?;
        }
    }
}

/// The list and the ids of its items, where these are positions.
fn ids(
    pagination: &Pagination,
    types: &Types,
    items: &pointer::Items,
) -> Result<TokenStream, Error> {
    let Some(Positions::ItemIds(at)) = &pagination.positions else { return Ok(quote!()) };
    let id = pointer::text(types, &items.item, at)?;
    let list = items.list.as_ref().ok_or_else(|| {
        let message =
            "where positions are ids of items, the items are one list that is always there";
        Error::new(format!("x-pagination: {message}"))
    })?;
    Ok(quote! {
        fn identify(page: &mut Self::Page, see: &mut dyn FnMut(&mut dyn crate::pagination::Identified)) {
            see(&mut crate::pagination::ById(&mut #list, <Self as crate::pagination::Paged>::id));
        }

        fn id(item: &Self::Item) -> Option<&str> {
            #id
        }
    })
}

/// The setter of the page size, and the methods of `Paged` about it.
fn page_size(signature: &Signature, size: &PageSize) -> Result<(TokenStream, TokenStream), Error> {
    let Parameter { ident, wire, value } = Parameter::position(signature, &size.parameter)?;
    let (min, max) = (size.min, size.max.unwrap_or(u32::MAX));
    let range = match size.max {
        Some(max) => format!("from {min} to {max}. A value outside this range is clamped to it"),
        None if min > 0 => format!("at least {min}. A smaller value counts as {min}"),
        None => "any number".to_owned(),
    };
    let docs = format!(
        "Items per page, {range}.\n\nSets `{wire}` of the service. It limits a page, not the whole list."
    );
    let of = |items: TokenStream| match &value {
        Value::Text => quote!(#items.to_string()),
        Value::Integer(ty) if ty == "i32" => quote!(i32::try_from(#items).unwrap_or(i32::MAX)),
        _ => quote!(#items.into()),
    };
    let set = of(quote!(items.clamp(#min, #max)));
    let setter = quote! {
        #[doc = #docs]
        pub fn page_size(mut self, items: u32) -> Self {
            self.#ident = Some(#set);
            self
        }
    };
    let asked = match &value {
        Value::Text => quote!(self.#ident.as_ref().and_then(|items| items.parse().ok())),
        _ => quote!(self.#ident.and_then(|items| items.try_into().ok())),
    };
    let unless = match &size.unless {
        Some(name) => {
            let input = signature.inputs.iter().find(|input| input.wire == *name);
            let list = input.filter(|input| matches!(input.kind, Kind::List(_)));
            Some(&list.ok_or_else(|| mistake(name, "not a list parameter"))?.ident)
        }
        None => None,
    };
    let fill = size.max.map(|max| {
        let max = of(quote!(#max));
        let fill = quote!(self.#ident.get_or_insert_with(|| #max););
        let fill = match &unless {
            Some(list) => quote!(if self.#list.is_empty() { #fill }),
            None => fill,
        };
        quote! {
            fn fill_page_size(&mut self) {
                #fill
            }
        }
    });
    let methods = quote! {
        #fill

        fn asked_size(&self) -> Option<u64> {
            #asked
        }
    };
    Ok((setter, methods))
}

/// What makes a request for a page one that leads forwards, and says whether the page without a position
/// is the newest one.
fn forwards(parameter: &Parameter) -> Result<(TokenStream, TokenStream), Error> {
    let Parameter { ident, wire, value } = parameter;
    if !matches!(value, Value::Flag) {
        return Err(mistake(wire, "not an optional parameter of type bool"));
    }
    let at = quote! {
        // A position of the way forward only counts together with the direction.
        if position.is_some() {
            self.#ident = Some(true);
        }
        self.#ident.get_or_insert(true);
    };
    let moves = quote! {
        fn start_moves(&self) -> bool {
            self.#ident == Some(false)
        }
    };
    Ok((at, moves))
}

/// The hash of all parameters that tell one list from another.
fn fingerprint(pagination: &Pagination, signature: &Signature) -> TokenStream {
    let size = pagination.page_size.as_ref().filter(|_| !pagination.size_makes_pages());
    let others =
        [&pagination.parameter, &pagination.forwards, &size.map(|size| size.parameter.clone())];
    let others: Vec<&str> = others.into_iter().flatten().map(String::as_str).collect();
    let adds = signature.inputs.iter().filter(|input| !others.contains(&input.wire.as_str())).map(
        |input| {
            let (ident, wire) = (&input.ident, &input.wire);
            if input.in_body {
                quote!(fingerprint.add_json(#wire, &self.#ident);)
            } else {
                quote!(fingerprint.add(#wire, &self.#ident);)
            }
        },
    );
    quote! {
        #[allow(unused_mut)]
        let mut fingerprint = crate::pagination::Fingerprint::default();
        #(#adds)*
        fingerprint.finish()
    }
}
