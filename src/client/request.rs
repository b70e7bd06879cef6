//! How a request of the generated code becomes a call: it is checked, built and sent, and its response is read.

use super::attempts::in_place;
use super::beginning::Beginning;
use super::call::Call;
use super::options::Options;
use super::raw_response::RawResponse;
use super::response::Response;
use super::shared::Shared;
use crate::operation::Operation;
use crate::{BoxFuture, Result};
use std::sync::Arc;

/// A request as a call needs it. It does not name the type of the response, so the call is compiled once for all
/// operations.
pub trait Request: Send + Sync {
    fn operation(&self) -> &'static Operation;

    fn shared(&self) -> &Arc<Shared>;

    fn options(&self) -> &Options;

    /// Refuses what must not be sent.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The parameter that is a project, and its value unless that is to be the project of the credential.
    fn project(&self) -> Option<(&'static str, Option<&str>)> {
        None
    }

    /// Whether it uploads something that can be sent only once.
    fn sends_stream(&self) -> bool {
        false
    }

    /// The request as HTTP has it, anew for each attempt.
    fn build(&self, call: &Call) -> Result<Box<reqwest::Request>>;
}

/// A request whose response has a type.
pub trait Typed: Request {
    type Output;

    /// Reads the body of a success.
    fn read(&self, response: &mut RawResponse) -> Result<Self::Output>;
}

/// Sends a request, and gives its body with what came along with it.
pub(crate) async fn send<R: Typed>(request: R) -> Result<Response<R::Output>> {
    let mut response = exchange(&request, None).await?;
    let body = request.read(&mut response)?;
    Ok(response.with_body(body))
}

/// Sends a request, and gives its body alone.
pub(crate) fn send_for_body<R: Typed + 'static>(
    request: R,
) -> BoxFuture<'static, Result<R::Output>> {
    Box::pin(async move {
        let mut response = exchange(&request, None).await?;
        request.read(&mut response)
    })
}

/// Sends a request, and gives its response unread. Its beginning can be seen before.
pub(crate) fn send_for_response(
    request: Box<dyn Request>,
    beginning: Option<Beginning>,
) -> BoxFuture<'static, Result<RawResponse>> {
    Box::pin(async move { exchange(&*request, beginning).await })
}

/// The call of a request.
fn exchange(
    request: &dyn Request,
    beginning: Option<Beginning>,
) -> BoxFuture<'_, Result<RawResponse>> {
    in_place(|| async move {
        request.check()?;
        let operation = request.operation();
        let mut call = request.shared().begin(operation, request.options()).await?;
        if let Some((parameter, project)) = request.project() {
            call.project = call.project_id(parameter, project).await?;
        }
        call.sends_stream = request.sends_stream();
        call.beginning = beginning;
        call.execute(&|call| request.build(call).map(|request| *request)).await
    })
}
