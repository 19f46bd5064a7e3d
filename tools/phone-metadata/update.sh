#!/usr/bin/env bash
# Takes Google's numbering plans from a version of the npm package google-libphonenumber and shows what changed.
#
#   tools/phone-metadata/update.sh 3.2.47
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
version=${1:?which version of google-libphonenumber}
data=src/LeadLedger.PhoneNumbers/Data/numbering-plans.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --silent --no-save --prefix "$work" "google-libphonenumber@$version" >&2
cp "$data" "$work/before.txt"
node "$here/lift.js" "$work/node_modules/google-libphonenumber" "$data"
node "$here/changes.js" "$work/before.txt" "$data"
echo "Next: tests/differential/phone-numbers/run.sh, then record.sh beside it, then the tests."
