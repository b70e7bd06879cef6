//! What servers get wrong and what callers mistype: each case has the clear error or the right
//! result.

mod endpoints;
mod failures;
mod fields;
mod pages;
mod paths;
mod server;
mod transport;
