#!/bin/sh
# What the tests need from the system: a Chromium for the browser tests. As root it is installed;
# otherwise this says exactly what to install.
set -eu

found() { command -v "$1" >/dev/null 2>&1; }

if [ -n "${CHROMIUM_PATH:-}" ] || found chromium || found chromium-browser || found google-chrome; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && found apt-get; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "The browser tests need Chromium. Install it, then run make test again:" >&2
if found apt-get; then
    echo "    sudo apt-get install chromium" >&2
elif found dnf; then
    echo "    sudo dnf install chromium" >&2
elif found brew; then
    echo "    brew install --cask chromium" >&2
fi
echo "or name one that is already there: CHROMIUM_PATH=/path/to/chrome make test" >&2
exit 1
