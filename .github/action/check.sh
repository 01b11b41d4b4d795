#!/usr/bin/env bash
# Judges the workspace once, and leaves the reports and what the outputs say. The verdict falls in a later step,
# after the reports were kept.
#
# In:  PROGRAM, PATH_INPUT, CONSTITUTION, FAIL_ON, BASE, FORMATS, FACTS, ANNOTATIONS, SUMMARY
# Out: code, verdict; and where there was something to judge: breaches, risks, warnings, notes, reports, html,
#      markdown, json, sarif
set -euo pipefail

reports=$(mktemp -d "$RUNNER_TEMP/constitution.XXXXXX")
arguments=(--manifest-path "$PATH_INPUT/Cargo.toml" --fail-on "$FAIL_ON" --color never)
[ -z "$CONSTITUTION" ] || arguments+=(--constitution "$CONSTITUTION")
[ -z "$BASE" ] || arguments+=(--base "$BASE")
if [ -d "$FACTS" ]; then
    for file in "$FACTS"/*.json; do arguments+=(--with "$file"); done
elif [ -n "$FACTS" ]; then
    arguments+=(--with "$FACTS")
fi
if [ "$ANNOTATIONS" = true ]; then arguments+=(--format github); else arguments+=(--format human); fi
arguments+=(
    --output "html=$reports/freeze-report.html"
    --output "markdown=$reports/summary.md"
    --output "json=$reports/report.json"
    --output "sarif=$reports/report.sarif"
)
read -r -a further <<<"${FORMATS//[,$'\n']/ }"
for format in ${further[@]+"${further[@]}"}; do
    case $format in
        html | markdown | json | sarif) ;; # There already.
        junit) arguments+=(--output "junit=$reports/junit.xml") ;;
        *) arguments+=(--output "$format=$reports/report-$format.txt") ;;
    esac
done

code=0
"$PROGRAM" check "${arguments[@]}" || code=$?
echo "code=$code" >>"$GITHUB_OUTPUT"
if [ ! -s "$reports/report.json" ]; then
    echo "verdict=error" >>"$GITHUB_OUTPUT"
    exit 0
fi

# The verdict and the counts stand before the first finding, and no quoted text can look like them.
count() {
    sed -n "s/^.*\"$1\": *\([0-9][0-9]*\).*\$/\1/p" "$reports/report.json" | head -n 1
}
{
    echo "verdict=$(sed -n 's/^.*"verdict": *"\([a-z]*\)".*$/\1/p' "$reports/report.json" | head -n 1)"
    echo "breaches=$(count breach)"
    echo "risks=$(count risk)"
    echo "warnings=$(count warning)"
    echo "notes=$(count note)"
    echo "reports=$reports"
    echo "html=$reports/freeze-report.html"
    echo "markdown=$reports/summary.md"
    echo "json=$reports/report.json"
    echo "sarif=$reports/report.sarif"
} >>"$GITHUB_OUTPUT"
if [ "$SUMMARY" = true ]; then
    cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
