#!/bin/sh
# layers.sh BUILD: who may call whom (docs/threat-model.md), as tests: by what
# the sources include, and by what the programs really link. TAP.
set -u
B=${1:-build}
# shellcheck source=tests/tap.inc
. tests/tap.inc

# Quoted includes in FILES that are not of the rooms in ALLOWED (a regex).
strangers() {
	allowed=$1
	shift
	grep -Hn '^#include "' "$@" | grep -vE "#include \"($allowed)" || true
}

# System headers in FILES that match PATTERN.
headers() {
	pattern=$1
	shift
	grep -HnE "^#include <($pattern)" "$@" || true
}

# Libraries that PROGRAM asks for by itself, but those in ALLOWED.
libraries() {
	objdump -p "$1" | awk '/NEEDED/ { print $2 }' | grep -vE "^($2)\.so" || true
}

# Undefined symbols of PROGRAM that match PATTERN.
symbols() {
	nm -D --undefined-only "$1" | awk '{ print $2 }' | grep -E "$2" || true
}

core='common/[a-z0-9_]*\.h'
no "common knows nobody, its core not even host" strangers "$core" common/*.c common/*.h
no "common/host knows common alone" strangers 'common/' common/host/*.c common/host/*.h
no "keys knows keys and common" strangers 'common/|keys/' keys/*.c keys/*.h
no "issuer knows issuer, keys and common" strangers 'common/|keys/|issuer/' issuer/*.c issuer/*.h issuer/*/*.c issuer/*/*.h issuer/*/*/*.c issuer/*/*/*.h
no "verifier knows verifier and common" strangers 'common/|verifier/' verifier/*.c verifier/*.h verifier/*/*.c verifier/*/*.h
# shellcheck disable=SC2046  # a list of files
no "the core does no I/O, asks no clock, starts nothing" headers 'stdio|fcntl|unistd|time|sys/|dirent|signal|pthread|locale|errno' common/*.c common/*.h
# shellcheck disable=SC2046
no "the core has no heap (but behind OpenSSL)" grep -nE '\b(malloc|calloc|realloc|free)\(' $(printf '%s\n' common/*.c | grep -v openssl)
# shellcheck disable=SC2046
no "OpenSSL in common stays behind crypto.h and pem.h" headers 'openssl/' $(printf '%s\n' common/*.c common/*.h | grep -vE 'crypto_openssl|pem.c')
# shellcheck disable=SC2046
no "zlib in common stays behind inflate.h" headers 'zlib' $(printf '%s\n' common/*.c common/*.h | grep -v inflate_zlib)
# shellcheck disable=SC2046
no "SQLite is known in issuer/register alone" headers 'sqlite3' $(git ls-files '*.c' '*.h' | grep -vE '^(issuer/register|tests)/')
# shellcheck disable=SC2046
no "zbar is known in verifier/scan alone" headers 'zbar' $(git ls-files '*.c' '*.h' | grep -v '^verifier/scan/')
# shellcheck disable=SC2046
no "only keys makes or opens private keys" grep -nE 'EVP_DigestSign|EVP_PKEY_Q_keygen|PKCS8_decrypt|PEM_read_bio_PrivateKey|C_Sign|C_GenerateKeyPair' $(git ls-files 'common/*' 'issuer/*' 'verifier/*')
# shellcheck disable=SC2046
no "PKCS#11 is known in keys alone" headers 'p11-kit/' $(git ls-files '*.c' '*.h' | grep -vE '^(keys|tests)/')
no "in keys, by the two files for tokens alone" sh -c "grep -ln '^#include <p11-kit/' keys/*.[ch] | grep -vxE 'keys/cryptoki\.h'"
# shellcheck disable=SC2046
no "only keys loads a module" grep -nE '\bdl(m?open|sym)\(' $(git ls-files 'common/*' 'issuer/*' 'verifier/*')

no "cedula-verifier links libcrypto, zlib, libc and nothing else" libraries "$B/bin/cedula-verifier" 'libcrypto|libz|libc'
no "cedula-verifier cannot sign, make or open a private key" symbols "$B/bin/cedula-verifier" 'DigestSign|_keygen|PKCS8|PrivateKey'
no "cedula-verifier loads no module" symbols "$B/bin/cedula-verifier" '^(dlm?open|dlsym|p11_kit_.*)'
no "cedula-verifier opens no socket" symbols "$B/bin/cedula-verifier" '^(socket|connect|bind|listen|accept4?|getaddrinfo|sendto|recvfrom)$'
no "cedula-keys links libcrypto, zlib, libp11-kit, libqrencode, libpng, libc and nothing else" libraries "$B/bin/cedula-keys" 'libcrypto|libz|libp11-kit|libqrencode|libpng[0-9]*|libc'
no "cedula-scan links no crypto and no register" sh -c "objdump -p '$B/bin/cedula-scan' | grep -E 'NEEDED.*(crypto|ssl|sqlite)'"
no "cedula-issuer opens no socket itself" symbols "$B/bin/cedula-issuer" '^(socket|connect|bind|listen|accept4?|getaddrinfo)$'
no "what cedula-verifier loads in all is libcrypto, zlib, libc, the loader" sh -c "ldd '$B/bin/cedula-verifier' | awk '{ print \$1 }' | grep -vE '^(linux-vdso|libcrypto|libz|libc|/lib.*/ld-linux)'"

echo "1..$n"
exit "$failed"
