#include "files.h"

#include <ternion/string.h>

static const struct {
    const struct test *tests;
    const uint32_t *test_count;
    const struct role *roles;
    const uint32_t *role_count;
} files[] = {
#define TABLES(name) { name##_tests, &name##_test_count, name##_roles, &name##_role_count },
    TEST_FILES(TABLES)
#undef TABLES
};

const struct test *test_at(uint32_t number)
{
    for (uint32_t file = 0; file < COUNT(files); file++) {
        if (number < *files[file].test_count) {
            return &files[file].tests[number];
        }
        number -= *files[file].test_count;
    }
    return NULL;
}

const struct test *test_find(const char *name)
{
    const struct test *test;

    for (uint32_t number = 0; (test = test_at(number)) != NULL; number++) {
        if (strcmp(test->name, name) == 0) {
            return test;
        }
    }
    return NULL;
}

const struct role *role_find(const char *name)
{
    for (uint32_t file = 0; file < COUNT(files); file++) {
        for (uint32_t i = 0; i < *files[file].role_count; i++) {
            if (strcmp(files[file].roles[i].name, name) == 0) {
                return &files[file].roles[i];
            }
        }
    }
    return NULL;
}
