#!/usr/bin/env bash
# Everything that must hold before a change lands: locked restore, format, build without warnings, every test against a
# real PostgreSQL and in a real browser, and short runs under faults. It needs the .NET 10 SDK and installs the rest. The last line is
# "N passed, N failed".
#
#   ./build.sh                      all of that
#   ./build.sh soak [part] [...]    the long run under faults and nothing else; ./build.sh soak --help lists its parts
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

faults=artifacts/bin/LeadLedger.Faults/debug/LeadLedger.Faults.dll

# The service with fail points, and the harness that breaks it.
build_faults() {
    dotnet build src/LeadLedger -c Faults --no-restore -nodeReuse:false -v quiet
    dotnet build tests/LeadLedger.Faults --no-restore -nodeReuse:false -v quiet
}

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

# The pages are tested in a browser: LEADLEDGER_CHROMIUM names one, else the system's is used, else it is installed.
have_chromium() {
    [ -n "${LEADLEDGER_CHROMIUM:-}" ] || [ -e /usr/bin/chromium ] || [ -e /usr/bin/chromium-browser ] || [ -e /usr/bin/google-chrome ] \
        || [ -e '/Applications/Google Chrome.app' ] || [ -e /Applications/Chromium.app ]
}
if ! have_chromium; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        apt-get update -qq && apt-get install -y -qq chromium
    else
        echo "No Chromium found. Install it (Debian and Ubuntu: sudo apt-get install chromium; macOS: brew install --cask chromium),"
        echo "or name one in LEADLEDGER_CHROMIUM; then run this again."
        exit 1
    fi
fi

step "Restore, as the lock files say"
dotnet restore LeadLedger.sln --locked-mode

if [ "${1:-}" = soak ]; then
    step "Build with fail points"
    build_faults
    if [ "${2:-}" = defects ]; then
        dotnet build tests/LeadLedger.Tests -c Faults --no-restore -nodeReuse:false -v quiet
    fi
    exec dotnet "$faults" "$@"
fi

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
if [ "$status" != 0 ] || [ "${failed:-1}" != 0 ] || [ "${passed:-0}" = 0 ]; then
    echo
    echo "${passed:-0} passed, ${failed:-0} failed"
    exit 1
fi

# Runs a part of the harness and adds its counts; its last line tells them.
under_faults() {
    dotnet "$faults" "$@" 2>&1 | tee "$log" || status=$?
    local summary
    summary=$(tail -1 "$log")
    if [[ "$summary" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        failed=$((failed + 1))
    fi
}

step "A short run under faults"
build_faults
under_faults quick --seed 1

step "Messages cut and processes killed, a few of each"
under_faults quick loops

echo
echo "$passed passed, $failed failed"
if [ "$status" != 0 ] || [ "$failed" != 0 ]; then
    exit 1
fi
