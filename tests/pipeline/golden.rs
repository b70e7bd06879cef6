//! What the pipeline makes of a document of all its words, byte for byte.
//!
//! The crate's own unit tests compile the same text and use the client in it: `golden/client.rs`. After a
//! change that is meant, write the text anew with `UPDATE_GOLDEN=1 cargo test --test pipeline golden`.

use crate::pipeline;
use std::path::Path;

#[test]
fn the_generated_text_is_the_one_that_was_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipeline/golden");
    let document = std::fs::read_to_string(folder.join("toys.yaml")).unwrap();
    let code = pipeline::run("toys", &document).unwrap().code;
    let path = folder.join("toys.rs");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &code).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    let differs = code.lines().zip(golden.lines()).position(|(new, old)| new != old);
    assert_eq!(code, golden, "the first difference is in line {:?}", differs.map(|line| line + 1));
}
