//! Lists without a network, paged in every way that a document can declare.

use super::FUZZED;
use crate::client::{Beginning, RawResponse};
use crate::pagination::{ById, Cursor, End, Fingerprint, Identified, Next, Paged, Rules, Until};
use crate::redact::Secrets;
use crate::{BoxFuture, Result};
use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use std::marker::PhantomData;
use std::sync::Arc;

/// How a service pages.
pub(super) trait Kind: Clone + Send + Sync + 'static {
    const NEXT: Next;
    const END: End = End::Absent;
    /// Whether positions are ids of items.
    const IDS: bool = false;
}

/// What is done for a kind.
pub(super) trait Visitor: Sized {
    type Output;
    fn visit<K: Kind>(self) -> Self::Output;
}

macro_rules! kinds {
    ($($(#[$docs:meta])* $name:ident: $next:expr $(, $constant:ident = $value:expr)?;)*) => {
        $(
            $(#[$docs])*
            #[derive(Clone)]
            pub(super) struct $name;

            impl Kind for $name {
                const NEXT: Next = $next;
                $(const $constant: kinds!(@$constant) = $value;)?
            }
        )*

        pub(super) const KINDS: usize = [$(stringify!($name)),*].len();

        /// Visits the kind of a number.
        pub(super) fn visit<V: Visitor>(number: usize, visitor: V) -> V::Output {
            let kinds: [fn(V) -> V::Output; KINDS] = [$(V::visit::<$name>),*];
            kinds[number % KINDS](visitor)
        }
    };
    (@END) => { End };
    (@IDS) => { bool };
}

const NEXT: &[&str] = &["next"];
const NUMBER: &[&str] = &["meta", "number"];

kinds! {
    /// As ParallelCluster's lists.
    Tokens: Next::Token(NEXT);
    /// As its log events.
    Repeated: Next::Token(NEXT), END = End::RepeatedToken;
    /// As Glance.
    Ids: Next::Link { at: NEXT, take: "marker" }, IDS = true;
    Links: Next::Link { at: NEXT, take: "marker" };
    Headers: Next::Header { name: "link", rel: "next", take: "marker" };
    Numbers: Next::PageAt(NUMBER);
    Pages: Next::Page(Until::Pages(NUMBER));
    PagesByTotal: Next::Page(Until::Total(NUMBER));
    PagesToEmpty: Next::Page(Until::EmptyPage);
    PagesToShort: Next::Page(Until::ShortPage);
    OffsetsByTotal: Next::Offset(Until::Total(NUMBER));
    OffsetsToEmpty: Next::Offset(Until::EmptyPage);
    OffsetsToShort: Next::Offset(Until::ShortPage);
}

/// What a service answers, and how often the future of it is pending before that.
pub(super) struct Answer {
    pub pending: usize,
    pub outcome: Result<(HeaderMap, Bytes)>,
}

/// Answers a request for a position.
pub(super) type Service = Arc<dyn Fn(Option<&str>) -> Answer + Send + Sync>;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    items: Vec<String>,
}

#[derive(Clone)]
pub(super) struct List<K> {
    service: Service,
    size: Option<u64>,
    cursor: Option<Cursor>,
    position: Option<String>,
    kind: PhantomData<K>,
}

impl<K: Kind> List<K> {
    /// `size` is the page size that the requests ask for.
    pub fn new(service: &Service, size: Option<u64>, cursor: Option<Cursor>) -> Self {
        let position = cursor.as_ref().and_then(Cursor::value).map(str::to_owned);
        Self { service: Arc::clone(service), size, cursor, position, kind: PhantomData }
    }
}

impl<K: Kind> Paged for List<K> {
    type Page = Page;
    type Item = String;
    const RULES: Rules =
        Rules { operation: &FUZZED, items: &["items"], next: K::NEXT, end: K::END, largest: None };

    fn resumed(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    fn position(&self) -> Option<String> {
        self.position.clone()
    }

    fn fingerprint(&self) -> u64 {
        Fingerprint::default().finish()
    }

    fn at(mut self, position: Option<&str>) -> Self {
        self.position = position.map(str::to_owned);
        self
    }

    fn asked_size(&self) -> Option<u64> {
        self.size
    }

    fn send_for_response(
        self,
        beginning: Option<Beginning>,
    ) -> BoxFuture<'static, Result<RawResponse>> {
        Box::pin(async move {
            let answer = (self.service)(self.position.as_deref());
            if let (Some(beginning), Ok((headers, body))) = (beginning, &answer.outcome) {
                beginning.note(headers, &body.slice(..body.len() / 2));
            }
            for _ in 0..answer.pending {
                tokio::task::yield_now().await;
            }
            let (headers, body) = answer.outcome?;
            Ok(RawResponse::fuzzed(&FUZZED, headers, body, Secrets::default()))
        })
    }

    fn read(&self, response: &mut RawResponse) -> Result<Page> {
        response.read_derived()
    }

    fn into_items(page: Page) -> Vec<String> {
        page.items
    }

    fn identify(page: &mut Page, see: &mut dyn FnMut(&mut dyn Identified)) {
        if K::IDS {
            see(&mut ById(&mut page.items, Self::id));
        }
    }

    fn id(item: &String) -> Option<&str> {
        K::IDS.then_some(item)
    }
}
