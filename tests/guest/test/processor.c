#include "files.h"

const struct test processor_tests[] = {};
const uint32_t processor_test_count = COUNT(processor_tests);
const struct role processor_roles[] = {};
const uint32_t processor_role_count = COUNT(processor_roles);
