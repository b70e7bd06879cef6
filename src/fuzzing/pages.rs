//! Paged lists without a network.

use crate::client::OnBody;
use crate::operation::FUZZED;
use crate::pagination::{Cursor, End, Paged, Rules, Style};
use crate::{BoxFuture, Result};
use std::marker::PhantomData;
use std::sync::Arc;

/// How a service pages.
pub(super) trait Kind: Clone + Send + Sync + 'static {
    const STYLE: Style;
    const END: End = End::NoToken;
}

/// As ParallelCluster's lists.
#[derive(Clone)]
pub(super) struct Tokens;

impl Kind for Tokens {
    const STYLE: Style = Style::Token;
}

/// As its log events.
#[derive(Clone)]
pub(super) struct Repeated;

impl Kind for Repeated {
    const STYLE: Style = Style::Token;
    const END: End = End::RepeatedToken;
}

/// As Glance.
#[derive(Clone)]
pub(super) struct Links;

impl Kind for Links {
    const STYLE: Style = Style::Link;
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub items: Vec<String>,
    pub next: Option<String>,
}

/// Gives the page at a position, and how often its future is pending before that.
pub(super) type Service = Arc<dyn Fn(Option<&str>) -> (usize, Result<Page>) + Send + Sync>;

#[derive(Clone)]
pub(super) struct List<K> {
    service: Service,
    cursor: Option<Cursor>,
    position: Option<String>,
    kind: PhantomData<K>,
}

impl<K: Kind> List<K> {
    pub fn new(service: &Service, cursor: Option<Cursor>) -> Self {
        let position = cursor.as_ref().and_then(Cursor::position).map(str::to_owned);
        Self { service: Arc::clone(service), cursor, position, kind: PhantomData }
    }
}

impl<K: Kind> Paged for List<K> {
    type Page = Page;
    type Item = String;
    const RULES: Rules = Rules {
        operation: &FUZZED,
        parameter: "marker",
        response: "next",
        style: K::STYLE,
        end: K::END,
    };

    fn start(&self) -> (Option<&Cursor>, Option<&str>) {
        (self.cursor.as_ref(), self.position.as_deref())
    }

    fn at(mut self, position: Option<&str>) -> Self {
        self.position = position.map(str::to_owned);
        self
    }

    fn on_body(self, _: OnBody) -> Self {
        self
    }

    fn fill_pages(&mut self) {}

    fn fetch(self) -> BoxFuture<'static, Result<Page>> {
        Box::pin(async move {
            if let Some(cursor) = &self.cursor {
                cursor.check(&FUZZED)?;
            }
            let (pending, page) = (self.service)(self.position.as_deref());
            for _ in 0..pending {
                tokio::task::yield_now().await;
            }
            page
        })
    }

    fn next(page: &Page) -> Option<&str> {
        page.next.as_deref()
    }

    fn items_of(page: &mut Page) -> &mut Vec<String> {
        &mut page.items
    }

    fn into_items(page: Page) -> Vec<String> {
        page.items
    }

    fn marker(item: &String) -> Option<&str> {
        (K::STYLE == Style::Link).then_some(item)
    }
}
