//! Objects that may carry properties which the document does not name.
//!
//! serde's `flatten` would buffer every field of every item; the reader written here looks at each
//! key once and keeps what it does not know. It also remembers which fields came as `null`, so that
//! a record is written as it was read.

use super::document::Error;
use super::types::{Kind, wire_name};
use quote::quote;
use syn::{Fields, Item, ItemStruct, parse_quote};

/// The most fields a record may have: one bit each tells a `null` from an absent field.
const MOST_FIELDS: usize = 64;

/// The struct with an `extra` field, and its reader and writer.
pub fn open_record(mut item: ItemStruct) -> Result<Vec<Item>, Error> {
    let name = item.ident.clone();
    let Fields::Named(fields) = &mut item.fields else {
        return Err(Error::new(format!("{name}: an open record needs named fields")));
    };
    if fields.named.len() > MOST_FIELDS {
        return Err(Error::new(format!("{name}: more than {MOST_FIELDS} fields")));
    }
    let mut entries = Vec::new();
    for (index, field) in fields.named.iter_mut().enumerate() {
        let index = index as u8;
        let wire = wire_name(field);
        if wire == "extra" {
            return Err(Error::new(format!("{name}: a field named `extra` is taken")));
        }
        let (ident, ty) = (&field.ident, &field.ty);
        let kind = Kind::of(ty);
        let class = match (kind.optional, kind.collection) {
            (true, _) => quote!(optional),
            (_, true) => quote!(list),
            _ => quote!(required),
        };
        let reader = if kind.time {
            quote!(crate::types::Time)
        } else if kind.optional {
            let inner = option_argument(ty)?;
            quote!(#inner)
        } else {
            quote!(#ty)
        };
        entries.push(quote!(#index #wire #ident #class #reader,));
        field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    }
    fields.named.push(parse_quote! {
        /// The properties that the fields above do not name.
        pub extra: crate::types::Properties
    });
    item.attrs.retain(|attribute| !attribute.path().is_ident("derive"));
    item.attrs.push(parse_quote!(#[derive(Clone, Debug, PartialEq)]));
    let serde: Item = parse_quote!(crate::types::open_record! { #name { #(#entries)* } });
    Ok(vec![Item::Struct(item), serde])
}

fn option_argument(ty: &syn::Type) -> Result<&syn::Type, Error> {
    let argument = match ty {
        syn::Type::Path(path) => path.path.segments.last().and_then(|last| match &last.arguments {
            syn::PathArguments::AngleBracketed(arguments) => arguments.args.first(),
            _ => None,
        }),
        _ => None,
    };
    match argument {
        Some(syn::GenericArgument::Type(inner)) => Ok(inner),
        _ => Err(Error::new("an Option without a type")),
    }
}
