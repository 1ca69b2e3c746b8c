/* The tests of the program test_files. */
#include "files.h"

const struct test_file test_files[] = {
    TEST_FILES_OF_DISKS(TEST_FILE)
};
const uint32_t test_file_count = COUNT(test_files);
