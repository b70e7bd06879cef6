//! What several services have in common.

use crate::Result;
use crate::catalog::{Field, Image, Query};
use futures_core::Stream;
use futures_util::{StreamExt, future, stream};

/// The images of a list in which each stands for several.
pub(super) fn flattened<T, S>(
    found: impl Stream<Item = Result<T>> + Send + 'static,
    rows: fn(T) -> S,
) -> impl Stream<Item = Result<Image>> + Send + 'static
where
    T: 'static,
    S: Stream<Item = Result<Image>> + Send + 'static,
{
    found.flat_map(move |found| match found {
        Ok(found) => rows(found).left_stream(),
        Err(error) => stream::once(future::ready(Err(error))).right_stream(),
    })
}

/// What a request shows, if the service has it.
pub(super) async fn shown<T>(request: impl IntoFuture<Output = Result<T>>) -> Result<Option<T>> {
    match request.await {
        Ok(shown) => Ok(Some(shown)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// An image once for each copy that a region has of it, or once without a region if none is named.
pub(super) fn in_regions<C>(
    image: Image,
    copies: &[C],
    placed: fn(Image, &C) -> Image,
) -> impl Stream<Item = Result<Image>> + Send + use<C> {
    let rows: Vec<_> = match copies {
        [] => vec![Ok(image)],
        copies => copies.iter().map(|copy| Ok(placed(image.clone(), copy))).collect(),
    };
    stream::iter(rows)
}

/// The only value that the images must have in a field.
pub(super) fn single(query: &Query, field: Field) -> Option<String> {
    let mut values = query.exact(field)?;
    if values.len() == 1 { values.pop() } else { None }
}

/// Whether a query may be answered by images of this visibility.
pub(super) fn admits(query: &Query, visibility: &str) -> bool {
    let wanted = query.exact(Field::Visibility);
    wanted.is_none_or(|wanted| wanted.iter().any(|one| one == visibility))
}
