#include "targets.h"

#include <abi/trace.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "decode.h"
#include "names.h"
#include "outputs.h"
#include "ring.h"

static const struct options *options;
static struct target {
    process_id_t process;        /* 0: not there, or not yet */
    process_id_t refused;        /* a process of this name that must not be traced; 0: none */
} targets[TARGETS_MAX];
static uint32_t device_changes;  /* system_page.device_changes, when loops were looked for last */

void targets_open(const struct options *from)
{
    options = from;
    device_changes = system_page()->device_changes;
}

/* So that it stands between the records that the kernel makes. */
static void tell_attached(process_id_t process)
{
    const struct trace_record record = { .time_ns = clock_now(), .process = process, .kind = DECODE_ATTACHED };

    ring_put(&record);
}

/* Would tracing it make records about their own printing? Said once for each process. */
static bool is_loop(struct target *target, const char *name, process_id_t process)
{
    const char *what;

    if (!outputs_are_served_by(options, process, &what)) {
        return false;
    }
    if (target->refused != process) {
        log_print(LOG_WARNING, "%s is not traced: this trace is printed to %s, which it serves, and each line would bring the "
                  "next; choose another output", name, what);
        target->refused = process;
    }
    return true;
}

static void refuse(struct target *target, const char *name, process_id_t process, const char *why)
{
    if (target->refused != process) {
        log_print(LOG_WARNING, "%s is not traced: %s", name, why);
        target->refused = process;
    }
}

/* False: nothing can be traced at all. */
static bool attach(struct target *target, const char *name, process_id_t process)
{
    names_add(process, name);
    status_t status = trace_set(process, options->mask);
    switch (status) {
    case OK:
        target->process = process;
        tell_attached(process);
        if (process_watch(process) == BAD_ID) {
            target->process = 0;     /* it has ended already */
        }
        return true;
    case BAD_ID:
        return true;
    case BAD_ARGUMENT:
        refuse(target, name, process, "that is this process itself");
        return true;
    case NOT_ALLOWED:
        log_print(LOG_ERROR, "nothing is traced: the grant of this process has not RIGHT_TRACE");
        return false;
    case BUSY:
        log_print(LOG_ERROR, "nothing is traced: another process traces already");
        return false;
    default:
        refuse(target, name, process, status_meaning(status));
        return true;
    }
}

bool targets_look(void)
{
    for (uint32_t i = 0; i < options->target_count; i++) {
        struct target *target = &targets[i];
        const char *name = options->targets[i];
        process_id_t process;

        if (target->process == 0 && name_find(name, &process) == OK && process != target->refused
            && !is_loop(target, name, process) && !attach(target, name, process)) {
            return false;
        }
    }
    return true;
}

void targets_process_exited(process_id_t process)
{
    for (uint32_t i = 0; i < options->target_count; i++) {
        if (targets[i].process == process) {
            targets[i].process = 0;
        }
    }
}

void targets_check_devices(void)
{
    uint32_t changes = system_page()->device_changes;

    if (changes == device_changes) {
        return;
    }
    device_changes = changes;
    for (uint32_t i = 0; i < options->target_count; i++) {
        struct target *target = &targets[i];

        target->refused = 0;     /* it may be none any more */
        if (target->process != 0 && is_loop(target, options->targets[i], target->process)) {
            (void)trace_set(target->process, 0);
            (void)process_unwatch(target->process);
            target->process = 0;
        }
    }
}

bool targets_are_missing(void)
{
    for (uint32_t i = 0; i < options->target_count; i++) {
        if (targets[i].process == 0) {
            return true;
        }
    }
    return false;
}

void targets_stop(void)
{
    for (uint32_t i = 0; i < options->target_count; i++) {
        if (targets[i].process != 0) {
            (void)trace_set(targets[i].process, 0);
        }
    }
}
