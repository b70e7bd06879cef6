//! Waiting for an image.

use super::ImageOperationsApi;
use super::types::{Image, ImageStatus};
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::time::{Duration, Instant};

/// Waits for a state of an image by asking again and again. Nothing is sent before it is awaited.
#[derive(Clone, Debug)]
#[must_use = "nothing is waited for until it is awaited"]
pub struct Wait<T> {
    images: ImageOperationsApi,
    id: String,
    interval: Duration,
    at_most: Option<Duration>,
    judge: fn(Result<Image>) -> Result<Verdict<T>>,
}

#[derive(Debug)]
enum Verdict<T> {
    Done(T),
    /// Not yet, and what the image is now.
    Not(String),
}

impl ImageOperationsApi {
    /// Waits until an image is `active`, and gives it then.
    ///
    /// ```no_run
    /// # async fn example(images: cloud_images::ims::ImageOperationsApi) -> cloud_images::Result<()> {
    /// use std::time::Duration;
    ///
    /// let id = "bc6bed6e-ba3a-4447-afcc-449174a3eb52";
    /// let image = images.wait_until_active(id).at_most(Duration::from_secs(600)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Failed`] as soon as the image is in a state that leads no further (`killed`,
    /// `deleted`, `pending_delete`, `deactivated`), [`ErrorKind::Timeout`] if it takes too long, and what
    /// [`show_image`](Self::show_image) fails with.
    pub fn wait_until_active(&self, image_id: impl Into<String>) -> Wait<Image> {
        self.wait(image_id.into(), |image| {
            let image = image?;
            match &image.status {
                Some(ImageStatus::Active) => Ok(Verdict::Done(image)),
                Some(
                    status @ (ImageStatus::Killed
                    | ImageStatus::Deleted
                    | ImageStatus::PendingDelete
                    | ImageStatus::Deactivated),
                ) => {
                    let message = format!("the image {} is {status}", image.id);
                    Err(Error::new(ErrorKind::Failed, message))
                }
                status => Ok(Verdict::Not(spelled(status.as_ref()))),
            }
        })
    }

    /// Waits until an image is gone: until it is not found, or `deleted`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Timeout`] if it takes too long, and what [`show_image`](Self::show_image) fails with
    /// otherwise.
    pub fn wait_until_gone(&self, image_id: impl Into<String>) -> Wait<()> {
        self.wait(image_id.into(), |image| match image {
            Err(error) if error.is_not_found() => Ok(Verdict::Done(())),
            Err(error) => Err(error),
            Ok(image) if image.status == Some(ImageStatus::Deleted) => Ok(Verdict::Done(())),
            Ok(image) => Ok(Verdict::Not(spelled(image.status.as_ref()))),
        })
    }

    fn wait<T>(&self, id: String, judge: fn(Result<Image>) -> Result<Verdict<T>>) -> Wait<T> {
        Wait {
            images: self.clone(),
            id,
            interval: Duration::from_secs(2),
            at_most: Some(Duration::from_secs(30 * 60)),
            judge,
        }
    }
}

fn spelled(status: Option<&ImageStatus>) -> String {
    status.map_or_else(|| "without a status".to_owned(), ToString::to_string)
}

impl<T> Wait<T> {
    /// How long to wait between two requests; 2 seconds unless set.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How long to wait in all, or `None` for as long as it takes; half an hour unless set.
    pub fn at_most(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.at_most = time.into();
        self
    }

    async fn run(self) -> Result<T> {
        let start = Instant::now();
        loop {
            let state = match (self.judge)(self.images.show_image(&self.id).await)? {
                Verdict::Done(done) => return Ok(done),
                Verdict::Not(state) => state,
            };
            if self.at_most.is_some_and(|time| start.elapsed() + self.interval > time) {
                let message =
                    format!("the image {} is still {state} after {:.1?}", self.id, start.elapsed());
                return Err(Error::new(ErrorKind::Timeout, message));
            }
            tokio::time::sleep(self.interval).await;
        }
    }
}

impl<T: Send + 'static> IntoFuture for Wait<T> {
    type Output = Result<T>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
