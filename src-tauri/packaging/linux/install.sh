#!/bin/sh
# Puts eSIM Watch where the desktop finds it, or takes it away again. See README.txt.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
to=${HOME:?}/.local
remove=no
while [ $# -gt 0 ]; do
    case $1 in
        --to)
            to=${2:?--to needs a folder}
            shift
            ;;
        --remove) remove=yes ;;
        *)
            echo "Usage: $0 [--to FOLDER] [--remove]" >&2
            exit 2
            ;;
    esac
    shift
done

# What is in the archive, by its place below the folder.
files=$(cd "$here" && find bin share -type f | LC_ALL=C sort)

if [ "$remove" = yes ]; then
    for file in $files; do
        rm -f "$to/$file"
    done
    rmdir "$to/share/licenses/esim-watch" "$to/share/esim-watch" 2>/dev/null || :
    echo "eSIM Watch is gone from $to. Your data stays in ~/.local/share/watch.esim.desk."
    exit
fi

for file in $files; do
    mkdir -p "$to/$(dirname "$file")"
    # Beside it first: a program that runs can't be written over, but can be replaced.
    cp -p "$here/$file" "$to/$file.new"
    mv -f "$to/$file.new" "$to/$file"
done
# The desktop need not have the folder in its search path.
sed -i "s|^Exec=esim-watch|Exec=\"$to/bin/esim-watch\"|" "$to/share/applications/esim-watch.desktop"
sed -i "s|^ExecStart=/usr/bin/|ExecStart=$to/bin/|" "$to/share/systemd/user/esim-watchd.service"
echo "eSIM Watch is in $to, and in the menu of your desktop."
