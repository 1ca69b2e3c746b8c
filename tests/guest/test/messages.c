#include "files.h"

const struct test messages_tests[] = {};
const uint32_t messages_test_count = COUNT(messages_tests);
const struct role messages_roles[] = {};
const uint32_t messages_role_count = COUNT(messages_roles);
