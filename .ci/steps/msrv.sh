# The oldest Rust that is supported compiles all features but those of the AWS SDK, which needs a newer one.
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
  timeout 300 rustup toolchain install --profile minimal "$wanted" ||
    leave_out "rustup cannot install Rust $wanted here"
  toolchain=$wanted
fi
export CARGO_TARGET_DIR="$work/msrv"
features=$(cargo metadata --locked --no-deps --format-version 1 | python3 -c '
import json, sys
features = json.load(sys.stdin)["packages"][0]["features"]
print(",".join(name for name in features if not name.startswith("aws-c")))')
cargo "+$toolchain" check --locked --quiet --no-default-features --features "$features"
