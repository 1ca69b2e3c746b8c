#include "sets.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "pattern.h"

#define SETTLE_NS (50 * MILLISECOND)
#define SETTLE_TRIES 40U

struct ledger {
    uint32_t frames_unowned, frames_heap, frames_driver, frames_own;
    uint32_t messages, objects, objects_driver, threads;
};

static const char *const names[] = {
    "frames without an owner", "pages of the kernel's heap", "frames of the driver", "own frames", "messages", "objects",
    "objects of the driver", "threads",
};
#define NAMES (sizeof names / sizeof names[0])

_Static_assert(sizeof(struct ledger) == NAMES * sizeof(uint32_t), "a name for each number");

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

static struct ledger read_ledger(process_id_t display_driver)
{
    struct system_statistics statistics;
    struct process_information driver, own;

    MUST(process_information(display_driver, &driver));
    MUST(process_information(SELF, &own));
    MUST(system_statistics(&statistics));
    return (struct ledger){
        .frames_unowned = statistics.frames_total - statistics.frames_free - statistics.frames_heap - statistics.frames_arenas
                          - frames_of_processes(),
        .frames_heap = statistics.frames_heap,
        .frames_driver = driver.frames,
        .frames_own = own.frames,
        .messages = statistics.messages,
        .objects = statistics.objects,
        .objects_driver = driver.used[RESOURCE_OBJECTS],
        .threads = statistics.threads,
    };
}

/* Those of the two that map framebuffers: the page table where the last one ends is there or not. */
static bool may_differ(const struct ledger *before, const uint32_t *number)
{
    return number == &before->frames_driver || number == &before->frames_own;
}

static bool is_same(const struct ledger *before, const struct ledger *after)
{
    const uint32_t *old = (const uint32_t *)before;
    const uint32_t *new = (const uint32_t *)after;

    for (uint32_t i = 0; i < NAMES; i++) {
        uint32_t difference = old[i] > new[i] ? old[i] - new[i] : new[i] - old[i];

        if (difference > (may_differ(before, &old[i]) ? 1U : 0U)) {
            return false;
        }
    }
    return true;
}

/* Lines of the log are messages, and on their way for a while. */
static void let_log_settle(void)
{
    process_id_t log;

    if (name_find("a\\log", &log) == OK) {
        (void)log_flush(log);
    }
    clock_sleep(SETTLE_NS);
}

static void compare(const struct ledger *before, process_id_t display_driver)
{
    const uint32_t *old = (const uint32_t *)before;
    struct ledger after;
    const uint32_t *new = (const uint32_t *)&after;

    for (uint32_t i = 0; i < SETTLE_TRIES; i++) {
        let_log_settle();
        after = read_ledger(display_driver);
        if (is_same(before, &after)) {
            log_print(LOG_INFORMATION, "LEDGER same");
            return;
        }
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        if (old[i] != new[i]) {
            log_print(LOG_ERROR, "LEDGER %s %u -> %u", names[i], (unsigned)old[i], (unsigned)new[i]);
        }
    }
}

/* And the first once more: what a driver keeps ready for the next client depends on the last. Returns how many went wrong. */
static uint32_t set_in_turn(struct display *display, const struct display_mode *modes, uint32_t count, uint32_t sets)
{
    uint32_t failed = 0;

    for (uint32_t i = 0; i <= sets; i++) {
        const struct display_mode *mode = &modes[i == sets ? 0 : i % count];
        status_t status = display_set(display, mode->mode);

        if (status == OK) {
            pattern_draw_rectangle(display, 0, i % display->mode.height, display->mode.width, 1, i);
            status = display_flush(display, 0, 0, display->mode.width, display->mode.height);
        }
        if (status != OK && failed++ < 10) {
            log_print(LOG_ERROR, "set %u, of mode 0x%X: %s", (unsigned)i, mode->mode, status_name(status));
        }
    }
    status_t status = display_release(display);
    if (status != OK) {
        log_print(LOG_ERROR, "release: %s", status_name(status));
    }
    return failed;
}

void sets_run(struct display *display, const struct display_mode *modes, uint32_t count, uint32_t sets)
{
    uint32_t failed = set_in_turn(display, modes, count, count); /* what each mode is given once and for all */

    let_log_settle();
    struct ledger before = read_ledger(display->device.process);
    nanoseconds_t begin_ns = clock_now();
    failed += set_in_turn(display, modes, count, sets);
    log_print(LOG_INFORMATION, "SETS %u failed=%u ms=%u", (unsigned)sets, (unsigned)failed,
              (unsigned)((clock_now() - begin_ns) / MILLISECOND));
    compare(&before, display->device.process);
}
