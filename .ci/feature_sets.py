"""Prints the sets of features in which the code can differ, one a line with the reason behind a `#`.

Features whose `cfg`s never meet another feature's (`cfg(feature = "x")`, and nothing turned on by them)
compile together as they do alone: they are one set. Every other feature is a set of its own. Two together
make a difference where they meet: TLS with an API, the servers for tests with each API. Larger sets are
left to the default and to all features.
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
for name in features:
    # `rustls` is another name of a kind of TLS.
    if name not in together and name not in tls and name not in ("testing", "rustls"):
        print(name, "# alone")
api = (together or apis)[0]
for name in tls:
    print(f"{api},{name} # TLS with an API")
if together:
    print(",".join([*together, "catalog", "testing"]), "# with what all APIs share")
for name in apis:
    if name not in together:
        print(f"{name},testing # servers for tests")
