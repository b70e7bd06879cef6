//! Objects of answers: a reader that takes what can be read, and a writer.
//!
//! The reader looks at each key once. What the document does not name it keeps where the schema is
//! open; serde's `flatten` would buffer every field of every item for that. A value that is not what the
//! document says is preserved as it came and does not fail the object.

use super::document::Error;
use super::types::{Field, Kind};
use quote::quote;
use syn::{Fields, Item, ItemStruct, Meta, Path, Token, Type, parse_quote};

/// The most fields an open record may have: one bit each tells a `null` from an absent field.
const MOST_FIELDS: usize = 64;

/// The struct with the fields `extra` and `unreadable`, and its reader and writer.
pub fn record(
    mut item: ItemStruct,
    described: &[Field],
    open: bool,
    answered: bool,
) -> Result<Vec<Item>, Error> {
    let name = item.ident.clone();
    let Fields::Named(fields) = &mut item.fields else {
        return Err(Error::new(format!("{name}: a record needs named fields")));
    };
    let most = if open { MOST_FIELDS } else { usize::from(u8::MAX) };
    if described.len() > most {
        return Err(Error::new(format!("{name}: more than {most} fields")));
    }
    let (mut entries, mut others) = (Vec::new(), Vec::new());
    for (index, field) in described.iter().enumerate() {
        let index = index as u8;
        let Field { ident, wire, also, ty, .. } = field;
        if ident == "extra" || ident == "unreadable" {
            return Err(Error::new(format!(
                "{name}: a field named `{ident}` is taken: use x-name"
            )));
        }
        let kind = Kind::of(ty);
        let class = match (kind.optional, kind.collection, field.required) {
            (true, ..) => quote!(optional),
            (_, true, true) => quote!(required_list),
            (_, true, false) if field.listed => quote!(listed),
            (_, true, false) => quote!(list),
            _ => quote!(required),
        };
        let read = if kind.optional { argument(ty)? } else { ty };
        let target = if field.one_or_many { quote!(one_or_many) } else { quote!(field) };
        let entry = quote!(#ident #class #target #read,);
        entries.push(quote!(#index #wire #entry));
        others.extend(also.iter().map(|other| quote!(#index #other #entry)));
    }
    for field in &mut fields.named {
        field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    }
    if open {
        fields.named.push(parse_quote! {
            /// The custom properties: those that have no field of their own.
            pub extra: crate::types::Properties
        });
    }
    if answered || open {
        fields.named.push(parse_quote! {
            /// The values of an unexpected type that the service sent, by field name. The fields themselves are
            /// then `None` or empty. Normally there are none.
            pub unreadable: crate::types::Unreadable
        });
    }
    item.attrs.iter_mut().for_each(underive_serde);
    let read_only = described.iter().filter(|field| field.read_only).map(|field| &field.wire);
    let properties: Option<Item> = open.then(|| {
        parse_quote! {
            impl #name {
                /// The properties to copy to another object of this kind, by JSON name: all fields that have a
                /// value, except those that only the service sets, and all custom properties.
                #[must_use]
                pub fn properties(&self) -> crate::types::Properties {
                    crate::types::properties_of(self, &[#(#read_only),*])
                }
            }
        }
    });
    let record = if open { quote!(open_record) } else { quote!(closed_record) };
    let others = (!others.is_empty()).then(|| quote!(also { #(#others)* }));
    let serde: Item = parse_quote!(crate::types::#record! { #name { #(#entries)* } #others });
    Ok([Item::Struct(item), serde].into_iter().chain(properties).collect())
}

/// What a derive is of, without serde's traits.
fn underive_serde(attribute: &mut syn::Attribute) {
    let Meta::List(list) = &attribute.meta else { return };
    if !list.path.is_ident("derive") {
        return;
    }
    let parser = syn::punctuated::Punctuated::<Path, Token![,]>::parse_terminated;
    if let Ok(derived) = list.parse_args_with(parser) {
        let others = derived
            .iter()
            .filter(|path| path.segments.first().is_none_or(|first| first.ident != "serde"));
        *attribute = parse_quote!(#[derive(#(#others),*)]);
    }
}

/// The `T` of `Option<T>`.
fn argument(ty: &Type) -> Result<&Type, Error> {
    let argument = match ty {
        Type::Path(path) => path.path.segments.last().and_then(|last| match &last.arguments {
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
