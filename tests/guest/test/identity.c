#include "files.h"

const struct test identity_tests[] = {};
const uint32_t identity_test_count = COUNT(identity_tests);
const struct role identity_roles[] = {};
const uint32_t identity_role_count = COUNT(identity_roles);
