//! Tests that need a process of their own: for its environment, or to measure its memory.

use std::process::Command;

/// Runs a test again in another process, and panics unless it passes there. Returns `true` in that
/// process, where the test is to be carried out, and `false` in the first one, where it is done.
///
/// `test` is its path in the test program; `prepare` sets the environment of the other process.
pub fn alone(test: &str, prepare: impl FnOnce(&mut Command)) -> bool {
    const MARK: &str = "CLOUD_IMAGES_TEST_ALONE";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env(MARK, "1");
    prepare(&mut command);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    println!("{said}");
    assert!(output.status.success() && said.contains("1 passed"), "{test} failed on its own");
    false
}
