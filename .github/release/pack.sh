#!/usr/bin/env bash
# Builds one target and packs it with its digest, as the action and `cargo binstall` look for it.
#
# In:  TARGET, TAG, and where the release will stand: GITHUB_SERVER_URL, GITHUB_REPOSITORY
# Out: dist/cargo-constitution-VERSION-TARGET.tar.gz and the same with .sha256
set -euo pipefail

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
[ "$TAG" = "v$version" ] || { echo "the tag $TAG is not the version $version of Cargo.toml"; exit 1; }
home=$(sed -n 's/^repository = "\(.*\)"$/\1/p' Cargo.toml)
[ "$home" = "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" ] || {
    echo "Cargo.toml must say repository = \"$GITHUB_SERVER_URL/$GITHUB_REPOSITORY\": cargo binstall looks there"
    exit 1
}
name=cargo-constitution
[[ $TARGET != *windows* ]] || name=$name.exe

rustup target add "$TARGET" 2>/dev/null || true # Where there is no rustup, the toolchain's own target is meant.
cargo build --locked --release --target "$TARGET"
archive=cargo-constitution-$version-$TARGET.tar.gz
mkdir -p dist
tar -czf "dist/$archive" -C "${CARGO_TARGET_DIR:-target}/$TARGET/release" "$name"
cd dist
if command -v sha256sum >/dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi >"$archive.sha256"
