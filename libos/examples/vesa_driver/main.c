/*
 * d\vesa, a small one: a display by the machine's own VESA BIOS, in the place of the standard system's. The manual's page "Write a VESA
 * driver" explains it.
 *
 *     adapter  on the PCI bus     vbe  asks the BIOS     screen  text or a mode     main  who has it
 */
#include <ternion/clock.h>
#include <ternion/display.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/server.h>
#include <ternion/syscall.h>

#include "adapter.h"
#include "screen.h"
#include "vbe.h"

#define NAME "screens\\display\\0"

MANIFEST_PCI(
    PCI_MATCHES({ .class = 0x03, .subclass = 0x00, .interface = 0x00, .is_used = 1 }),   /* a VGA */
    .role = ROLE_DISPLAY,
    .partners = PARTNERS_ALL,
    .rights = RIGHT_VM86,
    .ports = { BIOS_MANIFEST_PORTS },
    .memory = { BIOS_MANIFEST_MEMORY, { ISA_FRAME, ISA_FRAME + ISA_FRAME_SIZE - 1 } },
);

static process_id_t owner;               /* 0: nobody has the display */

/* ---- The protocol of displays: ternion/display.h ---- */

static void disown(void)
{
    (void)process_unwatch(owner);        /* it may have ended */
    owner = 0;
}

static void give_back(void)
{
    disown();
    screen_set_text();
}

static status_t check_owner(const struct server_call *call, uint32_t number)
{
    return number != 0 ? ABSENT : owner == 0 || owner != call->sender ? NOT_ALLOWED : OK;
}

static status_t information(struct server_call *call, const struct device_call_number *request, struct display_information *reply)
{
    (void)call;
    *reply = (struct display_information){
        .modes = (uint16_t)mode_count, .preferred = preferred, .owner = owner,
        .current = screen_mode() == NULL ? DISPLAY_NO_MODE : screen_mode()->mode,
    };
    return request->number == 0 ? OK : ABSENT;
}

static status_t tell_modes(struct server_call *call, const struct display_call_first *request, struct display_call_count *reply)
{
    uint32_t first = request->first < mode_count ? request->first : mode_count;

    reply->count = mode_count - first < DISPLAY_MODES_PER_CALL ? mode_count - first : DISPLAY_MODES_PER_CALL;
    server_give_string(call, &modes[first], reply->count * (uint32_t)sizeof modes[0]);
    return request->number == 0 ? OK : ABSENT;
}

static status_t edid(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return request->number == 0 ? BAD_OPERATION : ABSENT;
}

static status_t set(struct server_call *call, const struct display_call_set *request, struct display_call_set_reply *reply)
{
    const struct display_mode *mode = modes;

    if (request->number != 0) {
        return ABSENT;
    }
    while (mode < modes + mode_count && mode->mode != request->mode) {
        mode++;
    }
    if (mode == modes + mode_count || (request->flags & ~DISPLAY_KEEP)) {
        return BAD_ARGUMENT;
    }
    if (owner != 0 && owner != call->sender) {
        return BUSY;
    }
    if (call->id == 0) {
        return NOT_ALLOWED;              /* a message that nobody waits for: who would get the memory? */
    }
    struct shared_handle memory = { 0 };
    status_t status = owner == 0 ? process_watch(call->sender) : OK;
    if (status != OK) {
        return status;
    }
    /* Nobody sees another's picture: it is kept for who has a mode now, and for who comes at once when this driver has died. */
    bool keep = (request->flags & DISPLAY_KEEP) && (owner == call->sender || screen_grace_end() != FOREVER);
    owner = call->sender;
    status = screen_set(mode, keep, &memory);
    if (status != OK) {
        disown();
    }
    *reply = (struct display_call_set_reply){ .mode = *mode, .memory = memory.id, .key = memory.key };
    return status;
}

static status_t flush(struct server_call *call, const struct display_call_rectangle *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status != OK) {
        return status;
    }
    const struct display_mode *mode = screen_mode();
    if ((uint32_t)request->x + request->width > mode->width || (uint32_t)request->y + request->height > mode->lines) {
        return BAD_ARGUMENT;
    }
    return screen_flush(request);
}

static status_t show(struct server_call *call, const struct display_call_line *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    return status != OK ? status : BAD_OPERATION;        /* no mode has DISPLAY_START, */
}

static status_t palette(struct server_call *call, const struct display_call_colours *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    return status != OK ? status : BAD_OPERATION;        /* nor DISPLAY_PALETTE */
}

static status_t release(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check_owner(call, request->number);
    if (status == OK) {
        give_back();
    }
    return status;
}

PROTOCOL_SERVER(display_call, DISPLAY_PROTOCOL, .information = information, .modes = tell_modes, .edid = edid, .set = set, .flush = flush,
                .show = show, .palette = palette, .release = release)

/* ---- The protocol of all devices ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    size_t length = format_text(call->buffer, DEVICE_DESCRIPTION_MAX, "VESA, %u modes", (unsigned)mode_count);

    reply->type = DEVICE_DISPLAY;
    server_give_string(call, call->buffer, (uint32_t)length);
    return request->number == 0 ? OK : ABSENT;
}

static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != 0) {
        return ABSENT;
    }
    if (owner != 0 && owner != call->sender) {
        return BUSY;
    }
    if (owner != 0) {
        give_back();
    }
    return OK;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

static struct server server = SERVER(&display_call_protocol, &device_call_protocol);

/* ---- The start ---- */

static void take(const struct event *event)
{
    if (event->kind == EVENT_PROCESS_EXITED && event->id == owner) {
        give_back();
    } else if (event->kind == EVENT_DEVICES) {
        screen_lend_again();             /* d\console died and came back */
    } else if (event->kind == EVENT_SAVE_STATE) {
        (void)state_saved();
    }
}

int main(int argc, char **argv)
{
    device_id_t device;

    if (!adapter_find(argc, argv)) {
        return ABSENT;                   /* the supervisor does not try again */
    }
    MUST(bios_open(&(struct bios_options){ .pci_read = adapter_has_bus() ? adapter_read_bus : NULL }));
    if (vbe_ask_for_modes() != OK) {
        return ABSENT;                   /* there is no VBE */
    }
    screen_open();
    MUST(device_register(NAME, sizeof NAME - 1, DEVICE_DISPLAY, 0, &device));
    for (;;) {
        struct event event;

        status_t status = server_wait(&server, &event, screen_grace_end());
        if (status == OK) {
            take(&event);
        } else if (clock_now() >= screen_grace_end()) {
            screen_set_text();
        }
    }
}
