//! What a JSON pointer leads to in the generated types.

use super::signature::last_segment;
use crate::pipeline::document::Error;
use crate::pipeline::pagination::segments;
use crate::pipeline::types::{Field, Types};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

/// The items of a page.
pub struct Items {
    /// The type of one.
    pub item: Type,
    /// The expression of the list, if the items are one list that is always there.
    pub list: Option<TokenStream>,
    /// The expression of an iterator over the items, which takes them out of `page`.
    pub iterator: TokenStream,
}

/// The items of a page at a pointer: the elements or values of the list or map there; with `*`, of all of
/// them.
pub fn items(types: &Types, page: &Type, pointer: &str) -> Result<Items, Error> {
    let path = segments(pointer)?;
    let mut list = Some(quote!(page));
    let (iterator, item) = flatten(types, page, quote!(page), &path, &mut list)
        .map_err(|reason| mistake(pointer, reason))?;
    Ok(Items { item, list, iterator })
}

fn flatten(
    types: &Types,
    ty: &Type,
    value: TokenStream,
    path: &[String],
    list: &mut Option<TokenStream>,
) -> Result<(TokenStream, Type), &'static str> {
    let each =
        |iterator: TokenStream, inner: TokenStream| quote!(#iterator.flat_map(|value| #inner));
    if let Some([inner]) = arguments(ty, &["Option"]) {
        *list = None;
        let (inner, item) = flatten(types, inner, quote!(value), path, list)?;
        return Ok((each(quote!(#value.into_iter()), inner), item));
    }
    let entries = match (arguments(ty, &["Vec"]), arguments(ty, &["HashMap", "BTreeMap", "Map"])) {
        (Some([element]), _) => Some((quote!(#value.into_iter()), element)),
        (_, Some([_, element])) => {
            *list = None;
            Some((quote!(#value.into_values()), element))
        }
        _ => None,
    };
    match (path.split_first(), entries) {
        (None, Some((iterator, element))) => Ok((iterator, (*element).clone())),
        (None, None) => Err("not a list"),
        (Some((name, path)), Some((iterator, element))) if name == "*" => {
            *list = None;
            let (inner, item) = flatten(types, element, quote!(value), path, list)?;
            Ok((each(iterator, inner), item))
        }
        (Some((name, path)), _) => {
            let field = field(types, ty, name).ok_or("not a property")?;
            let ident = &field.ident;
            let value = quote!(#value.#ident);
            *list = list.is_some().then(|| value.clone());
            flatten(types, &field.ty, value, path, list)
        }
    }
}

/// Refuses a pointer that leads to no text or number, as far as the types say what is there.
pub fn check_scalar(types: &Types, page: &Type, pointer: &str) -> Result<(), Error> {
    let path = segments(pointer)?;
    if path.is_empty() || path.iter().any(|name| name == "*") {
        return Err(mistake(pointer, "not a pointer to a single value"));
    }
    let mut ty = page;
    let mut path = path.iter();
    loop {
        ty = match (arguments(ty, &["Option"]), last_segment(ty)) {
            (Some([inner]), _) => inner,
            (_, Some(name)) if types.contains_key(&name) => {
                let Some(name) = path.next() else {
                    return Err(mistake(pointer, "neither a text nor a number"));
                };
                &field(types, ty, name).ok_or_else(|| mistake(pointer, "not a property"))?.ty
            }
            (_, Some(name)) if name == "Vec" || name == "bool" => {
                return Err(mistake(pointer, "neither a text nor a number"));
            }
            _ => return Ok(()),
        };
    }
}

/// The expression of the text at a pointer into `item`, as an `Option<&str>`.
pub fn text(types: &Types, item: &Type, pointer: &str) -> Result<TokenStream, Error> {
    let path = segments(pointer)?;
    let [name] = &path[..] else { return Err(mistake(pointer, "not a property of an item")) };
    let field = field(types, item, name).ok_or_else(|| mistake(pointer, "not a property"))?;
    let ident = &field.ident;
    let is_text =
        |ty: &Type| last_segment(ty).is_some_and(|name| name == "String" || name == "Text");
    match arguments(&field.ty, &["Option"]) {
        Some([inner]) if is_text(inner) => Ok(quote!(item.#ident.as_deref())),
        _ if is_text(&field.ty) => Ok(quote!(Some(item.#ident.as_ref()))),
        _ => Err(mistake(pointer, "not text")),
    }
}

/// The field of a generated type that holds a property.
fn field<'a>(types: &'a Types, ty: &Type, property: &str) -> Option<&'a Field> {
    let item = types.get(&last_segment(ty)?)?;
    item.fields.iter().find(|field| field.wire == property)
}

/// The type arguments of a type of one of these names.
fn arguments<'a, const N: usize>(ty: &'a Type, names: &[&str]) -> Option<[&'a Type; N]> {
    let Type::Path(path) = ty else { return None };
    let last =
        path.path.segments.last().filter(|last| names.iter().any(|name| last.ident == *name))?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect::<Vec<_>>().try_into().ok()
}

fn mistake(pointer: &str, what: &str) -> Error {
    Error::new(format!("x-pagination: {pointer} is {what}"))
}
