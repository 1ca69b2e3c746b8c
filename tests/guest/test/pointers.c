#include "files.h"

const struct test pointers_tests[] = {};
const uint32_t pointers_test_count = COUNT(pointers_tests);
const struct role pointers_roles[] = {};
const uint32_t pointers_role_count = COUNT(pointers_roles);
