#!/bin/sh
# Make an AppImage of dist/modamoda-studio: installer/linux/appimage.sh. It needs appimagetool on the path
# (https://github.com/AppImage/appimagetool) and runs on systems whose C library is as new as the builder's.
set -eu
cd "$(dirname "$0")/../.."

version="$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)"
name="studio.modamoda.ModamodaStudio"
[ -x dist/modamoda-studio/modamoda ] || { echo "Build the bundle first: python3 dev.py bundle" >&2; exit 2; }

root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/opt" "$root/usr/share/applications" "$root/usr/share/metainfo"
cp -a dist/modamoda-studio "$root/opt/"
cp installer/linux/modamoda-studio.desktop "$root/"
cp installer/linux/modamoda-studio.desktop "$root/usr/share/applications/"
cp "installer/linux/$name.metainfo.xml" "$root/usr/share/metainfo/$name.appdata.xml"
cp build/icons/modamoda-256.png "$root/modamoda-studio.png"
ln -s modamoda-studio.png "$root/.DirIcon"
cat > "$root/AppRun" <<'RUN'
#!/bin/sh
# Without arguments, or with one folder or photograph: the window. Anything else is for the command line.
here="$(dirname "$(readlink -f "$0")")/opt/modamoda-studio"
if [ $# -eq 0 ] || { [ $# -eq 1 ] && [ -e "$1" ]; }; then
    exec "$here/Modamoda Studio" "$@"
fi
exec "$here/modamoda" "$@"
RUN
chmod 755 "$root/AppRun"
if [ "${1:-}" = "--check" ]; then
    "$root/AppRun" --version
    exit
fi
ARCH="$(uname -m)" appimagetool "$root" "dist/modamoda-studio-$version-$(uname -m).AppImage"
