#!/bin/sh
# Creates a dormant issue tree with GitHub's `gh`, and attaches every issue to its parent.
# Usage: sh THIS_FILE OWNER/REPOSITORY
# It may be stopped and run again: what is there is found by the hidden line in its body, or by its title.
set -eu

repository=${1:?usage: sh "$0" OWNER/REPOSITORY}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

# GitHub takes 80 writes a minute and 500 an hour: a second after each, an hour after every 500.
writes=0
created=0
pace() {
    if [ "$writes" -ge 500 ]; then
        echo "500 writes within the hour: waiting for an hour" >&2
        sleep 3600
        writes=0
    fi
    writes=$((writes + 1))
    sleep 1
}

# `KEY NUMBER` of every issue that is there, the oldest first, and how many are younger than an hour.
gh issue list --repo "$repository" --state all --limit 1000000 --json number,title,body,createdAt --jq '
    sort_by(.number) | .[] | . as $issue
    | (((.body // "") | capture("<!-- constitution:issue (?<key>[A-Z0-9._v-]+) -->").key),
       (.title | capture("^\\[(?<key>[A-Z0-9._v-]+)\\]").key)) as $key
    | "\($key) \($issue.number) \(if ($issue.createdAt | fromdateiso8601) > (now - 3600) then "new" else "old" end)"
' >"$folder/issues"
writes=$(awk '$3 == "new" { made[$2] = 1 } END { n = 0; for (i in made) n++; print n }' "$folder/issues")
gh label list --repo "$repository" --limit 100000 --json name --jq '.[].name' >"$folder/labels"

number_of() {
    awk -v key="$1" '$1 == key { print $2; exit }' "$folder/issues"
}

label() {
    if ! grep -Fxq -e "$1" "$folder/labels"; then
        pace
        gh label create "$1" --repo "$repository" >/dev/null
        printf '%s\n' "$1" >>"$folder/labels"
    fi
}

# The issues below a parent, asked for once.
children_of() {
    if [ ! -e "$folder/children-$1" ]; then
        gh api --paginate "repos/$repository/issues/$1/sub_issues?per_page=100" --jq '.[].number' \
            >"$folder/children"
        mv "$folder/children" "$folder/children-$1"
    fi
    cat "$folder/children-$1"
}

attach() {
    children_of "$2" >"$folder/known"
    if ! grep -Fxq -e "$1" "$folder/known"; then
        id=$(gh api "repos/$repository/issues/$1" --jq .id)
        pace
        gh api --method POST "repos/$repository/issues/$2/sub_issues" -F "sub_issue_id=$id" >/dev/null
        printf '%s\n' "$1" >>"$folder/children-$2"
    fi
}

# issue KEY PARENT TITLE LABELS, the body on standard input
issue() {
    cat >"$folder/body"
    number=$(number_of "$1")
    if [ -z "$number" ]; then
        pace
        url=$(gh issue create --repo "$repository" --title "$3" --label "$4" --body-file "$folder/body")
        number=${url##*/}
        case $number in
        '' | *[!0-9]*)
            echo "gh did not say which issue it created for $1: run the script again" >&2
            exit 1
            ;;
        esac
        printf '%s %s new\n' "$1" "$number" >>"$folder/issues"
        created=$((created + 1))
        echo "created #$number $1" >&2
    fi
    if [ -n "$2" ]; then
        attach "$number" "$(number_of "$2")"
    fi
}
