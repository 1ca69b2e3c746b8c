/*
 * What applications ask s\tasks for, verb by verb; tests/system/test_tasks.py boots it. Each answer is told in the log.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/tasks.h>
#include <ternion/vfs.h>

#include "crowd.h"
#include "own_image.h"
#include "../verbs.h"

MANIFEST(.partners = PARTNERS_ALL);

#define VERBS_MAX 48
#define TEXT_SIZE 1024U
#define SCRIPT_SIZE 4096U
#define CODE 9U                      /* of whom it ends */
#define LOOK_NS (5 * MILLISECOND)

static process_id_t known;           /* of the last name that was looked for: one that has ended can be asked for, too */

static uint32_t number(const char *text)
{
    uint32_t value = 0;

    for (; *text >= '0' && *text <= '9'; text++) {
        value = 10 * value + (uint32_t)(*text - '0');
    }
    return value;
}

/* NAME; `self`; or `last`: the one that was looked for last. Waits for it. */
static process_id_t find(const char *name)
{
    process_id_t id;

    if (strcmp(name, "self") == 0) {
        return SELF;
    }
    if (strcmp(name, "last") == 0) {
        return known;
    }
    MUST(name_wait(name, FOREVER, &id));
    known = id;
    return id;
}

static void tell(const char *what, const char *whom, status_t status)
{
    log_print(LOG_INFORMATION, "%s %s: %s", what, whom, status_name(status));
}

/* start=NAME:VERB,VERB: another process of this program, as a\NAME. In its verbs + stands for a comma. */
static void start(const char *value)
{
    char text[TEXT_SIZE], *verbs[VERBS_MAX];
    process_id_t id;
    int count = 0;

    MUST(strlen(value) < sizeof text && strchr(value, ':') != NULL ? OK : BAD_ARGUMENT);
    memcpy(text, value, strlen(value) + 1);
    char *at = strchr(text, ':');
    while (at != NULL && count < VERBS_MAX) {
        *at = '\0';
        verbs[count++] = at + 1;
        at = strchr(at + 1, ',');
    }
    for (int i = 0; i < count; i++) {
        for (char *plus; (plus = strchr(verbs[i], '+')) != NULL;) {
            *plus = ',';
        }
    }
    tell("starting", text, own_image_start(text, count, verbs, &id));
}

static void end(const char *value)
{
    tell("ending", value, tasks_end(find(value), CODE, 0));
}

static void end_tree(const char *value)
{
    tell("ending the tree of", value, tasks_end(find(value), CODE, TASKS_TREE));
}

static void end_below(const char *value)
{
    tell("ending all below", value, tasks_end(find(value), CODE, TASKS_BELOW));
}

static void put_to_sleep(const char *value)
{
    tell("putting to sleep", value, tasks_sleep(find(value), 0));
}

static void tree_to_sleep(const char *value)
{
    tell("putting to sleep the tree of", value, tasks_sleep(find(value), TASKS_TREE));
}

static void wake(const char *value)
{
    tell("waking", value, tasks_wake(find(value), 0));
}

static void wake_tree(const char *value)
{
    tell("waking the tree of", value, tasks_wake(find(value), TASKS_TREE));
}

/* state=NAME */
static void state(const char *value)
{
    static const char *const names[] = { "runs", "sleeps", "is frozen" };
    struct process_information information;

    MUST(process_information(find(value), &information));
    log_print(LOG_INFORMATION, "%s %s", value, names[information.state % 3]);
}

/* power=off|wrong */
static void power(const char *value)
{
    tell("switching", value, tasks_power(strcmp(value, "off") == 0 ? POWER_OFF : 99));
}

/* wrong: what the protocol does not have. */
static void wrong(const char *value)
{
    (void)value;
    tell("ending with", "code 256", tasks_end(SELF, 256, 0));
    tell("ending with", "both flags", tasks_end(SELF, 0, TASKS_TREE | TASKS_BELOW));
    tell("ending with", "flag 4", tasks_end(SELF, 0, 4));
    tell("sleeping with", "flag 4", tasks_sleep(SELF, 4));
    tell("waking with", "flag 4", tasks_wake(SELF, 4));
    tell("ending", "nobody", tasks_end(0xFFFFFFFF, 0, 0));
}

/* storm=N: starts and ends another, N times. All must succeed, whoever dies meanwhile. */
static void storm(const char *value)
{
    char verb[] = "stay", *verbs[] = { verb };
    uint32_t right = 0;

    for (uint32_t left = number(value); left > 0; left--) {
        struct process_information information;
        process_id_t id;

        MUST(own_image_start("victim", 1, verbs, &id));
        status_t status = tasks_end(id, CODE, TASKS_TREE);
        right += status == OK && process_information(id, &information) == BAD_ID;
    }
    log_print(LOG_INFORMATION, "%u ended", (unsigned)right);
}

static void say(const char *value)
{
    log_print(LOG_INFORMATION, "%s", value);
}

/* wait=NAME: until there is one. gone=NAME: until there is none. */
static void wait(const char *value)
{
    (void)find(value);
}

static void wait_gone(const char *value)
{
    process_id_t id;

    while (name_find(value, &id) == OK) {
        clock_sleep(LOOK_NS);
    }
}

static void pause_ms(const char *value)
{
    clock_sleep(number(value) * MILLISECOND);
}

static void stay(const char *value)
{
    (void)value;
    for (;;) {
        struct event event;

        MUST(event_wait(&event, FOREVER));
        if (event.kind == EVENT_SAVE_STATE) {
            (void)state_saved();
        }
    }
}

static void script(const char *value);

static const struct verb verbs[] = {
    { "script", script },
    { "start", start },
    { "end", end },
    { "end-tree", end_tree },
    { "end-below", end_below },
    { "sleep", put_to_sleep },
    { "sleep-tree", tree_to_sleep },
    { "wake", wake },
    { "wake-tree", wake_tree },
    { "state", state },
    { "power", power },
    { "wrong", wrong },
    { "storm", storm },
    { "bomb", crowd_bomb },
    { "hop", crowd_hop },
    { "count", crowd_count },
    { "say", say },
    { "wait", wait },
    { "gone", wait_gone },
    { "pause", pause_ms },
    { "stay", stay },
};

/* script=PATH: the verbs in a file, one a line. */
static void script(const char *value)
{
    static char text[SCRIPT_SIZE];
    struct vfs_file file;
    uint32_t size;

    MUST(vfs_file_open(&file, value, VFS_READ));
    MUST(vfs_file_read(&file, 0, text, sizeof text - 1, &size));
    vfs_file_close(&file);
    for (char *at = text, *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
        char *lines[] = { text, at };

        *end = '\0';
        verbs_obey(verbs, sizeof verbs / sizeof verbs[0], 2, lines);
    }
}

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    return 0;
}
