#!/bin/sh
# Reads what make would run (make -n) and writes compile_commands.json.
awk -v dir="$PWD" '
function esc(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return s }
/ -c -o / {
	printf "%s{\"directory\":\"%s\",\"command\":\"%s\",\"file\":\"%s\"}",
	    n++ ? ",\n" : "[\n", esc(dir), esc($0), esc($NF)
}
END { print n ? "\n]" : "[]" }'
