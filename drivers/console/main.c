/*
 * d\console: text on the screen of the machine, the device screens\text\0. Its protocol stands in ternion/text.h.
 *
 * It never logs about text: a\log would print that here again.
 */
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "lending.h"
#include "screen.h"
#include "terminal.h"

#define DEVICE_NAME "screens\\text\\0"
#define DEVICE_NUMBER 0U

MANIFEST(
    .role = ROLE_DISPLAY,
    .partners = PARTNERS_ALL,
    .ports = {
        { 0x1CE, 0x1D0 },        /* DISPI: what a driver that died has left on beside the registers of a VGA */
        { 0x3B4, 0x3B5 },        /* CRTC of a monochrome adapter */
        { 0x3C0, 0x3CF },        /* attribute controller, sequencer, colours, graphics controller */
        { 0x3D4, 0x3D5 },        /* CRTC of a colour adapter */
        { 0x3DA, 0x3DA },        /* input status */
    },
    .memory = {
        { 0xA0000, 0xBFFFF },    /* fonts, cells */
        { 0xC0000, 0xCFFFF },    /* ROM of the adapter, which has a font */
    },
);

static struct screen_information screen;
static struct terminal terminal;

/* ---- text_call ---- */

static status_t write(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != DEVICE_NUMBER) {
        return ABSENT;
    }
    screen_resume(&terminal);
    terminal_write(&terminal, call->string, call->string_size);
    screen_show(&terminal);
    return OK;
}

static status_t write_line(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != DEVICE_NUMBER) {
        return ABSENT;
    }
    screen_resume(&terminal);
    terminal_write_line(&terminal, call->string, call->string_size);
    screen_show(&terminal);
    return OK;
}

static status_t size(struct server_call *call, const struct device_call_number *request, struct text_call_size_reply *reply)
{
    (void)call;
    if (request->number != DEVICE_NUMBER) {
        return ABSENT;
    }
    reply->columns = CELL_COLUMNS;
    reply->rows = CELL_ROWS;
    return OK;
}

static status_t lend(struct server_call *call, const struct device_call_number *request, struct text_call_lend_reply *reply)
{
    return request->number == DEVICE_NUMBER ? lending_lend(call, reply) : ABSENT;
}

static status_t take_back(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    return request->number == DEVICE_NUMBER ? lending_take_back(call, &terminal) : ABSENT;
}

PROTOCOL_SERVER(text_call, TEXT_PROTOCOL, .write = write, .size = size, .lend = lend, .take_back = take_back,
                .write_line = write_line)

/* ---- device_call ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request,
                         struct device_call_description *reply)
{
    if (request->number != DEVICE_NUMBER) {
        return ABSENT;
    }
    reply->type = DEVICE_TEXT;
    server_give_string(call, screen.description, (uint32_t)strlen(screen.description));
    return OK;
}

static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    if (request->number != DEVICE_NUMBER) {
        return ABSENT;
    }
    terminal_reset(&terminal, screen.palette);
    screen_show(&terminal);
    return OK;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS_EXITED:
        lending_forget(event->id, &terminal);
        break;
    case EVENT_TIMER:
        lending_look(&terminal);
        break;
    case EVENT_SAVE_STATE:
        (void)state_saved();
        break;
    }
}

static struct server server = { .protocols = SERVER_PROTOCOLS(&text_call_protocol, &device_call_protocol), .take_event = take };

int main(void)
{
    device_id_t device;

    if (!screen_open(&screen)) {
        log_print(LOG_WARNING, "there is no adapter with a text screen");
        return ABSENT;
    }
    terminal_reset(&terminal, screen.palette);
    screen_take_over(&terminal);
    screen_show(&terminal);
    lending_open();
    status_t status = device_register(DEVICE_NAME, strlen(DEVICE_NAME), DEVICE_TEXT, DEVICE_NUMBER, &device);
    if (status != OK) {
        log_print(LOG_ERROR, DEVICE_NAME " cannot be registered: %s", status_meaning(status));
        return (int)status;
    }
    server_run(&server);
}
