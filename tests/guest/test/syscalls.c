#include "files.h"

const struct test syscalls_tests[] = {};
const uint32_t syscalls_test_count = COUNT(syscalls_tests);
const struct role syscalls_roles[] = {};
const uint32_t syscalls_role_count = COUNT(syscalls_roles);
