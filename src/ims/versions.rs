//! The versions of the image API that a service supports.

use super::types::{Version, VersionList, VersionStatus};

impl VersionList {
    /// The newest version: the one that the service marks as current.
    ///
    /// ```no_run
    /// # async fn example(client: cloud_images::ims::Client) -> cloud_images::Result<()> {
    /// let versions = client.versions().list_versions().await?;
    /// if let Some(current) = versions.current() {
    ///     println!("{}", current.id);
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn current(&self) -> Option<&Version> {
        self.versions.iter().find(|version| version.status == Some(VersionStatus::Current))
    }

    /// Whether the service supports this version, such as `(2, 5)`, or a later one with the same major number.
    #[must_use]
    pub fn speaks(&self, version: (u32, u32)) -> bool {
        self.versions
            .iter()
            .filter_map(Version::number)
            .any(|(major, minor)| major == version.0 && minor >= version.1)
    }
}

impl Version {
    /// The major and minor number: `v2.17` is `(2, 17)`.
    #[must_use]
    pub fn number(&self) -> Option<(u32, u32)> {
        let (major, minor) = self.id.strip_prefix('v')?.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    }
}
