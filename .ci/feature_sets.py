"""Prints the sets of features in which the code can differ, one a line with the reason behind a `#`.

Features whose `cfg`s never meet another feature's (`cfg(feature = "x")`, and nothing turned on by them)
compile together as they do alone: they are one set. Every other API is a set of its own, and so are the
features that no API turns on; those that one does are a set together, without an API. Two together make a
difference where they meet: the servers for tests with each API. Each TLS is compiled by another step, with a
program that uses it. Larger sets are left to the default and to all features.
"""

import json
import pathlib
import re
import subprocess

metadata = subprocess.run(
    ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"], capture_output=True, check=True
)
features = json.loads(metadata.stdout)["packages"][0]["features"]
features.pop("default")
source = "\n".join(path.read_text() for path in sorted(pathlib.Path("src").rglob("*.rs")))
apis = re.findall(
    r'#\[cfg\(feature = "([\w-]+)"\)\]\s*(?:#\[[^\n]*\]\s*)?pub mod ', pathlib.Path("src/lib.rs").read_text()
)
apis = [name for name in apis if pathlib.Path(f"specs/{name}.yaml").exists()]
tls = [name for name in ("aws-lc", "ring", "native-tls") if name in features]

# `lib.rs` names the APIs together, for the examples in its documentation alone.
conditions = re.findall(
    r"cfg\w*!?\(([^\n]*feature = [^\n]*)", re.sub(r"(?m)^#!\[.*?^\)\]$", "", source, flags=re.S)
)


def plain(name):
    mine = [text for text in conditions if f'"{name}"' in text]
    return not features[name] and all(re.match(r'feature = "[\w-]+"\)', text) for text in mine)


together = [name for name in features if plain(name) and name in apis]
print("# no feature")
if together:
    print(",".join(together), "# never meet another feature")
# `rustls` is another name of a kind of TLS, and `gzip` is code of reqwest alone.
parts = [name for name in features if name not in (*together, *apis, *tls, "testing", "rustls", "gzip")]
of_apis = [name for name in parts if any(name in features[api] for api in apis)]
print(",".join(of_apis), "# without an API")
for name in features:
    if name in apis and name not in together or name in parts and name not in of_apis:
        print(name, "# alone")
if together:
    print(",".join([*together, "catalog", "testing"]), "# with what all APIs share")
for name in apis:
    if name not in together:
        print(f"{name},testing # servers for tests")
