/* What every unit test includes before cmocka, and a runner that speaks TAP. */
#ifndef CEDULA_TESTS_UNIT_CHECK_H
#define CEDULA_TESTS_UNIT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
