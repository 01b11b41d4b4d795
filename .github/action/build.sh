#!/usr/bin/env bash
# Builds the program from the action's own source, out of reach of what the workspace says to cargo.
#
# In:  FOLDER (to install into)
set -euo pipefail

# cargo and rustup read settings from the folder they are started in and from those around it.
neutral=$(mktemp -d "$RUNNER_TEMP/neutral.XXXXXX")
cd "$neutral"
cargo install --locked --quiet --path "$GITHUB_ACTION_PATH" --root "$FOLDER" --target-dir "$neutral/target"
rm -rf "$neutral/target"
