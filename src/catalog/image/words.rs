//! The words for the state of an image and for who can see it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An enum of words, written and read in lower case.
macro_rules! words {
    ($(#[$attribute:meta])* $name:ident, $what:literal { $($(#[$about:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about])* $variant,)*
        }

        impl $name {
            /// The word in JSON and in a query.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Error;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                $(if word.eq_ignore_ascii_case($word) {
                    return Ok(Self::$variant);
                })*
                let words = concat!(" is not a ", $what, ": use one of", $(" ", $word),*);
                let message = format!("`{}`{words}", crate::catalog::shown::shown(word));
                Err(crate::Error::new(crate::ErrorKind::InvalidRequest, message))
            }
        }
    };
}

words! {
    /// The state of an image. The original object has the state in the terms of the service.
    Status, "status" {
        /// Machines can boot from it.
        Available = "available",
        /// It is being created, uploaded or copied.
        Pending = "pending",
        /// It exists, but its owner has disabled it.
        Disabled = "disabled",
        /// It could not be created.
        Failed = "failed",
        /// It is being deleted, or is gone.
        Deleted = "deleted",
    }
}

words! {
    /// Who can see an image.
    Visibility, "visibility" {
        /// Everybody.
        Public = "public",
        /// Everybody, but it is listed only on request, since any project may publish such images.
        Community = "community",
        /// The projects that its owner shares it with.
        Shared = "shared",
        /// Its owner.
        Private = "private",
    }
}
