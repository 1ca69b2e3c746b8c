/*
 * Fuzzes what d\vesa makes of a BIOS's answers: the controller's block and list, a mode's block, a monitor's EDID. Whatever they say, a mode lies
 * within the adapter, and a rectangle of it is brought there through a window that ends where video memory does.
 */
#include <stdlib.h>
#include <string.h>

#include <ternion/vga.h>
#include <ternion/vm86.h>

#include "fuzz.h"
#include "shadow.h"
#include "test.h"
#include "refused.h"
#include "vbe.h"
#include "banks.h"

#define WINDOWS_SIZE 0x20000U        /* A0000h to BFFFFh */
#define MEMORY_SIZE 0x100000U

static uint8_t memory[MEMORY_SIZE];
static uint32_t taken = BIOS_MEMORY_FIRST;
static const uint8_t *answer;
static uint32_t answer_size, granularity;

/* ---- The BIOS ---- */

void *bios_memory(uint32_t size, uint16_t *segment_out, uint32_t *offset_out)
{
    uint32_t first = taken;

    taken += (size + 15) & ~15U;
    CHECK(taken <= BIOS_MEMORY_END);
    *segment_out = (uint16_t)(first >> 4);
    *offset_out = 0;
    return memory + first;
}

status_t bios_read(uint16_t segment, uint16_t offset, void *to, uint32_t size)
{
    uint32_t address = segment * 16U + offset;

    if (address + size > MEMORY_SIZE) {
        return BAD_ADDRESS;
    }
    memcpy(to, memory + address, size);
    return OK;
}

const char *bios_problem(void)
{
    return "";
}

void refused_tell(void)
{
}

status_t bios_int(uint32_t vector, struct bios_registers *registers)
{
    CHECK_EQUAL(vector, 0x10);
    if (registers->al == 0 || registers->al == 1 || registers->al == 0x15) {
        memcpy(memory + registers->es * 16 + registers->di, answer, answer_size);
    }
    registers->ax = 0x004F;
    return OK;
}

status_t bios_call(uint16_t segment, uint16_t offset, struct bios_registers *registers)
{
    (void)segment;
    (void)offset;
    (void)registers;
    return OK;
}

void vga_choose_planes(uint8_t planes)
{
    CHECK(planes != 0 && planes < 16);
}

/* ---- One input: what to try, a version, memory of the adapter, an answer ---- */

static const char *frame_problem(physical_t first, uint32_t size)
{
    CHECK(size != 0 && first % 4096 == 0 && first != 0 && first + (size - 1) >= first);
    return first % 8192 != 0 ? "odd" : NULL;
}

static void check_channel(const struct display_mode *mode, const struct display_channel *channel)
{
    bool has_palette = (mode->flags & DISPLAY_PALETTE) != 0;

    CHECK(has_palette ? channel->bits == 0 : channel->bits >= 1 && channel->bits <= 8 && channel->bits + channel->shift <= 8 * mode->bytes);
}

static void check_mode(const struct mode *mode, const struct mode_limits *limits)
{
    const struct display_mode *shown = &mode->shown;

    CHECK(shown->width != 0 && shown->height != 0 && shown->lines >= shown->height);
    CHECK(shown->pitch >= (uint32_t)shown->width * shown->bytes);
    CHECK(((shown->flags & DISPLAY_DIRECT) != 0) == (mode->kind == MODE_LINEAR));
    CHECK(((shown->flags & DISPLAY_BANKED) != 0) != (mode->kind == MODE_LINEAR));
    check_channel(shown, &shown->red);
    check_channel(shown, &shown->green);
    check_channel(shown, &shown->blue);
    CHECK(mode->kind != MODE_LINEAR || mode->frame_size == shown->lines * shown->pitch);
    CHECK(limits->memory == 0 || (uint64_t)mode->pitch * shown->height * (mode->kind == MODE_PLANAR ? 4 : 1) <= limits->memory);
}

