//! What makes the build script run again.

use std::path::Path;

#[test]
fn only_the_documents_and_the_pipeline_are_watched() {
    // Cargo keeps what the build script printed beside its output directory.
    let build = Path::new(env!("OUT_DIR")).parent().unwrap();
    let printed = ["output", "stdout"].iter().find_map(|name| std::fs::read(build.join(name)).ok());
    let printed = String::from_utf8(printed.unwrap()).unwrap();
    let mut watched: Vec<_> =
        printed.lines().filter_map(|line| line.strip_prefix("cargo::rerun-if-changed=")).collect();
    watched.sort_unstable();
    assert_eq!(
        watched,
        [
            "build",
            "build.rs",
            "specs/computing.yaml",
            "specs/ims.yaml",
            "specs/parallelcluster.yaml"
        ]
    );
    assert!(!printed.contains("rerun-if-env-changed"), "{printed}");
}
