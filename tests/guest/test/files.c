#include "files.h"

#include <ternion/string.h>

const struct test *test_at(uint32_t number)
{
    for (uint32_t file = 0; file < test_file_count; file++) {
        if (number < *test_files[file].test_count) {
            return &test_files[file].tests[number];
        }
        number -= *test_files[file].test_count;
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
    for (uint32_t file = 0; file < test_file_count; file++) {
        for (uint32_t i = 0; i < *test_files[file].role_count; i++) {
            if (strcmp(test_files[file].roles[i].name, name) == 0) {
                return &test_files[file].roles[i];
            }
        }
    }
    return NULL;
}
