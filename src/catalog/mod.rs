//! One query over the images of many clouds.

mod architecture;
// The module of the type by that name.
#[allow(clippy::module_inception)]
mod catalog;
mod distribution;
mod find;
mod fit;
mod image;
mod lifecycle;
mod lock;
mod outcome;
pub mod publishers;
mod query;
mod reading;
mod shown;
mod snapshot;
mod source;
pub mod sources;
mod table;
mod version;

pub use architecture::Architecture;
pub use catalog::Catalog;
pub use distribution::Distribution;
pub use find::{Find, Near, Policy, Trusted};
pub use fit::{Fit, Machine, Reason, Subject, Verdict};
pub use image::{Image, Status, Visibility};
pub use lifecycle::{Cycle, End, Lifecycle, Phase, Standing, Support};
pub use lock::{Checked, Drift, Lock, Locked, Observed};
pub use outcome::{Listing, Outcome, Progress};
pub use publishers::Publisher;
pub use query::{Context, Field, Miss, Operator, Query, Term};
pub use reading::{Hints, Reading};
pub use snapshot::{Change, Diff, FieldChange, Snapshot};
pub use source::{List, Source};
pub use version::Version;
