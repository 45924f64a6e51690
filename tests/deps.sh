#!/bin/sh
# deps.sh PACKAGE...: what is missing of these Debian packages is installed when
# run as root; otherwise the one command that does it is printed.
set -u
missing=
for p in "$@"; do
	# Node may have come from elsewhere than Debian.
	case $p in nodejs | npm) command -v npm >/dev/null 2>&1 && continue ;; esac
	state=$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null)
	[ "$state" = installed ] || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
	echo "These Debian packages are missing. As root, run:"
	echo "  apt-get update && apt-get install -y --no-install-recommends$missing"
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
echo "installing:$missing"
log=$(mktemp) || exit 70
# shellcheck disable=SC2086  # a list of words
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } \
    >"$log" 2>&1; then
	tail -20 "$log"
	rm -f "$log"
	exit 1
fi
rm -f "$log"
