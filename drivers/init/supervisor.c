#include <ternion/clock.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/message.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "modules.h"
#include "supervisor.h"

#define DEATHS_MAX 8U                     /* so many within DEATHS_TIME_NS are too many */
#define DEATHS_TIME_NS (60 * SECOND)      /* also: who lived so long has a clean record again */
#define DELAY_SECOND_NS (100 * MILLISECOND) /* before the second restart; the first is immediate */
#define DELAY_MAX_NS (5 * SECOND)

#define EXIT_UNKNOWN UINT32_MAX           /* it was gone before we could watch it */

struct supervised {
    struct supervised *next;
    struct program program;
    const void *image;
    uint32_t image_size;
    enum supervised_state state;
    process_id_t process;                 /* while SUPERVISED_RUNNING */
    uint32_t restarts;
    uint32_t deaths;                      /* since its record was clean */
    nanoseconds_t death_times[DEATHS_MAX];/* of the last ones, death number N at N % DEATHS_MAX */
    nanoseconds_t started_ns;
    nanoseconds_t due_ns;                 /* while SUPERVISED_RESTARTING */
};

static struct supervised *first;
static struct supervised **last_link = &first;

/* ---- Ending ---- */

static void give_up(struct supervised *supervised, const char *why)
{
    supervised->state = SUPERVISED_GIVEN_UP;
    log_print(LOG_ERROR, "gave up %s: %s", supervised->program.name, why);
}

static nanoseconds_t restart_delay(uint32_t deaths)
{
    nanoseconds_t delay_ns = DELAY_SECOND_NS;

    if (deaths < 2) {
        return 0;
    }
    for (uint32_t death = 2; death < deaths && delay_ns < DELAY_MAX_NS; death++) {
        delay_ns *= 2;
    }
    return delay_ns < DELAY_MAX_NS ? delay_ns : DELAY_MAX_NS;
}

/* Counts a death, or a start that failed, and decides when to try again. */
static void schedule_restart(struct supervised *supervised)
{
    nanoseconds_t now = clock_now();

    if (now - supervised->started_ns >= DEATHS_TIME_NS) {
        supervised->deaths = 0;
    }
    supervised->death_times[supervised->deaths % DEATHS_MAX] = now;
    supervised->deaths++;

    /* The place of the next death holds the oldest that we remember. */
    if (supervised->deaths >= DEATHS_MAX &&
        now - supervised->death_times[supervised->deaths % DEATHS_MAX] < DEATHS_TIME_NS) {
        give_up(supervised, "it died 8 times within 60 s");
        return;
    }
    nanoseconds_t delay_ns = restart_delay(supervised->deaths);
    supervised->state = SUPERVISED_RESTARTING;
    supervised->due_ns = now + delay_ns;
    if (delay_ns != 0) {
        log_print(LOG_INFORMATION, "restarting %s in %u ms", supervised->program.name,
                  (unsigned)(delay_ns / MILLISECOND));
    }
}

static bool wants_restart(const struct supervised *supervised, uint32_t code)
{
    switch (supervised->program.restart) {
    case RESTART_ALWAYS:
        return true;
    case RESTART_ON_FAILURE:
        return code != 0;
    case RESTART_NEVER:
        break;
    }
    return false;
}

static void ended(struct supervised *supervised, uint32_t code)
{
    char reason[EXIT_TEXT_SIZE];

    supervised->process = 0;
    log_print(code == 0 ? LOG_INFORMATION : LOG_WARNING, "%s ended: %s", supervised->program.name,
              code == EXIT_UNKNOWN ? "before it could be watched" : exit_describe(code, reason, sizeof reason));
    if (wants_restart(supervised, code)) {
        schedule_restart(supervised);
    } else {
        supervised->state = SUPERVISED_ENDED;
    }
}

/* ---- Starting ---- */

static bool has_limit(const struct program *program)
{
    for (unsigned resource = 0; resource < RESOURCE_COUNT; resource++) {
        if (program->grant.limits[resource] != 0) {
            return true;
        }
    }
    return false;
}

/* Why a start that failed so is not tried again, or NULL. */
static const char *why_final(const struct program *program, status_t status)
{
    if (program->restart == RESTART_NEVER) {
        return "its line in init.list says restart=never";
    }
    if (status == OVER_QUOTA && has_limit(program)) {
        return "its line in init.list limits it";
    }
    return status == NO_MEMORY || status == OVER_QUOTA || status == EXISTS ? NULL : "trying again would not help";
}

static void start(struct supervised *supervised)
{
    const struct program *program = &supervised->program;
    elf_reason_t reason = ELF_FINE;
    struct spawn spawn = {
        .class = program->class,
        .flags = SPAWN_WATCH,
        .name = program->name_text,
        .name_size = (uint32_t)strlen(program->name_text),
        .image = supervised->image,
        .image_size = supervised->image_size,
        .arguments = program->arguments,
        .arguments_size = program->arguments_size,
        .grant = program->grant,
    };

    supervised->started_ns = clock_now();
    status_t status = process_spawn(&spawn, &supervised->process, &reason);
    if (status == OK) {
        supervised->state = SUPERVISED_RUNNING;
        log_print(LOG_INFORMATION, "%s %s", supervised->deaths == 0 ? "started" : "restarted", program->name);
        return;
    }
    log_print(LOG_ERROR, "cannot start %s: %s", program->name,
              status == BAD_IMAGE ? elf_reason_meaning(reason) : status_meaning(status));
    const char *why = why_final(program, status);
    if (why != NULL) {
        give_up(supervised, why);
    } else {
        schedule_restart(supervised);
    }
}

