#include "files.h"

const struct test fpu_tests[] = {};
const uint32_t fpu_test_count = COUNT(fpu_tests);
const struct role fpu_roles[] = {};
const uint32_t fpu_role_count = COUNT(fpu_roles);
