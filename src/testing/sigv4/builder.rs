//! What a builder sets of a server that verifies signatures.

use super::Verifier;
use crate::testing::builder::FakeBuilder;
use crate::testing::imitation::Imitation;
use chrono::TimeDelta;

impl<I: Imitation<Settings: AsMut<Verifier>>> FakeBuilder<I> {
    /// The access key id and the secret key that requests must be signed with.
    pub fn credentials(mut self, key_id: impl Into<String>, secret: impl Into<String>) -> Self {
        let verifier = self.settings.as_mut();
        verifier.access_key = key_id.into();
        verifier.secret_key = secret.into();
        self
    }

    /// The session token that requests must carry and sign. By default they must not carry one.
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.settings.as_mut().session_token = Some(token.into());
        self
    }

    /// How far the clock of the server is ahead, in seconds; a negative number is behind. Signatures are valid
    /// for 300 seconds before and after.
    pub fn clock_offset(mut self, seconds: i32) -> Self {
        self.settings.as_mut().clock_offset = TimeDelta::seconds(seconds.into());
        self
    }
}
