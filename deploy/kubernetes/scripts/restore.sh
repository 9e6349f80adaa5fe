#!/bin/sh
# Restore the newest backup under $BACKUPS (or the file given) into the empty database that the settings name.
set -eu
: "${BACKUPS:?the folder of the backups}"
newest=$(find "$BACKUPS" -name 'modamoda-*.tar' | sort | tail -n 1)
file=${1:-$newest}
test -n "$file" || { echo "There is no backup under $BACKUPS." >&2; exit 1; }
echo "Restoring $file"
exec modamoda-cloud restore "$file"
