/*
 * What a trap of 16-bit code costs, monitor included; what the machine's video BIOS needs to set a mode; and what a client of the display pays
 * for it, and for a screen of pixels. tests/bench boots the machine with SeaVGABIOS.
 */
#include "vm86.h"

#include <ternion/clock.h>
#include <ternion/display.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/vm86.h>

#include "measure.h"

#define TRAPS_A_TURN 2U          /* PUSHF and POPF */
#define TURNS 500U               /* so a sample has OPERATIONS traps */
#define WIDTH 800U
#define HEIGHT 600U
#define BITS 32U
#define MODE_FIRST 0x100U        /* VBE 3.0, section 3.2; and no BIOS has modes behind the last */
#define MODE_LAST 0x1FFU
#define VBE_DONE 0x004FU
#define LINEAR 0x4000U
#define TEXT_MODE 0x0003U
#define PATIENCE_NS (10 * SECOND)

/* What is read of VBE's block about a mode: VBE 3.0, section 4.4. */
struct mode_block {
    uint16_t attributes;
    uint8_t windows[16];
    uint16_t width, height;
    uint8_t cell[2], planes, bits;
    uint8_t rest[230];
} __attribute__((packed));

_Static_assert(sizeof(struct mode_block) == 256, "as much as a BIOS may write");

/* ---- A trap ---- */

static uint16_t code_segment, code_offset;

/* mov cx, TURNS; pushf; popf; dec cx; jnz to pushf; retf */
static void write_code(void)
{
    static const uint8_t code[] = { 0xB9, TURNS & 0xFF, TURNS >> 8, 0x9C, 0x9D, 0x49, 0x75, 0xFB, 0xCB };
    uint32_t offset;
    void *memory = bios_memory(sizeof code, &code_segment, &offset);

    MUST(memory != NULL ? OK : NO_MEMORY);
    memcpy(memory, code, sizeof code);
    code_offset = (uint16_t)offset;
}

static uint64_t trap_sample(void)
{
    struct bios_registers registers = { .eax = 0 };
    uint64_t begin = timestamp_read();

    MUST(bios_call(code_segment, code_offset, &registers));
    return timestamp_read() - begin;
}

/* ---- A mode set of the BIOS ---- */

/* 0: it has no such mode. */
static uint16_t find_mode(void)
{
    struct bios_registers registers = { .eax = 0 };
    uint16_t segment;
    uint32_t offset;
    struct mode_block *block = bios_memory(sizeof *block, &segment, &offset);

    MUST(block != NULL ? OK : NO_MEMORY);
    for (uint16_t mode = MODE_FIRST; mode <= MODE_LAST; mode++) {
        registers = (struct bios_registers){ .eax = 0x4F01, .ecx = mode, .es = segment, .edi = offset };
        if (bios_int(0x10, &registers) == OK && registers.ax == VBE_DONE && (block->attributes & 0x81) == 0x81
            && block->width == WIDTH && block->height == HEIGHT && block->bits == BITS) {
            return mode;
        }
    }
    return 0;
}

static uint16_t found_mode;

static uint64_t mode_set_sample(void)
{
    struct bios_registers registers = { .eax = 0x4F02, .ebx = found_mode | LINEAR };
    uint64_t begin = timestamp_read();

    MUST(bios_int(0x10, &registers));
    uint64_t needed = timestamp_read() - begin;
    MUST(registers.ax == VBE_DONE ? OK : FAULT);
    return needed;
}

static void report_mode_set(void)
{
    struct bios_registers text = { .eax = TEXT_MODE };

    found_mode = find_mode();
    if (found_mode == 0) {
        log_print(LOG_ERROR, "the BIOS has no mode of %u x %u with %u bits", WIDTH, HEIGHT, BITS);
        return;
    }
    report("vesa_mode_set_seabios", measure_samples(mode_set_sample, 1), "instructions");
    report("vesa_mode_set_traps_seabios", bios_last_cost().traps, "traps");
    MUST(bios_int(0x10, &text));
}

void report_vm86(void)
{
    MUST(bios_open(&(struct bios_options){ .flags = 0 }));
    write_code();
    report("vm86_trap", measure_samples(trap_sample, TURNS * TRAPS_A_TURN), "instructions");
    report_mode_set();
    bios_close();
}

/* ---- The display, as a client has it ---- */

static struct display display;
static uint8_t *picture;             /* of one screen, in memory of our own */
static uint32_t picture_bytes;

/* i386/copy.asm: REP MOVSD. */
void copy_words(void *to, const void *from, uint32_t bytes);

static uint64_t plain_sample(void)
{
    uint64_t begin = timestamp_read();

    copy_words(display.pixels, picture, picture_bytes);
    return timestamp_read() - begin;
}

static uint64_t blit_sample(void)
{
    uint64_t begin = timestamp_read();

    for (uint32_t y = 0; y < HEIGHT; y++) {
        memcpy(display.pixels + y * display.mode.pitch, picture + y * WIDTH * display.mode.bytes, WIDTH * display.mode.bytes);
    }
    MUST(display_flush(&display, 0, 0, WIDTH, HEIGHT));
    return timestamp_read() - begin;
}

static const struct display_mode *mode;

static uint64_t set_sample(void)
{
    uint64_t begin = timestamp_read();

    MUST(display_set(&display, mode->mode));
    return timestamp_read() - begin;
}

void report_display(void)
{
    static struct display_mode modes[DISPLAY_MODES_MAX];
    uint32_t count, address;

    MUST(display_open(&display, NULL, clock_after(PATIENCE_NS)));
    MUST(display_modes(&display, modes, DISPLAY_MODES_MAX, &count));
    mode = display_nearest(modes, count, WIDTH, HEIGHT, BITS);
    if (mode == NULL || mode->width != WIDTH || mode->height != HEIGHT || mode->bits != BITS) {
        log_print(LOG_ERROR, "the display has no mode of %u x %u with %u bits", WIDTH, HEIGHT, BITS);
        return;
    }
    report("display_set_seabios", measure_samples(set_sample, 1), "instructions");
    picture_bytes = WIDTH * HEIGHT * display.mode.bytes;
    MUST(memory_allocate(PAGES(picture_bytes), 0, &address));
    picture = (uint8_t *)(uintptr_t)address;
    memset(picture, 0x5A, picture_bytes);
    uint32_t plain = measure_samples(plain_sample, 1);
    uint32_t blit = measure_samples(blit_sample, 1);
    report_thousandths("blit_ratio", (uint32_t)(((uint64_t)blit * 1000 + plain / 2) / plain), "x");
    MUST(memory_free(address, PAGES(picture_bytes)));
    MUST(display_release(&display));
}
