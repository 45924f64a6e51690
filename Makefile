# Cédula. One makefile for everything; `make help` lists the targets.
CC ?= gcc
CFLAGS ?= -O2 -g
LDFLAGS ?=
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
LOCALEDIR ?= $(PREFIX)/share/locale
DESTDIR ?=
PKG_CONFIG ?= pkg-config
B ?= build
SAN ?=
VERSION := 0.1.0

warn = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wvla -Wwrite-strings \
	-Wmissing-prototypes -Wstrict-prototypes -Wswitch-enum -Werror
hard = -U_FORTIFY_SOURCE $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
cflags = $(warn) $(hard) -D_GNU_SOURCE -DCEDULA_VERSION='"$(VERSION)"' -I. $(CFLAGS) $(SAN)
ldflags = -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed $(LDFLAGS) $(SAN)

# What each room may include and link: its powers in one line (make layers proves it).
pkgs_verifier = libcrypto zlib
pkgs_scan = zbar libpng libjpeg libseccomp
pkgs_keys = libcrypto zlib
pkgs_issuer = libcrypto zlib sqlite3 cairo cairo-pdf pangocairo libqrencode libwebp libpng libjpeg
pkgs_tests = cmocka jansson libcrypto
pkgs_portrait = cairo libpng libjpeg
pkg_cflags = $(shell $(PKG_CONFIG) --cflags $(1) | sed 's/-I/-isystem /g')
pkg_libs = $(shell $(PKG_CONFIG) --libs $(1))

lib_of = $(patsubst %.c,$(B)/obj/%.o,$(1))
common_o = $(call lib_of,$(wildcard common/*.c))
host_o = $(call lib_of,$(wildcard common/host/*.c))
keys_o = $(call lib_of,$(filter-out keys/main.c,$(wildcard keys/*.c)))
issuer_o = $(call lib_of,$(filter-out issuer/main.c,$(wildcard issuer/*.c issuer/register/*.c issuer/print/*.c issuer/photo/*.c)))
verifier_o = $(call lib_of,$(filter-out verifier/main.c,$(wildcard verifier/*.c)))
scan_o = $(call lib_of,$(wildcard verifier/scan/*.c))
A = $(B)/lib
common_a = $(A)/common.a
issuer_a = $(A)/issuer.a $(A)/keys.a $(A)/host.a $(A)/common.a

bins = $(addprefix $(B)/bin/cedula-,keys issuer verifier scan)

all: $(bins)
.PHONY: all

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(cflags) $(pkgflags) -MMD -MP -c -o $@ $<
$(B)/obj/issuer/%.o: pkgflags = $(call pkg_cflags,$(pkgs_issuer))
$(B)/obj/verifier/scan/%.o: pkgflags = $(call pkg_cflags,$(pkgs_scan))
$(B)/obj/tests/%.o: pkgflags = $(call pkg_cflags,$(pkgs_tests) $(pkgs_issuer))

$(A)/common.a: $(common_o)
$(A)/host.a: $(host_o)
$(A)/keys.a: $(keys_o)
$(A)/issuer.a: $(issuer_o)
$(A)/verifier.a: $(verifier_o)
$(A)/scan.a: $(scan_o)
$(A)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

link = @mkdir -p $(@D) && echo "LINK $@" && $(CC) $(ldflags) -o $@ $(filter %.o %.a,$^) $(libs)
$(B)/bin/cedula-keys: libs = $(call pkg_libs,$(pkgs_keys))
$(B)/bin/cedula-keys: $(B)/obj/keys/main.o $(A)/keys.a $(A)/host.a $(common_a)
	$(link)
$(B)/bin/cedula-issuer: libs = $(call pkg_libs,$(pkgs_issuer)) -lm
$(B)/bin/cedula-issuer: $(B)/obj/issuer/main.o $(issuer_a)
	$(link)
$(B)/bin/cedula-verifier: libs = $(call pkg_libs,$(pkgs_verifier))
$(B)/bin/cedula-verifier: $(B)/obj/verifier/main.o $(A)/verifier.a $(A)/host.a $(common_a)
	$(link)
$(B)/bin/cedula-scan: libs = $(call pkg_libs,$(pkgs_scan) libcrypto)
$(B)/bin/cedula-scan: $(A)/scan.a $(A)/host.a $(common_a)
	$(link)
$(B)/tools/portrait: libs = $(call pkg_libs,$(pkgs_portrait)) -lm
$(B)/tools/portrait: $(B)/obj/issuer/demo/portrait.o
	$(link)

units = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
$(B)/tests/unit/%: libs = $(call pkg_libs,$(pkgs_tests) $(pkgs_issuer)) -lm
$(B)/tests/unit/%: $(B)/obj/tests/unit/%.o $(B)/obj/tests/unit/fixture.o $(A)/verifier.a $(issuer_a)
	$(link)

clean:
	rm -rf build build-* compile_commands.json
.PHONY: clean
.SECONDARY:

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
