//! The client of EC2 and SSM against servers with prepared answers.

mod service;

mod errors;
mod life_cycle;
mod lists;
mod parameters;
mod requests;
