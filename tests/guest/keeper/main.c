/*
 * The keeper: starts programs, and when they are gone looks whether they have left anything behind. Arguments:
 *
 *     NAME IMAGE [ARGUMENT ...] [+ NAME IMAGE ...] ...
 *
 * in the order in which they are started, with what their manifests ask for. NAME has the prefix of its class; IMAGE is the name of a module. When the last one has
 * ended by itself the others are ended, and the kernel's ledgers must be what they were before.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "../ledger.h"

#define PROGRAMS_MAX 8U
#define PREFIX_SIZE 2U
#define WHY_SIZE 200U
#define QUIET_NS (100 * MILLISECOND)

static process_id_t started[PROGRAMS_MAX];
static uint32_t count;

static process_class_t class_of(const char *name)
{
    return name[0] == 'd' ? CLASS_DRIVER : name[0] == 's' ? CLASS_SERVER : CLASS_APPLICATION;
}

static void start(const char *name, const char *image_name, int argument_count, char **arguments)
{
    struct module_information information;
    module_index_t index = 0;
    uint32_t image;

    do {
        MUST(module_information(index, &information));
    } while (strcmp(information.name, image_name) != 0 && ++index != 0);
    MUST(module_map(index, &image));
    MUST(spawn_image(class_of(name), name + PREFIX_SIZE, (const void *)(uintptr_t)image, information.size, argument_count, arguments,
                     &started[count++]));
    MUST(memory_free(image, PAGES(information.size)));
}

static void start_all(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc && count < PROGRAMS_MAX; i++) {
        int end = i;

        while (end < argc && strcmp(argv[end], "+") != 0) {
            end++;
        }
        start(argv[i], argv[i + 1], end - i - 2, argv + i + 2);
        i = end;
    }
}

static void wait_for_end(process_id_t id)
{
    char text[EXIT_TEXT_SIZE];
    struct event event;

    do {
        MUST(event_wait(&event, FOREVER));
        if (event.kind == EVENT_PROCESS_EXITED && event.id != id) {
            log_print(LOG_ERROR, "one has ended before the last: %s", exit_describe(event.count, text, sizeof text));
        }
    } while (event.kind != EVENT_PROCESS_EXITED || event.id != id);
    log_print(LOG_INFORMATION, "ended: %s", exit_describe(event.count, text, sizeof text));
}

int main(int argc, char **argv)
{
    struct test_ledger before;
    char why[WHY_SIZE];

    do {                         /* until all others of the boot have begun */
        MUST(test_ledger_settle(&before) ? OK : BUSY);
        clock_sleep(QUIET_NS);
    } while (!test_ledger_is_same(&before, why, sizeof why));
    start_all(argc, argv);
    wait_for_end(started[count - 1]);
    while (--count > 0) {
        MUST(process_terminate(started[count - 1], 0));
        wait_for_end(started[count - 1]);
    }
    if (test_ledger_is_same(&before, why, sizeof why)) {
        log_print(LOG_INFORMATION, "LEDGER same");
    } else {
        log_print(LOG_ERROR, "LEDGER not given back: %s", why);
    }
    return 0;
}
