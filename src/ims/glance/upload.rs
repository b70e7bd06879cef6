//! Uploads that take the way that the service offers.

use super::ImageImportApi;
use super::types::ImportMethod;
use crate::ims::Client;
use crate::ims::types::Image;
use crate::{Body, BoxFuture, Result};
use std::future::IntoFuture;

/// How data is uploaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadMethod {
    /// [`Import`](Self::Import) if the upload goes to several stores and the service offers `glance-direct`,
    /// otherwise [`Direct`](Self::Direct).
    #[default]
    Auto,
    /// `upload_image_file`: into one store. The response says whether the upload succeeded.
    Direct,
    /// `stage_image_file`, then `import_image` with the method `glance-direct`: into one or more stores.
    Import,
}

/// An upload, made by [`ImageImportApi::upload`]. It starts when it is awaited.
#[derive(Clone, Debug)]
#[must_use = "an upload does nothing until it is awaited"]
pub struct Upload {
    client: Client,
    image_id: String,
    body: Body,
    method: UploadMethod,
    stores: Vec<String>,
    all_stores: bool,
    may_fail: bool,
}

impl ImageImportApi {
    /// Uploads the data of a `queued` image, waits until the image is usable, and returns the image.
    ///
    /// ```no_run
    /// # async fn example(client: cloud_images::ims::Client) -> cloud_images::Result<()> {
    /// use cloud_images::Body;
    ///
    /// let body = Body::file("ubuntu.qcow2").await?;
    /// let id = "bc6bed6e-ba3a-4447-afcc-449174a3eb52";
    /// let image = client.image_import().upload(id, body).all_stores().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the calls that it makes, and [`ErrorKind::Failed`](crate::ErrorKind::Failed), with the service's
    /// reason, if an import fails.
    pub fn upload(&self, image_id: impl Into<String>, body: impl Into<Body>) -> Upload {
        Upload {
            client: self.client(),
            image_id: image_id.into(),
            body: body.into(),
            method: UploadMethod::Auto,
            stores: Vec::new(),
            all_stores: false,
            may_fail: false,
        }
    }
}

impl Upload {
    /// How the data is uploaded.
    pub fn method(mut self, method: UploadMethod) -> Self {
        self.method = method;
        self
    }

    /// Adds a store, by its name, to upload to. By default the data goes to the default store of the service.
    pub fn store(mut self, name: impl Into<String>) -> Self {
        self.stores.push(name.into());
        self
    }

    /// Uploads to all stores.
    pub fn all_stores(mut self) -> Self {
        self.all_stores = true;
        self
    }

    /// Accepts failures of some stores: the upload succeeds if at least one store has the data. By default it fails
    /// if any store fails.
    pub fn allow_failed_stores(mut self) -> Self {
        self.may_fail = true;
        self
    }

    async fn run(self) -> Result<Image> {
        let many = self.all_stores || self.stores.len() > 1;
        let import = match self.method {
            UploadMethod::Direct => false,
            UploadMethod::Import => true,
            UploadMethod::Auto => many && self.offers_import().await?,
        };
        if import { self.import().await } else { self.direct(many).await }
    }

    /// In bytes, for the service to check.
    fn size(&self) -> Option<i64> {
        self.body.length().and_then(|size| i64::try_from(size).ok())
    }

    async fn offers_import(&self) -> Result<bool> {
        match self.client.image_import().show_import_info().await {
            Ok(info) => Ok(info.offers(&ImportMethod::glance_direct())),
            // A service of before the imports, and IMS.
            Err(error) if error.status() == Some(http::StatusCode::NOT_FOUND) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn direct(self, many: bool) -> Result<Image> {
        if many {
            let message = "this service cannot import an image into several stores, and a direct upload fills \
                           one only: name one store";
            return Err(crate::Error::new(crate::ErrorKind::InvalidRequest, message));
        }
        let size = self.size();
        let mut request = self.client.image_data().upload_image_file(&*self.image_id, self.body);
        if let Some(store) = self.stores.into_iter().next() {
            request = request.x_image_meta_store(store);
        }
        if let Some(size) = size {
            request = request.x_openstack_image_size(size);
        }
        request.await?;
        self.client.image_operations().show_image(self.image_id).wait_until_active().await
    }

    async fn import(self) -> Result<Image> {
        let import = self.client.image_import();
        let size = self.size();
        let mut stage = import.stage_image_file(&*self.image_id, self.body);
        if let Some(size) = size {
            stage = stage.x_openstack_image_size(size);
        }
        stage.await?;
        let mut request = import.import_image(&*self.image_id, ImportMethod::glance_direct());
        for store in self.stores {
            request = request.store(store);
        }
        if self.all_stores {
            request = request.all_stores(true);
        }
        if self.may_fail {
            request = request.all_stores_must_succeed(false);
        }
        request.await?;
        self.client.image_operations().show_image(self.image_id).wait_for_import().await
    }
}

impl IntoFuture for Upload {
    type Output = Result<Image>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl super::types::ImportInfo {
    /// Whether the service offers a method.
    #[must_use]
    pub fn offers(&self, method: &ImportMethod) -> bool {
        self.import_methods.value.contains(&method.name)
    }
}
