#include <ternion/grant_text.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>

#include "image.h"
#include "modules.h"

#define POLICY_NAME "init.policy"

/* Where there is no file. */
static const char usual_policy[] =
    "d\\*    manifest role=display,input,storage,audio,network,line,platform rights=dma,vm86,speaker\n"
    "s\\*    partners=all\n"
    "a\\*    partners=all\n"
    "a\\log  role=log partners=all\n";

static struct policy policy;
static const char *policy_name = POLICY_NAME;

static void say(log_level_t level, unsigned line, const char *text)
{
    log_print(level, "%s:%u: %s", policy_name, line, text);
}

void image_read_policy(void)
{
    struct module_information module;
    module_index_t index;
    const void *text;

    if (module_find(POLICY_NAME, &index, &module) == OK && module_bytes(index, &text) == OK) {
        policy_read(&policy, text, module.size, say);
        return;
    }
    log_print(LOG_WARNING, "no boot module file:" POLICY_NAME ": programs get what they ask for, but no right or role that gives the machine away");
    policy_name = "usual policy";
    policy_read(&policy, usual_policy, sizeof usual_policy - 1, say);
}

/* A program module of the program's own name, else what its line says. */
static status_t find_module(const struct program *program, module_index_t *index_out, struct module_information *information_out)
{
    if (module_find(program->name, index_out, information_out) == OK && !(information_out->flags & MODULE_IS_FILE)) {
        return OK;
    }
    return module_find(program->image, index_out, information_out);
}

status_t image_find(struct supervised *supervised)
{
    struct program *program = &supervised->program;
    struct module_information module;
    module_index_t index;

    status_t status = find_module(program, &index, &module);
    if (status == OK) {
        status = module_bytes(index, &supervised->image);
    }
    if (status != OK) {
        return status;
    }
    supervised->image_size = module.size;
    if (!program->has_arguments && !(module.flags & MODULE_IS_FILE) && module.arguments_size <= sizeof program->arguments) {
        memcpy(program->arguments, module.arguments, module.arguments_size);
        program->arguments_size = module.arguments_size;
    }
    return OK;
}

static void tell_denied(const struct supervised *supervised, const struct rule *rule, const struct access *denied)
{
    char text[ACCESS_TEXT_SIZE];

    (void)access_text(denied, text, sizeof text);
    log_print(LOG_WARNING, "%s:%u denies %s %s", policy_name, rule->line, supervised->program.name, text);
}

status_t image_decide(struct supervised *supervised, const struct access *plugged)
{
    const char *name = supervised->program.name;
    const struct rule *rule = policy_find(&policy, name);
    struct decision decision;
    struct manifest manifest;

    status_t status = manifest_read(supervised->image, supervised->image_size, &manifest);
    supervised->manifest_is_damaged = status == BAD_IMAGE || !grant_is_sound(&manifest.access);
    grant_decide(status == OK ? &manifest.access : NULL, supervised->manifest_is_damaged ? NULL : rule, &decision);
    supervised->access = decision.given;
    supervised->kernel_gives_more = status != OK || !decision.is_whole;
    if (supervised->manifest_is_damaged) {
        return OK;               /* told when it is started */
    }
    if (rule == NULL) {
        log_print(LOG_WARNING, "no line of %s is for %s: it gets nothing", policy_name, name);
    } else if (!decision.is_whole) {
        tell_denied(supervised, rule, &decision.denied);
        supervised->is_forbidden = rule->is_strict;
    }
    if (plugged == NULL) {
        return OK;
    }
    if (rule == NULL || !rule->has_plugged) {
        log_print(LOG_WARNING, "%s:%u denies %s what its bus has for it", policy_name, rule == NULL ? 0 : rule->line, name);
        return NOT_ALLOWED;
    }
    return grant_add(&supervised->access, plugged) ? OK : TOO_BIG;
}
