#include "files.h"

const struct test exhaustion_tests[] = {};
const uint32_t exhaustion_test_count = COUNT(exhaustion_tests);
const struct role exhaustion_roles[] = {};
const uint32_t exhaustion_role_count = COUNT(exhaustion_roles);
