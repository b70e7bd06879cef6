//! Looks things up in generated code.

use quote::ToTokens;
use syn::{ImplItem, Item};

pub struct Code(syn::File);

impl Code {
    pub fn parse(text: &str) -> Self {
        Self(syn::parse_file(text).unwrap())
    }

    /// The whole as text without spaces.
    pub fn text(&self) -> String {
        spelled(&self.0)
    }

    /// The items at the top or in a module.
    pub fn items(&self, module: &str) -> &[Item] {
        if module.is_empty() {
            return &self.0.items;
        }
        let found = self.0.items.iter().find_map(|item| match item {
            Item::Mod(item) if item.ident == module => item.content.as_ref(),
            _ => None,
        });
        &found.unwrap_or_else(|| panic!("no module {module}")).1
    }

    /// The names of the methods of a type, in order.
    pub fn methods(&self, module: &str, ty: &str) -> Vec<String> {
        self.functions(module, ty).iter().map(|function| function.sig.ident.to_string()).collect()
    }

    /// The signature and body of a method, without spaces.
    pub fn method(&self, module: &str, ty: &str, method: &str) -> String {
        let functions = self.functions(module, ty);
        let found = functions.iter().find(|function| function.sig.ident == method);
        spelled(found.unwrap_or_else(|| panic!("{ty} has no method {method}")))
    }

    fn functions(&self, module: &str, ty: &str) -> Vec<&syn::ImplItemFn> {
        let mut functions = Vec::new();
        for item in self.items(module) {
            if let Item::Impl(item) = item
                && spelled(&item.self_ty) == ty
            {
                functions.extend(item.items.iter().filter_map(|member| match member {
                    ImplItem::Fn(function) => Some(function),
                    _ => None,
                }));
            }
        }
        functions
    }
}

fn spelled(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace([' ', '\n'], "")
}
