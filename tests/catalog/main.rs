//! The catalogue: tables of real names, and rules with worked answers.

mod fit;
