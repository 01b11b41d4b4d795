#!/usr/bin/env bash
# Installs the release's binary where there is one for this machine; otherwise says that the source is to be built.
#
# In:  VERSION, SHA256 (inputs), REPOSITORY (of the action; empty where it is used from its own checkout)
# Out: program; and where it must be built first: build=true, folder, key
set -euo pipefail

here=$GITHUB_ACTION_PATH
own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/Cargo.toml" | head -n 1)
wanted=${VERSION#v}
release=${wanted:-$own}
name=cargo-constitution
[ "$RUNNER_OS" != Windows ] || name=$name.exe

fail() {
    echo "::error title=cargo-constitution::$1"
    exit 2
}

digest() {
    if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

# From the action's source, whose digest names the build: another source is another build.
build() {
    [ -z "$wanted" ] || [ "$wanted" = source ] || [ "$wanted" = "$own" ] \
        || fail "there is no binary of version $release for this machine, and the action's own source is $own: leave \`version\` out"
    [ -z "$SHA256" ] || fail "\`sha256\` was given, but there is no binary to hold against it"
    local folder=$RUNNER_TEMP/cargo-constitution key
    key=$(cd "$here" && find Cargo.toml Cargo.lock src rules -type f | LC_ALL=C sort \
        | while IFS= read -r file; do digest "$file"; done | digest - | cut -c 1-32)
    {
        echo "build=true"
        echo "folder=$folder"
        echo "key=cargo-constitution-$RUNNER_OS-$RUNNER_ARCH-$key"
        echo "program=$folder/bin/$name"
    } >>"$GITHUB_OUTPUT"
    echo "cargo-constitution $own is built from source: $1"
    exit 0
}

case $wanted in
    *[!0-9A-Za-z.+-]*) fail "\`version\` is a release such as $own, or \`source\`" ;;
    source) build "as asked" ;;
esac
case $RUNNER_OS-$RUNNER_ARCH in
    Linux-X64) target=x86_64-unknown-linux-gnu ;;
    Linux-ARM64) target=aarch64-unknown-linux-gnu ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-X64) target=x86_64-pc-windows-msvc ;;
    *) build "there is no release for $RUNNER_OS on $RUNNER_ARCH" ;;
esac
[ -n "$REPOSITORY" ] || build "the action is used from its own checkout"

archive=cargo-constitution-$release-$target.tar.gz
from=$GITHUB_SERVER_URL/$REPOSITORY/releases/download/v$release/$archive
folder=$RUNNER_TEMP/cargo-constitution-$release
mkdir -p "$folder"
cd "$folder"
curl --fail --silent --show-error --location --retry 3 --output "$archive" "$from" \
    || build "there is no release $release for $target"
if [ -z "$SHA256" ]; then
    curl --fail --silent --show-error --location --retry 3 --output digest "$from.sha256" \
        || fail "the release $release says no digest of $archive"
    SHA256=$(cut -d ' ' -f 1 digest)
fi
found=$(digest "$archive" | cut -d ' ' -f 1)
[ "$found" = "$SHA256" ] || fail "$archive digests to $found, not to $SHA256: it is not run"
tar -xzf "$archive" "$name"
echo "program=$folder/$name" >>"$GITHUB_OUTPUT"
echo "cargo-constitution $release for $target, sha256 $found"
