# The documents in specs/ against the facts about the services in specs/facts/.
source .ci/lib.sh
python=python3
if ! python3 -c 'import yaml' 2>/dev/null; then
  python="$work/python/bin/python"
  [ -x "$python" ] || python3 -m venv "$work/python"
  "$python" -m pip install -q pyyaml
fi
for document in specs/*.yaml; do
  name=$(basename "$document" .yaml)
  if [ -f "specs/facts/$name.json" ]; then
    note "$name"
    "$python" specs/tools/compare_spec.py "$document" "specs/facts/$name.json"
  else
    note "$name: there are no facts of that name"
  fi
done
for facts in specs/facts/*.json; do
  # Facts of another form, with the names on the wire.
  [ "$facts" != specs/facts/aws-models.json ] || continue
  note "skeleton of $facts"
  "$python" specs/tools/facts_to_openapi.py "$facts" >"$work/skeleton.json"
  "$python" specs/tools/compare_spec.py "$work/skeleton.json" "$facts" | tail -n 1
done
for service in ec2 ssm; do
  note "specs/facts/$service.json follows the models"
  "$python" specs/tools/aws_facts.py specs/facts/aws-models.json "$service" | cmp - "specs/facts/$service.json"
done
