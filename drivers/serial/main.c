/*
 * d\serial: the serial lines of a PC. Each that is there is two devices: lines\serial\N takes and gives bytes as they are
 * (ternion/line.h), lines\text\N takes text (ternion/text.h); N is 0 for COM1.
 *
 *     arguments   ports=3F8,2F8      where to look, see arguments.h
 *
 * After its start it never logs: a\log would send that here again.
 */
#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "arguments.h"
#include "serial_line.h"

#define IRQ_MAX 16U
#define ROUNDS_MAX 16U           /* in which an interrupt is looked after, before others have their turn */
#define NAME_ROOM 24U
#define DESCRIPTION_ROOM 80U

MANIFEST(
    .role = ROLE_LINE,
    .partners = PARTNERS_ALL,
    .irqs = IRQ_BIT(3) | IRQ_BIT(4),
    .ports = { { 0x2E8, 0x2EF }, { 0x2F8, 0x2FF }, { 0x3E8, 0x3EF }, { 0x3F8, 0x3FF } },
);

static struct serial_line lines[LINES_MAX];

/* Numbers of devices: those of lines, and behind them those of the same lines as text. */
static struct serial_line *line_of_bytes(uint32_t number)
{
    return number < LINES_MAX && lines[number].is_present ? &lines[number] : NULL;
}

static struct serial_line *line_of_text(uint32_t number)
{
    return number >= LINES_MAX ? line_of_bytes(number - LINES_MAX) : NULL;
}

static struct serial_line *line_of_any(uint32_t number)
{
    return number < LINES_MAX ? line_of_bytes(number) : line_of_text(number);
}

/* ---- line_call ---- */

static status_t write(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    struct serial_line *line = line_of_bytes(request->number);

    (void)reply;
    return line == NULL ? ABSENT : serial_line_take_bytes(line, call, REQUEST_BYTES);
}

static status_t read(struct server_call *call, const struct line_call_read_request *request, struct nothing *reply)
{
    struct serial_line *line = line_of_bytes(request->number);

    (void)reply;
    return line == NULL ? ABSENT : serial_line_take_reader(line, call, request->most);
}

static status_t configure(struct server_call *call, const struct line_settings *request, struct nothing *reply)
{
    struct serial_line *line = line_of_bytes(request->number);

    (void)reply;
    return line == NULL ? ABSENT : serial_line_take_settings(line, call, request);
}

static status_t statistics(struct server_call *call, const struct device_call_number *request, struct line_statistics *reply)
{
    const struct serial_line *line = line_of_bytes(request->number);

    (void)call;
    if (line == NULL) {
        return ABSENT;
    }
    serial_line_count(line, reply);
    return OK;
}

PROTOCOL_SERVER(line_call, LINE_PROTOCOL, .write = write, .read = read, .configure = configure, .statistics = statistics)

/* ---- text_call ---- */

static status_t write_text(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    struct serial_line *line = line_of_text(request->number);

    (void)reply;
    return line == NULL ? ABSENT : serial_line_take_bytes(line, call, REQUEST_TEXT);
}

static status_t write_line(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    struct serial_line *line = line_of_text(request->number);

    (void)reply;
    return line == NULL ? ABSENT : serial_line_take_bytes(line, call, REQUEST_LINE);
}

/* It is not known what is at the other end. */
static status_t size(struct server_call *call, const struct device_call_number *request, struct text_call_size_reply *reply)
{
    (void)call;
    (void)reply;
    return line_of_text(request->number) == NULL ? ABSENT : OK;
}

/* There is no adapter that somebody else could use. */
static status_t no_screen(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return line_of_text(request->number) == NULL ? ABSENT : BAD_OPERATION;
}

static status_t no_screen_to_lend(struct server_call *call, const struct device_call_number *request, struct text_call_lend_reply *reply)
{
    (void)reply;
    return no_screen(call, request, NULL);
}

PROTOCOL_SERVER(text_call, TEXT_PROTOCOL, .write = write_text, .size = size, .lend = no_screen_to_lend, .take_back = no_screen,
                .write_line = write_line)

