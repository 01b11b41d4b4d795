#!/usr/bin/env bash
# Finds the commit that the change is held against, and fetches no more of the history than that takes.
#
# In:  PATH_INPUT, BASE, TOKEN (inputs), EVENT_BASE, EVENT_HEAD (the event's commits; empty on a push)
# Out: base (a commit that is there; empty where there is nothing to hold the change against)
set -euo pipefail

fail() {
    echo "::error title=cargo-constitution::$1"
    exit 2
}

found() {
    echo "base=$1" >>"$GITHUB_OUTPUT"
    echo "held against $1"
    exit 0
}

git_() {
    git -C "$PATH_INPUT" -c core.fsmonitor= -c core.hooksPath=/dev/null "$@"
}

# The token is passed by the environment: what stands on a command line can be read by every process.
fetch() {
    local header=""
    [ -z "$TOKEN" ] || header="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')"
    GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=2 \
        GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader" GIT_CONFIG_VALUE_0="" \
        GIT_CONFIG_KEY_1="http.$GITHUB_SERVER_URL/.extraheader" GIT_CONFIG_VALUE_1="$header" \
        git_ fetch --quiet --no-tags --no-recurse-submodules "$@"
}

there() {
    git_ rev-parse --quiet --verify --end-of-options "$1^{commit}" 2>/dev/null
}

[ "$BASE" != none ] || { echo "judged by itself, as asked"; exit 0; }
[ -n "$BASE" ] || [ -n "$EVENT_BASE" ] || { echo "no change to hold against anything: judged by itself"; exit 0; }
git_ rev-parse --git-dir >/dev/null 2>&1 \
    || fail "\`$PATH_INPUT\` is in no git repository: check the change out first, or set \`base: none\`"

if [ -n "$BASE" ]; then
    case $BASE in
        -*) fail "\`base\` is a branch, a tag or a commit" ;;
    esac
    commit=$(there "$BASE" || there "origin/$BASE" || true)
    [ -z "$commit" ] || found "$commit"
    fetch --depth=1 origin "$BASE" || fail "\`$BASE\` is neither here nor at origin"
    found "$(there FETCH_HEAD)"
fi

# GitHub checks a pull request out merged into its base: the first parent is the base, and no history is needed.
parents=$(git_ cat-file commit HEAD | sed -n '/^$/q;s/^parent //p')
if [ "$(wc -l <<<"$parents")" -eq 2 ] && [ "$(tail -n 1 <<<"$parents")" = "$EVENT_HEAD" ]; then
    base=$(head -n 1 <<<"$parents")
    there "$base" >/dev/null || fetch --depth=1 origin "$base" \
        || fail "the base $base cannot be fetched: give \`token\` \`contents: read\`, or check out with \`fetch-depth: 2\`"
    found "$base"
fi

# Another commit is checked out: deepen until both histories meet.
there "$EVENT_BASE" >/dev/null || fetch --depth=1 origin "$EVENT_BASE" \
    || fail "the base $EVENT_BASE cannot be fetched: give \`token\` \`contents: read\`, or check out with \`fetch-depth: 0\`"
head=$(there HEAD)
for deeper in 16 64 256 1024 4096 65536; do
    ! base=$(git_ merge-base "$EVENT_BASE" "$head") || found "$base"
    fetch --deepen="$deeper" origin "$head" "$EVENT_BASE" || break
done
! base=$(git_ merge-base "$EVENT_BASE" "$head") || found "$base"
fail "the change and its base $EVENT_BASE have no commit in common: check out with \`fetch-depth: 0\`, or set \`base\`"
