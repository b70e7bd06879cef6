//! Adapts the methods that progenitor wrote: of each call, the part that builds the request is left, as a function. What
//! sends a request and reads its response is the same for all, and written by hand.

use crate::pipeline::document::Error;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{
    Expr, ExprLit, ExprMacro, ExprMethodCall, FnArg, ImplItemFn, ItemFn, Lit, Local, LocalInit,
    Pat, Stmt, Token, parse_quote,
};

/// The variable that progenitor gathers headers in.
const HEADERS: &str = "header_map";

/// The function that builds the request of a method; `None` for a method that makes no request.
pub fn adapt(method: &ImplItemFn) -> Result<Option<ItemFn>, Error> {
    if method.sig.asyncness.is_none() {
        return Ok(None);
    }
    let ImplItemFn { sig, block, .. } = method;
    let mut function: ItemFn = parse_quote!(pub(super) #sig #block);
    if let Some(name) = ["call", "request"].iter().find(|name| has_parameter(method, name)) {
        let message =
            format!("{name} is the name of something in the function that builds the request");
        return Err(Error::new(message).within(&method.sig.ident));
    }
    let statements = &mut function.block.stmts;
    statements.retain(|statement| !is_version(&text(statement)));
    build_only(statements).map_err(|error| error.within(&method.sig.ident))?;
    at_endpoint(statements).map_err(|error| error.within(&method.sig.ident))?;
    // What is left are its declaration and its use, unless a parameter is a header.
    if statements.iter().filter(|statement| text(statement).contains(HEADERS)).count() <= 2 {
        statements.retain(|statement| !text(statement).starts_with("letmutheader_map="));
        WithoutHeaders.visit_block_mut(&mut function.block);
    }
    query_at_once(&mut function.block.stmts);
    WithoutClient.visit_block_mut(&mut function.block);
    let signature = &mut function.sig;
    signature.asyncness = None;
    signature.output = parse_quote!(-> Result<Box<reqwest::Request>, progenitor_client::Error>);
    if let Some(receiver @ FnArg::Receiver(_)) = signature.inputs.first_mut() {
        *receiver = parse_quote!(call: &crate::client::Call);
    }
    Ok(Some(function))
}

fn has_parameter(method: &ImplItemFn, name: &str) -> bool {
    method.sig.inputs.iter().any(|input| {
        matches!(input, FnArg::Typed(input) if matches!(&*input.pat, Pat::Ident(pattern) if pattern.ident == name))
    })
}

/// Leaves the statements that build the request.
fn build_only(statements: &mut Vec<Stmt>) -> Result<(), Error> {
    let built = statements.iter().position(|statement| text(statement).starts_with("letinfo="));
    statements.truncate(built.ok_or_else(|| without("let info"))?);
    statements.push(Stmt::Expr(parse_quote!(Ok(request)), None));
    Ok(())
}

/// Puts the path behind the endpoint of the call. Progenitor puts it behind its own base URL.
fn at_endpoint(statements: &mut [Stmt]) -> Result<(), Error> {
    let path = statements.iter().position(|statement| text(statement).starts_with("leturl="));
    let path = path.ok_or_else(|| without("let url"))?;
    let written = path_of(&statements[path]).ok_or_else(|| {
        Error::new("progenitor wrote a path that is not a `format!` of encoded parameters behind its base URL")
    })?;
    statements[path] = parse_quote!(let url = call.url(&#written)?;);
    Ok(())
}

/// The path of `let url = format!("{}/path/{}", self.baseurl, encode_path(&parameter.to_string()));`.
fn path_of(statement: &Stmt) -> Option<Expr> {
    let Stmt::Local(Local { init: Some(LocalInit { expr, .. }), .. }) = statement else {
        return None;
    };
    let Expr::Macro(ExprMacro { mac, .. }) = &**expr else { return None };
    if !mac.path.is_ident("format") {
        return None;
    }
    let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
    let mut arguments = parse.parse2(mac.tokens.clone()).ok()?.into_iter();
    let Expr::Lit(ExprLit { lit: Lit::Str(template), .. }) = arguments.next()? else { return None };
    let template = template.value();
    let path = template.strip_prefix("{}")?;
    if arguments.next()?.to_token_stream().to_string().replace(' ', "") != "self.baseurl" {
        return None;
    }
    let parameters = arguments.map(|argument| displayed(&argument)).collect::<Option<Vec<_>>>()?;
    if path.matches("{}").count() != parameters.len() {
        return None;
    }
    Some(parse_quote!(progenitor_client::path(#path, &[#(&#parameters),*])))
}

/// The `x` of `encode_path(&x.to_string())`.
fn displayed(argument: &Expr) -> Option<Expr> {
    let Expr::Call(call) = argument else { return None };
    let Expr::Reference(text) = call.args.first()? else { return None };
    let Expr::MethodCall(text) = &*text.expr else { return None };
    let is_encoded = call.func.to_token_stream().to_string() == "encode_path";
    (is_encoded && text.method == "to_string").then(|| (*text.receiver).clone())
}

fn without(statement: &str) -> Error {
    Error::new(format!("progenitor wrote a call without `{statement}`"))
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

/// The header with progenitor's own idea of a version.
fn is_version(statement: &str) -> bool {
    let version = "header_map.append(::reqwest::header::HeaderName::from_static(\"api-version\")";
    statement.starts_with(version)
}

/// A statement without its spaces.
fn text(statement: &Stmt) -> String {
    statement.to_token_stream().to_string().replace(char::is_whitespace, "")
}

/// Builds the request without an HTTP client.
struct WithoutClient;

impl VisitMut for WithoutClient {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if expression.to_token_stream().to_string() == "self . client" {
            *expression = parse_quote!(progenitor_client::Http);
        }
        if let Expr::MethodCall(call) = expression
            && let Some(media_type) = accepted(call)
        {
            call.method = parse_quote!(accept);
            call.args = [media_type].into_iter().collect();
        }
        visit_expr_mut(self, expression);
    }
}

/// The `x` of `.header(ACCEPT, HeaderValue::from_static(x))`.
fn accepted(call: &ExprMethodCall) -> Option<Expr> {
    let name = call.args.first().filter(|_| call.method == "header")?;
    let Expr::Call(value) = call.args.get(1)? else { return None };
    let is = |part: &dyn ToTokens, end: &str| {
        part.to_token_stream().to_string().replace(' ', "").ends_with(end)
    };
    let is_static = is(name, "::ACCEPT") && is(&value.func, "::from_static");
    value.args.first().filter(|_| is_static).cloned()
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
