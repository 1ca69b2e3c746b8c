#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "needs.h"

#define LOOK_AGAIN_NS (100 * MILLISECOND)    /* for processes that are not ours: nothing tells when they appear */

enum presence { THERE, NOT_YET, NEVER };

static uint32_t device_watch_id;             /* 0: none */

/* Whatever begins as processes' names do is taken for one. */
static bool is_process(const char *name)
{
    return (*name == 'd' || *name == 's' || *name == 'a') && name[1] == '\\';
}

/* Why a program will not be there. */
static const char *why_never(const struct supervised *needed)
{
    switch (needed->state) {
    case SUPERVISED_ABSENT:
        return "whose hardware is not in this machine";
    case SUPERVISED_GIVEN_UP:
        return "which was given up";
    default:
        return "which has ended";
    }
}

static enum presence presence_of_supervised(const struct supervised *needed)
{
    switch (needed->state) {
    case SUPERVISED_RUNNING:
        return THERE;
    case SUPERVISED_WAITING:
    case SUPERVISED_RESTARTING:
        return NOT_YET;
    default:
        return NEVER;
    }
}

/* provider_out: which of our programs it is or comes from; NULL: none. */
static enum presence look(const char *name, const struct supervised **provider_out)
{
    struct device_information device;
    process_id_t process;

    *provider_out = supervised_find(name);
    if (*provider_out != NULL) {
        return presence_of_supervised(*provider_out);
    }
    if (is_process(name)) {
        return name_find(name, &process) == OK ? THERE : NOT_YET;
    }
    if (device_find(name, (uint32_t)strlen(name), 0, &device) != OK) {
        return NOT_YET;
    }
    *provider_out = supervised_of_process(device.process);
    return THERE;
}

static void tell_missing(const struct program *program, const char *needed, const struct supervised *provider, enum presence presence)
{
    if (presence == NEVER) {
        log_print(provider->state == SUPERVISED_ABSENT ? LOG_INFORMATION : LOG_WARNING, "%s must begin without %s, %s", program->name,
                  needed, why_never(provider));
    } else if (presence == NOT_YET) {
        log_print(LOG_WARNING, "%s must begin without %s, which is not there after %u s", program->name, needed,
                  (unsigned)(NEEDS_PATIENCE_NS / SECOND));
    }
}

bool needs_are_met(struct supervised *supervised)
{
    const struct program *program = &supervised->program;
    bool is_too_late = clock_now() >= supervised->due_ns;
    enum presence all[PROGRAM_NEEDS_MAX];

    for (uint32_t i = 0; i < program->need_count; i++) {
        all[i] = look(program->needs[i], &supervised->providers[i]);
        if (all[i] == NOT_YET && !is_too_late) {
            return false;
        }
    }
    for (uint32_t i = 0; i < program->need_count; i++) {
        tell_missing(program, program->needs[i], supervised->providers[i], all[i]);
    }
    return true;
}

void needs_listen(bool somebody_waits)
{
    if (somebody_waits && device_watch_id == 0) {
        /* If it fails, looking again and again does, too. */
        (void)device_watch("", 0, &device_watch_id);
    } else if (!somebody_waits && device_watch_id != 0) {
        (void)device_unwatch(device_watch_id);
        device_watch_id = 0;
    }
}

nanoseconds_t needs_deadline(const struct supervised *supervised)
{
    nanoseconds_t again_ns = clock_after(LOOK_AGAIN_NS);

    return again_ns < supervised->due_ns ? again_ns : supervised->due_ns;
}

void needs_given_up(const struct supervised *supervised)
{
    for (const struct supervised *other = supervised_first; other != NULL; other = other->next) {
        for (uint32_t i = 0; i < other->program.need_count; i++) {
            if (other->providers[i] == supervised && other->state == SUPERVISED_RUNNING) {
                log_print(LOG_WARNING, "%s needs %s, and %s was given up", other->program.name, other->program.needs[i],
                          supervised->program.name);
            }
        }
    }
}
