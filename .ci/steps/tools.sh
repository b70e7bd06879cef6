# The tools of other steps, compiled early, when nothing else wants the processor: they take long.
source .ci/lib.sh
source .ci/tools.sh
when_idle
needed=("$public_api" "$deny")
[ -z "$(newest_release)" ] || needed+=("$semver_checks")
! has_advisory_db || needed+=("$audit")
# What fails here is tried again, and reported, where it is needed.
for name in "${needed[@]}"; do
  tool "$name" || note "$name was not installed"
done
