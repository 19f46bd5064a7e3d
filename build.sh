#!/usr/bin/env bash
# Everything that must hold before a change lands: locked restore, format, build without warnings, every test against a
# real PostgreSQL. It needs the .NET 10 SDK and installs the rest. The last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

step() { printf '\n== %s\n' "$*"; }

have_postgres() {
    [ -n "${LEADLEDGER_TEST_DB:-}" ] || [ -n "${LEADLEDGER_POSTGRES_BIN:-}" ] || command -v initdb >/dev/null 2>&1 \
        || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v npm >/dev/null 2>&1
}

step "Tools"
if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET 10 SDK is missing: install it from your system's packages or from https://dot.net, then run this again."
    exit 1
fi
dotnet --version
if ! have_postgres; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        apt-get update -qq && apt-get install -y -qq postgresql
    else
        echo "No PostgreSQL found. Install it (Debian and Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql@17),"
        echo "install Node.js so that it can be fetched, or name a server in LEADLEDGER_TEST_DB; then run this again."
        exit 1
    fi
fi

step "Restore, as the lock files say"
dotnet restore LeadLedger.sln --locked-mode

step "Format"
dotnet format LeadLedger.sln --verify-no-changes --no-restore

step "Build, warnings are errors"
dotnet build LeadLedger.sln --no-restore -nodeReuse:false -v minimal

step "Tests"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet test --solution LeadLedger.sln --no-build --no-restore 2>&1 | tee "$log" || status=$?
passed=$(sed -n 's/^ *succeeded: *\([0-9]*\).*/\1/p' "$log" | tail -1)
failed=$(sed -n 's/^ *failed: *\([0-9]*\).*/\1/p' "$log" | tail -1)
echo
echo "${passed:-0} passed, ${failed:-0} failed"
if [ "$status" != 0 ] || [ "${failed:-1}" != 0 ] || [ "${passed:-0}" = 0 ]; then
    exit 1
fi
