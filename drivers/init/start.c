#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "end.h"
#include "modules.h"
#include "start.h"

static bool orphans_were_found;

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

static status_t spawn(struct supervised *supervised, elf_reason_t *reason_out)
{
    const struct program *program = &supervised->program;
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

    spawn.grant.source = ACCESS_EXPLICIT;
    spawn.grant.access = supervised->access;
    if (supervised->manifest_is_damaged) {
        spawn.grant.access.role = ROLE_COUNT;   /* no such role: the kernel says what is wrong with the image, and starts nothing */
    }
    status_t status = process_spawn(&spawn, &supervised->process, reason_out);
    if (supervised->manifest_is_damaged && status != BAD_IMAGE) {
        *reason_out = ELF_BAD_MANIFEST;
        return BAD_IMAGE;
    }
    return status;
}

/*
 * Names in the list are for the programs of the list. An application that has taken one while its program was away is ended: what was said of the
 * name would be believed of it, and the program could not come back. False: it is another's affair.
 */
static bool evict(const struct supervised *supervised)
{
    struct process_information information;
    process_id_t process;

    if (name_find(supervised->program.name, &process) != OK || process_information(process, &information) != OK
        || information.class != CLASS_APPLICATION || supervised_of_process(process) != NULL) {
        return false;
    }
    log_print(LOG_WARNING, "ending process %u, which has taken the name of %s", process, supervised->program.name);
    return process_terminate(process, 0) == OK;
}

void start(struct supervised *supervised)
{
    const struct program *program = &supervised->program;
    elf_reason_t reason = ELF_FINE;

    supervised->started_ns = clock_now();
    if (supervised->is_forbidden) {
        give_up(supervised, "it asks for more than its line in init.policy gives, and that is strict");
        return;
    }
    status_t status = spawn(supervised, &reason);
    if (status == EXISTS && evict(supervised)) {
        status = spawn(supervised, &reason);
    }
    if (status == OK) {
        supervised_set_state(supervised, SUPERVISED_RUNNING);
        log_print(LOG_INFORMATION, "%s %s", supervised->deaths == 0 ? "started" : "restarted", program->name);
        return;
    }
    log_print(LOG_ERROR, "cannot start %s: %s", program->name,
              status == BAD_IMAGE ? elf_reason_meaning(reason) : status_meaning(status));
    const char *why = why_final(program, status);
    if (why != NULL) {
        give_up(supervised, why);
    } else {
        schedule_restart(supervised, true);
    }
}

/* ---- Finding alive ---- */

/* The process that the kernel made of a boot module of this name; it is found through the module, whoever has the name now. */
static bool find_boot_process(const struct program *program, process_id_t *process_out)
{
    struct module_information module;
    module_index_t index;

    if (module_find(program->name, &index, &module) != OK || !(module.flags & MODULE_STARTED)) {
        return false;
    }
    *process_out = module.process;
    return true;
}

/*
 * The process of this name that an earlier d\init had started: such have the kernel for a parent, as have all that boot modules
 * which ended have left behind. The role, which nobody but d\init gives, is looked at, too.
 */
static bool find_orphan(const struct supervised *supervised, process_id_t *process_out)
{
    struct process_information information;

    if (name_find(supervised->program.name, process_out) != OK || process_information(*process_out, &information) != OK) {
        return false;
    }
    return information.parent == KERNEL_PROCESS && information.role == supervised->access.role;
}

static bool watch(struct supervised *supervised, process_id_t process)
{
    status_t status = process_watch(process);

    if (status != OK && status != EXISTS) {
        return false;
    }
    supervised->process = process;
    supervised->started_ns = clock_now();
    supervised_set_state(supervised, SUPERVISED_RUNNING);
    return true;
}

bool adopt(struct supervised *supervised)
{
    const char *name = supervised->program.name;
    process_id_t process;

    bool is_boot_module = find_boot_process(&supervised->program, &process);
    if (is_boot_module && watch(supervised, process)) {
        if (supervised->kernel_gives_more) {
            log_print(LOG_WARNING, "watching %s, which the kernel has given more than the policy does: it has less from its next start on", name);
        } else {
            log_print(LOG_INFORMATION, "watching %s", name);
        }
        return true;
    }
    if (find_orphan(supervised, &process) && watch(supervised, process)) {
        orphans_were_found = true;
        log_print(LOG_INFORMATION, "watching %s, which was started before", name);
        return true;
    }
    if (is_boot_module) {
        supervised->started_ns = clock_now();
        ended(supervised, EXIT_UNKNOWN);
    }
    return is_boot_module;
}

bool start_is_not_the_first(void)
{
    return orphans_were_found;
}
