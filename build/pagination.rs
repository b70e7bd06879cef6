//! `x-pagination`: how a list is read as pages and items.

use super::document::Error;
use serde::Deserialize;

/// The extension as it stands in the document.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pagination {
    /// A JSON pointer to the list or map of items; `*` stands for every element or value.
    pub items: String,
    pub next: Next,
    /// The parameter that carries the position: of the query, or a property of the request body.
    #[serde(default, deserialize_with = "parameter")]
    pub parameter: Option<String>,
    pub positions: Option<Positions>,
    pub page_size: Option<PageSize>,
    pub end: Option<End>,
    /// The boolean query parameter without which the first page is the newest one: `true` leads from
    /// the first item to the last.
    pub forwards: Option<String>,
}

/// Where the next position comes from.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// There is one answer.
    None,
    /// A pointer to a text or number.
    Token(String),
    Link(Link),
    Page(Page),
    Offset(Offset),
    /// A value of the last item.
    Item(Item),
}

/// A query parameter of a URL in the body or in a header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// A pointer to the URL.
    pub at: Option<String>,
    pub header: Option<String>,
    /// The relation of the link in the header.
    pub rel: Option<String>,
    pub take: String,
}

/// Page numbers, from 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// A pointer to the number of the next page.
    pub more: Option<String>,
    pub until: Option<Until>,
}

/// Numbers of items, from 0.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offset {
    pub until: Until,
}

/// A value of the last item, at this pointer in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub at: String,
    pub until: Until,
}

/// What the last page is known by.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    Pages(String),
    Total(String),
    EmptyPage,
    ShortPage,
}

/// What a position is.
#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Positions {
    Opaque,
    /// The id of an item, at this pointer in the item.
    ItemIds(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSize {
    #[serde(deserialize_with = "required_parameter")]
    pub parameter: String,
    #[serde(default = "one")]
    pub min: u32,
    pub max: Option<u32>,
    /// A list parameter beside which the service takes no page size.
    pub unless: Option<String>,
}

/// The name of a query parameter, or the place of a property in the request body.
#[derive(Deserialize)]
#[serde(untagged)]
enum Place {
    Query(String),
    Body { body: String },
}

/// The name of a parameter. A request has its query parameters and the properties of its body as inputs of
/// different names, so the name is enough.
fn required_parameter<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    use serde::de::Error as _;
    match Place::deserialize(deserializer)? {
        Place::Query(name) => Ok(name),
        Place::Body { body } => match segments(&body).as_deref() {
            Ok([name]) => Ok(name.clone()),
            _ => Err(D::Error::custom(format!("{body:?} is not a property of the request body"))),
        },
    }
}

fn parameter<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    required_parameter(deserializer).map(Some)
}

fn one() -> u32 {
    1
}

/// What ends the pages, besides a position that is absent or empty.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    Absent,
    RepeatedToken,
}

impl Pagination {
    /// Refuses what does not go together, so that nothing in it is ignored.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |message: &str| Err(Error::new(format!("x-pagination: {message}")));
        if matches!(self.next, Next::None) {
            let others = [
                ("parameter", self.parameter.is_some()),
                ("positions", self.positions.is_some()),
                ("page-size", self.page_size.is_some()),
                ("end", self.end.is_some()),
                ("forwards", self.forwards.is_some()),
            ];
            return match others.into_iter().find(|(_, present)| *present) {
                Some((name, _)) => refuse(&format!(
                    "{name} needs another `next` than none: a list of one page has no position"
                )),
                None => Ok(()),
            };
        }
        if self.parameter.is_none() {
            return refuse("`parameter` is missing: name the parameter that takes the position");
        }
        if let Next::Link(link) = &self.next {
            let header = (link.header.is_some(), link.rel.is_some());
            if !matches!(
                (link.at.is_some(), header),
                (true, (false, false)) | (false, (true, true))
            ) {
                return refuse("a link needs either `at`, or `header` and `rel`");
            }
        }
        if let Next::Page(page) = &self.next
            && page.more.is_some() == page.until.is_some()
        {
            return refuse("page needs either `more` or `until`");
        }
        let until = match &self.next {
            Next::Page(page) => page.until.as_ref(),
            Next::Offset(offset) => Some(&offset.until),
            Next::Item(item) => Some(&item.until),
            _ => None,
        };
        if matches!(until, Some(Until::ShortPage)) && self.page_size.is_none() {
            return refuse("`short-page` needs a `page-size`");
        }
        if let Next::Item(item) = &self.next
            && !matches!(item.until, Until::EmptyPage | Until::ShortPage)
        {
            return refuse(
                "a list that goes on from its last item ends with an empty or a short page",
            );
        }
        if self.positions.is_some() && matches!(self.next, Next::Page(_) | Next::Offset(_)) {
            return refuse(
                "positions that are counted are neither opaque nor item-ids: leave out `positions`",
            );
        }
        if self.end == Some(End::RepeatedToken) && !matches!(self.next, Next::Token(_)) {
            return refuse(
                "only a token can be a repeated-token: leave out `end`, or use `next: token`",
            );
        }
        if self.page_size.as_ref().is_some_and(|size| size.max.is_some_and(|max| max < size.min)) {
            return refuse("the max of the page-size is less than its min");
        }
        Ok(())
    }

    /// Whether a position stands for other items when the page size is another one: it does, unless it is
    /// the id of an item.
    pub fn size_makes_pages(&self) -> bool {
        self.page_size.is_some() && !matches!(self.positions, Some(Positions::ItemIds(_)))
    }
}

/// The segments of a JSON pointer (RFC 6901).
pub fn segments(pointer: &str) -> Result<Vec<String>, Error> {
    let mistake = || Error::new(format!("x-pagination: {pointer:?} is not a JSON pointer"));
    let Some(rest) = pointer.strip_prefix('/') else {
        return if pointer.is_empty() { Ok(Vec::new()) } else { Err(mistake()) };
    };
    rest.split('/')
        .map(|segment| {
            let escapes = segment.matches('~').count();
            if escapes != segment.matches("~0").count() + segment.matches("~1").count() {
                return Err(mistake());
            }
            Ok(segment.replace("~1", "/").replace("~0", "~"))
        })
        .collect()
}
