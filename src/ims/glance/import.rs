//! Imports: their methods, and the wait for their end.

use super::types::{HashAlgorithm, ImageTask, ImportMethod, LocationValidationData, TaskStatus};
use crate::ims::Client;
use crate::ims::requests::ShowImage;
use crate::ims::types::{Image, ImageStatus};
use crate::wait::{Seen, Wait, status_label};
use crate::{Error, ErrorKind, Result};
use futures_util::TryStreamExt;
use std::sync::Arc;

impl ImportMethod {
    /// What was uploaded by `stage_image_file`.
    #[must_use]
    pub fn glance_direct() -> Self {
        Self::named("glance-direct")
    }

    /// What an `http` or `https` address gives, read by the service itself.
    #[must_use]
    pub fn web_download(uri: impl Into<String>) -> Self {
        Self { uri: Some(uri.into()), ..Self::named("web-download") }
    }

    /// What another store of the service already has: a copy of an `active` image, for administrators.
    #[must_use]
    pub fn copy_image() -> Self {
        Self::named("copy-image")
    }

    /// An image of the Glance of another region, by its id there.
    #[must_use]
    pub fn glance_download(region: impl Into<String>, image_id: impl Into<String>) -> Self {
        Self {
            glance_region: Some(region.into()),
            glance_image_id: Some(image_id.into()),
            ..Self::named("glance-download")
        }
    }

    fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            uri: None,
            glance_region: None,
            glance_image_id: None,
            glance_service_interface: None,
        }
    }
}

impl LocationValidationData {
    /// The hash that the data at a location must have.
    #[must_use]
    pub fn new(algorithm: impl Into<HashAlgorithm>, value: impl Into<String>) -> Self {
        Self { os_hash_algo: Some(algorithm.into()), os_hash_value: Some(value.into()) }
    }
}

impl ShowImage {
    /// Waits until no import works on the image any more, after `import_image` or `add_image_location`.
    ///
    /// The end is that `os_glance_import_task` is gone from the image; its status says nothing before that. An
    /// import that filled some of its stores, and was allowed to fail in others, is a success:
    /// [`failed_stores`](Image::failed_stores) has the others.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`] if the import has failed, with the stores and the message of
    /// its task, or if none was started.
    pub fn wait_for_import(self) -> Wait<Image> {
        let subject = format!("import of image {}", self.image_id);
        Wait::new(subject.clone(), label, move || {
            let (request, subject) = (self.clone(), subject.clone());
            Box::pin(async move { look(request, &subject).await })
        })
    }
}

async fn look(request: ShowImage, subject: &str) -> Result<Seen<Image>> {
    let client = Client { shared: Arc::clone(&request.shared) };
    let id = request.image_id.clone();
    let image = request.await?;
    if image.os_glance_import_task.as_deref().is_some_and(|task| !task.is_empty()) {
        return Ok(Seen::Pending(image));
    }
    let is_active = image.status == Some(ImageStatus::Active);
    if is_active && image.failed_stores().is_empty() {
        return Ok(Seen::Done(image));
    }
    // The image alone does not tell a failed copy from a success in some stores, nor an import that failed from
    // one that has not begun.
    let tasks = client.image_tasks().list_image_tasks(id).items().try_collect::<Vec<_>>().await?;
    let failed = image.failed_stores().join(", ");
    let failed = if failed.is_empty() { String::new() } else { format!(" (stores: {failed})") };
    Ok(match newest(&tasks) {
        Some(task) => match &task.status {
            Some(TaskStatus::Failure) => {
                let why = task.message.as_deref().filter(|why| !why.is_empty());
                let why = why.unwrap_or("the service gives no reason");
                failure(image, format!("{subject}: {why}{failed}"))
            }
            Some(TaskStatus::Success) if is_active => Seen::Done(image),
            _ => Seen::Pending(image),
        },
        None if is_active => Seen::Done(image),
        None => {
            let status = status_label(image.status.as_ref());
            let message = format!("{subject}: none was started, the image is {status}");
            failure(image, message)
        }
    })
}

fn failure(image: Image, message: String) -> Seen<Image> {
    Seen::Failed(image, Error::new(ErrorKind::Failed, message).into())
}

/// The task that was begun last.
fn newest(tasks: &[ImageTask]) -> Option<&ImageTask> {
    tasks.iter().max_by_key(|task| task.created_at)
}

fn label(image: &Image) -> String {
    let mut text = status_label(image.status.as_ref());
    for (what, stores) in [("left", image.importing_stores()), ("failed", image.failed_stores())] {
        if !stores.is_empty() {
            text.push_str(&format!(", {what}: {}", stores.join(" ")));
        }
    }
    text
}

impl Image {
    /// The stores that the last import has not filled yet. Names may stay here after its end.
    #[must_use]
    pub fn importing_stores(&self) -> Vec<&str> {
        names(self.os_glance_importing_to_stores.as_deref())
    }

    /// The stores that the last import failed to fill.
    #[must_use]
    pub fn failed_stores(&self) -> Vec<&str> {
        names(self.os_glance_failed_import.as_deref())
    }
}

fn names(list: Option<&str>) -> Vec<&str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}
