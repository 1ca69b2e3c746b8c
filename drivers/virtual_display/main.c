/*
 * d\virtual_display: a display without hardware, screens\display\virtual. Programs that draw run where there is no adapter for them, and what
 * they have drawn can be asked for: its description tells the mode, how often one was set and something flushed, and a checksum (CRC-32) of
 * what is seen.
 *
 *     virtual_display [NAME] [log]
 *
 *     NAME   of the device, such as screens\display\0
 *     log    tells the log behind each flush what is seen: the mode and the checksum
 */
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "modes.h"
#include "screen.h"

MANIFEST(.role = ROLE_DISPLAY, .partners = PARTNERS_ALL);

#define USUAL_NAME "screens\\display\\virtual"
#define NUMBER 0U

static struct screen screen;

/* ---- The common interface ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    const struct display_mode *mode = screen.mode;
    char *text = call->buffer;

    if (request->number != NUMBER) {
        return ABSENT;
    }
    reply->type = DEVICE_DISPLAY;
    if (mode == NULL) {
        format_text(text, DEVICE_DESCRIPTION_MAX, "virtual display: text; %u sets, %u flushes", screen.sets, screen.flushes);
    } else {
        format_text(text, DEVICE_DESCRIPTION_MAX, "virtual display: mode 0x%03X %ux%ux%u, line %u; %u sets, %u flushes, checksum %08x",
                    mode->mode, mode->width, mode->height, mode->bits, screen.line, screen.sets, screen.flushes, screen_checksum(&screen));
    }
    server_give_string(call, text, (uint32_t)strlen(text));
    return OK;
}

/* As after the start it is text; but not while somebody else draws. */
static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != NUMBER) {
        return ABSENT;
    }
    if (screen_is_taken(&screen, call->sender)) {
        return BUSY;
    }
    screen_release(&screen);
    return OK;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

/* ---- What it is ---- */

static status_t information(struct server_call *call, const struct device_call_number *request, struct display_information *reply)
{
    if (request->number != NUMBER) {
        return ABSENT;
    }
    (void)screen_is_taken(&screen, call->sender);        /* by one that has died: it is not */
    *reply = (struct display_information){ .modes = MODE_COUNT, .current = DISPLAY_NO_MODE, .owner = screen.owner };
    for (uint32_t i = 0; i < MODE_COUNT; i++) {
        if ((modes[i].flags & DISPLAY_PREFERRED) != 0) {
            reply->preferred = modes[i].mode;
        }
    }
    if (screen.mode != NULL) {
        reply->current = screen.mode->mode;
    }
    return OK;
}

static status_t list_modes(struct server_call *call, const struct display_call_first *request, struct display_call_count *reply)
{
    if (request->number != NUMBER) {
        return ABSENT;
    }
    uint32_t first = request->first < MODE_COUNT ? request->first : MODE_COUNT;
    reply->count = MODE_COUNT - first < DISPLAY_MODES_PER_CALL ? MODE_COUNT - first : DISPLAY_MODES_PER_CALL;
    server_give_string(call, modes + first, reply->count * (uint32_t)sizeof modes[0]);
    return OK;
}

static status_t edid(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return request->number == NUMBER ? BAD_OPERATION : ABSENT;       /* there is no monitor */
}

/* ---- What needs the display ---- */

/* ABSENT, NOT_ALLOWED: it is not the caller's. */
static status_t check_owner(const struct server_call *call, uint32_t number)
{
    if (number != NUMBER) {
        return ABSENT;
    }
    return screen.owner == call->sender ? OK : NOT_ALLOWED;
}

static status_t set(struct server_call *call, const struct display_call_set *request, struct display_call_set_reply *reply)
{
    const struct display_mode *mode = mode_of(request->mode);

    if (request->number != NUMBER) {
        return ABSENT;
    }
    if (mode == NULL || (request->flags & ~DISPLAY_KEEP) != 0) {
        return BAD_ARGUMENT;
    }
    if (screen_is_taken(&screen, call->sender)) {
        return BUSY;
    }
    if (call->id == 0) {
        return NOT_ALLOWED;          /* it was only sent: nobody would get the memory */
    }
    status_t status = screen_set(&screen, mode, (request->flags & DISPLAY_KEEP) != 0, call->sender);
    if (status == OK) {
        *reply = (struct display_call_set_reply){ .mode = *mode, .memory = screen.memory.id, .key = screen.memory.key };
    }
    return status;
}

static status_t flush(struct server_call *call, const struct display_call_rectangle *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status != OK) {
        return status;
    }
    if ((uint32_t)request->x + request->width > screen.mode->width || (uint32_t)request->y + request->height > screen.mode->lines) {
        return BAD_ARGUMENT;
    }
    screen_flush(&screen, request);
    return OK;
}

/* There is no beam to wait for. */
static status_t show(struct server_call *call, const struct display_call_line *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status != OK) {
        return status;
    }
    if ((screen.mode->flags & DISPLAY_START) == 0) {
        return BAD_OPERATION;
    }
    if ((uint32_t)request->line + screen.mode->height > screen.mode->lines || request->wait > 1) {
        return BAD_ARGUMENT;
    }
    screen.line = request->line;
    return OK;
}

static status_t palette(struct server_call *call, const struct display_call_colours *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status != OK) {
        return status;
    }
    uint32_t colours = mode_colours(screen.mode);
    if (colours == 0) {
        return BAD_OPERATION;
    }
    if ((uint32_t)request->first + request->count > colours) {
        return BAD_ARGUMENT;
    }
    if (call->string_size != request->count * sizeof screen.palette[0]) {
        return BAD_SIZE;
    }
    if (request->count != 0) {
        memcpy(screen.palette + request->first, call->string, call->string_size);
    }
    return OK;
}

static status_t release(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status == OK) {
        screen_release(&screen);
    }
    return status;
}

PROTOCOL_SERVER(display_call, DISPLAY_PROTOCOL, .information = information, .modes = list_modes, .edid = edid, .set = set, .flush = flush,
                .show = show, .palette = palette, .release = release)

/* ---- The start ---- */

static void take_event(const struct event *event)
{
    if (event->kind == EVENT_PROCESS_EXITED && event->id == screen.owner) {
        screen_release(&screen);
    } else if (event->kind == EVENT_SAVE_STATE) {
        (void)state_saved();
    }
}

static struct server server = { .protocols = SERVER_PROTOCOLS(&device_call_protocol, &display_call_protocol), .take_event = take_event };

int main(int argc, char **argv)
{
    const char *name = USUAL_NAME;
    device_id_t id;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "log") == 0) {
            screen.tells = true;
        } else {
            name = argv[i];
        }
    }
    status_t status = device_register(name, (uint32_t)strlen(name), DEVICE_DISPLAY, NUMBER, &id);
    if (status != OK) {
        log_print(LOG_ERROR, "%s cannot be offered: %s", name, status_meaning(status));
        return 1;
    }
    server_run(&server);
}
