/*
 * Processes that were refused something: each is told of in the log once, however often it asks. One thread at a time may use one struct refusals.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/types.h>

#define REFUSALS_MAX 16U             /* of so many it is remembered */

/* All zeroes: nobody was refused anything. */
struct refusals {
    process_id_t askers[REFUSALS_MAX];
    uint32_t next;                   /* whose place is taken next */
};

/* Another refusal. True: the first of this process, or so many others were refused since that it is forgotten: the log should know. */
[[nodiscard]] bool refusals_note(struct refusals *refusals, process_id_t asker);
