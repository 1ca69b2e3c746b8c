/*
 * A fuzzer as a host test. Without arguments it makes its corpus in a temporary folder, runs for a bounded time
 * with a fixed seed and prints PASS or FAIL; with arguments it is libFuzzer itself (fuzz_elf FILE tries one input).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fuzzer {
    const char *sentence;        /* what a run without a find says */
    uint32_t seconds;            /* that a run takes, if TERNION_FUZZ_SECONDS of the environment does not say so */
    uint32_t input_max;          /* bytes of the longest input */

    /* Tries one input; CHECK fails if it was harmful. Returns 0. */
    int (*try)(const uint8_t *bytes, size_t size);

    /* Writes the number-th input to begin with, input_max bytes at most; returns its size, 0 if there is none. */
    size_t (*seed)(uint32_t number, uint8_t *bytes);
};

int fuzz(const struct fuzzer *fuzzer, int argc, char **argv);
