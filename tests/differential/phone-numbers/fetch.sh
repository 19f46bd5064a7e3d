#!/usr/bin/env bash
# Fetches the very version of google-libphonenumber that the embedded metadata was lifted from, once, and prints where it is.
set -euo pipefail
cd "$(dirname "$0")/../../.."
data=src/LeadLedger.PhoneNumbers/Data/numbering-plans.txt
version=$(sed -n 's/^# Source: npm google-libphonenumber \([0-9.]*\),.*/\1/p' "$data")
sha256=$(sed -n 's/^# Source: .* sha256 //p' "$data")
folder=artifacts/google-libphonenumber-$version
if [ ! -d "$folder/node_modules" ]; then
  mkdir -p "$folder"
  npm install --silent --no-save --prefix "$folder" "google-libphonenumber@$version" >&2
fi
library=$folder/node_modules/google-libphonenumber
echo "$sha256  $library/dist/libphonenumber.js" | sha256sum --check --quiet >&2
echo "$library"