/*
 * Watches the process that the kernel made of a boot module of this name. It is found
 * through the module, not by its name, which somebody else may have taken.
 * False: there is none.
 */
static bool adopt(struct supervised *supervised)
{
    const struct program *program = &supervised->program;
    struct module_information module;
    module_index_t index;

    if (module_find(program->name, &index, &module) != OK || !(module.flags & MODULE_STARTED)) {
        return false;
    }
    supervised->process = module.process;
    supervised->started_ns = clock_now();
    supervised->state = SUPERVISED_RUNNING;
    status_t status = process_watch(module.process);
    if (status == OK || status == EXISTS) {
        log_print(LOG_INFORMATION, "watching %s", program->name);
    } else {
        ended(supervised, EXIT_UNKNOWN);
    }
    return true;
}

/* Finds the image, and the arguments if the list has none for a program module. */
static bool find_image(struct supervised *supervised)
{
    struct program *program = &supervised->program;
    struct module_information module;
    module_index_t index;

    status_t status = module_find(program->image, &index, &module);
    if (status == OK) {
        status = module_bytes(index, &supervised->image);
    }
    if (status == NOT_FOUND) {
        log_print(LOG_ERROR, "init.list:%u: no boot module \"%s\" for %s: mkimage adds one with --file %s:%s; this line is skipped",
                  program->line, program->image, program->name, program->image, program->image);
        return false;
    }
    if (status != OK) {
        log_print(LOG_ERROR, "init.list:%u: boot module \"%s\" for %s: %s; this line is skipped", program->line, program->image,
                  program->name, status_meaning(status));
        return false;
    }
    supervised->image_size = module.size;
    if (!program->has_arguments && !(module.flags & MODULE_IS_FILE) &&
        module.arguments_size <= sizeof program->arguments) {
        memcpy(program->arguments, module.arguments, module.arguments_size);
        program->arguments_size = module.arguments_size;
    }
    return true;
}

static struct supervised *find(const char *name)
{
    for (struct supervised *supervised = first; supervised != NULL; supervised = supervised->next) {
        if (strcmp(supervised->program.name, name) == 0) {
            return supervised;
        }
    }
    return NULL;
}

status_t supervisor_start(const struct program *program, const void *image, uint32_t image_size,
                          const struct supervised **supervised_out)
{
    if (find(program->name) != NULL) {
        return EXISTS;
    }
    struct supervised *supervised = calloc(1, sizeof *supervised);
    if (supervised == NULL) {
        return NO_MEMORY;
    }
    program_copy(&supervised->program, program);
    supervised->image = image;
    supervised->image_size = image_size;
    *last_link = supervised;
    last_link = &supervised->next;
    start(supervised);
    *supervised_out = supervised;
    return OK;
}

void supervisor_add(const struct program *program)
{
    const struct supervised *same = find(program->name);

    if (same != NULL) {
        log_print(LOG_ERROR, "init.list:%u: %s stands in line %u already; this line is skipped", program->line,
                  program->name, same->program.line);
        return;
    }
    struct supervised *supervised = calloc(1, sizeof *supervised);
    if (supervised == NULL) {
        log_print(LOG_ERROR, "cannot start %s: no memory", program->name);
        return;
    }
    program_copy(&supervised->program, program);
    if (!find_image(supervised)) {
        free(supervised);
        return;
    }
    *last_link = supervised;
    last_link = &supervised->next;
    if (!adopt(supervised)) {
        start(supervised);
    }
}

/* ---- Events ---- */

void supervisor_exited(process_id_t process, uint32_t code)
{
    for (struct supervised *supervised = first; supervised != NULL; supervised = supervised->next) {
        if (supervised->state == SUPERVISED_RUNNING && supervised->process == process) {
            ended(supervised, code);
            return;
        }
    }
}

void supervisor_restart_due(void)
{
    for (struct supervised *supervised = first; supervised != NULL; supervised = supervised->next) {
        if (supervised->state == SUPERVISED_RESTARTING && supervised->due_ns <= clock_now()) {
            supervised->restarts++;
            start(supervised);
        }
    }
}

nanoseconds_t supervisor_deadline(void)
{
    nanoseconds_t deadline = FOREVER;

    for (const struct supervised *supervised = first; supervised != NULL; supervised = supervised->next) {
        if (supervised->state == SUPERVISED_RESTARTING && supervised->due_ns < deadline) {
            deadline = supervised->due_ns;
        }
    }
    return deadline;
}

void supervisor_describe(const struct supervised *supervised, struct init_entry_reply *reply)
{
    reply->state = supervised->state;
    reply->process = supervised->process;
    reply->restarts = supervised->restarts;
}

status_t supervisor_entry(struct server_call *call, const struct init_entry_request *request, struct init_entry_reply *reply)
{
    const struct supervised *supervised = first;

    for (uint32_t index = 0; supervised != NULL && index < request->index; index++) {
        supervised = supervised->next;
    }
    if (supervised == NULL) {
        return NOT_FOUND;
    }
    supervisor_describe(supervised, reply);
    server_give_string(call, supervised->program.name, (uint32_t)strlen(supervised->program.name));
    return OK;
}
