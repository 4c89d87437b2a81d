#!/bin/sh
# Collects into a directory all that a container needs to run a program: `collect.sh PROGRAM DIRECTORY`.
# A static program needs no library, and then there is none.
set -eu
program=$1 files=$2
mkdir -p "$files/etc/ssl/certs" "$files/tmp"
cp "$program" "$files/"

# The libraries it is linked against, with the loader, where they are on this machine.
for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*' | sort -u); do
  mkdir -p "$files$(dirname "$library")"
  cp -L "$library" "$files$library"
  # Scanners look here for what is known of a package's version. It takes a second to find out.
  if [ -n "${FOR_SCANNERS:-}" ]; then
    real=$(readlink -f "$library")
    package=$( (dpkg -S "$real" || dpkg -S "${real#/usr}") 2>/dev/null | cut -d: -f1 | head -n 1)
    if [ -n "$package" ]; then
      mkdir -p "$files/var/lib/dpkg/status.d"
      dpkg -s "$package" > "$files/var/lib/dpkg/status.d/$package"
    fi
  fi
done
[ ! -f /etc/os-release ] || cp -L /etc/os-release "$files/etc/os-release"

# Whose certificates are believed on the internet, over which Stripe is reached.
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
  cp -L /etc/ssl/certs/ca-certificates.crt "$files/etc/ssl/certs/"
fi
# Names are looked up in the pod's own files first.
echo 'hosts: files dns' > "$files/etc/nsswitch.conf"
echo 'ticketing:x:65532:65532::/:/sbin/nologin' > "$files/etc/passwd"
echo 'ticketing:x:65532:' > "$files/etc/group"
