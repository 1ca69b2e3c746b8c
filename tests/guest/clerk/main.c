/*
 * The clerk: a program that uses a terminal as its arguments say, one after the other. What it has read it writes there; statuses
 * go to the log. System tests boot it as the owner of a terminal. Without `stay` it ends with exit code 0.
 */
#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/terminal.h>
#include <ternion/thread.h>

#include "../verbs.h"

#define STACK_BYTES 8192U
#define TEXT_MAX 4096U
#define GUESSES 20U
#define ARGUMENTS_MAX 16

MANIFEST(.partners = PARTNERS_ALL);

static struct terminal_handle terminal;

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

static void put(const char *text)
{
    status_t status = terminal_write(&terminal, text, strlen(text));

    if (status != OK) {
        tell("writing", text, status);
    }
}

/* ---- What it can do; `value` stands behind the = of its argument ---- */

/* claim=NAME */
static void claim(const char *value)
{
    tell("claimed", value, terminal_claim(value, &terminal));
}

/* use=NUMBER:KEY:KEY, as `child` says it. */
static void use(const char *value)
{
    terminal.number = number(value);
    terminal.key[0] = number(strchr(value, ':') + 1);
    terminal.key[1] = number(strchr(strchr(value, ':') + 1, ':') + 1);
}

/* write=TEXT: with _ for blanks and ; for ends of lines. */
static void write(const char *value)
{
    char text[TEXT_MAX];
    size_t size = strnlen(value, sizeof text - 1);

    for (size_t i = 0; i < size; i++) {
        text[i] = value[i] == '_' ? ' ' : value[i] == ';' ? '\n' : value[i] == '^' ? '\033' : value[i];
    }
    text[size] = '\0';
    put(text);
}

/* mode=NUMBER */
static void set_mode(const char *value)
{
    tell("mode", value, terminal_mode(&terminal, number(value), NULL));
}

/* A line, and nothing of its end. False: the input has ended, or cannot be read. */
static bool read_line(char *text, uint32_t size, uint32_t milliseconds)
{
    uint32_t count = 0;
    status_t status = terminal_read(&terminal, text, size - 1, milliseconds, &count);

    if (status != OK) {
        tell("read", "", status);
    }
    text[count] = '\0';
    return status == OK && count > 0;
}

/* repeat: the lines that are typed, each behind its size, until the input ends or one is `quit`. */
static void repeat(const char *value)
{
    static char text[TEXT_MAX], answer[TEXT_MAX + 16];
    bool goes_on = true;
    (void)value;

    while (goes_on) {
        goes_on = read_line(text, sizeof text, TERMINAL_FOREVER) && strcmp(text, "quit\n") != 0;
        if (goes_on) {
            (void)format_text(answer, sizeof answer, "%u<%s", (unsigned)strlen(text), text);
            put(answer);
        }
    }
    put("end\n");
}

/* bytes: what is typed in hexadecimal numbers, until a q. */
static void show_bytes(const char *value)
{
    uint8_t bytes[TEXT_MAX];
    uint32_t count = 0;
    status_t status;
    (void)value;

    do {
        char text[4];
        status = terminal_read(&terminal, bytes, sizeof bytes, TERMINAL_FOREVER, &count);
        for (uint32_t i = 0; status == OK && i < count; i++) {
            (void)format_text(text, sizeof text, "%02x ", bytes[i]);
            put(text);
        }
    } while (status == OK && (count == 0 || bytes[count - 1] != 'q'));
    put("end\n");
}

/* wait=MS: reads with a limit. */
static void wait(const char *value)
{
    nanoseconds_t before = clock_now();
    char text[2];
    uint32_t count;
    status_t status = terminal_read(&terminal, text, 1, number(value), &count);

    log_print(LOG_INFORMATION, "read within %s ms: %s, %s", value, status_name(status),
              clock_now() - before >= number(value) * MILLISECOND ? "in time" : "too early");
}

static void await_keys(void *unused)
{
    enum terminal_key key;
    status_t status;
    (void)unused;

    while ((status = terminal_await_key(&terminal, &key)) == OK) {
        put(key == TERMINAL_INTERRUPT ? "interrupt\n" : "suspend\n");
    }
    tell("awaiting", "keys", status);
}

/* keys: from now on tells of Ctrl+C and Ctrl+Z. */
static void tell_keys(const char *value)
{
    (void)value;
    MUST(thread_start(await_keys, NULL, STACK_BYTES, NULL));
}

/* key: awaits one. */
static void await_key(const char *value)
{
    enum terminal_key key = 0;
    status_t status = terminal_await_key(&terminal, &key);
    (void)value;

    log_print(LOG_INFORMATION, "key %u: %s", (unsigned)key, status_name(status));
}

static void show_size(const char *value)
{
    uint32_t columns = 0, rows = 0;
    status_t status = terminal_size(&terminal, &columns, &rows);
    (void)value;

    log_print(LOG_INFORMATION, "%u columns, %u rows: %s", columns, rows, status_name(status));
}

static void unread(const char *value)
{
    (void)value;
    tell("unread", "", terminal_unread(&terminal));
}

