#include "screen.h"

#include <abi/panic_screen.h>
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/port.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/text.h>

#include "vbe.h"

#define TEXT_NAME "screens\\text\\0"
#define FONT_16 6U                       /* INT 10h, AX = 1130h, BH: 256 characters of 16 lines */
#define GRACE_NS (500 * MILLISECOND)

static struct device text;
static const struct display_mode *current;               /* NULL: text */
static const struct place *place;                        /* its own */
static struct shared_handle memory;                      /* the client's and ours; id 0: none */
static uint8_t *window;
static uint32_t bank;                                    /* where the window is; UINT32_MAX: not known */
static nanoseconds_t grace_end_ns = FOREVER;

const struct display_mode *screen_mode(void)
{
    return current;
}

nanoseconds_t screen_grace_end(void)
{
    return grace_end_ns;
}

/* ---- A panic of the kernel is written on this screen ---- */

static struct panic_screen panic __attribute__((aligned(PAGE_SIZE)));

static void tell_panic(const struct display_mode *mode)
{
    struct bios_registers registers = { .eax = 0x1130, .ebx = FONT_16 << 8 };

    panic = (struct panic_screen){
        .window = place->frame != 0 ? place->frame : place->window,
        .window_bytes = place->frame != 0 ? mode->pitch * mode->lines : place->granularity,
        .pitch = mode->pitch, .width = mode->width, .height = mode->height, .bytes = mode->bytes,
        .font_height = 16, .ink = UINT32_MAX,
    };
    if (bios_int(0x10, &registers) == OK && bios_read(registers.es, registers.bp, panic.font, 256 * 16) == OK) {
        (void)panic_screen((uint32_t)&panic);            /* else it is written where nobody sees it */
    }
}

/* ---- Text, or a mode ---- */

static void leave_memory(void)
{
    if (memory.id != 0) {
        MUST(shared_leave(memory.id));
        memory.id = 0;
    }
}

void screen_set_text(void)
{
    struct bios_registers registers = { .eax = 0x0003 };

    (void)panic_screen(0);
    leave_memory();
    current = NULL;
    grace_end_ns = FOREVER;
    if (bios_int(0x10, &registers) != OK) {
        log_print(LOG_ERROR, "text: %s", bios_problem());
    }
    (void)text_take_back(&text);         /* there need not be a text screen */
}

/* Brings bytes of a line to the adapter, through window A. VBE 3.0, section 4.8. */
static status_t write_banked(uint32_t offset, const uint8_t *from, uint32_t size)
{
    while (size != 0) {
        uint32_t start = offset % place->granularity;
        uint32_t part = size < place->granularity - start ? size : place->granularity - start;

        if (bank != offset / place->granularity) {
            struct bios_registers registers = { .eax = 0x4F05, .ebx = 0, .edx = bank = offset / place->granularity };

            if (vbe_call(&registers) != OK) {
                bank = UINT32_MAX;
                return FAULT;
            }
            *(volatile uint32_t *)&panic.window_offset = bank * place->granularity;
        }
        memcpy(window + (place->window - WINDOW_FIRST) + start, from, part);
        offset += part;
        from += part;
        size -= part;
    }
    return OK;
}

static status_t flush_banked(const struct display_call_rectangle *part)
{
    for (uint32_t y = part->y; y < (uint32_t)part->y + part->height; y++) {
        uint32_t offset = y * current->pitch + part->x * current->bytes;
        status_t status = write_banked(offset, (const uint8_t *)memory.address + offset, (uint32_t)part->width * current->bytes);

        if (status != OK) {
            return status;
        }
    }
    return OK;
}

/* The client's memory: the framebuffer, or a place from which display_flush brings it there. Black, unless what is there is to be kept. */
static status_t make_memory(const struct display_mode *mode, bool keep)
{
    uint32_t size = mode->pitch * mode->lines;

    if (place->frame != 0) {
        status_t status = shared_physical(place->frame, PAGES(size), PHYSICAL_WRITE_COMBINING, &memory);
        if (status == OK && !keep) {
            memset((void *)memory.address, 0, PAGES(size) * PAGE_SIZE);      /* also what is behind the last line: all pages are shared */
        }
        return status;
    }
    status_t status = shared_create(PAGES(size), &memory);
    bank = UINT32_MAX;
    return status != OK || keep ? status : flush_banked(&(struct display_call_rectangle){ .width = mode->width, .height = mode->height });
}

status_t screen_set(const struct display_mode *mode, bool keep, struct shared_handle *memory_out)
{
    struct bios_registers registers = { .eax = 0x4F02, .ebx = (uint32_t)mode->mode | VBE_SET_KEEP };

    if (text_lend(&text) == BUSY) {      /* else d\console keeps its hands off from here on; and there need not be one */
        return BUSY;                     /* another driver has the adapter: this one keeps its hands off */
    }
    grace_end_ns = FOREVER;
    leave_memory();
    current = mode;
    place = &places[mode - modes];
    registers.ebx |= place->frame != 0 ? VBE_SET_LINEAR : 0;
    status_t status = vbe_call(&registers);
    if (status == OK) {
        status = make_memory(mode, keep);
    }
    if (status != OK) {
        screen_set_text();
        return status;
    }
    tell_panic(mode);
    *memory_out = memory;
    return OK;
}

status_t screen_flush(const struct display_call_rectangle *part)
{
    return place->frame != 0 ? OK : flush_banked(part);
}

/* ---- The start ---- */

/* A driver that died here left its mode: for a while its client may set it again, and nothing of the picture is lost. */
static void look_at_adapter(void)
{
    port_write8(0x3CE, 6);               /* VGA graphics controller, miscellaneous: bit 0 is set in graphics modes */
    if ((port_read8(0x3CF) & 1) && text_lend(&text) != BUSY) {
        grace_end_ns = clock_after(GRACE_NS);
    }
}

void screen_open(void)
{
    uint32_t address, watch;

    MUST(physical_map(WINDOW_FIRST, WINDOW_SIZE / PAGE_SIZE, 0, &address));
    window = (uint8_t *)address;
    (void)device_open(&text, TEXT_NAME, DEVICE_TEXT, 0);
    text.patience_ns = 0;                /* a text screen that is not there now is not waited for */
    MUST(device_watch(TEXT_NAME, sizeof TEXT_NAME - 1, &watch));
    look_at_adapter();
}

void screen_lend_again(void)
{
    if (current != NULL) {
        (void)text_lend(&text);
    }
}
