/* The tests of text_lending.c in other files. */
#pragma once

#include "test.h"

extern const struct test text_return_tests[];
extern const size_t text_return_test_count;
