//! What a request takes and gives, out of progenitor's method and the document.

use crate::pipeline::document::Error;
use crate::pipeline::operations::{Body, Operation, Parameter};
use crate::pipeline::types::Types;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{FnArg, ImplItemFn, Pat, ReturnType, Type, parse_quote};

/// What progenitor's method takes and gives.
pub struct Signature {
    pub inputs: Vec<Input>,
    /// How the method's `body` argument is made of the inputs.
    pub body: Option<TokenStream>,
    /// The arguments of progenitor's method, in its order.
    pub arguments: Vec<TokenStream>,
    pub output: Type,
    /// Whether the body is the data of an image.
    pub uploads: bool,
    /// The parameter that the credential knows where the user does not set it, with its name on the wire.
    pub project: Option<(syn::Ident, String)>,
}

/// An argument or setter of a request.
pub struct Input {
    pub ident: syn::Ident,
    pub docs: String,
    pub in_path: bool,
    /// Whether it is a property of a JSON body.
    pub in_body: bool,
    /// As on the wire.
    pub wire: String,
    /// Whether the service drops all but one of several values.
    pub once: bool,
    /// Whether `Debug` leaves it out.
    pub secret: bool,
    /// Characters that the value cannot have in it.
    pub refuse: Option<String>,
    pub kind: Kind,
}

/// How an input is stored and given.
pub enum Kind {
    Required(Type),
    Optional(Type),
    /// Each call of the setter adds one.
    List(Type),
    /// Each call of the setter adds a name and a value.
    Map,
    /// Further properties of the JSON body.
    Properties,
}

/// The fields and methods that requests have beside their parameters: those of every request, those of
/// paged ones, and those that are written by hand for some.
const RESERVED: [&str; 19] = [
    "shared",
    "options",
    "send",
    "timeout",
    "read_timeout",
    "deadline",
    "retry",
    "pages",
    "items",
    "resume",
    "page_size",
    "resumed",
    "check",
    "checked",
    "clone",
    "dry_run",
    "follow",
    "in_regions",
    "newest_first",
];

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || name.starts_with("wait_for_") || name.starts_with("wait_until_")
}

impl Input {
    /// The name of the setter. One that adds a value has the singular: `tag` for `tags`, `property` for
    /// `properties`. What is required has none.
    pub fn setter(&self) -> Option<String> {
        let name = self.ident.to_string();
        match self.kind {
            Kind::Required(_) => None,
            Kind::List(_) | Kind::Map => Some(singular(&name)),
            _ => Some(name),
        }
    }
}

fn singular(plural: &str) -> String {
    if let Some(stem) = plural.strip_suffix("ies") {
        return format!("{stem}y");
    }
    // `status`, `address` and `basis` are one.
    let is_one = ["us", "ss", "is"].iter().any(|end| plural.ends_with(end));
    plural.strip_suffix('s').filter(|_| !is_one).unwrap_or(plural).to_owned()
}

