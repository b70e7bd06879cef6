//! Takes out of progenitor's calls what nothing here uses: the hooks before and after a call, and the header
//! with progenitor's own idea of a version.

use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{Expr, ImplItemFn, Stmt};

/// The variable that progenitor gathers headers in.
const HEADERS: &str = "header_map";

pub fn trim(call: &mut ImplItemFn) {
    let statements = &mut call.block.stmts;
    statements.retain(|statement| !is_unused(&text(statement)));
    // What is left are its declaration and its use, unless a parameter is a header.
    if statements.iter().filter(|statement| text(statement).contains(HEADERS)).count() <= 2 {
        statements.retain(|statement| !text(statement).starts_with("letmutheader_map="));
        WithoutHeaders.visit_block_mut(&mut call.block);
    }
}

fn is_unused(statement: &str) -> bool {
    let hooks = ["self.pre(", "self.post("];
    let version = "header_map.append(::reqwest::header::HeaderName::from_static(\"api-version\")";
    hooks.iter().any(|hook| statement.starts_with(hook)) || statement.starts_with(version)
}

/// A statement without its spaces.
fn text(statement: &Stmt) -> String {
    statement.to_token_stream().to_string().replace(char::is_whitespace, "")
}

/// Takes `.headers(header_map)` out of a chain of calls.
struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
        {
            *expression = (*call.receiver).clone();
        }
        visit_expr_mut(self, expression);
    }
}
