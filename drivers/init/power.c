#include <stdbool.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "power.h"

#define STACK_BYTES 4096U
#define PATIENCE_NS (11 * SECOND) /* a\log takes up to 10 s to print what it has, if it is heard of */
#define LAST_BYTES_NS (10 * MILLISECOND) /* what is in the serial line's FIFO takes 1.4 ms */

static bool ending;
static power_action_t action;
static nanoseconds_t force_ns = FOREVER;

static const char *const action_texts[] = {
    [POWER_REBOOT] = "the machine reboots",
    [POWER_OFF] = "the machine goes off",
    [POWER_HALT] = "the machine halts",
};
#define ACTION_COUNT (sizeof action_texts / sizeof action_texts[0])

/* A thread of its own, for a\log may hang; the main thread then forces the end. */
static void end_work(void *unused)
{
    process_id_t log;

    (void)unused;
    if (name_find("a\\log", &log) == OK) {
        (void)log_flush(log);
    }
    clock_sleep(LAST_BYTES_NS);
    (void)system_power(action);
}

status_t power_end_work(struct server_call *call, const struct init_end_work_request *request, struct nothing *reply)
{
    struct pending_call pending;
    (void)reply;

    if (call->sender_class > CLASS_SERVER) {
        return NOT_ALLOWED;
    }
    if (request->action >= ACTION_COUNT) {
        return BAD_ARGUMENT;
    }
    if (ending) {
        return BUSY;
    }
    ending = true;
    action = request->action;
    force_ns = clock_after(PATIENCE_NS);
    status_t later = server_answer_later(call, &pending);
    (void)init_end_work_answer(&pending, OK, NULL);      /* now: afterwards it may be too late */
    log_print(LOG_WARNING, "%s: asked for by %s process %u", action_texts[action], class_name(call->sender_class), call->sender);
    if (thread_start(end_work, NULL, STACK_BYTES, NULL) != OK) {
        end_work(NULL);
    }
    return later;
}

void power_force_due(void)
{
    if (clock_now() >= force_ns) {
        (void)system_power(action);
    }
}

nanoseconds_t power_deadline(void)
{
    return force_ns;
}
