//! Many sources of images, one question.

mod architecture;
mod distribution;
mod fit;
mod image;
mod lifecycle;
mod lock;
pub mod publishers;
mod query;
mod reading;
mod shown;
mod snapshot;
mod table;
mod version;

pub use architecture::Architecture;
pub use distribution::Distribution;
pub use fit::{Fit, Machine, Reason, Subject, Verdict};
pub use image::{Image, Status, Visibility};
pub use lifecycle::{Cycle, End, Lifecycle, Phase, Standing, Support};
pub use lock::{Drift, Lock, Locked, Observed};
pub use publishers::Publisher;
pub use query::{Context, Field, Miss, Operator, Query, Term};
pub use reading::{Hints, Reading};
pub use snapshot::{Change, Diff, FieldChange, Snapshot};
pub use version::Version;
