#include "files.h"

const struct test budget_tests[] = {};
const uint32_t budget_test_count = COUNT(budget_tests);
const struct role budget_roles[] = {};
const uint32_t budget_role_count = COUNT(budget_roles);
