#!/bin/sh
# What the Makefile needs from outside of Python: Debian packages and Node.js. Says one line when it cannot help.
set -eu

fail() {
    echo "setup: $*" >&2
    exit 1
}

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# apt PROGRAM=PACKAGE…: install the packages whose program is missing (`-` = ask dpkg).
apt() {
    missing=
    for pair in "$@"; do
        program=${pair%%=*} package=${pair#*=}
        if [ "$program" = - ]; then
            installed "$package" || missing="$missing $package"
        else
            PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null || missing="$missing $package"
        fi
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "missing:$missing. Install them, then try again."
    [ "$(id -u)" = 0 ] || fail "missing:$missing. Run: sudo apt-get install -y$missing"
    echo "Installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of words
    { apt-get update -q && apt-get install -qy --no-install-recommends $missing; } >.tools/apt.log 2>&1 ||
        fail "apt-get could not install$missing: see .tools/apt.log"
}

# python: Python 3.11 with venv, and uv at its pinned version in .tools.
python() {
    command -v python3 >/dev/null || fail "python3 is missing: apt-get install python3 python3-venv"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "python3 is older than 3.11"
    python3 -c 'import ensurepip' 2>/dev/null || fail "python3-venv is missing: apt-get install python3-venv"
    [ -x .tools/bin/pip ] || python3 -m venv .tools
    .tools/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-tools.txt
    [ -x .venv/bin/python ] || python3 -m venv --without-pip .venv
}

# node: leave a good enough Node.js alone; otherwise put one into .tools/node.
node() {
    if command -v node >/dev/null && command -v npm >/dev/null && command node -e '
        const [major, minor] = process.versions.node.split(".").map(Number)
        process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'; then
        return 0
    fi
    echo "Installing Node.js into .tools/node"
    [ -x .tools/node/bin/python ] || python3 -m venv --without-pip .tools/node
    .tools/bin/uv pip install -q --python .tools/node/bin/python --require-hashes -r requirements-node.txt
}

mkdir -p .tools
"$@"
