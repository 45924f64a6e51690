/*
 * Sandbox: gives up, for good, every power that decoding a picture held in
 * memory does not need. Call it once, after the file is read and before its
 * first byte is looked at.
 *
 * Afterwards the process can compute, allocate within a ceiling, write to the
 * descriptors 1 and 2, and end. It cannot open, connect, start, read or map
 * anything executable; trying kills it. CPU time is bounded: at the end of it
 * the process prints `slow` and exits 65, for the picture is at fault.
 */
#ifndef CEDULA_VERIFIER_SCAN_SANDBOX_H
#define CEDULA_VERIFIER_SCAN_SANDBOX_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

/* Anything but ST_OK: the caller must not go on. slow is borrowed for ever. */
enum status	sandbox_enter(const char *slow, struct diag *d) MUST_CHECK;

#endif
