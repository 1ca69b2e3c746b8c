#include "screen.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/vga.h>

#include "adapter.h"
#include "lending.h"
#include "modes.h"
#include "panic_text.h"
#include "retrace.h"
#include "shadow.h"
#include "banks.h"
#include "vbe.h"

#define GRACE_NS (500 * MILLISECOND)     /* clients set their modes again as soon as they see that the driver is back */

static const struct mode *current;
static struct shared_handle memory;      /* the client's; id 0: none */
static uint32_t colours[DISPLAY_COLOURS];
static nanoseconds_t grace_end_ns = FOREVER;
static bool start_is_tried;

/*
 * Of a framebuffer: bytes from its first on that hold nothing of a client but the one that has the display; if nobody has it, nothing but zeroes, and, in the
 * first TEXT_BYTES, what the text screen wrote there.
 */
#define ALL UINT32_MAX               /* a driver before this one knew */
#define TEXT_BYTES 0x40000U          /* the memory of a VGA, where characters and fonts are */
static physical_t own_frame;
static uint32_t own_bytes;
static bool is_ready;                /* nobody has the display, and `memory` is own_bytes of that framebuffer, for the next client */

/* The colours of a VGA in text mode. */
static const uint32_t usual_colours[16] = {
    0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA, 0xAA5500, 0xAAAAAA,
    0x555555, 0x5555FF, 0x55FF55, 0x55FFFF, 0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF,
};

void screen_open(void)
{
    if (vga_shows_graphics()) {
        log_print(LOG_INFORMATION, "the adapter is in a graphics mode: whoever set it may do so again");
        own_bytes = ALL;
        grace_end_ns = clock_after(GRACE_NS);
    } else {
        panic_text_end();
        lending_end();
    }
}

nanoseconds_t screen_grace_end(void)
{
    return grace_end_ns;
}

const struct mode *screen_mode(void)
{
    return current;
}

/* ---- Memory ---- */

/* What the client has of it becomes memory of its own: it does not draw into the next one's picture. */
static void leave_memory(void)
{
    if (memory.id != 0) {
        MUST(shared_leave(memory.id));
        memory.id = 0;
    }
    is_ready = false;
}

static uint32_t shared_bytes(const struct mode *mode)
{
    return PAGES(mode->frame_size) * PAGE_SIZE;
}

static status_t share_frame(const struct mode *mode)
{
    return shared_physical(mode->frame, PAGES(mode->frame_size), PHYSICAL_WRITE_COMBINING, &memory);
}

static void clear(uint32_t first, uint32_t end)
{
    if (first < end) {
        memset((uint8_t *)memory.address + first, 0, end - first);
    }
}

/*
 * The mode is still set, and its client is done: it loses the framebuffer, which is cleared at once. So the next one need not wait for that, and it does not
 * depend on a BIOS what it sees.
 */
static void take_frame_back(void)
{
    const struct mode *mode = memory.id != 0 && current != NULL && current->kind == MODE_LINEAR ? current : NULL;

    leave_memory();
    own_bytes = 0;
    if (mode != NULL && share_frame(mode) == OK) {
        own_frame = mode->frame;
        own_bytes = shared_bytes(mode);
        clear(0, own_bytes);
        is_ready = true;
    }
}

