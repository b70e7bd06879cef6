//! Adapts the calls that progenitor wrote. What nothing here uses goes out: the hooks before and after a call, and
//! the header with progenitor's own idea of a version. The path is put behind the endpoint of the call, and all query
//! parameters are added at once.

use crate::pipeline::document::Error;
use quote::{ToTokens, quote};
use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{Expr, ExprMethodCall, ImplItemFn, Stmt, parse_quote};

/// The variable that progenitor gathers headers in.
const HEADERS: &str = "header_map";

pub fn adapt(call: &mut ImplItemFn) -> Result<(), Error> {
    let statements = &mut call.block.stmts;
    statements.retain(|statement| !is_unused(&text(statement)));
    // What is left are its declaration and its use, unless a parameter is a header.
    if statements.iter().filter(|statement| text(statement).contains(HEADERS)).count() <= 2 {
        statements.retain(|statement| !text(statement).starts_with("letmutheader_map="));
        WithoutHeaders.visit_block_mut(&mut call.block);
    }
    if call.sig.asyncness.is_some() {
        at_endpoint(&mut call.block.stmts).map_err(|error| error.within(&call.sig.ident))?;
        query_at_once(&mut call.block.stmts);
    }
    Ok(())
}

/// Puts the path behind the endpoint, after progenitor has put it behind its own base URL, which is empty.
fn at_endpoint(statements: &mut Vec<Stmt>) -> Result<(), Error> {
    let path = statements.iter().position(|statement| text(statement).starts_with("leturl="));
    let path = path.ok_or_else(|| Error::new("progenitor wrote a call without `let url`"))?;
    statements.insert(path + 1, parse_quote!(let url = self.inner.url(&url)?;));
    Ok(())
}

/// Moves the query parameters out of the chain that builds a request, where each costs a pass over the URL
/// even if it is not set, into one call after it.
fn query_at_once(statements: &mut Vec<Stmt>) {
    let mut query = WithoutQuery::default();
    let built = statements.iter_mut().position(|statement| {
        query.visit_stmt_mut(statement);
        !query.parameters.is_empty()
    });
    if let Some(built) = built {
        let parameters = query.parameters.iter().rev().map(|(name, value)| quote!((#name, #value)));
        let append = parse_quote! {
            progenitor_client::append_query(request.url_mut(), &[#(#parameters),*]);
        };
        statements.insert(built + 1, append);
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

/// Takes `.query(&progenitor_client::QueryParam::new(name, &value))` out of a chain of calls.
#[derive(Default)]
struct WithoutQuery {
    /// Names and values, the last first.
    parameters: Vec<(Expr, Expr)>,
}

impl VisitMut for WithoutQuery {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        while let Expr::MethodCall(call) = expression
            && let Some(parameter) = query_parameter(call)
        {
            self.parameters.push(parameter);
            *expression = (*call.receiver).clone();
        }
        visit_expr_mut(self, expression);
    }
}

fn query_parameter(call: &ExprMethodCall) -> Option<(Expr, Expr)> {
    let argument = call.args.first().filter(|_| call.method == "query")?;
    let Expr::Reference(parameter) = argument else { return None };
    let Expr::Call(parameter) = &*parameter.expr else { return None };
    let mut parts = parameter.args.iter().cloned();
    Some((parts.next()?, parts.next()?))
}