/* ---- device_call ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request,
                         struct device_call_description *reply)
{
    static char text[DESCRIPTION_ROOM];
    const struct serial_line *line = line_of_any(request->number);

    if (line == NULL) {
        return ABSENT;
    }
    reply->type = request->number < LINES_MAX ? DEVICE_LINE : DEVICE_TEXT;
    uint32_t length = (uint32_t)format_text(text, sizeof text, "COM%u: ", request->number % LINES_MAX + 1);
    server_give_string(call, text, length + serial_line_describe(line, text + length, sizeof text - length));
    return OK;
}

static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    struct serial_line *line = line_of_any(request->number);

    (void)reply;
    return line == NULL ? ABSENT : serial_line_take_initialise(line, call);
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

static struct server server = SERVER(&line_call_protocol, &text_call_protocol, &device_call_protocol);

/* ---- Start ---- */

static void register_device(const char *kind, unsigned number, device_type_t type, uint32_t device_number)
{
    char name[NAME_ROOM];
    device_id_t device;

    size_t length = format_text(name, sizeof name, "lines\\%s\\%u", kind, number);
    status_t status = device_register(name, (uint32_t)length, type, device_number, &device);
    if (status != OK) {
        log_print(LOG_ERROR, "%s cannot be registered: %s", name, status_meaning(status));
    }
}

static bool start_line(unsigned number)
{
    struct serial_line *line = &lines[number];
    irq_line_t irq = line_places[number].irq;
    char text[DESCRIPTION_ROOM];

    if (!serial_line_open(line, line_places[number].port)) {
        log_print(LOG_WARNING, "no serial line at port 0x%X", line_places[number].port);
        return false;
    }
    status_t status = irq_listen(irq);
    (void)serial_line_describe(line, text, sizeof text);
    if (status == OK || status == EXISTS) {
        log_print(LOG_INFORMATION, "COM%u: %s, interrupt %u", number + 1, text, irq);
    } else {
        log_print(LOG_WARNING, "COM%u: %s, interrupt %u is not to be had: it will be slow", number + 1, text, irq);
    }
    register_device("serial", number, DEVICE_LINE, number);
    register_device("text", number, DEVICE_TEXT, LINES_MAX + number);
    return true;
}

/* ---- Events ---- */

static bool has_fired[IRQ_MAX];  /* and is not acknowledged */

/* Works until all UARTs of an interrupt line are quiet, or it has taken long. False: they are not. */
static bool make_quiet(irq_line_t irq)
{
    bool quiet = false;

    for (unsigned round = 0; round < ROUNDS_MAX && !quiet; round++) {
        quiet = true;
        for (unsigned number = 0; number < LINES_MAX; number++) {
            if (lines[number].is_present && line_places[number].irq == irq && serial_line_interrupts(&lines[number])) {
                quiet = false;
            }
        }
    }
    return quiet;
}

/* Does all that there is to do. Returns until when there will be nothing, if no event comes. */
static nanoseconds_t work(void)
{
    nanoseconds_t deadline_ns = FOREVER;

    for (irq_line_t irq = 0; irq < IRQ_MAX; irq++) {
        if (has_fired[irq] && make_quiet(irq)) {
            has_fired[irq] = false;
            MUST(irq_acknowledge(irq));
        }
        if (has_fired[irq]) {
            deadline_ns = 0;
        }
    }
    for (unsigned number = 0; number < LINES_MAX; number++) {
        if (lines[number].is_present) {
            (void)serial_line_work(&lines[number]);
            nanoseconds_t line_ns = serial_line_deadline(&lines[number]);
            deadline_ns = line_ns < deadline_ns ? line_ns : deadline_ns;
        }
    }
    return deadline_ns;
}

static void take_event(const struct event *event)
{
    if (server_serve(&server, event)) {
        return;
    }
    if (event->kind == EVENT_IRQ) {
        has_fired[event->id] = true;
    } else if (event->kind == EVENT_SAVE_STATE) {
        (void)state_saved();
    }
}

int main(int argc, char **argv)
{
    bool wanted[LINES_MAX];
    bool any = false;

    arguments_read(argc, argv, wanted);
    for (unsigned number = 0; number < LINES_MAX; number++) {
        any = (wanted[number] && start_line(number)) || any;
    }
    if (!any) {
        return ABSENT;
    }
    for (;;) {
        struct event event;

        if (event_wait(&event, work()) == OK) {
            take_event(&event);
        }
    }
}
