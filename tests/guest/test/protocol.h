/*
 * What the processes of a test and the witnesses say to the runner, and to each other.
 *
 *     TEST_FAILED    string: why. No answer.
 *     TEST_IMAGE     words[1]  offset into the image of this program
 *         answer     words[0]  OK
 *                    words[1]  bytes of the whole image
 *                    string    the image from there on, as much as fits
 *
 *     WITNESS_REQUEST  a\witness to s\witness: words[1] a number n, and a string
 *         answer     words[1]  n * n; string: each byte inverted
 *     WITNESS_ASKED  the runner to a witness. No reply, but a message:
 *     WITNESS_SAYS   words[1]  requests that were sent or answered; string: what went wrong, or nothing
 *
 * Arguments of a test's process:  test RUNNER NAME      of a role's:  role RUNNER NAME ROLE ARGUMENTS…
 * RUNNER is the runner's process ID, NAME the test's name.
 */
#pragma once

#include <abi/log.h>

enum test_operation {
    TEST_FAILED = 1,
    TEST_IMAGE = 2,
    WITNESS_REQUEST = 3,
    WITNESS_ASKED = 4,
    WITNESS_SAYS = 5,
};

#define TEST_WHY_SIZE LOG_TEXT_MAX   /* bytes of why, with a NUL */
