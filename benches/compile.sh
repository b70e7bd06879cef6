#!/usr/bin/env bash
# What a program costs to build, from nothing and unoptimized: seconds of CPU, packages in its Cargo.lock, and of the
# generated code the lines and operations. First a client of specs/ims.yaml by progenitor alone, with the dependencies that
# its README names and the same TLS; then this crate with each of these sets of features.
#
#     benches/compile.sh [FEATURES...]
#
# RELEASE=1 builds optimized, and CRATE is the folder of another version of the crate. CPU is user and system time of all
# processes. A busy machine raises it, so leave the machine alone.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${CRATE:-$PWD}
sets=("$@")
[ $# -gt 0 ] || sets=(ims computing parallelcluster ec2 ims,glance,glance-metadefs,ims-cloudimages parallelcluster,ims,computing)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
profile=() built=debug
[ -z "${RELEASE:-}" ] || profile=(--release) built=release

program() { # name, dependencies on standard input
    mkdir -p "$work/$1/src"
    printf '[package]\nname = "program"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$work/$1/Cargo.toml"
    cat >>"$work/$1/Cargo.toml"
    echo 'fn main() {}' >"$work/$1/src/main.rs"
}

measure() { # name
    local times packages lines operations
    cd "$work/$1"
    cp "$root/Cargo.lock" .
    cargo fetch --quiet
    packages=$(grep -c '^name = ' Cargo.lock)
    export CARGO_TARGET_DIR="$work/$1/target" CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
    TIMEFORMAT='%U %S'
    times=$({ time cargo build --quiet "${profile[@]}" >/dev/null; } 2>&1 | tail -n 1)
    lines=$(cat "target/$built"/build/*/out/*.rs | wc -l)
    operations=$(cat "target/$built"/build/*/out/*.rs | grep -cE 'Operation = ' || true)
    printf '%-52s %8.1f %9d %8d %6d\n' "$1" "$(awk "{print \$1 + \$2}" <<<"$times")" "$((packages - 1))" "$lines" "$operations"
    rm -rf "$work/$1"
}

program 'progenitor alone' <<'TOML'
[dependencies]
chrono = { version = "0.4", features = ["serde"] }
futures = "0.3"
progenitor-client = "0.15"
reqwest = { version = "0.13", features = ["json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["fs", "macros", "rt-multi-thread"] }
[build-dependencies]
openapiv3 = "2"
prettyplease = "0.3"
progenitor = "0.15"
syn = "3"
yaml_serde = "0.10"
TOML
# Progenitor alone takes one success an operation and few media types: the rest is left out.
cat >"$work/progenitor alone/build.rs" <<RUST
fn main() {
    let text = std::fs::read_to_string("$root/specs/ims.yaml").unwrap();
    let text = text.replace("openstack-images-v2.1-json-patch", "json");
    let mut document: openapiv3::OpenAPI = yaml_serde::from_str(&text).unwrap();
    for path in document.paths.paths.values_mut() {
        let openapiv3::ReferenceOr::Item(path) = path else { continue };
        let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.patch, &mut path.delete];
        for operation in operations.into_iter().flatten() {
            let mut successes = 0;
            operation.responses.default = None;
            operation.responses.responses.retain(|status, _| {
                let is_success = matches!(status, openapiv3::StatusCode::Code(200..300));
                successes += usize::from(is_success);
                is_success && successes == 1
            });
        }
    }
    let mut settings = progenitor::GenerationSettings::default();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&document).unwrap();
    let code = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    std::fs::write(format!("{}/client.rs", std::env::var("OUT_DIR").unwrap()), code).unwrap();
}
RUST
echo 'include!(concat!(env!("OUT_DIR"), "/client.rs"));' >"$work/progenitor alone/src/lib.rs"

printf '%-52s %8s %9s %8s %6s\n' "$(rustc --version)" 'CPU s' packages lines op.s
measure 'progenitor alone'
for set in "${sets[@]}"; do
    program "$set" <<TOML
[dependencies]
cloud-images = { path = "$root", default-features = false, features = ["rustls", "${set//,/\", \"}"] }
tokio = { version = "1", features = ["fs", "macros", "rt-multi-thread"] }
TOML
    measure "$set"
done
