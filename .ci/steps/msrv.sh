# The oldest Rust that is supported compiles the default and all features.
source .ci/lib.sh
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
case "$(rustc --version)" in
  "rustc $wanted."* | "rustc $wanted "*)
    echo "the other steps compile with Rust $wanted, the oldest that is supported"
    exit
    ;;
esac
toolchain=$(rustup toolchain list | grep -oE "^$wanted[^ ]*" | head -n 1 || true)
if [ -z "$toolchain" ]; then
  rustup toolchain install --profile minimal "$wanted" ||
    leave_out "rustup cannot install Rust $wanted here"
  toolchain=$wanted
fi
export CARGO_TARGET_DIR="$work/msrv"
cargo "+$toolchain" check --locked --quiet
cargo "+$toolchain" check --locked --quiet --all-features
