//! Changes of what the service can only replace as a whole.

use super::MetadataDefinitionsApi;
use super::requests::{ReplaceMetadefNamespace, ReplaceMetadefObject, ReplaceMetadefProperty};
use crate::Result;

impl MetadataDefinitionsApi {
    /// Reads a namespace and returns a request that replaces it. The request has all current settings: set those
    /// to change, and await it.
    ///
    /// A change that someone else makes between the two calls is lost.
    ///
    /// ```no_run
    /// # async fn example(definitions: cloud_images::ims::metadefs::MetadataDefinitionsApi) -> cloud_images::Result<()> {
    /// let request = definitions.change_namespace("OS::Example").await?;
    /// request.description("Properties of the examples").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `show_metadef_namespace`.
    pub async fn change_namespace(
        &self,
        namespace: impl Into<String>,
    ) -> Result<ReplaceMetadefNamespace> {
        let name = namespace.into();
        let now = self.show_metadef_namespace(&*name).await?;
        let mut request = self.replace_metadef_namespace(name, now.namespace);
        request.display_name = now.display_name;
        request.description = now.description;
        request.visibility = now.visibility;
        request.protected = now.protected;
        request.owner = now.owner;
        Ok(request)
    }

    /// Reads an object of a namespace and returns a request that replaces it, as
    /// [`change_namespace`](Self::change_namespace) does.
    ///
    /// # Errors
    ///
    /// Those of `show_metadef_object`.
    pub async fn change_object(
        &self,
        namespace: impl Into<String>,
        object_name: impl Into<String>,
    ) -> Result<ReplaceMetadefObject> {
        let (namespace, name) = (namespace.into(), object_name.into());
        let now = self.show_metadef_object(&*namespace, &*name).await?;
        let mut request = self.replace_metadef_object(namespace, name, now.name);
        request.description = now.description;
        request.required = now.required;
        request.properties = Some(now.properties);
        Ok(request)
    }

    /// Reads a property of a namespace and returns a request that replaces it, as
    /// [`change_namespace`](Self::change_namespace) does.
    ///
    /// # Errors
    ///
    /// Those of `show_metadef_property`.
    pub async fn change_property(
        &self,
        namespace: impl Into<String>,
        property_name: impl Into<String>,
    ) -> Result<ReplaceMetadefProperty> {
        let (namespace, name) = (namespace.into(), property_name.into());
        let now = self.show_metadef_property(&*namespace, &*name).await?;
        let mut request =
            self.replace_metadef_property(namespace, name, now.name, now.title, now.type_);
        request.description = now.description;
        request.operators = now.operators;
        request.default = now.default;
        request.readonly = now.readonly;
        request.minimum = now.minimum;
        request.maximum = now.maximum;
        request.min_length = now.min_length;
        request.max_length = now.max_length;
        request.pattern = now.pattern;
        request.enum_ = now.enum_;
        request.item_type = now.item_type;
        request.min_items = now.min_items;
        request.max_items = now.max_items;
        request.unique_items = now.unique_items;
        request.additional_items = now.additional_items;
        Ok(request)
    }
}
