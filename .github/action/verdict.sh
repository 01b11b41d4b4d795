#!/usr/bin/env bash
# Ends the action as the check ended.
#
# In:  VERDICT, CODE
set -euo pipefail

case $VERDICT in
    lawful) echo "lawful" ;;
    freeze) echo "::error title=Freeze::The constitution is broken. Every finding and the ways out are in the freeze report." ;;
    blind) echo "::error title=Blind::Something that had to be read could not be, so that nothing is proved." ;;
    *) echo "::error title=Not judged::The usage or the constitution is wrong; the log of the check says where." ;;
esac
exit "${CODE:-2}"
