//! Who an image is shared with.

use super::ImagesApi;
use super::types::{
    ImageAttributeName, LaunchPermission, LaunchPermissionModifications, NewLaunchPermission,
    PermissionGroup,
};
use crate::{Error, ErrorKind, Result};

impl NewLaunchPermission {
    /// An account, by its id of 12 digits.
    #[must_use]
    pub fn account(id: impl Into<String>) -> Self {
        Self { user_id: Some(id.into()), ..Self::default() }
    }

    /// All accounts of an organization, by its ARN.
    #[must_use]
    pub fn organization(arn: impl Into<String>) -> Self {
        Self { organization_arn: Some(arn.into()), ..Self::default() }
    }

    /// All accounts of an organizational unit, by its ARN.
    #[must_use]
    pub fn organizational_unit(arn: impl Into<String>) -> Self {
        Self { organizational_unit_arn: Some(arn.into()), ..Self::default() }
    }

    /// Everybody: the image is public.
    #[must_use]
    pub fn everybody() -> Self {
        Self { group: Some(PermissionGroup::All), ..Self::default() }
    }
}

/// An account, by its id.
impl From<&str> for NewLaunchPermission {
    fn from(account: &str) -> Self {
        Self::account(account)
    }
}

/// An account, by its id.
impl From<String> for NewLaunchPermission {
    fn from(account: String) -> Self {
        Self::account(account)
    }
}

impl ImagesApi {
    /// Shares an image with accounts, organizations or everybody. A string is the id of an account.
    ///
    /// ```no_run
    /// # async fn example(ec2: cloud_images::ec2::Client) -> cloud_images::Result<()> {
    /// use cloud_images::ec2::types::NewLaunchPermission;
    ///
    /// ec2.images().share("ami-0123456789abcdef0", ["123456789012"]).await?;
    /// ec2.images().unshare("ami-0123456789abcdef0", [NewLaunchPermission::everybody()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the list is empty; [`ErrorKind::Forbidden`] if the account blocks public
    /// images. All other errors are those of `modify_image_attribute`.
    pub async fn share(
        &self,
        image_id: impl Into<String>,
        with: impl IntoIterator<Item = impl Into<NewLaunchPermission>>,
    ) -> Result<()> {
        let add = named(with)?;
        self.permit(image_id, LaunchPermissionModifications { add, remove: Vec::new() }).await
    }

    /// Stops sharing an image with accounts, organizations or everybody. To stop all sharing at once, use
    /// [`reset_image_attribute`](Self::reset_image_attribute).
    ///
    /// # Errors
    ///
    /// The errors of [`share`](Self::share).
    pub async fn unshare(
        &self,
        image_id: impl Into<String>,
        with: impl IntoIterator<Item = impl Into<NewLaunchPermission>>,
    ) -> Result<()> {
        let remove = named(with)?;
        self.permit(image_id, LaunchPermissionModifications { add: Vec::new(), remove }).await
    }

    /// Returns whom an image is shared with. Only its owner can see this.
    ///
    /// # Errors
    ///
    /// The errors of `describe_image_attribute`.
    pub async fn shared_with(&self, image_id: impl Into<String>) -> Result<Vec<LaunchPermission>> {
        let attribute = ImageAttributeName::LaunchPermission;
        Ok(self.describe_image_attribute(image_id, attribute).await?.launch_permissions)
    }

    async fn permit(
        &self,
        image_id: impl Into<String>,
        change: LaunchPermissionModifications,
    ) -> Result<()> {
        self.modify_image_attribute(image_id).launch_permission(change).await
    }
}

fn named(
    with: impl IntoIterator<Item = impl Into<NewLaunchPermission>>,
) -> Result<Vec<NewLaunchPermission>> {
    let named: Vec<_> = with.into_iter().map(Into::into).collect();
    if named.is_empty() {
        let message = "the list of accounts, organizations and groups is empty: name at least one";
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    Ok(named)
}