impl Signature {
    pub fn read(operation: &Operation, method: &ImplItemFn, types: &Types) -> Result<Self, Error> {
        let mut inputs = Vec::new();
        let mut arguments = Vec::new();
        let mut body = None;
        let mut uploads = false;
        let mut project = None;
        for argument in &method.sig.inputs {
            let FnArg::Typed(argument) = argument else { continue };
            let Pat::Ident(pattern) = &*argument.pat else { continue };
            let ident = &pattern.ident;
            let ty = spelled(&argument.ty);
            if ident == "body" {
                let content = operation
                    .body
                    .as_ref()
                    .ok_or_else(|| Error::new("a body that the document does not describe"))?;
                body = Some(read_body(content, &argument.ty, types, &mut inputs)?);
                uploads = ty == "B";
                arguments.push(quote!(body));
                continue;
            }
            let name = ident.to_string();
            let parameter = operation
                .parameters
                .iter()
                .find(|parameter| parameter.argument == name.trim_matches('_'))
                .ok_or_else(|| Error::new(format!("parameter {name} is not in the document")))?;
            if let Some(fixed) = &parameter.fixed {
                arguments.push(quote!(#fixed));
                continue;
            }
            let ident = if parameter.ident == parameter.argument {
                ident.clone()
            } else {
                named(&parameter.ident)?
            };
            let (kind, pass) = if parameter.login {
                if project.replace((ident.clone(), parameter.name.clone())).is_some() {
                    return Err(Error::new("x-login: two parameters of one operation have it"));
                }
                (Kind::Optional(parse_quote!(String)), quote!(call.project()))
            } else {
                storage(&ty, &ident, parameter)?
            };
            arguments.push(pass);
            inputs.push(Input {
                ident,
                docs: parameter.description.clone(),
                in_path: parameter.in_path,
                in_body: false,
                wire: parameter.name.clone(),
                once: parameter.once,
                secret: parameter.secret,
                refuse: parameter.refuse.clone(),
                kind,
            });
        }
        // Arguments come in the order of the path, setters in that of the document.
        inputs.sort_by_key(|input| match input.kind {
            Kind::Required(_) => 0,
            _ => 1 + operation.parameters.iter().take_while(|p| p.name != input.wire).count(),
        });
        for (index, input) in inputs.iter().enumerate() {
            let before = &inputs[..index];
            if before.iter().any(|other| other.ident == input.ident) {
                return Err(Error::new(format!("{} is both a parameter and a field", input.ident)));
            }
            let setter = input.setter();
            if setter.is_some() && before.iter().any(|other| other.setter() == setter) {
                return Err(Error::new(format!("{} has the setter of another input", input.wire)));
            }
            // The parameter that the setter `page_size` is for may have its name.
            let pages = operation.page_size().is_some_and(|parameter| parameter == input.wire);
            if !pages
                && (is_reserved(&input.ident.to_string())
                    || setter.is_some_and(|name| is_reserved(&name)))
            {
                let message = format!("{} is the name of something that requests have", input.wire);
                return Err(Error::new(message));
            }
        }
        let output = output(&method.sig.output)?;
        Ok(Self { inputs, body, arguments, output, uploads, project })
    }
}

/// The name that a document gives to a parameter.
fn named(name: &str) -> Result<syn::Ident, Error> {
    syn::parse_str(name).map_err(|_| Error::new(format!("x-name: {name} is not a name in Rust")))
}

/// The storage of a parameter, and how it is passed on.
fn storage(
    ty: &str,
    ident: &syn::Ident,
    parameter: &Parameter,
) -> Result<(Kind, TokenStream), Error> {
    let parse = |text: &str| {
        syn::parse_str::<Type>(text).map_err(|error| Error::new(format!("type {text}: {error}")))
    };
    let text: Type =
        if parameter.scalar { parse_quote!(crate::types::Text) } else { parse_quote!(String) };
    let optional = ty.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>'));
    Ok(match (ty, optional) {
        ("&'astr", _) => (Kind::Required(text), quote!(&self.#ident)),
        (_, Some("&'astr")) => (Kind::Optional(text), quote!(self.#ident.as_deref())),
        (_, Some(inner)) => match inner.strip_prefix("&'a") {
            Some(list) if list.starts_with("::std::vec::Vec<") => (
                Kind::List(parse(
                    list.trim_start_matches("::std::vec::Vec<").trim_end_matches('>'),
                )?),
                quote!((!self.#ident.is_empty()).then_some(&self.#ident)),
            ),
            Some(map) if map.starts_with("::std::collections::BTreeMap<") => {
                (Kind::Map, quote!((!self.#ident.is_empty()).then_some(&self.#ident)))
            }
            Some(referred) => (Kind::Optional(parse(referred)?), quote!(self.#ident.as_ref())),
            None => (Kind::Optional(parse(inner)?), quote!(self.#ident.clone())),
        },
        (_, None) => match ty.strip_prefix("&'a") {
            Some(referred) => (Kind::Required(parse(referred)?), quote!(&self.#ident)),
            None => (Kind::Required(parse(ty)?), quote!(self.#ident.clone())),
        },
    })
}

/// The inputs that make up a body, and the expression that builds it.
fn read_body(
    body: &Body,
    ty: &Type,
    types: &Types,
    inputs: &mut Vec<Input>,
) -> Result<TokenStream, Error> {
    let plain = |ident: &str, kind: Kind, docs: &str| Input {
        ident: format_ident!("{ident}"),
        docs: docs.to_owned(),
        in_path: false,
        in_body: true,
        wire: ident.to_owned(),
        once: false,
        secret: false,
        refuse: None,
        kind,
    };
    if spelled(ty) == "B" {
        inputs.push(plain("body", Kind::Required(parse_quote!(crate::Body)), &body.description));
        return Ok(quote!(self.body.clone().into_reqwest()?));
    }
    let Type::Reference(reference) = ty else {
        return Err(Error::new("the body is not a reference"));
    };
    let ty = &reference.elem;
    if body.fields.is_empty() {
        inputs.push(plain("body", Kind::Required((**ty).clone()), &body.description));
        return Ok(quote!(&self.body));
    }
    let name = last_segment(ty).ok_or_else(|| Error::new("the body has no type name"))?;
    let schema = types
        .get(&name)
        .ok_or_else(|| Error::new(format!("the body {name} is not among the types")))?;
    let mut members = Vec::new();
    for field in &body.fields {
        let member = schema
            .fields
            .iter()
            .find(|member| member.wire == field.name)
            .ok_or_else(|| Error::new(format!("{name} has no field {}", field.name)))?;
        let ident = member.ident.clone();
        let ty = argument(&member.ty, "Option").unwrap_or(&member.ty);
        let kind = match (field.required, argument(ty, "Vec")) {
            (true, _) => Kind::Required(qualified(ty)),
            (false, Some(item)) => Kind::List(qualified(item)),
            (false, None)
                if argument(ty, "BTreeMap").is_some_and(|key| is_map_of_text(ty, key)) =>
            {
                Kind::Map
            }
            (false, None) => Kind::Optional(qualified(ty)),
        };
        members.push(match (&kind, argument(&member.ty, "Option")) {
            (Kind::Optional(_), Some(_)) if field.token => {
                quote!(#ident: Some(self.#ident.clone().unwrap_or_else(|| call.token())))
            }
            // A map of another kind is a field that has a default.
            (Kind::Optional(_), None) => quote!(#ident: self.#ident.clone().unwrap_or_default()),
            (Kind::List(_) | Kind::Map, Some(_)) => {
                quote!(#ident: Some(self.#ident.clone()).filter(|given| !given.is_empty()))
            }
            _ => quote!(#ident: self.#ident.clone()),
        });
        inputs.push(Input {
            ident,
            docs: field.description.clone(),
            in_path: false,
            in_body: true,
            wire: field.name.clone(),
            once: false,
            secret: field.secret,
            refuse: None,
            kind,
        });
    }
    if body.open {
        inputs.push(plain(
            "property",
            Kind::Properties,
            "Sets a custom property, one that has no method of its own.",
        ));
        members.push(quote!(extra: self.property.clone()));
    }
    if schema.answered || schema.open {
        members.push(quote!(unreadable: ::std::default::Default::default()));
    }
    Ok(quote!(&#ty { #(#members),* }))
}

/// Whether a type is a map of texts by texts.
fn is_map_of_text(ty: &Type, key: &Type) -> bool {
    let text = spelled(key);
    spelled(ty).ends_with(&format!("BTreeMap<{text},{text}>")) && text.ends_with("String")
}

/// The body type of `Result<ResponseValue<T>, _>`.
fn output(output: &ReturnType) -> Result<Type, Error> {
    let unexpected = || Error::new("an unexpected return type");
    let ReturnType::Type(_, ty) = output else { return Err(unexpected()) };
    let ty = argument(ty, "Result")
        .and_then(|ok| argument(ok, "ResponseValue"))
        .ok_or_else(unexpected)?;
    Ok(if spelled(ty) == "ByteStream" { parse_quote!(crate::ByteStream) } else { ty.clone() })
}

/// The type argument of `Wrapper<T>`, the first of them.
pub fn argument<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// A type of the module `types` as it is named from outside of it.
pub fn qualified(ty: &Type) -> Type {
    match ty {
        Type::Path(path) if path.path.segments.len() == 1 && path.path.leading_colon.is_none() => {
            let name = spelled(ty);
            match name.as_str() {
                "bool" | "i32" | "i64" | "u32" | "u64" | "f64" => ty.clone(),
                _ => parse_quote!(types::#ty),
            }
        }
        // A list or a map of them.
        Type::Path(path) => {
            let mut path = path.clone();
            for segment in &mut path.path.segments {
                if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        if let syn::GenericArgument::Type(inner) = argument {
                            *inner = qualified(inner);
                        }
                    }
                }
            }
            Type::Path(path)
        }
        _ => ty.clone(),
    }
}

pub fn last_segment(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().map(|last| last.ident.to_string())
}

/// A type as text without spaces.
fn spelled(ty: &Type) -> String {
    quote!(#ty).to_string().replace(' ', "")
}