static void show_state(const char *value)
{
    uint32_t mode = 0;
    bool is_readable = false;
    status_t status = terminal_state(&terminal, &mode, &is_readable);
    (void)value;

    log_print(LOG_INFORMATION, "mode %u, %s: %s", mode, is_readable ? "readable" : "nothing to read", status_name(status));
}

/* notice: waits until there is something to read. */
static void await_notice(const char *value)
{
    process_id_t server;
    struct event event;
    (void)value;

    tell("notice", "", terminal_notify(&terminal, &server));
    do {
        MUST(event_wait(&event, FOREVER));
    } while (event.kind != EVENT_MESSAGE || event.words[0] != TERMINAL_NOTICE || event.sender != server);
    log_print(LOG_INFORMATION, "noticed");
}

/* flood=KB */
static void flood(const char *value)
{
    static char text[1024];
    status_t status = OK;

    for (uint32_t i = 0; i < sizeof text; i++) {
        text[i] = i % 64 == 63 ? '\n' : (char)('a' + i % 64 % 26);
    }
    for (uint32_t left = number(value); left > 0 && status == OK; left--) {
        status = terminal_write(&terminal, text, sizeof text);
    }
    tell("flooded", value, status);
}

/* guess: with wrong keys, and then the right one. */
static void guess(const char *value)
{
    struct terminal_handle wrong = terminal;
    uint32_t refused = 0;
    (void)value;

    for (uint32_t i = 0; i < GUESSES; i++) {
        wrong.key[i % 2] ^= 1U << i;
        refused += terminal_write(&wrong, "secret\n", 7) == NOT_ALLOWED;
    }
    log_print(LOG_INFORMATION, "%u of %u keys were refused", refused, GUESSES);
    tell("wrote", "with the right key", terminal_write(&terminal, "right\n", 6));
}

/* key_of=NUMBER: a handle without a key. */
static void be_stranger(const char *value)
{
    terminal = (struct terminal_handle){ .number = number(value), .key = { 1, 2 } };
}

/* child=VERB,VERB…: spawns file:clerk as `child` and the terminal's number, which uses the same terminal, and waits for its end. */
static void spawn_child(const char *value)
{
    static char verbs[TEXT_MAX], handle[64], name[16];
    char *arguments[ARGUMENTS_MAX] = { handle };
    struct module_information information;
    struct event event;
    process_id_t id;
    module_index_t index = 0;
    uint32_t address;
    int count = 1;

    do {
        MUST(module_information(index++, &information));
    } while (strcmp(information.name, "clerk") != 0);
    MUST(module_map(index - 1, &address));
    (void)format_text(handle, sizeof handle, "use=%u:%u:%u", terminal.number, terminal.key[0], terminal.key[1]);
    (void)format_text(name, sizeof name, "child%u", terminal.number);
    memcpy(verbs, value, strlen(value) + 1);
    for (char *verb = verbs; verb != NULL && count < ARGUMENTS_MAX; count++) {
        arguments[count] = verb;
        verb = strchr(verb, ',');
        if (verb != NULL) {
            *verb++ = '\0';
        }
    }
    MUST(spawn_image(process_page()->class, name, (const void *)address, information.size, count, arguments, &id));
    do {
        MUST(event_wait(&event, FOREVER));
    } while (event.kind != EVENT_PROCESS_EXITED || event.id != id);
    put("child ended\n");
}

static process_id_t find(const char *name)
{
    process_id_t id;

    MUST(name_wait(name, FOREVER, &id));
    return id;
}

/* await=NAME: until there is such a process. */
static void await(const char *value)
{
    (void)find(value);
}

/* end=NAME; hold=NAME: puts it to sleep; release=NAME: wakes it. Of a driver only a driver can. */
static void end(const char *value)
{
    tell("ending", value, process_terminate(find(value), 7));
}

static void hold(const char *value)
{
    tell("holding", value, process_sleep(find(value)));
}

static void release(const char *value)
{
    tell("releasing", value, process_wake(find(value)));
}

/* say=TEXT: a line in the log; warn=TEXT: a warning. */
static void say(const char *value)
{
    log_print(LOG_INFORMATION, "%s", value);
}

static void warn(const char *value)
{
    log_print(LOG_WARNING, "%s", value);
}

/* sleep=MS */
static void sleep_ms(const char *value)
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

static const struct verb verbs[] = {
    { "claim", claim },
    { "use", use },
    { "write", write },
    { "mode", set_mode },
    { "repeat", repeat },
    { "bytes", show_bytes },
    { "wait", wait },
    { "keys", tell_keys },
    { "key", await_key },
    { "size", show_size },
    { "unread", unread },
    { "state", show_state },
    { "notice", await_notice },
    { "flood", flood },
    { "guess", guess },
    { "key_of", be_stranger },
    { "child", spawn_child },
    { "await", await },
    { "end", end },
    { "hold", hold },
    { "release", release },
    { "say", say },
    { "warn", warn },
    { "sleep", sleep_ms },
    { "stay", stay },
};

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    return 0;
}
