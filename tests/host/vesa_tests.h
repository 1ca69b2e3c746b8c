/* The tests of vesa_screen.c, file by file. */
#pragma once

#include "test.h"

#define VESA_TESTS(name) \
    extern const struct test vesa_##name##_tests[]; \
    extern const size_t vesa_##name##_test_count;

VESA_TESTS(information)
VESA_TESTS(linear)
VESA_TESTS(banks)
VESA_TESTS(colours)
VESA_TESTS(failures)
VESA_TESTS(text)
VESA_TESTS(service)
