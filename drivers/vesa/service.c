#include "service.h"

#include <ternion/clock.h>
#include <ternion/display.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "adapter.h"
#include "modes.h"
#include "retrace.h"
#include "screen.h"

#define NUMBER 0U

static process_id_t owner;           /* 0: nobody has the display */

/* The owner waits for the retrace. */
static struct pending_call waiter;
static bool is_waiting;
static timer_id_t timer;             /* for when to look */

/* ---- Who waits ---- */

static void end_wait(void)
{
    if (is_waiting) {
        is_waiting = false;
        (void)display_call_show_answer(&waiter, OK, NULL);       /* BAD_ID: it has ended */
    }
}

void service_open(void)
{
    MUST(timer_create(FOREVER, 0, &timer));
}

static status_t begin_wait(const struct server_call *call)
{
    is_waiting = true;
    MUST(timer_set(timer, retrace_look_time(), 0));
    return server_answer_later(call, &waiter);
}

void service_look(void)
{
    if (clock_now() >= retrace_look_time()) {    /* else it is a wait before this one that the timer was for */
        retrace_look();
        end_wait();
    }
}

/* ---- Who has it ---- */

static void leave_owner(void)
{
    end_wait();
    (void)process_unwatch(owner);    /* NOT_FOUND: it has ended */
    owner = 0;
}

static void disown(void)
{
    leave_owner();
    screen_set_text();
}

void service_forget(process_id_t process)
{
    if (process == owner) {
        disown();
    }
}

void service_lose(void)
{
    if (owner != 0) {
        leave_owner();
    }
    screen_forget();
}

void service_end(void)
{
    if (owner != 0) {
        disown();
    } else if (screen_grace_end() != FOREVER) {
        screen_set_text();
    }
}

static status_t check_owner(const struct server_call *call, uint32_t number)
{
    if (number != NUMBER) {
        return ABSENT;
    }
    return owner != 0 && owner == call->sender ? OK : NOT_ALLOWED;
}

/* Watches the new owner. BAD_ID: it has ended. */
static status_t own(const struct server_call *call)
{
    if (owner == call->sender) {
        return OK;
    }
    return process_watch(call->sender);
}

/* ---- Information ---- */

static status_t information(struct server_call *call, const struct device_call_number *request, struct display_information *reply)
{
    const struct vbe_controller *controller = adapter_controller();
    const struct edid *monitor = modes_monitor();
    const struct mode *mode = screen_mode();
    (void)call;

    if (request->number != NUMBER) {
        return ABSENT;
    }
    reply->memory = controller == NULL ? 0 : controller->memory;
    reply->version = controller == NULL ? 0 : controller->version;
    reply->modes = (uint16_t)modes_count();
    reply->preferred = modes_preferred();
    reply->current = mode == NULL ? DISPLAY_NO_MODE : mode->shown.mode;
    reply->width_mm = monitor == NULL ? 0 : monitor->width_mm;
    reply->height_mm = monitor == NULL ? 0 : monitor->height_mm;
    reply->owner = owner;
    return OK;
}

static status_t tell_modes(struct server_call *call, const struct display_call_first *request, struct display_call_count *reply)
{
    struct display_mode *shown = call->buffer;
    const struct mode *mode;

    if (request->number != NUMBER) {
        return ABSENT;
    }
    while (reply->count < DISPLAY_MODES_PER_CALL && request->first < modes_count()
           && (mode = modes_at(request->first + reply->count)) != NULL) {
        shown[reply->count++] = mode->shown;
    }
    server_give_string(call, shown, reply->count * (uint32_t)sizeof shown[0]);
    return OK;
}

static status_t tell_edid(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    const uint8_t *edid = modes_edid();
    (void)reply;

    if (request->number != NUMBER) {
        return ABSENT;
    }
    if (edid == NULL) {
        return BAD_OPERATION;
    }
    server_give_string(call, edid, EDID_SIZE);
    return OK;
}

/* ---- Modes ---- */

/*
 * To keep what is in the adapter's memory is for the client that has drawn it there: the one that has a mode now, or, for a moment, the one whose driver
 * died under it. The picture of anybody else, and what the text screen left there, are none of its affair.
 */
