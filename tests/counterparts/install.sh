#!/bin/sh
# Installs the servers, clients and checkers of others that the tests work against, into .counterparts and, where they come
# with the system, through its package manager. Nothing here becomes part of sfa.
set -eu
here=$(dirname "$0")
there=$1
missing=""
for need in calcurse:calcurse dbus-run-session:dbus dunst:dunst gcc:gcc node:nodejs npm:npm xdotool:xdotool Xvfb:xvfb; do
  command -v "${need%%:*}" >/dev/null 2>&1 || missing="$missing ${need#*:}"
done
[ -e /usr/include/libical/ical.h ] || missing="$missing libical-dev"
if [ -n "$missing" ]; then
  echo "Installing$missing ..." >&2
  if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >&2
fi
mkdir -p "$there"
"${PYTHON:-python3}" -m venv "$there/venv"
"$there/venv/bin/python" -m pip install --quiet --requirement "$here/requirements.txt" >&2
cp "$here/package.json" "$there/package.json"
(cd "$there" && npm install --silent --no-audit --no-fund >&2)
