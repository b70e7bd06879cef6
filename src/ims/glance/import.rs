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
    /// Takes the data that `stage_image_file` has uploaded.
    #[must_use]
    pub fn glance_direct() -> Self {
        Self::named("glance-direct")
    }

    /// Lets the service download the data from an `http` or `https` address.
    #[must_use]
    pub fn web_download(uri: impl Into<String>) -> Self {
        Self { uri: Some(uri.into()), ..Self::named("web-download") }
    }

    /// Copies the data of an `active` image to more stores of the service. For administrators.
    #[must_use]
    pub fn copy_image() -> Self {
        Self::named("copy-image")
    }

    /// Takes the data from the image with this id in the Glance of another region.
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
    /// Waits until the import has ended, after `import_image` or `add_image_location`.
    ///
    /// An import has ended when the image has no `os_glance_import_task` any more; until then, ignore its status.
    /// An import that was allowed to fail in some stores succeeds if it filled the others: see
    /// [`failed_stores`](Image::failed_stores).
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`] if no import was started, or if it has failed; the message then
    /// names the stores and has the message of the task.
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
            let message = format!(
                "{subject}: none was started, the image is {status}: call `import_image` first"
            );
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
    /// The stores that the last import has not filled yet. Some names can stay here after it has ended.
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