static bool may_keep(const struct server_call *call, uint16_t flags)
{
    return (flags & DISPLAY_KEEP) && (owner == call->sender || screen_grace_end() != FOREVER);
}

static status_t set(struct server_call *call, const struct display_call_set *request, struct display_call_set_reply *reply)
{
    const struct mode *mode = request->number == NUMBER ? modes_find(request->mode) : NULL;
    struct shared_handle handle;

    if (request->number != NUMBER) {
        return ABSENT;
    }
    if (mode == NULL || (request->flags & ~DISPLAY_KEEP) != 0) {
        return BAD_ARGUMENT;
    }
    if (owner != 0 && owner != call->sender) {
        return BUSY;
    }
    if (call->id == 0) {
        return NOT_ALLOWED;          /* it was only sent: nobody would get the memory */
    }
    status_t status = own(call);
    if (status != OK) {
        return status;
    }
    end_wait();
    bool keep = may_keep(call, request->flags);
    owner = call->sender;
    status = screen_set(mode, keep, &reply->mode, &handle);
    if (status == BUSY) {
        service_lose();              /* another driver has the adapter: whatever mode the client had is gone */
    } else if (status != OK) {
        leave_owner();
    }
    if (status != OK) {
        return status;
    }
    reply->memory = handle.id;
    reply->key = handle.key;
    return OK;
}

static status_t release(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status == OK) {
        disown();
    }
    return status;
}

/* ---- While a mode is set ---- */

static status_t flush(struct server_call *call, const struct display_call_rectangle *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status != OK) {
        return status;
    }
    const struct display_mode *mode = &screen_mode()->shown;
    if ((uint32_t)request->x + request->width > mode->width || (uint32_t)request->y + request->height > mode->lines) {
        return BAD_ARGUMENT;
    }
    return screen_flush(request);
}

static status_t show(struct server_call *call, const struct display_call_line *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status != OK) {
        return status;
    }
    const struct display_mode *mode = &screen_mode()->shown;
    if (!(mode->flags & DISPLAY_START)) {
        return BAD_OPERATION;
    }
    if (request->line > mode->lines - mode->height || request->wait > 1) {
        return BAD_ARGUMENT;
    }
    end_wait();                      /* of another thread, for a line that is seen no more */
    status = screen_show(request->line);
    if (status != OK || request->wait == 0 || !retrace_await()) {
        return status;
    }
    return begin_wait(call);
}

static status_t palette(struct server_call *call, const struct display_call_colours *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status != OK) {
        return status;
    }
    const struct display_mode *mode = &screen_mode()->shown;
    if (!(mode->flags & DISPLAY_PALETTE)) {
        return BAD_OPERATION;
    }
    if ((uint32_t)request->first + request->count > 1U << mode->bits) {
        return BAD_ARGUMENT;
    }
    uint32_t colours[DISPLAY_COLOURS];
    if (call->string_size != request->count * sizeof colours[0]) {
        return BAD_SIZE;
    }
    memcpy(colours, call->string, call->string_size);
    return screen_set_colours(request->first, request->count, colours);
}

PROTOCOL_SERVER(display_call, DISPLAY_PROTOCOL, .information = information, .modes = tell_modes, .edid = tell_edid, .set = set,
                .flush = flush, .show = show, .palette = palette, .release = release)

/* ---- The protocol of all devices ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    const struct vbe_controller *controller = adapter_controller();
    char *text = call->buffer;
    size_t length;

    if (request->number != NUMBER) {
        return ABSENT;
    }
    if (controller == NULL) {
        length = format_text(text, DEVICE_DESCRIPTION_MAX, "VGA without VBE");
    } else {
        length = format_text(text, DEVICE_DESCRIPTION_MAX, "VBE %x.%x, %u KB: %s", controller->version >> 8, controller->version & 0xFF,
                             controller->memory / 1024, controller->name);
    }
    reply->type = DEVICE_DISPLAY;
    server_give_string(call, text, (uint32_t)length);
    return OK;
}

/* Text; but not under another's hands. */
static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != NUMBER) {
        return ABSENT;
    }
    if (owner != 0 && owner != call->sender) {
        return BUSY;
    }
    service_end();
    return OK;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

struct server service = SERVER(&display_call_protocol, &device_call_protocol);
