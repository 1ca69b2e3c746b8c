#include "files.h"

const struct test ports_tests[] = {};
const uint32_t ports_test_count = COUNT(ports_tests);
const struct role ports_roles[] = {};
const uint32_t ports_role_count = COUNT(ports_roles);
