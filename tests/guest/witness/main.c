/*
 * The witness: a program that does what its arguments say, one after the other, and tells of it.
 * System tests boot it under names of any class. Without `stay` it ends with exit code 0.
 */
#include <ternion/clock.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "../verbs.h"
#include "devices.h"
#include "disks.h"
#include "log.h"
#include "mistakes.h"
#include "sink.h"

#define PORT_OF_NOBODY 0x20       /* the interrupt controller's */

static unsigned line_number; /* of the line said last */

static uint32_t number(const char *text)
{
    uint32_t value = 0;

    for (; *text >= '0' && *text <= '9'; text++) {
        value = value * 10 + (uint32_t)(*text - '0');
    }
    return value;
}

static void tell(const char *what, const char *whom, status_t status)
{
    log_print(LOG_INFORMATION, "%s %s: %s", what, whom, status_name(status));
}

static process_id_t find(const char *name)
{
    process_id_t id = 0;

    MUST(name_wait(name, FOREVER, &id));
    return id;
}

/* ---- What it can do; `value` stands behind the = of its argument ---- */

/* say=N: N numbered lines. */
static void say(const char *value)
{
    for (uint32_t left = number(value); left > 0; left--) {
        log_print(LOG_INFORMATION, "line %u", ++line_number);
    }
}

/* chat=N: N numbered lines, a millisecond apart. */
static void chat(const char *value)
{
    for (uint32_t left = number(value); left > 0; left--) {
        say("1");
        clock_sleep(MILLISECOND);
    }
}

/* levels: a line of each. */
static void say_levels(const char *value)
{
    static const char *const names[LOG_LEVEL_COUNT] = LOG_LEVEL_NAMES;
    (void)value;

    for (log_level_t level = 0; level < LOG_LEVEL_COUNT; level++) {
        log_print(level, "level %s", names[level]);
    }
}

/* text=BYTES: one line of so many bytes, "0123456789012…". */
static void say_long(const char *value)
{
    char text[1024];
    uint32_t size = number(value) < sizeof text ? number(value) : sizeof text;

    for (uint32_t i = 0; i < size; i++) {
        text[i] = (char)('0' + i % 10);
    }
    MUST(log_write(LOG_INFORMATION, text, size));
}

/* controls: a line with a line end and other control characters in it. */
static void say_controls(const char *value)
{
    (void)value;
    log_print(LOG_INFORMATION, "one\n[   9.999999] emerg kernel: two\r\t\033[2J\x7F three");
}

/* sleep=MS */
static void sleep_ms(const char *value)
{
    clock_sleep(number(value) * MILLISECOND);
}

/* spin=MS: without sleeping. */
static void spin(const char *value)
{
    nanoseconds_t end_ns = clock_after(number(value) * MILLISECOND);

    while (clock_now() < end_ns) {
    }
}

/* wait=NAME: until there is a process of this name. */
static void wait_for(const char *value)
{
    (void)find(value);
}

/* kill=NAME, also SELF */
static void kill(const char *value)
{
    tell("ending", value, process_terminate(strcmp(value, "SELF") == 0 ? SELF : find(value), 7));
}

/* hold=NAME: puts it to sleep; release=NAME: wakes it. */
static void hold(const char *value)
{
    tell("holding", value, process_sleep(find(value)));
}

static void release(const char *value)
{
    tell("releasing", value, process_wake(find(value)));
}

/* replace=NAME: ends it, and tells when there is another process of this name. */
static void replace(const char *value)
{
    process_id_t old = find(value);
    nanoseconds_t ended_ns = clock_now();
    process_id_t now = old;

    tell("ending", value, process_terminate(old, 7));
    while (now == old) {
        clock_sleep(MILLISECOND);
        now = find(value);
    }
    log_print(LOG_INFORMATION, "%s is back after %u ms", value, (unsigned)((clock_now() - ended_ns) / MILLISECOND));
}

static power_action_t action(const char *value)
{
    return strcmp(value, "reboot") == 0 ? POWER_REBOOT : strcmp(value, "off") == 0 ? POWER_OFF : POWER_HALT;
}

/* power=reboot|off|halt: in order, by d\init. */
static void power(const char *value)
{
    tell("asking d\\init for", value, init_power(find("d\\init"), action(value)));
}

/* power-now=reboot|off|halt: at once. */
static void power_now(const char *value)
{
    tell("doing", value, system_power(action(value)));
}

/* exit=CODE */
static void end(const char *value)
{
    process_exit(number(value));
}

/* fault: writes where nothing is. */
static void fault(const char *value)
{
    volatile uint32_t *volatile nowhere = NULL;
    (void)value;

    *nowhere = 0;
}

/* mistake=WHAT: see mistakes.h. */
static void mistake(const char *value)
{
    mistake_outer(value);
}

/* become=server|application */
static void become(const char *value)
{
    log_print(LOG_INFORMATION, "begins as a %s", class_name(process_page()->class));
    tell("becoming", value, process_downgrade(*value == 's' ? CLASS_SERVER : CLASS_APPLICATION));
    log_print(LOG_INFORMATION, "goes on as a %s", class_name(process_page()->class));
}

