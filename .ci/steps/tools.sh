# The tools of other steps, compiled early and at the lowest priority: they take long.
source .ci/lib.sh
source .ci/tools.sh
renice -n 19 $$ >/dev/null 2>&1 || true
# What fails here is tried again, and reported, where it is needed.
for name in "$public_api" "$semver_checks" "$deny" "$audit"; do
  tool "$name" || note "$name was not installed"
done
