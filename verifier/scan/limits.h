/*
 * Limits: what cedula-scan takes and gives, known to it and to the verifier
 * that starts it (verifier/scanner.c).
 */
#ifndef CEDULA_VERIFIER_SCAN_LIMITS_H
#define CEDULA_VERIFIER_SCAN_LIMITS_H

#define SCAN_FILE_MAX (32u << 20)	/* bytes of a picture file */
#define SCAN_TEXTS_MAX 16		/* symbols told of one picture */
#define SCAN_TEXT_MAX 8192		/* bytes of one: a QR holds 7089 */
#define SCAN_CPU_SECONDS 12		/* under the verifier's own patience */
#define SCAN_EXIT_NONE 3		/* no symbol: the verdict unreadable */

#endif
