#!/usr/bin/env bash
# Prints what CHANGELOG.md says of one version.
#
# In:  TAG
set -euo pipefail

notes=$(sed -n "/^## ${TAG#v}\b/,/^## /{/^## /d;p;}" CHANGELOG.md)
[ -n "${notes//[[:space:]]/}" ] || { echo "CHANGELOG.md says nothing of $TAG" >&2; exit 1; }
printf '%s\n' "$notes"
