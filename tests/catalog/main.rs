//! The catalogue, against tables and from end to end.

#![cfg(feature = "catalog")]

mod fit;
mod lifecycle;
mod names;
