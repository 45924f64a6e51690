/* What every fuzz target shares: its entry, and how it says that a property
 * does not hold. */
#ifndef CEDULA_TESTS_FUZZ_FUZZ_H
#define CEDULA_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): that is left out with NDEBUG. */
#define HOLDS(property) do { if (!(property)) abort(); } while (0)

#endif
