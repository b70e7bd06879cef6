//! Refuses lists that the service would answer with wrong rows.

use super::requests::ListImages;
use super::types::{ImageStatus, SortKey};
use crate::{Error, ErrorKind, Result};

impl ListImages {
    pub(crate) fn check(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidRequest, message));
        // The service ignores all but the last of two equal parameters.
        if let Some(name) =
            self.properties.keys().find(|name| Self::PARAMETERS.contains(&name.as_str()))
        {
            return refuse(format!(
                "{name} is not a custom property, but a parameter with a method of its own: call that instead"
            ));
        }
        if self.sort.is_some() && (self.sort_key.is_some() || self.sort_dir.is_some()) {
            return refuse(
                "sort cannot be combined with sort_key and sort_dir: use one or the other"
                    .to_owned(),
            );
        }
        let has_size = self.size_min.is_some()
            || self.size_max.is_some()
            || self.status == Some(ImageStatus::Active);
        // The first page is right: only the way on from an image without a size is not.
        if self.marker.is_some() && self.sorts_by_size() && !has_size {
            return refuse(
                "a list sorted by size loses or repeats images without data after its first page: leave \
                 them out with `size_min(0)` or `status(\"active\")`"
                    .to_owned(),
            );
        }
        Ok(())
    }

    fn sorts_by_size(&self) -> bool {
        let mut keys = self.sort.iter().flat_map(|sort| sort.split(','));
        self.sort_key == Some(SortKey::Size)
            || keys.any(|key| key.split(':').next().is_some_and(|key| key.trim() == "size"))
    }
}
