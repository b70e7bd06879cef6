# The oldest Rust and the oldest dependencies that are supported. Without the features of the AWS SDK, which needs a newer Rust.
source .ci/lib.sh
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
case "$(rustc --version)" in
  "rustc $wanted."* | "rustc $wanted "*) toolchain=$(rustup show active-toolchain | cut -d ' ' -f 1) ;;
  *) toolchain=$(rustup toolchain list | grep -oE "^$wanted[^ ]*" | head -n 1 || true) ;;
esac
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
# What they are compiled with below are other versions: those of Cargo.lock say which Rust they need.
note "what the dependencies in Cargo.lock say of Rust $wanted"
cargo metadata --locked --format-version 1 --no-default-features --features "$features" | python3 -c '
import json, sys
metadata = json.load(sys.stdin)
version = lambda text: [int(part) for part in text.split(".")]
needed = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
seen, todo = set(), [metadata["resolve"]["root"]]
while todo:
    if (one := todo.pop()) not in seen:
        seen.add(one)
        todo += [dep["pkg"] for dep in nodes[one]["deps"] if any(kind["kind"] != "dev" for kind in dep["dep_kinds"])]
newer = [one for one in seen if version(needed[one]["rust_version"] or "1.0") > version(sys.argv[1]) + [99]]
print(len(seen), "packages")
sys.exit("newer: " + ", ".join(sorted(newer)) if newer else 0)
' "$wanted"

# A user may have any version that Cargo.toml allows. Those of the tests are no user's.
note "Rust $wanted, the lowest versions in Cargo.toml"
lowest="$work/lowest"
rm -rf "$lowest"
mkdir "$lowest"
for part in build build.rs data docs specs src README.md; do
  ln -s "$PWD/$part" "$lowest/$part"
done
sed '/^\[dev-dependencies\]/,/^\[lints/{/^\[lints/!d}' Cargo.toml >"$lowest/Cargo.toml"
cd "$lowest"
RUSTC_BOOTSTRAP=1 cargo "+$toolchain" update --quiet -Z direct-minimal-versions
cargo "+$toolchain" check --locked --quiet --no-default-features --features "$features"