static const char *const states[SUPERVISED_STATE_COUNT] = { "running", "restarting", "ended", "given up", "waiting", "absent" };

/* supervised: what d\init says of its list. */
static void show_supervised(const char *value)
{
    struct supervised_information information;
    process_id_t init = find("d\\init");
    (void)value;

    for (uint32_t index = 0; init_information(init, index, &information) == OK; index++) {
        log_print(LOG_INFORMATION, "%s is %s, restarts %u", information.name, states[information.state],
                  information.restarts);
    }
}

/* grants: what d\init says that its programs are given. */
static void show_grants(const char *value)
{
    struct supervised_information information;
    process_id_t init = find("d\\init");
    char text[INIT_GRANT_MAX];
    (void)value;

    for (uint32_t index = 0; init_grant_text(init, index, text, sizeof text) == OK; index++) {
        MUST(init_information(init, index, &information));
        log_print(LOG_INFORMATION, "%s is given %s", information.name, text);
    }
}

/* follow=NAME: tells each state of a program of d\init's list, until it is one of those that last. */
static void follow(const char *value)
{
    struct supervised_information information = { .state = SUPERVISED_STATE_COUNT };
    struct init_changes changes = { 0 };
    process_id_t init = find("d\\init");
    uint32_t before, index = 0;

    do {
        before = information.state;
        MUST(init_changes(init, &changes, &changes));
        for (index = 0; init_information(init, index, &information) == OK && strcmp(information.name, value) != 0; index++) {
        }
        if (information.state != before) {
            log_print(LOG_INFORMATION, "%s is %s", value, states[information.state]);
        }
    } while (information.state != SUPERVISED_GIVEN_UP && information.state != SUPERVISED_ABSENT);
}

/* crowd=N: asks d\init N times at once for the next change, and again as often as it is told of one. */
static void crowd(const char *value)
{
    static struct init_changes known[8];
    static struct async_call calls[8];
    process_id_t init = find("d\\init");
    struct event event;

    for (uint32_t i = 0; i < number(value) && i < sizeof calls / sizeof calls[0]; i++) {
        calls[i].flags = ASYNC_EVENT;
        calls[i].context = &known[i];
        MUST(init_changes_start(&calls[i], init, &known[i], &known[i]));
    }
    for (;;) {
        struct async_call *done;

        MUST(event_wait(&event, FOREVER));
        while ((done = async_take(&event)) != NULL) {
            if (done->status == OK) {
                MUST(init_changes_start(done, init, done->context, done->context));
            } else {
                tell("waiting at", "d\\init", done->status);
            }
        }
    }
}

/* strike=N: reads a port that no grant has, N times. */
static void strike(const char *value)
{
    for (uint32_t left = number(value); left > 0; left--) {
        (void)port_read8(PORT_OF_NOBODY);
    }
}

/* flush: until a\log has printed everything. */
static void flush(const char *value)
{
    nanoseconds_t asked_ns = clock_now();
    (void)value;

    status_t status = log_flush(find("a\\log"));
    log_print(LOG_INFORMATION, "flushed: %s after %u ms", status_name(status), (unsigned)((clock_now() - asked_ns) / MILLISECOND));
}

/* watch=NAME: tells how it ends. */
static void watch(const char *value)
{
    char reason[EXIT_TEXT_SIZE];
    struct event event;

    MUST(process_watch(find(value)));
    do {
        MUST(event_wait(&event, FOREVER));
    } while (event.kind != EVENT_PROCESS_EXITED);
    log_print(LOG_INFORMATION, "%s ended: %s", value, exit_describe(event.count, reason, sizeof reason));
}

/* stay: for ever, with its state saved when that is asked for (stay=unsaved: it never is). */
static void stay(const char *value)
{
    for (;;) {
        struct event event;

        MUST(event_wait(&event, FOREVER));
        if (event.kind == EVENT_SAVE_STATE) {
            log_print(LOG_INFORMATION, "asked to save its state, %u ms are left",
                      (unsigned)((event.deadline_ns - clock_now()) / MILLISECOND));
            if (strcmp(value, "unsaved") != 0) {
                MUST(state_saved());
            }
        }
    }
}

static const struct verb verbs[] = {
    { "say", say },
    { "chat", chat },
    { "levels", say_levels },
    { "text", say_long },
    { "controls", say_controls },
    { "sleep", sleep_ms },
    { "spin", spin },
    { "wait", wait_for },
    { "kill", kill },
    { "hold", hold },
    { "release", release },
    { "replace", replace },
    { "power", power },
    { "power-now", power_now },
    { "exit", end },
    { "fault", fault },
    { "mistake", mistake },
    { "become", become },
    { "supervised", show_supervised },
    { "grants", show_grants },
    { "follow", follow },
    { "crowd", crowd },
    { "strike", strike },
    { "flush", flush },
    { "watch", watch },
    { "stay", stay },
    { "be-log", log_run },
    { "be-text", sink_run },
    { "show", sink_show },
    { "knock", sink_knock },
    { "heard", devices_hear },
    { "read", devices_read },
    { "borrow", devices_borrow },
    { "bind", disks_bind },
    { "block", disks_block },
    { "mark", disks_mark },
};

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    return 0;
}
