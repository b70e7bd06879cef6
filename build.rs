//! Turns the OpenAPI documents in `specs/` into the typed clients.
//!
//! One pipeline per enabled feature, described in `build/pipeline.rs`:
//! overlay, progenitor, types, surface. The result is one file per API in `OUT_DIR`.

#[path = "build/pipeline.rs"]
mod pipeline;

use pipeline::Api;
use pipeline::overlay::rules;

/// The APIs of the crate: feature, document, and what the document needs before
/// progenitor can take it.
const APIS: &[Api] = &[
    Api {
        name: "parallelcluster",
        overlay: rules![
            success_responses_only,
            any_success_status,
            form_style_arrays,
            lists_instead_of_sets,
            no_validation_keywords,
            plain_strings,
        ],
    },
    Api {
        name: "ims",
        overlay: rules![
            success_responses_only,
            any_success_status,
            json_bodies,
            no_validation_keywords,
            closed_records,
        ],
    },
    Api { name: "computing", overlay: rules![success_responses_only, any_success_status] },
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    for api in APIS {
        let document = format!("specs/{}.yaml", api.name);
        println!("cargo::rerun-if-changed={document}");
        let feature = format!("CARGO_FEATURE_{}", api.name.to_uppercase());
        if std::env::var_os(feature).is_none() {
            continue;
        }
        if let Err(error) = generate(api, &document) {
            println!("cargo::error={document}: {error}");
            std::process::exit(1);
        }
    }
}

fn generate(api: &Api, document: &str) -> Result<(), Box<dyn std::error::Error>> {
    let code = pipeline::run(api, &std::fs::read_to_string(document)?)?;
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    std::fs::write(out.join(format!("{}.rs", api.name)), code)?;
    Ok(())
}
