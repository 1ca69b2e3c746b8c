#include "ledger.h"

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#define SETTLE_TRIES 50U
#define SETTLE_NS (20 * MILLISECOND)

static uint32_t frames_of_processes(void)
{
    struct process_information information;
    uint32_t frames = 0;
    process_id_t id = 0;

    while (process_next(id, &id) == OK) {
        if (process_information(id, &information) == OK) {
            frames += information.frames;
        }
    }
    return frames;
}

static void read_ledger(struct test_ledger *ledger_out)
{
    struct system_statistics statistics;
    struct process_information self;

    MUST(system_statistics(&statistics));
    MUST(process_information(SELF, &self));
    *ledger_out = (struct test_ledger){
        .frames_unowned = statistics.frames_total - statistics.frames_free - statistics.frames_heap
                          - statistics.frames_arenas - frames_of_processes(),
        .frames_heap = statistics.frames_heap,
        .processes = statistics.processes,
        .threads = statistics.threads,
        .messages = statistics.messages,
        .objects = statistics.objects,
    };
    memcpy(ledger_out->descendants_used, self.used, sizeof self.used);
    ledger_out->descendants_used[RESOURCE_FRAMES] -= self.frames;
}

/* What was logged is on its way through a\log and its outputs as messages: they shall arrive. */
static void let_log_settle(void)
{
    process_id_t log;

    if (name_find("a\\log", &log) == OK) {
        (void)log_flush(log);
    }
}

bool test_ledger_settle(struct test_ledger *ledger_out)
{
    struct test_ledger again;

    let_log_settle();
    read_ledger(&again);
    for (uint32_t i = 0; i < SETTLE_TRIES; i++) {
        *ledger_out = again;
        clock_sleep(SETTLE_NS);
        read_ledger(&again);
        if (memcmp(&again, ledger_out, sizeof again) == 0) {
            return true;
        }
    }
    return false;
}

/* The first number that differs, with its name. */
static void describe(const struct test_ledger *before, const struct test_ledger *after, char *why, uint32_t why_size)
{
    static const char *const names[] = {
        "frames without an owner", "pages of the kernel's heap", "processes", "threads", "messages", "objects",
        "frames charged for descendants", "processes charged", "threads charged", "message bytes charged", "objects charged",
    };
    enum { NAMES = sizeof names / sizeof names[0] };
    const uint32_t *old = (const uint32_t *)before;
    const uint32_t *new = (const uint32_t *)after;
    uint32_t used = 0;

    _Static_assert(sizeof *before == NAMES * sizeof *old, "a name for each number");
    for (uint32_t i = 0; i < NAMES && used < why_size; i++) {
        if (old[i] != new[i]) {
            used += format_text(why + used, why_size - used, "%s%s %u -> %u", used == 0 ? "" : ", ", names[i], old[i], new[i]);
        }
    }
}

bool test_ledger_is_same(const struct test_ledger *before, char *why, uint32_t why_size)
{
    struct test_ledger after;

    for (uint32_t i = 0; i < SETTLE_TRIES; i++) {
        read_ledger(&after);
        if (memcmp(before, &after, sizeof after) == 0) {
            return true;
        }
        let_log_settle();
        clock_sleep(SETTLE_NS);
    }
    describe(before, &after, why, why_size);
    return false;
}
