#!/bin/sh
# A nightly backup: one file a night under $BACKUPS, the old ones removed after $KEEP_DAYS days, never the last one.
set -eu
: "${BACKUPS:?the folder of the backups}" "${KEEP_DAYS:=35}"
modamoda-cloud backup "$BACKUPS/modamoda-$(date -u +%Y%m%dT%H%M%SZ).tar"
find "$BACKUPS" -name 'modamoda-*.tar' -mtime "+$KEEP_DAYS" -delete
