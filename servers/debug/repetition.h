/* Programs that make the same mistake again and again, or many that make any: only some are reported in full. No system call. */
#pragma once

#include <stdbool.h>

#include <abi/types.h>

#define REPETITION_TIME_NS 60000000000ULL
#define REPETITION_SAME_MAX 3U   /* full reports of the same name and address within this time */
#define REPETITION_ALL_MAX 32U   /* full reports within this time */
#define REPETITIONS_KEPT 16U

/* Things that happened within a time. */
struct tally {
    nanoseconds_t first_ns;
    uint32_t count;
};

/* All zeroes is a good beginning. */
struct repetitions {
    struct {
        char name[NAME_SIZE_MAX + 1];    /* empty: free */
        uint32_t address;
        struct tally tally;
    } kept[REPETITIONS_KEPT];
    struct tally full;
};

/*
 * Counts a mistake of a program of this name at this address. True: it should be reported in full.
 *   count_out   which one of the same it is within REPETITION_TIME_NS
 */
[[nodiscard]] bool repetition_count(struct repetitions *repetitions, const char *name, uint32_t address, nanoseconds_t now_ns,
                                    uint32_t *count_out);
