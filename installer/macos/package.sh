#!/bin/bash
# Build, sign, pack and notarise on a Mac: installer/macos/package.sh [--unsigned]
#
# Signed, it wants MODAMODA_MAC_IDENTITY ("Developer ID Application: … (TEAM)") in the keychain and a profile of
# notarytool, made once by: xcrun notarytool store-credentials modamoda --apple-id … --team-id …
set -euo pipefail
cd "$(dirname "$0")/../.."

unsigned=""
[ "${1:-}" = "--unsigned" ] && unsigned=1
profile="${MODAMODA_NOTARY_PROFILE:-modamoda}"
app="dist/Modamoda Studio.app"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)"
dmg="dist/modamoda-studio-$version-$(uname -m).dmg"

if [ -z "$unsigned" ] && [ -z "${MODAMODA_MAC_IDENTITY:-}" ]; then
    echo "MODAMODA_MAC_IDENTITY names nobody; for a try: $0 --unsigned" >&2
    exit 2
fi

python3 dev.py bundle

if [ -z "$unsigned" ]; then
    # The licences and the list of parts came after PyInstaller's signatures: what is inside keeps its own, the app is
    # sealed again. (Apple advises against signing with --deep.)
    codesign --force --timestamp --options runtime --entitlements installer/macos/entitlements.plist \
        --sign "$MODAMODA_MAC_IDENTITY" "$app"
    codesign --verify --deep --strict --verbose=2 "$app"
fi

stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
rm -f "$dmg"
hdiutil create -volname "Modamoda Studio" -srcfolder "$stage" -fs HFS+ -format UDZO "$dmg"

if [ -z "$unsigned" ]; then
    codesign --timestamp --sign "$MODAMODA_MAC_IDENTITY" "$dmg"
    xcrun notarytool submit "$dmg" --keychain-profile "$profile" --wait
    xcrun stapler staple "$dmg"
    spctl --assess --type open --context context:primary-signature --verbose "$dmg"
fi
echo "$dmg"
