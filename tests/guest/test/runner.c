#include "runner.h"

#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/message.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "files.h"
#include "module_image.h"
#include "protocol.h"

#define PACKED_MAX 256U
#define POWER_PATIENCE_NS (10 * SECOND)
#define BOOT_PATIENCE_NS (10 * SECOND)
#define QUIET_NS (600 * MILLISECOND)
#define WITNESS_PATIENCE_NS (2 * SECOND)
#define LAST_WORDS_NS (100 * MILLISECOND)
#define LOOK_AGAIN_NS (20 * MILLISECOND)

/* Everything: so that there is a test of everything. */
MANIFEST(
    .rights = RIGHTS_ALL,
    .partners = PARTNERS_ALL,
    .irqs = 0xFFFF,
    .ports = { { 0, 0xFFFF } },
    .memory = { { 0, 0xFFFFFFFF } },
);

static struct {
    const struct test *test;
    process_id_t process;        /* 0: it is over */
    char why[TEST_WHY_SIZE];     /* empty: it has not failed */
} run;

static struct {
    uint32_t passed;
    uint32_t failed;
} result;

static struct module_image image;

static struct {
    const char *name;
    process_id_t process;
    bool answered;
} witnesses[] = { { "s\\witness", 0, false }, { "a\\witness", 0, false }, { "d\\witness", 0, false } };

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

/* The first failure is the one that counts; what follows may follow from it. */
static void take_failure(const struct event *event)
{
    char why[TEST_WHY_SIZE];
    uint32_t size;

    if (message_string(event, why, sizeof why - 1, &size) != OK) {
        fail("a test says that it fails, but not why");
        return;
    }
    why[size] = '\0';
    fail("%s", why);
    if (run.process != 0 && event->sender != run.process) {
        (void)process_terminate(run.process, 1);
    }
}

static void give_image(const struct event *event)
{
    uint32_t offset = event->words[1] < image.size ? event->words[1] : image.size;
    uint32_t left = image.size - offset;
    struct message answer = {
        .words = { OK, image.size },
        .string = (const uint8_t *)image.bytes + offset,
        .string_size = left < MESSAGE_STRING_MAX ? left : MESSAGE_STRING_MAX,
    };

    message_answer_with(event, &answer);
}

static void take_testimony(const struct event *event)
{
    for (uint32_t i = 0; i < COUNT(witnesses); i++) {
        witnesses[i].answered |= witnesses[i].process == event->sender;
    }
    if (event->string_size != 0) {
        take_failure(event);
    }
}

static void take_message(const struct event *event)
{
    switch (event->words[0]) {
    case TEST_FAILED:
        take_failure(event);
        break;
    case TEST_IMAGE:
        give_image(event);
        break;
    case WITNESS_SAYS:
        take_testimony(event);
        break;
    default:
        message_answer(event, BAD_ARGUMENT);
    }
}

static void take_exit(const struct event *event)
{
    char text[EXIT_TEXT_SIZE];

    if (event->id != run.process) {
        return;
    }
    run.process = 0;
    if (event->count != 0) {
        fail("%s, and no reason came", exit_describe(event->count, text, sizeof text));
    }
}

/* Serves what the test's processes ask for until there is nothing more to do, or until the deadline. */
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
        fail("the machine is about to go down");
        break;
    }
    return OK;
}

static void start(const struct test *test, uint32_t number)
{
    struct test_digits runner = test_digits(process_page()->id);
    char *const arguments[] = { (char *)"test", runner.text, (char *)test->name };
    char name[NAME_SIZE_MAX + 1];

    run.test = test;
    run.process = 0;
    run.why[0] = '\0';
    format_text(name, sizeof name, "t%u", number);
    char packed[PACKED_MAX];
    elf_reason_t reason;
    struct spawn spawn = {
        .class = test->class, .flags = SPAWN_WATCH, .name = name, .name_size = (uint32_t)strlen(name),
        .image = image.bytes, .image_size = image.size, .arguments = packed,
        .grant = { .source = ACCESS_EXPLICIT, .access = test_access },
    };
    spawn.grant.access.rights |= test->rights;
    MUST(arguments_pack(COUNT(arguments), arguments, packed, sizeof packed, &spawn.arguments_size));
    status_t status = process_spawn(&spawn, &run.process, &reason);
    if (status != OK) {
        fail("it cannot be started: %s", status_name(status));
    }
}

static void wait_for_end(const struct test *test)
{
    uint32_t seconds = test->seconds == 0 ? TEST_SECONDS : test->seconds;
    nanoseconds_t deadline_ns = clock_after(seconds * SECOND);

    while (run.process != 0) {
        if (take_event(deadline_ns) == TIMED_OUT) {
            fail("not done within %u s", seconds);
            (void)process_terminate(run.process, 1);
            deadline_ns = FOREVER;
        }
    }
}

