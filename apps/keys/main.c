/*
 * a\keys: shows what is done with keyboard and pointer, a line an event: on standard output, until Ctrl+C is pressed; or, if it has none, on
 * the text screen. With the argument
 *
 *     echo    it types what is typed, and nothing else
 *     log     the lines go to the log
 */
#include <stdlib.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/input.h>
#include <ternion/libc.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "show.h"

#define SCREEN "screens\\text\\0"
#define SCREEN_PATIENCE_NS (5 * SECOND)
#define DELETE_CHARACTER 0x7FU
#define CONTROL_C 3U
#define ECHO_MAX 3U              /* bytes of text for a key */

enum mode { SHOW_ON_SCREEN, SHOW_IN_LOG, SHOW_ON_OUTPUT, ECHO };

static enum mode mode;
static struct device screen;

static void print(const char *text, size_t size)
{
    if (size > 0) {
        (void)text_write(&screen, text, size);   /* there is nobody to tell if it fails */
    }
}

static void show(const struct input_event *event)
{
    char line[SHOW_LINE_MAX + 1];
    size_t size = show_event(event, line);

    if (mode == SHOW_IN_LOG || mode == SHOW_ON_OUTPUT) {
        log_print(LOG_INFORMATION, "%s", line);
    } else {
        line[size++] = '\n';
        print(line, size);
    }
}

/* Backspace takes back the character before; others are typed if they can be seen, or end a line. */
static void echo(const struct input_key *key, char *text, size_t *size)
{
    bool is_visible = key->character != 0 && key->unicode >= ' ' && key->unicode != DELETE_CHARACTER;

    if (key->character == '\b') {
        memcpy(text + *size, "\b \b", ECHO_MAX);
        *size += ECHO_MAX;
    } else if (is_visible || key->character == '\n' || key->character == '\t') {
        text[(*size)++] = (char)key->character;
    }
}

/* While it has the keys, nobody else can end it. */
static bool is_end(const struct input_event *event)
{
    return mode == SHOW_ON_OUTPUT && event->kind == INPUT_KEY && event->key.character == CONTROL_C;
}

static void take(const struct input_events *events)
{
    char text[INPUT_EVENTS_MAX * ECHO_MAX];
    size_t size = 0;

    if (events->lost > 0 && mode != ECHO) {
        log_print(LOG_WARNING, "%u events are lost", events->lost);
    }
    for (uint32_t i = 0; i < events->count; i++) {
        const struct input_event *event = &events->events[i];

        if (is_end(event)) {
            exit(0);
        }
        if (mode != ECHO) {
            show(event);
        } else if (event->kind == INPUT_KEY) {
            echo(&event->key, text, &size);
        }
    }
    print(text, size);
}

static void read_arguments(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "echo") == 0) {
            mode = ECHO;
        } else if (strcmp(argv[i], "log") == 0) {
            mode = SHOW_IN_LOG;
        } else {
            log_print(LOG_WARNING, "argument \"%s\" is not known: echo and log are", argv[i]);
        }
    }
}

int main(int argc, char **argv)
{
    struct input input;
    struct input_events events;
    status_t status;

    mode = libc_is_log(STDOUT_FILENO) ? SHOW_ON_SCREEN : SHOW_ON_OUTPUT;
    read_arguments(argc, argv);
    if (mode == SHOW_ON_SCREEN || mode == ECHO) {
        (void)device_open(&screen, SCREEN, DEVICE_TEXT, clock_after(SCREEN_PATIENCE_NS));  /* text_write looks again */
    }
    status = input_open(&input, mode == ECHO ? INPUT_WANTS_KEYS : INPUT_WANTS_KEYS | INPUT_WANTS_POINTER, FOREVER);
    if (status == OK) {
        log_print(LOG_INFORMATION, "ready");
    }
    while (status == OK) {
        status = input_read(&input, &events);
        if (status == OK) {
            take(&events);
        }
    }
    log_print(LOG_ERROR, "no input any more: %s", status_meaning(status));
    return 1;
}
