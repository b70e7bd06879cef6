//! Where values are put: a field, or the end of a list.

/// A value is put right into its place. If it were returned, each layer of the reader would move it.
pub(crate) trait Place {
    type Item;

    fn put(&mut self, item: Self::Item);

    /// Removes what an earlier value left in a field.
    fn clear(&mut self);

    /// The item that was put last.
    fn last(&mut self) -> Option<&mut Self::Item>;
}

impl<T> Place for Option<T> {
    type Item = T;

    fn put(&mut self, item: T) {
        *self = Some(item);
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn last(&mut self) -> Option<&mut T> {
        self.as_mut()
    }
}

impl<T> Place for Vec<T> {
    type Item = T;

    fn put(&mut self, item: T) {
        self.push(item);
    }

    fn clear(&mut self) {}

    fn last(&mut self) -> Option<&mut T> {
        self.last_mut()
    }
}
