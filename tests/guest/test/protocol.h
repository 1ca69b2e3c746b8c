/*
 * What the processes of a test say to the runner.
 *
 *     TEST_FAILED    string: why. No answer.
 *     TEST_IMAGE     words[1]  offset into the image of this program
 *         answer     words[0]  OK
 *                    words[1]  bytes of the whole image
 *                    string    the image from there on, as much as fits
 *
 * Arguments of a test's process:  test RUNNER NAME      of a role's:  role RUNNER NAME ROLE ARGUMENTS…
 * RUNNER is the runner's process ID, NAME the test's name.
 */
#pragma once

#include <abi/log.h>

enum test_operation {
    TEST_FAILED = 1,
    TEST_IMAGE = 2,
};

#define TEST_WHY_SIZE LOG_TEXT_MAX   /* bytes of why, with a NUL */
