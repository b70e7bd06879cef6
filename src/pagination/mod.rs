//! Lists that come in pages, as streams.
//!
//! A request of a paged operation has `pages()` and `items()`. [`Pages`] gives the bodies of the
//! exchanges one by one, [`Items`] what is in them. Both hold one page at a time, whatever the size of
//! the catalogue, and both go on after an error: the page that failed is asked for again with the next
//! poll, so nothing is lost and nothing comes twice.
//!
//! A [`Cursor`] is the position of a stream. It can be stored with serde and given to the same request
//! later, in this process or another:
//!
//! ```
//! # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let request = images.list_images("AVAILABLE").region("us-east-1");
//! let mut stream = request.clone().items();
//! let first = stream.try_next().await?;
//! let cursor = stream.cursor();
//!
//! let mut rest = request.resume(cursor).items();
//! let second = rest.try_next().await?;
//! # Ok(()) }
//! ```
//!
//! What a cursor is worth when the list has changed meanwhile is said at [`Cursor`].
//!
//! `prefetch(n)` fetches up to `n` pages ahead while the consumer works on an earlier one.
//!
//! Where positions are ids of items, as on OpenStack, the item that the stream stands at may be deleted
//! meanwhile. The stream then goes back to one before it, and leaves out what it gave already.
//!
//! The end of a list is a page without a token or link. An empty page with a token is not the end:
//! ParallelCluster filters after it pages. A position that comes again is
//! [`ErrorKind::PaginationLoop`], except for log events, which end so.

mod cursor;
mod fetcher;
mod marker_recovery;
mod next_hint;
mod prefetch;
mod stream;

pub use cursor::Cursor;
pub use stream::{Items, Pages};

use crate::client::OnBody;
use crate::operation::Operation;
use crate::{BoxFuture, Error, ErrorKind, Result};
use url::form_urlencoded;

/// A request whose answer comes in pages. Implemented by the generated requests.
pub(crate) trait Paged: Clone + Send + Sync + 'static {
    type Page: Send + 'static;
    type Item: Send + 'static;
    const RULES: Rules;

    /// Where the user wants to start: by a cursor, or by a position of their own.
    fn start(&self) -> (Option<&Cursor>, Option<&str>);
    /// The same request for another position.
    fn at(self, position: Option<&str>) -> Self;
    /// The same request, whose page is shown to a function before it is decoded.
    fn on_body(self, on_body: OnBody) -> Self;
    /// Asks for the largest pages, if the user set no size.
    fn fill_pages(&mut self);
    /// Whether the page without a position is the newest one, which is another when the list has grown.
    fn start_moves(&self) -> bool {
        false
    }
    fn fetch(self) -> BoxFuture<'static, Result<Self::Page>>;
    fn next(page: &Self::Page) -> Option<&str>;
    fn items_of(page: &mut Self::Page) -> &mut Vec<Self::Item>;
    fn into_items(page: Self::Page) -> Vec<Self::Item>;
    /// The position right after an item, where the service can start there.
    fn marker(item: &Self::Item) -> Option<&str>;
}

/// `x-pagination` of the documents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub operation: &'static Operation,
    /// The query parameter that carries the position.
    pub parameter: &'static str,
    /// The property of a page that says where the next one is.
    pub response: &'static str,
    pub style: Style,
    pub end: End,
}

/// What a page says about the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A token, to be sent back as it is.
    Token,
    /// A link, of which only the position is taken: the user's own query is sent again. Real Glance
    /// drops repeated parameters from its links, and a link may lead to another host.
    Link,
}

/// What ends the pages, besides a position that is absent or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    NoToken,
    /// The same token again.
    RepeatedToken,
}

impl Rules {
    /// The position of the next page out of what a page says.
    pub(crate) fn position(&self, said: Option<&str>) -> Result<Option<String>> {
        let Some(said) = said.filter(|said| !said.is_empty()) else { return Ok(None) };
        match self.style {
            Style::Token => Ok(Some(said.to_owned())),
            Style::Link => {
                let link = said.split('#').next().unwrap_or_default();
                let query = link.split_once('?').map_or("", |(_, query)| query);
                form_urlencoded::parse(query.as_bytes())
                    .find(|(name, value)| name == self.parameter && !value.is_empty())
                    .map(|(_, value)| Some(value.into_owned()))
                    .ok_or_else(|| {
                        let message =
                            format!("the link to the next page has no {}", self.parameter);
                        Error::new(ErrorKind::Decode, message).with_operation(self.operation)
                    })
            }
        }
    }
}
