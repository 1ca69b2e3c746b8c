#include "files.h"

const struct test images_tests[] = {};
const uint32_t images_test_count = COUNT(images_tests);
const struct role images_roles[] = {};
const uint32_t images_role_count = COUNT(images_roles);