static void try_flush(const struct mode *mode, uint8_t seed)
{
    uint8_t *windows = malloc(WINDOWS_SIZE);
    uint8_t *pixels = calloc(mode->shown.pitch, mode->shown.height);
    uint16_t x = (uint16_t)(seed * 31 % mode->shown.width), y = (uint16_t)(mode->shown.height - 1 - seed % mode->shown.height % 3);
    const struct display_call_rectangle rectangle = { 0, x, y, (uint16_t)(mode->shown.width - x), (uint16_t)(mode->shown.height - y) };

    banks_open(mode, windows);
    granularity = mode->window.granularity;
    CHECK(shadow_flush(mode, pixels, &rectangle) == OK);
    CHECK(banks_offset() < mode->pitch * (uint32_t)mode->shown.height && banks_offset() % granularity == 0U);
    free(windows);
    free(pixels);
}

static void try_mode(const uint8_t *bytes)
{
    struct mode_limits limits = { .version = (uint16_t)(bytes[0] << 8), .memory = bytes[1] * 0x10000U, .frame_problem = frame_problem };
    struct vbe_mode_block block;
    const char *no_linear;
    struct mode mode;

    CHECK(vbe_mode(0x100 + bytes[2] % 0x30, &block) == OK);
    if (mode_from_block((uint16_t)(0x100 + bytes[2] % 0x30), &block, &limits, &mode, &no_linear) == NULL) {
        check_mode(&mode, &limits);
        if (mode.kind != MODE_LINEAR) {
            try_flush(&mode, bytes[1]);
        }
    }
}

static void try_controller(void)
{
    struct vbe_controller controller;

    if (vbe_controller(&controller) == OK) {
        CHECK(controller.mode_count >= 1 && controller.mode_count <= VBE_MODES_MAX);
        CHECK(strnlen(controller.name, VBE_TEXT_SIZE) < VBE_TEXT_SIZE);
    }
}

static int try(const uint8_t *bytes, size_t size)
{
    uint8_t edid[EDID_SIZE];
    struct edid monitor;

    if (size < 4) {
        return 0;
    }
    answer = bytes + 4;
    answer_size = size - 4 > 512 ? 512 : (uint32_t)size - 4;
    if (bytes[3] % 3 == 0) {
        try_controller();
    } else if (bytes[3] % 3 == 1) {
        answer_size = answer_size > 256 ? 256 : answer_size;
        try_mode(bytes);
    } else {
        answer_size = answer_size > EDID_SIZE ? EDID_SIZE : answer_size;
        CHECK(vbe_edid(edid) == OK);
        CHECK(!edid_read(edid, &monitor) || (monitor.width_mm == 0) == (monitor.height_mm == 0));
    }
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const struct vbe_mode_block mode = {
        .attributes = 0x009B, .window_attributes = { 7, 0 }, .granularity = 32, .window_size = 64, .window_segment = { 0xA000, 0 }, .pitch = 1600,
        .width = 800, .height = 600, .planes = 1, .bits = 16, .model = VBE_DIRECT_COLOUR, .red = { 5, 11 }, .green = { 6, 5 }, .blue = { 5, 0 },
        .frame = 0xE0000000,
    };
    static const struct vbe_controller_block controller = { .signature = "VESA", .version = 0x0300, .modes = 0x10000022, .memory = 64 };
    uint8_t head[4] = { 3, 64, 0x14, (uint8_t)(number == 0 ? 0 : 1) };
    struct vbe_mode_block block = mode;

    if (number > 3) {
        return 0;
    }
    memcpy(bytes, head, 4);
    if (number == 0) {
        memcpy(bytes + 4, &controller, sizeof controller);
        return 4 + sizeof controller;
    }
    if (number >= 2) {
        block.attributes = 0x001B;           /* banks */
    }
    if (number == 3) {
        block.bits = 4;
        block.model = VBE_PLANAR;
        block.pitch = 100;
    }
    memcpy(bytes + 4, &block, sizeof block);
    return 4 + sizeof block;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "whatever_a_bios_says_a_mode_lies_within_its_adapter", 6, 600, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
