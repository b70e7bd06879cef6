//! The token of a server.

use super::builder::FakeBuilder;
use super::imitation::Imitation;

/// What a builder sets of a server whose requests carry a token.
#[derive(Clone)]
pub struct Token(pub(super) String);

impl Default for Token {
    fn default() -> Self {
        Self("token-of-the-fake".to_owned())
    }
}

impl AsMut<Token> for Token {
    fn as_mut(&mut self) -> &mut Token {
        self
    }
}

impl<I: Imitation<Settings: AsMut<Token>>> FakeBuilder<I> {
    /// The token or key that requests must carry.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.as_mut().0 = token.into();
        self
    }
}
