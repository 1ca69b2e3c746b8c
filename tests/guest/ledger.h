/* The kernel's ledgers: what may not change by what programs do that are gone again. For the tests in the guest, and for d\keeper. */
#pragma once

#include <abi/process.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_ledger {
    uint32_t frames_unowned;     /* neither free nor of the heap nor of a process: always 0 */
    uint32_t frames_heap;
    uint32_t processes;
    uint32_t threads;
    uint32_t messages;
    uint32_t objects;
    uint32_t descendants_used[RESOURCE_COUNT]; /* charged to the caller, frames without its own */
};

/* What the kernel says now, when the log is quiet. False: the system does not come to rest. */
bool test_ledger_settle(struct test_ledger *ledger_out);

/* Is it as it was? Waits up to a second for it. Else says in `why` what is not. */
bool test_ledger_is_same(const struct test_ledger *before, char *why, uint32_t why_size);
