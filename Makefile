# Cédula. One makefile for everything; `make help` lists the targets.
ifeq ($(origin CC),default)
CC = gcc
endif
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
FUZZ_SECONDS ?= 30
VERSION := 0.1.0

# ---- how it is compiled -----------------------------------------------------
# gcc 12 may put a written static object into read-only memory when its address
# passes through a function called once (ipa-reference); clang has no such flag.
gcc_flags = $(shell $(CC) -fno-ipa-reference-addressable -E -x c /dev/null >/dev/null 2>&1 \
	&& echo -fno-ipa-reference-addressable)
warn = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wvla -Wwrite-strings \
	-Wmissing-prototypes -Wstrict-prototypes -Wswitch-enum -Werror
hard = -U_FORTIFY_SOURCE $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
cflags := $(warn) $(hard) $(gcc_flags) -D_GNU_SOURCE -DCEDULA_VERSION='"$(VERSION)"' -I. $(CFLAGS) $(SAN)
ldflags = -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed $(LDFLAGS) $(SAN)

# What each room may include and link: its powers in one line (make layers proves it).
pkgs_verifier = libcrypto zlib
pkgs_scan = zbar libpng libjpeg libseccomp
pkgs_keys = libcrypto zlib p11-kit-1 libqrencode libpng
pkgs_issuer = $(pkgs_keys) sqlite3 cairo cairo-pdf pangocairo libwebp libjpeg
pkgs_portrait = cairo libpng libjpeg
pkgs_tests = cmocka jansson $(pkgs_issuer)
pkg_cflags = $(shell $(PKG_CONFIG) --cflags $(1) | sed 's/-I/-isystem /g')
pkg_libs = $(shell $(PKG_CONFIG) --libs $(1))

