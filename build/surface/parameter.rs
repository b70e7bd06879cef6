//! The parameters of a list that say which page it is, and how large.

use super::signature::{Kind, Signature, last_segment};
use crate::pipeline::document::Error;
use proc_macro2::TokenStream;
use quote::quote;

/// An optional parameter of the request.
pub struct Parameter<'a> {
    pub ident: &'a syn::Ident,
    pub wire: &'a str,
    pub value: Value,
}

pub enum Value {
    Text,
    /// A whole number, with the name of its type.
    Integer(String),
    Flag,
}

impl<'a> Parameter<'a> {
    pub fn of(signature: &'a Signature, name: &str) -> Result<Self, Error> {
        let input = signature.inputs.iter().find(|input| input.wire == name);
        let input = input.ok_or_else(|| mistake(name, "not a parameter"))?;
        let ty = match &input.kind {
            Kind::Optional(ty) => last_segment(ty).unwrap_or_default(),
            _ => String::new(),
        };
        let value = match ty.as_str() {
            "String" | "Text" => Value::Text,
            "i32" | "i64" | "u32" | "u64" => Value::Integer(ty),
            "bool" => Value::Flag,
            _ => return Err(mistake(name, "not optional text, whole number or boolean")),
        };
        Ok(Self { ident: &input.ident, wire: &input.wire, value })
    }

    /// The parameter that carries the position.
    pub fn position(signature: &'a Signature, name: &str) -> Result<Self, Error> {
        let parameter = Self::of(signature, name)?;
        match parameter.value {
            Value::Flag => Err(mistake(name, "not optional text or whole number")),
            _ => Ok(parameter),
        }
    }

    /// Its value as an `Option<String>`.
    pub fn read(&self) -> TokenStream {
        let ident = self.ident;
        quote!(self.#ident.as_ref().map(::std::string::ToString::to_string))
    }

    /// Sets it to an `Option<&str>`.
    pub fn write(&self, value: TokenStream) -> TokenStream {
        let ident = self.ident;
        match self.value {
            Value::Text => quote!(self.#ident = #value.map(::std::convert::Into::into);),
            _ => quote!(self.#ident = #value.and_then(|number| number.parse().ok());),
        }
    }
}

pub fn mistake(name: &str, what: &str) -> Error {
    Error::new(format!("x-pagination: {name} is {what}"))
}