/* A process that the test has left behind, which is our child by now. */
static bool find_left(struct process_information *information_out)
{
    process_id_t id = 0;

    while (process_next(id, &id) == OK) {
        if (process_information(id, information_out) == OK && information_out->parent == process_page()->id) {
            return true;
        }
    }
    return false;
}

/* Children that are on their way out get a moment; what stays is ended, and the test has failed. */
static void end_left(void)
{
    struct process_information left;
    nanoseconds_t deadline_ns = clock_after(LAST_WORDS_NS);

    while (find_left(&left) && take_event(deadline_ns) == OK) {
    }
    while (find_left(&left)) {
        fail("it left %s behind", left.name);
        (void)process_terminate(left.id, 1);
    }
    while (take_event(0) == OK) {
    }
}

static void ask_witness(uint32_t number)
{
    struct message question = { .words = { WITNESS_ASKED } };
    nanoseconds_t deadline_ns = clock_after(WITNESS_PATIENCE_NS);

    witnesses[number].answered = false;
    if (message_send(witnesses[number].process, &question) != OK) {
        fail("%s is dead", witnesses[number].name);
        return;
    }
    while (!witnesses[number].answered) {
        if (take_event(deadline_ns) != OK) {
            fail("%s does not answer", witnesses[number].name);
            return;
        }
    }
}

static void ask_witnesses(void)
{
    for (uint32_t i = 0; i < COUNT(witnesses); i++) {
        ask_witness(i);
    }
}

static void run_test(const struct test *test, uint32_t number, const struct test_ledger *before)
{
    char why[TEST_WHY_SIZE];

    start(test, number);
    wait_for_end(test);
    end_left();
    ask_witnesses();
    if (!test_ledger_is_same(before, why, sizeof why)) {
        fail("not given back: %s", why);
    }
    if (run.why[0] == '\0') {
        log_print(LOG_INFORMATION, "PASS %s", test->name);
        result.passed++;
    } else {
        log_print(LOG_ERROR, "FAIL %s: %s", test->name, run.why);
        result.failed++;
    }
}

/* The programs of d\init's list begin, and some of them end: nothing of that is a test's doing. */
static void wait_for_boot(void)
{
    nanoseconds_t patience_ns = clock_after(BOOT_PATIENCE_NS);
    nanoseconds_t quiet_ns = clock_after(QUIET_NS);
    uint32_t last = 0;

    while (clock_now() < quiet_ns && clock_now() < patience_ns) {
        struct system_statistics statistics;

        MUST(system_statistics(&statistics));
        if (statistics.processes != last) {
            last = statistics.processes;
            quiet_ns = clock_after(QUIET_NS);
        }
        clock_sleep(LOOK_AGAIN_NS);
    }
}

static void power_off(void)
{
    process_id_t init;

    if (name_find("d\\init", &init) == OK && init_power(init, POWER_OFF) == OK) {
        clock_sleep(POWER_PATIENCE_NS);
    }
    (void)system_power(POWER_OFF);
}

/* Which tests shall run. */
struct choice {
    const char *only;            /* part of their names */
    uint32_t group;              /* enum test_group */
};

static struct choice choose(int argc, char **argv)
{
    static const char option[] = "only=";
    static const char *const groups[GROUP_COUNT] = { "usual", "soak", "files", "file_server" };
    struct choice choice = { "", GROUP_USUAL };

    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], option, sizeof option - 1) == 0) {
            choice.only = argv[i] + sizeof option - 1;
            continue;
        }
        uint32_t group = 0;
        while (group < GROUP_COUNT && strcmp(argv[i], groups[group]) != 0) {
            group++;
        }
        if (group < GROUP_COUNT) {
            choice.group = group;
        } else {
            log_print(LOG_WARNING, "argument %s is not understood: known are only=SUBSTRING, soak, files, file_server", argv[i]);
        }
    }
    return choice;
}

static bool contains(const char *text, const char *part)
{
    size_t size = strlen(part);

    for (; strlen(text) >= size; text++) {
        if (strncmp(text, part, size) == 0) {
            return true;
        }
    }
    return false;
}

int runner_main(int argc, char **argv)
{
    const struct choice choice = choose(argc, argv);
    const struct test *test;
    struct test_ledger before;

    MUST(module_image_map(&image));
    wait_for_boot();
    for (uint32_t i = 0; i < COUNT(witnesses); i++) {
        MUST(name_find(witnesses[i].name, &witnesses[i].process));
    }
    test_ledger_take(&before);
    for (uint32_t number = 0; (test = test_at(number)) != NULL; number++) {
        if (test->group == choice.group && contains(test->name, choice.only)) {
            run_test(test, number, &before);
        }
    }
    log_print(LOG_INFORMATION, "DONE passed=%u failed=%u", result.passed, result.failed);
    power_off();
    return 0;
}