# ---- what is built ----------------------------------------------------------
A = $(B)/lib
objs = $(patsubst %.c,$(B)/obj/%.o,$(filter-out %/main.c,$(wildcard $(1))))
common_o = $(call objs,common/*.c)
host_o = $(call objs,common/host/*.c)
keys_o = $(call objs,keys/*.c)
issuer_o = $(call objs,issuer/*.c issuer/cmd/*.c issuer/register/*.c issuer/register/schema/*.c issuer/print/*.c \
	issuer/photo/*.c issuer/report/*.c issuer/exchange/*.c)
verifier_o = $(call objs,verifier/*.c verifier/trust/*.c)
scan_o = $(call objs,verifier/scan/*.c)
core_a = $(A)/host.a $(A)/common.a
issuer_a = $(A)/issuer.a $(A)/keys.a $(core_a)
bins = $(addprefix $(B)/bin/cedula-,keys issuer verifier scan)
tools = $(addprefix $(B)/tools/,portrait forge people)
locale = $(B)/share/locale/es/LC_MESSAGES/cedula.mo
units = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
fuzzers = $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
corpora = $(addprefix $(B)/tests/fuzz/,$(fuzzers))
benches = $(patsubst tests/bench/%.c,$(B)/tests/bench/%,$(wildcard tests/bench/bench_*.c))

all: $(bins) $(locale)

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(cflags) $(pkgflags) -MMD -MP -c -o $@ $<
$(B)/obj/keys/%.o: pkgflags = $(call pkg_cflags,$(pkgs_keys))
$(B)/obj/issuer/%.o: pkgflags = $(call pkg_cflags,$(pkgs_issuer))
$(B)/obj/verifier/scan/%.o: pkgflags = $(call pkg_cflags,$(pkgs_scan))
$(B)/obj/tests/%.o: pkgflags = $(call pkg_cflags,$(pkgs_tests))

$(A)/common.a: $(common_o)
$(A)/host.a: $(host_o)
$(A)/keys.a: $(keys_o)
$(A)/issuer.a: $(issuer_o)
$(A)/verifier.a: $(verifier_o)
$(A)/scan.a: $(scan_o)
$(A)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	@$(AR) rcs $@ $^

link = @mkdir -p $(@D) && echo "LINK $@" && $(CC) $(ldflags) -o $@ $(filter %.o %.a,$^) $(libs)
$(B)/bin/cedula-keys: libs = $(call pkg_libs,$(pkgs_keys))
$(B)/bin/cedula-keys: $(B)/obj/keys/main.o $(A)/keys.a $(core_a)
	$(link)
$(B)/bin/cedula-issuer: libs = $(call pkg_libs,$(pkgs_issuer)) -lm
$(B)/bin/cedula-issuer: $(B)/obj/issuer/main.o $(issuer_a)
	$(link)
$(B)/bin/cedula-verifier: libs = $(call pkg_libs,$(pkgs_verifier))
$(B)/bin/cedula-verifier: $(B)/obj/verifier/main.o $(A)/verifier.a $(core_a)
	$(link)
$(B)/bin/cedula-scan: libs = $(call pkg_libs,$(pkgs_scan) libcrypto)
$(B)/bin/cedula-scan: $(B)/obj/verifier/scan/main.o $(A)/scan.a $(core_a)
	$(link)
$(B)/tools/portrait: libs = $(call pkg_libs,$(pkgs_portrait)) -lm
$(B)/tools/portrait: $(B)/obj/issuer/demo/portrait/main.o $(call objs,issuer/demo/portrait/*.c)
	$(link)
$(B)/tools/forge: libs = $(call pkg_libs,$(pkgs_issuer)) -lm
$(B)/tools/forge: $(B)/obj/issuer/demo/forge.o $(issuer_a)
	$(link)
# The people of benches, tests and demonstrations, none of whom there is.
people_o = $(addprefix $(B)/obj/tests/bench/,people.o people_names.o people_errors.o)
$(B)/tools/people: libs = $(call pkg_libs,$(pkgs_issuer)) -lm
$(B)/tools/people: $(B)/obj/tests/bench/people_tool.o $(people_o) $(issuer_a)
	$(link)
$(locale): common/po/es.po
	@mkdir -p $(@D)
	@echo "PO $<"
	@msgfmt -c -o $@ $<

# ---- the demo ---------------------------------------------------------------
demo:
	@sh tests/deps.sh $(debs) poppler-utils
	@$(MAKE) --no-print-directory all $(tools)
	@sh issuer/demo/demo.sh $(B)

# ---- tests ------------------------------------------------------------------
test_libs = $(call pkg_libs,$(pkgs_tests)) -lm
$(B)/tests/%: libs = $(test_libs)
$(B)/tests/unit/test_duplicate: $(people_o)
$(B)/tests/unit/%: $(B)/obj/tests/unit/%.o $(B)/obj/tests/unit/fixture.o $(A)/verifier.a $(issuer_a)
	$(link)
$(B)/tests/vectors/suites: $(call objs,tests/vectors/*.c) $(core_a)
	$(link)
$(B)/tests/web/mktoken: $(B)/obj/tests/web/mktoken.o $(issuer_a)
	$(link)
$(B)/tests/thief: $(B)/obj/tests/integration/thief.o $(issuer_a)
	$(link)
$(B)/tests/bench/bench_register: $(B)/obj/tests/bench/register_raw.o
$(B)/tests/bench/%: $(B)/obj/tests/bench/%.o $(people_o) $(B)/obj/tests/unit/fixture.o $(A)/verifier.a $(issuer_a)
	$(link)
$(B)/tests/fuzz/%: libs = $(test_libs) $(call pkg_libs,$(pkgs_scan))
$(B)/tests/fuzz/mkcorpus: $(B)/obj/tests/fuzz/mkcorpus.o $(B)/obj/tests/fuzz/ground.o $(core_a)
	$(link)
$(B)/tests/fuzz/%: $(B)/obj/tests/fuzz/%.o $(B)/obj/tests/fuzz/driver.o $(B)/obj/tests/fuzz/ground.o $(A)/scan.a $(A)/verifier.a $(issuer_a)
	$(link)
# A PKCS#11 module that misbehaves: loaded by the programs, so without their sanitizer.
$(B)/tests/hsm/shim.so: tests/hsm/shim.c Makefile
	@mkdir -p $(@D)
	@echo "LINK $@"
	@$(CC) $(warn) $(call pkg_cflags,p11-kit-1) $(CFLAGS) -fPIC -shared -o $@ $<
$(B)/tests/unit/test_pkcs11: | $(B)/tests/hsm/shim.so
jobs = -j$(shell nproc)
programs = $(units) $(corpora) $(B)/tests/vectors/suites $(B)/tests/web/mktoken $(B)/tests/thief \
	$(B)/tests/hsm/shim.so
tests: all $(tools) $(programs)

# A compiler's warnings alone, of every source.
dirs = common common/host keys issuer issuer/cmd issuer/demo issuer/demo/portrait issuer/exchange issuer/photo issuer/print \
	issuer/register issuer/register/schema issuer/report verifier verifier/scan verifier/trust tests/bench tests/fuzz \
	tests/integration tests/unit tests/vectors tests/web
syntax: $(patsubst %.c,$(B)/syntax/%.ok,$(wildcard $(addsuffix /*.c,$(dirs))))
$(B)/syntax/%.ok: %.c Makefile $(wildcard $(addsuffix /*.h,$(dirs)))
	@mkdir -p $(@D)
	@$(CC) $(cflags) $(pkgflags) -fsyntax-only $<
	@touch $@
$(B)/syntax/keys/%: pkgflags = $(call pkg_cflags,$(pkgs_keys))
$(B)/syntax/issuer/%: pkgflags = $(call pkg_cflags,$(pkgs_issuer))
$(B)/syntax/verifier/scan/%: pkgflags = $(call pkg_cflags,$(pkgs_scan))
$(B)/syntax/tests/%: pkgflags = $(call pkg_cflags,$(pkgs_tests))

# Everything: unit tests, vectors, scenarios, corpora; again under the address and undefined-behaviour
# sanitizers; clang's opinion; who may call whom; lint. tests/run.sh counts and closes with the totals.
check: deps
	@rm -rf $(B)/check && mkdir -p $(B)/check
	@$(MAKE) --no-print-directory $(jobs) tests
	@$(MAKE) --no-print-directory $(jobs) CC=clang B=$(B)-clang syntax
	@$(MAKE) --no-print-directory $(jobs) CFLAGS="-O1 -g" B=$(B)-asan SAN="-fsanitize=address,undefined -fno-sanitize-recover=all" tests
	@sh tests/run.sh $(B)-asan $(B)/check asan-some & sh tests/run.sh $(B) $(B)/check full; wait
	@sh tests/run.sh --total $(B)/check
asan: deps
	@rm -rf $(B)-asan/check && mkdir -p $(B)-asan/check
	@$(MAKE) --no-print-directory $(jobs) CFLAGS="-O1 -g" B=$(B)-asan SAN="-fsanitize=address,undefined -fno-sanitize-recover=all" tests
	@sh tests/run.sh $(B)-asan $(B)-asan/check asan
	@sh tests/run.sh --total $(B)-asan/check
layers: all
	@sh tests/layers.sh $(B)
lint: all
	@sh tests/lint.sh $(B)
golden: tests
	@GOLDEN=1 sh tests/integration/messages.sh

# libFuzzer, FUZZ_SECONDS a target, from the corpora.
fuzz: deps
	@$(MAKE) --no-print-directory CC=clang B=$(B)-fuzz SAN="-fsanitize=fuzzer-no-link,address,undefined" $(addprefix $(B)-fuzz/fuzz/,$(fuzzers))
	@for t in $(fuzzers); do echo "== $$t"; mkdir -p $(B)-fuzz/corpus/$$t; \
	  $(B)-fuzz/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=2048 -print_final_stats=1 \
	  $(B)-fuzz/corpus/$$t tests/fuzz/corpus/$${t#fuzz_} || exit 1; done
$(B)/fuzz/%: libs = -fsanitize=fuzzer $(test_libs) $(call pkg_libs,$(pkgs_scan))
$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(B)/obj/tests/fuzz/ground.o $(A)/scan.a $(A)/verifier.a $(issuer_a)
	$(link)
bench: deps
	@$(MAKE) --no-print-directory $(jobs) all $(tools) $(benches)
	@for t in $(benches); do $$t || exit 1; done

# ---- the machine ------------------------------------------------------------
# Debian 12 packages: to build, to run, to test.
debs = gcc make pkg-config libssl-dev zlib1g-dev libsqlite3-dev libcairo2-dev libpango1.0-dev \
	libqrencode-dev libwebp-dev libpng-dev libjpeg62-turbo-dev libzbar-dev libseccomp-dev libp11-kit-dev gettext \
	fonts-noto-core fonts-ocr-b p11-kit p11-kit-modules
debs_test = clang libclang-rt-14-dev libcmocka-dev libjansson-dev jq strace poppler-utils zbar-tools sqlite3 \
	librsvg2-bin mandoc shellcheck webp git nodejs npm softhsm2 opensc
deps:
	@sh tests/deps.sh $(debs) $(debs_test)

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(LOCALEDIR)/es/LC_MESSAGES
	install -m 755 $(bins) $(DESTDIR)$(BINDIR)
	install -m 644 docs/man/*.1 $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(locale) $(DESTDIR)$(LOCALEDIR)/es/LC_MESSAGES
uninstall:
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,$(notdir $(bins)))
	rm -f $(addprefix $(DESTDIR)$(MANDIR)/man1/,$(notdir $(wildcard docs/man/*.1)))
	rm -f $(DESTDIR)$(LOCALEDIR)/es/LC_MESSAGES/cedula.mo
dist:
	@mkdir -p $(B)
	git archive --format=tar.gz --prefix=cedula-$(VERSION)/ -o $(B)/cedula-$(VERSION).tar.gz HEAD
	@echo $(B)/cedula-$(VERSION).tar.gz
# The messages in the sources, merged into the Spanish catalogue.
po:
	@sh tests/messages.sh update
compile_commands.json: Makefile
	@$(MAKE) -Bnk all $(tools) $(units) 2>/dev/null | sh tests/compile_commands.sh > $@
clean:
	rm -rf build build-* compile_commands.json
help:
	@echo "all demo check asan fuzz bench lint layers golden deps install uninstall dist po compile_commands.json clean"
.PHONY: all demo tests syntax check asan layers lint golden fuzz bench deps install uninstall dist po clean help
.SECONDARY:
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
