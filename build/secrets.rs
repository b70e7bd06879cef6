//! Properties that the document marks `x-secret`: `Debug` leaves their values out.

use proc_macro2::Ident;
use quote::quote;
use syn::{Attribute, Fields, Item, ItemStruct, Meta, Path, Token, parse_quote};

/// A `Debug` that shows all fields but the values of the secret ones.
pub fn debug<'a>(name: &Ident, fields: impl IntoIterator<Item = (&'a Ident, bool)>) -> Item {
    let shown = fields.into_iter().map(|(ident, secret)| {
        let label = ident.to_string();
        match secret {
            true => quote!(.field(#label, &format_args!("[redacted]"))),
            false => quote!(.field(#label, &self.#ident)),
        }
    });
    let label = name.to_string();
    parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#label)#(#shown)*.finish()
            }
        }
    }
}

/// The same for a struct that derives its `Debug` so far.
pub fn instead_of_derived(item: &mut ItemStruct, secret: &[Ident]) -> Item {
    item.attrs.iter_mut().for_each(underive_debug);
    let idents: Vec<&Ident> = match &item.fields {
        Fields::Named(fields) => fields.named.iter().filter_map(|f| f.ident.as_ref()).collect(),
        _ => Vec::new(),
    };
    debug(&item.ident, idents.into_iter().map(|ident| (ident, secret.contains(ident))))
}

fn underive_debug(attribute: &mut Attribute) {
    let Meta::List(list) = &attribute.meta else { return };
    if !list.path.is_ident("derive") {
        return;
    }
    let parser = syn::punctuated::Punctuated::<Path, Token![,]>::parse_terminated;
    if let Ok(derived) = list.parse_args_with(parser) {
        let others = derived.iter().filter(|path| !path.is_ident("Debug"));
        *attribute = parse_quote!(#[derive(#(#others),*)]);
    }
}
