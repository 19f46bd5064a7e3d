#!/usr/bin/env bash
# Compares our readings of phone numbers with those of Google's own library, over every example and seeded mutations.
#
#   tests/differential/phone-numbers/run.sh [seed] [mutations]
#
# Needs Node and npm. NUMBERS is the command that reads "REGION<tab>text" lines; ours by default. Exit code 1 means that
# some answer differs; the first twenty are printed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
seed=${1:-1}
mutations=${2:-200000}
numbers=${NUMBERS:-dotnet run --project src/LeadLedger --configuration Release -- numbers}
library=$("$here/fetch.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node "$here/inputs.js" "$library" "$seed" "$mutations" > "$work/inputs.tsv"
node "$here/google.js" "$library" < "$work/inputs.tsv" > "$work/google.jsonl"
$numbers < "$work/inputs.tsv" > "$work/ours.jsonl"
node "$here/compare.js" "$work/inputs.tsv" "$work/google.jsonl" "$work/ours.jsonl"
