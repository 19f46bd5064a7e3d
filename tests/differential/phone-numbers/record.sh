#!/usr/bin/env bash
# Records a sample of Google's answers for the test suite, which runs without Node. Needed after new metadata only.
#
#   tests/differential/phone-numbers/record.sh [seed]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
library=$("$here/fetch.sh")
node "$here/record.js" "$library" "${1:-1}" tests/LeadLedger.Tests/PhoneNumbers/recorded.jsonl.br
