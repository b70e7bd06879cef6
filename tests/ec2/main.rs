//! The client of EC2 and SSM against servers that answer as told.

mod service;

mod errors;
mod life_cycle;
mod lists;
mod parameters;
mod requests;
