# shellcheck shell=bash
# Functions shared by the scripts. Source this file first; it changes to the project's directory.

set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

# The tests start their own X servers and i3 instances, and must not reach the session
# in which a script is started.
unset DISPLAY I3SOCK SWAYSOCK WAYLAND_DISPLAY XAUTHORITY DESKTOP_STARTUP_ID DBUS_SESSION_BUS_ADDRESS
exec </dev/null

# fail MESSAGE...: prints an error and exits.
fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# as_root COMMAND...: runs a command as root, with sudo if necessary.
as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "root permissions are needed, but sudo is not installed; run this as root, then try again:
    $*"
    fi
}

# require_cargo [COMPONENT...]: finds cargo, also in rustup's directory if that is not in
# PATH, and checks for components such as clippy.
require_cargo() {
    local component
    if ! command -v cargo >/dev/null && [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    fi
    command -v cargo >/dev/null || fail "cargo is not installed; get Rust from https://rustup.rs"
    for component in "$@"; do
        cargo "$component" --version >/dev/null 2>&1 ||
            fail "cargo $component is not installed; try \`rustup component add ${component/fmt/rustfmt}\`"
    done
}
