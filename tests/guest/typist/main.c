/*
 * The typist: a program that uses devices which take text, and serial lines, as its arguments say, one after the other, and
 * tells of it in the log. System tests boot it as a server or a driver: files are boot modules. Without `stay` it ends with
 * exit code 0.
 */
#include <ternion/clock.h>
#include <ternion/line.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "../verbs.h"
#include "hostile.h"

#define READ_SHOWN_MAX 60U

static struct device device;     /* that was opened last */

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

static void find_file(const char *path, const char **bytes_out, uint32_t *size_out)
{
    struct module_information information;
    uint32_t address;

    for (module_index_t index = 0;; index++) {
        MUST(module_information(index, &information));
        if (strcmp(information.name, path) == 0) {
            MUST(module_map(index, &address));
            *bytes_out = (const char *)address;
            *size_out = information.size;
            return;
        }
    }
}

/* ---- What it can do; `value` stands behind the = of its argument ---- */

/* text=NAME, line=NAME: the device that what follows is about; waits until it is there. */
static void open_text(const char *value)
{
    MUST(device_open(&device, value, DEVICE_TEXT, FOREVER));
}

static void open_line(const char *value)
{
    MUST(device_open(&device, value, DEVICE_LINE, FOREVER));
}

/* impatient: its calls do not wait for a driver that is not there. */
static void be_impatient(const char *value)
{
    (void)value;
    device.patience_ns = 0;
}

/* write=PATH: the bytes of a file. */
static void write(const char *value)
{
    const char *bytes;
    uint32_t size;

    find_file(value, &bytes, &size);
    tell("wrote", value, device.type == DEVICE_TEXT ? text_write(&device, bytes, size) : line_write(&device, bytes, size));
}

/* read=BYTES: at most so many, at least one. */
static void read(const char *value)
{
    static char bytes[LINE_READ_MAX];
    uint32_t size = 0;

    status_t status = line_read(&device, bytes, number(value), &size);
    log_print(LOG_INFORMATION, "read %u bytes: %s, \"%.*s\"", size, status_name(status),
              (int)(size < READ_SHOWN_MAX ? size : READ_SHOWN_MAX), bytes);
}

/* await: until a byte has come. */
static void await(const char *value)
{
    uint32_t size;
    char byte;
    (void)value;

    MUST(line_read(&device, &byte, 1, &size));
}

/* echo=BYTES: sends back what comes, until it were so many. Begins with a dot on the line. */
static void echo(const char *value)
{
    static uint8_t bytes[LINE_READ_MAX];
    uint32_t left = number(value);

    MUST(line_write(&device, ".", 1));
    while (left > 0) {
        uint32_t size;

        MUST(line_read(&device, bytes, left < sizeof bytes ? left : sizeof bytes, &size));
        MUST(line_write(&device, bytes, size));
        left -= size;
    }
    log_print(LOG_INFORMATION, "echoed %s bytes", value);
}

static void show_statistics(const char *value)
{
    struct line_statistics statistics;
    (void)value;

    MUST(line_statistics(&device, &statistics));
    log_print(LOG_INFORMATION, "received %u sent %u overruns %u errors %u breaks %u waiting %u", statistics.received,
              statistics.sent, statistics.overruns, statistics.errors, statistics.breaks, statistics.waiting);
}

/* configure=BAUD,DATA_BITS,PARITY,STOP_BITS,FLOW: numbers, as in line.h. */
static void configure(const char *value)
{
    uint32_t numbers[5] = { 0 };
    const char *text = value;

    for (unsigned i = 0; i < 5 && text != NULL; i++) {
        numbers[i] = number(text);
        text = strchr(text, ',');
        text = text == NULL ? NULL : text + 1;
    }
    struct line_settings settings = {
        .baud = numbers[0],
        .data_bits = (uint8_t)numbers[1],
        .parity = (uint8_t)numbers[2],
        .stop_bits = (uint8_t)numbers[3],
        .flow = (uint8_t)numbers[4],
    };
    tell("configured", value, line_configure(&device, &settings));
}

static void describe(const char *value)
{
    char text[DEVICE_DESCRIPTION_MAX + 1];
    device_type_t type;
    (void)value;

    MUST(device_describe(&device, &type, text, sizeof text));
    log_print(LOG_INFORMATION, "%s is a %s: %s", device.name, device_type_name(type), text);
}

static void initialise(const char *value)
{
    (void)value;
    tell("initialised", device.name, device_initialise(&device));
}

static void show_size(const char *value)
{
    uint32_t columns = 0;
    uint32_t rows = 0;
    (void)value;

    tell("asked the size of", device.name, text_size(&device, &columns, &rows));
    log_print(LOG_INFORMATION, "%u columns, %u rows", columns, rows);
}

static void be_hostile(const char *value)
{
    (void)value;
    hostile_ask(&device);
}

/* end=NAME: of a process; only a driver may end a driver. */
static void end(const char *value)
{
    process_id_t id;

    MUST(name_wait(value, FOREVER, &id));
    tell("ended", value, process_terminate(id, 7));
}

/* say=TEXT: a line in the log. */
static void say(const char *value)
{
    log_print(LOG_INFORMATION, "%s", value);
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
    { "text", open_text },
    { "line", open_line },
    { "impatient", be_impatient },
    { "write", write },
    { "read", read },
    { "await", await },
    { "echo", echo },
    { "statistics", show_statistics },
    { "configure", configure },
    { "describe", describe },
    { "initialise", initialise },
    { "size", show_size },
    { "hostile", be_hostile },
    { "end", end },
    { "say", say },
    { "sleep", sleep_ms },
    { "stay", stay },
};

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    return 0;
}
