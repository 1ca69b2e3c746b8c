#include <ternion/clock.h>
#include <ternion/grant_text.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "changes.h"
#include "end.h"
#include "image.h"
#include "needs.h"
#include "start.h"
#include "supervisor.h"

struct supervised *supervised_first;
static struct supervised **last_link = &supervised_first;

/* ---- All of them ---- */

struct supervised *supervised_find(const char *name)
{
    struct supervised *supervised = supervised_first;

    while (supervised != NULL && strcmp(supervised->program.name, name) != 0) {
        supervised = supervised->next;
    }
    return supervised;
}

const struct program *supervisor_listed(const char *image)
{
    const struct supervised *supervised = supervised_first;

    while (supervised != NULL && (supervised->program.line == 0 || strcmp(supervised->program.image, image) != 0)) {
        supervised = supervised->next;
    }
    return supervised == NULL ? NULL : &supervised->program;
}

struct supervised *supervised_of_process(process_id_t process)
{
    struct supervised *supervised = supervised_first;

    while (supervised != NULL && (supervised->state != SUPERVISED_RUNNING || supervised->process != process)) {
        supervised = supervised->next;
    }
    return supervised;
}

void supervised_set_state(struct supervised *supervised, enum supervised_state state)
{
    supervised->state = state;
    changes_note();
}

/* In no list yet. NULL: there is no memory. */
static struct supervised *create(const struct program *program)
{
    struct supervised *supervised = calloc(1, sizeof *supervised);

    if (supervised != NULL) {
        program_copy(&supervised->program, program);
        supervised->state = SUPERVISED_WAITING;
    }
    return supervised;
}

static void append(struct supervised *supervised)
{
    *last_link = supervised;
    last_link = &supervised->next;
}

/* ---- Those of the list ---- */

/* Says why a line of the list cannot be used. */
static void tell_no_image(const struct program *program, status_t status)
{
    if (status == NOT_FOUND) {
        log_print(LOG_ERROR, "init.list:%u: no boot module \"%s\" for %s: mkimage adds one with --file HOST-FILE:%s; this line is skipped",
                  program->line, program->image, program->name, program->image);
    } else {
        log_print(LOG_ERROR, "init.list:%u: boot module \"%s\" for %s: %s; this line is skipped", program->line, program->image,
                  program->name, status_meaning(status));
    }
}

void supervisor_add(const struct program *program)
{
    const struct supervised *same = supervised_find(program->name);

    if (same != NULL) {
        log_print(LOG_ERROR, "init.list:%u: %s stands in line %u already; this line is skipped", program->line,
                  program->name, same->program.line);
        return;
    }
    struct supervised *supervised = create(program);
    if (supervised == NULL) {
        log_print(LOG_ERROR, "cannot start %s: no memory", program->name);
        return;
    }
    status_t status = image_find(supervised);
    if (status != OK) {
        tell_no_image(program, status);
        free(supervised);
        return;
    }
    (void)image_decide(supervised, NULL);        /* without anything plugged in it is OK */
    append(supervised);
    (void)adopt(supervised);
}

void supervisor_begin(void)
{
    for (struct supervised *supervised = supervised_first; supervised != NULL; supervised = supervised->next) {
        if (supervised->state != SUPERVISED_WAITING) {
            continue;
        }
        supervised->due_ns = clock_after(NEEDS_PATIENCE_NS);
        if (supervised->program.restart == RESTART_NEVER && start_is_not_the_first()) {
            log_print(LOG_INFORMATION, "%s is not there: an earlier d\\init had started it, and it has ended", supervised->program.name);
            supervised_set_state(supervised, SUPERVISED_ENDED);
        }
    }
    supervisor_start_due();
}

/* ---- Those that others ask for ---- */

status_t supervisor_start(const struct program *program, const struct access *plugged, const struct supervised **supervised_out)
{
    if (supervised_find(program->name) != NULL) {
        return EXISTS;
    }
    struct supervised *supervised = create(program);
    if (supervised == NULL) {
        return NO_MEMORY;
    }
    status_t status = image_find(supervised);
    if (status != OK) {
        free(supervised);
        return status;
    }
    status = image_decide(supervised, plugged);
    if (status != OK) {
        (void)memory_free((uint32_t)supervised->image, PAGES(supervised->image_size));
        free(supervised);
        return status;
    }
    append(supervised);
    if (!adopt(supervised)) {
        start(supervised);
    }
    *supervised_out = supervised;
    return OK;
}

void supervisor_describe(const struct supervised *supervised, struct init_entry_reply *reply)
{
    reply->state = supervised->state;
    reply->process = supervised->process;
    reply->restarts = supervised->restarts;
}

/* ---- Events ---- */

void supervisor_exited(process_id_t process, uint32_t code)
{
    struct supervised *supervised = supervised_of_process(process);

    if (supervised != NULL) {
        ended(supervised, code);
    }
}

/* Starts what is due. True: something was started, which others may have waited for. */
static bool start_some(void)
{
    bool any = false;

    for (struct supervised *supervised = supervised_first; supervised != NULL; supervised = supervised->next) {
        if (supervised->state == SUPERVISED_RESTARTING && supervised->due_ns <= clock_now()) {
            supervised->restarts++;
            start(supervised);
            any = true;
        } else if (supervised->state == SUPERVISED_WAITING && needs_are_met(supervised)) {
            start(supervised);
            any = true;
        }
    }
    return any;
}

void supervisor_start_due(void)
{
    bool somebody_waits = false;

    while (start_some()) {
    }
    for (const struct supervised *supervised = supervised_first; supervised != NULL; supervised = supervised->next) {
        somebody_waits |= supervised->state == SUPERVISED_WAITING;
    }
    needs_listen(somebody_waits);
}

nanoseconds_t supervisor_deadline(void)
{
    nanoseconds_t deadline_ns = FOREVER;

    for (const struct supervised *supervised = supervised_first; supervised != NULL; supervised = supervised->next) {
        nanoseconds_t due_ns = FOREVER;

        if (supervised->state == SUPERVISED_RESTARTING) {
            due_ns = supervised->due_ns;
        } else if (supervised->state == SUPERVISED_WAITING) {
            due_ns = needs_deadline(supervised);
        }
        deadline_ns = due_ns < deadline_ns ? due_ns : deadline_ns;
    }
    return deadline_ns;
}

/* ---- Questions ---- */

static const struct supervised *at(uint32_t index)
{
    const struct supervised *supervised = supervised_first;

    for (; supervised != NULL && index > 0; index--) {
        supervised = supervised->next;
    }
    return supervised;
}

status_t supervisor_entry(struct server_call *call, const struct init_entry_request *request, struct init_entry_reply *reply)
{
    const struct supervised *supervised = at(request->index);

    if (supervised == NULL) {
        return NOT_FOUND;
    }
    supervisor_describe(supervised, reply);
    server_give_string(call, supervised->program.name, (uint32_t)strlen(supervised->program.name));
    return OK;
}

status_t supervisor_grant(struct server_call *call, const struct init_entry_request *request, struct nothing *reply)
{
    const struct supervised *supervised = at(request->index);
    (void)reply;

    if (supervised == NULL) {
        return NOT_FOUND;
    }
    size_t length = access_text(&supervised->access, call->buffer, INIT_GRANT_MAX);
    server_give_string(call, call->buffer, (uint32_t)(length < INIT_GRANT_MAX ? length : INIT_GRANT_MAX - 1));
    return OK;
}
