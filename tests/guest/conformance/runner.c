#include "runner.h"

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/message.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "check.h"
#include "role.h"

#define CHECK_NS (30 * SECOND)
#define BOOT_NS (15 * SECOND)
#define QUIET_NS (1500 * MILLISECOND) /* drivers that look for their hardware take so long at most */
#define LOOK_AGAIN_NS (20 * MILLISECOND)
#define DEVICES_MAX 64U

static struct {
    process_id_t process;            /* of the check; 0: it is over */
    char why[WHY_SIZE];              /* empty: it has not failed */
    char why_skipped[WHY_SIZE];      /* empty: it was not */
} run;

static struct {
    uint32_t passed;
    uint32_t failed;
} result;

static void fail(const char *template, ...) __attribute__((format(printf, 1, 2)));
static void fail(const char *template, ...)
{
    va_list values;

    if (run.why[0] == '\0') {
        va_start(values, template);
        format_text_list(run.why, sizeof run.why, template, values);
        va_end(values);
    }
}

/* ---- Events ---- */

static void take_message(const struct event *event)
{
    bool is_skipped = event->words[0] == RUNNER_SKIPPED;
    char why[WHY_SIZE];
    uint32_t size;

    if ((event->words[0] != RUNNER_FAILED && !is_skipped) || message_string(event, why, sizeof why - 1, &size) != OK) {
        message_answer(event, BAD_ARGUMENT);
        return;
    }
    why[size] = '\0';
    if (is_skipped) {
        memcpy(run.why_skipped, why, size + 1);
        return;
    }
    fail("%s", why);
    if (run.process != 0 && event->sender != run.process) {
        (void)process_terminate(run.process, EXIT_FAILED);
    }
}

static void take_exit(const struct event *event)
{
    char text[EXIT_TEXT_SIZE];

    if (event->id == run.process) {
        run.process = 0;
        if (event->count != 0) {
            fail("%s, and no reason came", exit_describe(event->count, text, sizeof text));
        }
    }
}

static status_t take_event(nanoseconds_t deadline_ns)
{
    struct event event;
    status_t status = event_wait(&event, deadline_ns);

    if (status != OK) {
        return status;
    }
    switch (event.kind) {
    case EVENT_MESSAGE:
        take_message(&event);
        break;
    case EVENT_PROCESS_EXITED:
        take_exit(&event);
        break;
    case EVENT_SAVE_STATE:
        (void)state_saved();
        break;
    }
    return OK;
}

/* ---- One check ---- */

/* What a check has started is our child when it is gone. */
static void end_left(void)
{
    struct process_information information;
    process_id_t id = 0;

    while (process_next(id, &id) == OK) {
        if (process_information(id, &information) == OK && information.parent == process_page()->id) {
            (void)process_terminate(id, 0);
        }
    }
    while (take_event(0) == OK) {
    }
}

static void wait_for_end(void)
{
    nanoseconds_t deadline_ns = clock_after(CHECK_NS);

    while (run.process != 0) {
        if (take_event(deadline_ns) == TIMED_OUT) {
            fail("not done within %u s", (unsigned)(CHECK_NS / SECOND));
            (void)process_terminate(run.process, EXIT_FAILED);
            deadline_ns = FOREVER;
        }
    }
}

/* Its driver must be the same afterwards. */
static void look_at_driver(const struct device_information *before)
{
    struct device_information after;

    status_t status = device_find(before->name, (uint32_t)strlen(before->name), 0, &after);
    if (status != OK) {
        fail("the device is gone: %s", status_name(status));
    } else if (after.process != before->process) {
        fail("its driver died, and is back");
    }
}

static void run_check(const struct device_information *device, const struct check *check, uint32_t number)
{
    char type[NUMBER_SIZE], number_text[NUMBER_SIZE];

    run.why[0] = '\0';
    run.why_skipped[0] = '\0';
    run.process = role_start(ROLE_CHECK, device->name, format_number(type, device->type), format_number(number_text, number), NULL);
    wait_for_end();
    end_left();
    look_at_driver(device);
    if (run.why[0] == '\0' && run.why_skipped[0] != '\0') {
        log_print(LOG_INFORMATION, "SKIP %s/%s: %s", device->name, check->name, run.why_skipped);
    } else if (run.why[0] == '\0') {
        log_print(LOG_INFORMATION, "PASS %s/%s", device->name, check->name);
        result.passed++;
    } else {
        log_print(LOG_ERROR, "FAIL %s/%s: %s", device->name, check->name, run.why);
        result.failed++;
    }
}

/* The check with this number: those of all types, and behind them those of one. NULL: there are no more. */
static const struct check *check_at(const struct kind *kind, uint32_t number)
{
    if (number < common_check_count) {
        return &common_checks[number];
    }
    number -= common_check_count;
    return number < kind->check_count ? &kind->checks[number] : NULL;
}

int check_main(int argc, char **argv)
{
    struct device device;

    if (argc < 3) {
        return EXIT_FAILED;
    }
    role_open(&device, argv[0], parse_number(argv[1]));
    const struct check *check = check_at(kind_of(device.type), parse_number(argv[2]));
    if (check != NULL) {
        check->run(&device);
    }
    return check == NULL ? EXIT_FAILED : 0;
}

/* ---- All of them ---- */

static void run_device(const struct device_information *device)
{
    const struct kind *kind = kind_of(device->type);
    const struct check *check;

    for (uint32_t number = 0; (check = check_at(kind, number)) != NULL; number++) {
        struct device_information now;

        if (check->lingers && kind->linger == NULL) {
            continue;
        }
        /* A driver that died in the check before is not to blame for this one: its next life is. */
        if (device_find(device->name, (uint32_t)strlen(device->name), clock_after(DEVICE_PATIENCE_NS), &now) != OK) {
            now = *device;
        }
        run_check(&now, check, number);
    }
}

/* Until no device has come or gone for a while. */
static void wait_for_drivers(void)
{
    nanoseconds_t patience_ns = clock_after(BOOT_NS);
    nanoseconds_t quiet_ns = clock_after(QUIET_NS);
    uint32_t last = 0;

    while (clock_now() < quiet_ns && clock_now() < patience_ns) {
        if (system_page()->device_changes != last) {
            last = system_page()->device_changes;
            quiet_ns = clock_after(QUIET_NS);
        }
        clock_sleep(LOOK_AGAIN_NS);
    }
}

static void run_all(void)
{
    static struct device_information devices[DEVICES_MAX];
    uint32_t count = 0;
    device_id_t last = 0;

    while (count < DEVICES_MAX && device_next(last, &devices[count]) == OK) {
        last = devices[count].id;
        count += devices[count].process != 0 ? 1 : 0;        /* else it is bound to what is absent */
    }
    for (uint32_t i = 0; i < count; i++) {
        run_device(&devices[i]);
    }
}

static void run_named(const char *name)
{
    struct device_information device;

    status_t status = device_find(name, (uint32_t)strlen(name), clock_after(DEVICE_PATIENCE_NS), &device);
    if (status == OK) {
        run_device(&device);
    } else {
        log_print(LOG_ERROR, "FAIL %s/is_there: %s", name, status_meaning(status));
        result.failed++;
    }
}

int runner_run(int count, char **names)
{
    bool all = count == 0;

    runner = process_page()->id;
    wait_for_drivers();
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], "all") == 0) {
            all = true;
        } else {
            run_named(names[i]);
        }
    }
    if (all) {
        run_all();
    }
    log_print(LOG_INFORMATION, "DONE passed=%u failed=%u", result.passed, result.failed);
    return result.failed == 0 ? 0 : 1;
}
