//! The catalogue, against tables and from end to end.

#![cfg(feature = "catalog")]

mod choices;
mod drift;
mod fit;
mod hostile;
mod lifecycle;
mod names;
#[cfg(all(feature = "parallelcluster", feature = "ims", feature = "computing"))]
mod readme;
mod search;
#[cfg(all(feature = "parallelcluster", feature = "ims", feature = "computing"))]
mod services;
mod shelf;