/* Looking at all of it would take longer than clearing it: so at a word here and there. */
static bool is_black(const struct mode *mode)
{
    const volatile uint32_t *words = (const volatile uint32_t *)memory.address;
    uint32_t seen = mode->pitch * mode->shown.height / sizeof *words;

    for (uint32_t i = 0; i < seen; i += i < TEXT_BYTES / 4 / sizeof *words ? 64 : PAGE_SIZE / sizeof *words) {
        if (words[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Some BIOSes clear nothing, whatever they say. */
static bool bios_cleared(const struct mode *mode)
{
    bool is_cleared = adapter_clears() && is_black(mode);

    if (adapter_clears() && !is_cleared) {
        adapter_clears_not();
    }
    return is_cleared;
}

/*
 * Clears what the BIOS has not cleared, if it is not to be kept, and what is not the client's own in any case: there the BIOS is not relied on.
 *   was_text   there is nothing of the client's, but of the text screen
 */
static void clear_frame(const struct mode *mode, bool keep, bool was_text)
{
    uint32_t end = shared_bytes(mode), seen = mode->pitch * mode->shown.height;

    if (own_bytes != ALL && own_frame != mode->frame) {
        own_bytes = 0;
    }
    if (!keep) {
        uint32_t left = was_text ? TEXT_BYTES : seen;

        left = left < own_bytes ? left : own_bytes;
        clear(bios_cleared(mode) ? seen : 0, left < end ? left : end);
    }
    clear(own_bytes, end);
    own_bytes = own_bytes == ALL || own_bytes < end ? end : own_bytes;
    own_frame = mode->frame;
}

static status_t make_memory(const struct mode *mode, bool keep, bool was_text)
{
    status_t status = OK;

    if (is_ready && (mode->kind != MODE_LINEAR || own_frame != mode->frame || own_bytes != shared_bytes(mode))) {
        leave_memory();
    }
    if (mode->kind == MODE_LINEAR) {
        status = is_ready ? OK : share_frame(mode);
        is_ready = false;
        if (status == OK) {
            clear_frame(mode, keep, was_text);
        }
        return status;
    }
    own_bytes = own_bytes != ALL ? own_bytes : 0;
    return shared_create(PAGES(mode->shown.pitch * mode->shown.height), &memory);
}

/* ---- Modes ---- */

/* Whether the BIOS can move the start is known when it has been asked to, once. */
static void try_start(const struct mode *mode)
{
    if (!start_is_tried && (mode->shown.flags & DISPLAY_START) && !vbe_hangs()) {
        start_is_tried = true;
        if (adapter_set_start(0) != OK) {
            modes_forget_start();
        }
    }
}

/* The colours that are the same in all modes with a palette. */
static status_t set_usual_colours(const struct mode *mode)
{
    memset(colours, 0, sizeof colours);
    if (!(mode->shown.flags & DISPLAY_PALETTE)) {
        return OK;
    }
    memcpy(colours, usual_colours, sizeof usual_colours);
    return adapter_set_colours(mode, 0, sizeof usual_colours / sizeof usual_colours[0], usual_colours);
}

static status_t set_mode(const struct mode *mode, bool keep, bool was_text)
{
    status_t status = adapter_set_mode(mode, keep);

    if (status != OK) {
        return status;
    }
    if (mode->kind != MODE_LINEAR) {
        banks_open(mode, adapter_memory());
    }
    try_start(mode);
    status = set_usual_colours(mode);
    if (status == OK) {
        status = make_memory(mode, keep, was_text);
        if (status != OK) {
            log_print(LOG_ERROR, "mode %03Xh: its memory cannot be shared: %s", mode->shown.mode, status_meaning(status));
        }
    }
    return status;
}

status_t screen_set(const struct mode *mode, bool keep, struct display_mode *shown_out, struct shared_handle *handle_out)
{
    if (!lending_begin()) {
        log_print(LOG_WARNING, "mode %03Xh is not set: another driver has the adapter", mode->shown.mode);
        return BUSY;
    }
    grace_end_ns = FOREVER;
    retrace_forget();
    panic_text_end();
    bool was_text = current == NULL;
    if (!was_text) {
        leave_memory();              /* before the adapter changes: nobody draws meanwhile */
    } else if (!lending_is_as_left()) {
        leave_memory();              /* another driver's clients may have drawn there */
        own_bytes = keep && own_bytes == ALL ? ALL : 0;
    }
    current = mode;
    status_t status = set_mode(mode, keep, was_text);
    if (status != OK) {
        leave_memory();              /* the framebuffer may not be there: nothing can be cleared now */
        screen_set_text();
        return status == NO_MEMORY || status == OVER_QUOTA ? status : FAULT;
    }
    panic_text_begin(mode);
    *shown_out = mode->shown;
    *handle_out = memory;
    return OK;
}

static void leave_mode(void)
{
    grace_end_ns = FOREVER;
    retrace_forget();
    panic_text_end();
    current = NULL;
}

void screen_forget(void)
{
    leave_memory();
    own_bytes = 0;
    leave_mode();
}

void screen_set_text(void)
{
    take_frame_back();
    leave_mode();
    adapter_set_text();
    lending_end();
}

/* ---- While a mode is set ---- */

status_t screen_flush(const struct display_call_rectangle *rectangle)
{
    if (current->kind == MODE_LINEAR) {
        return OK;
    }
    status_t status = shadow_flush(current, (const uint8_t *)memory.address, rectangle);
    if (status == OK) {
        uint8_t *first;
        uint32_t bytes;

        status = banks_reach(0, &first, &bytes);     /* where the screen begins: a panic is written only where the window is */
    }
    panic_text_set_window(banks_offset());
    if (status != OK) {
        log_print(LOG_ERROR, "the window cannot be moved: %s", vbe_problem());
    }
    return status == OK ? OK : FAULT;
}

status_t screen_show(uint16_t line)
{
    status_t status = adapter_set_start(line);

    if (status == OK) {
        panic_text_show(line * current->pitch);
    }
    return status;
}

status_t screen_set_colours(uint32_t first, uint32_t count, const uint32_t *wanted)
{
    status_t status = adapter_set_colours(current, first, count, wanted);

    if (status == OK) {
        memcpy(&colours[first], wanted, count * sizeof wanted[0]);
        panic_text_set_colours(colours);
    }
    return status;
}
