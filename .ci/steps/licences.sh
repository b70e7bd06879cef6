# Licences, sources and banned crates among the dependencies, by deny.toml.
source .ci/lib.sh
source .ci/tools.sh
tool "$deny"
cargo deny check --hide-inclusion-graph bans licenses sources
