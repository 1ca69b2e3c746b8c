#include "files.h"

const struct test events_tests[] = {};
const uint32_t events_test_count = COUNT(events_tests);
const struct role events_roles[] = {};
const uint32_t events_role_count = COUNT(events_roles);
