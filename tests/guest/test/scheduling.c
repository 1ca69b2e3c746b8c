#include "files.h"

const struct test scheduling_tests[] = {};
const uint32_t scheduling_test_count = COUNT(scheduling_tests);
const struct role scheduling_roles[] = {};
const uint32_t scheduling_role_count = COUNT(scheduling_roles);
