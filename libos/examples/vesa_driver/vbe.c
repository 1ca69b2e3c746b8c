#include "vbe.h"

#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>

#include "adapter.h"

struct display_mode modes[MODES_MAX];
struct place places[MODES_MAX];
uint32_t mode_count;
uint16_t preferred = DISPLAY_NO_MODE;

status_t vbe_call(struct bios_registers *registers)
{
    uint16_t function = registers->ax;

    if (bios_int(0x10, registers) != OK) {
        log_print(LOG_ERROR, "%04X: %s", function, bios_problem());
        return FAULT;
    }
    if (registers->ax != VBE_DONE) {
        log_print(LOG_ERROR, "%04X: the BIOS answered %04X", function, registers->ax);
        return FAULT;
    }
    return OK;
}

/* ---- Modes: what the BIOS says, if it can be ---- */

static bool window_can_be(const struct vbe_mode_block *block, const struct place *at)
{
    const uint8_t wanted = VBE_WINDOW_IS_THERE | VBE_WINDOW_WRITES;

    return (block->window_attributes[0] & wanted) == wanted && at->granularity != 0 && block->granularity <= block->window_size
        && at->window >= WINDOW_FIRST && at->window + at->granularity <= WINDOW_FIRST + WINDOW_SIZE;
}

static void add_mode(uint16_t number, const struct vbe_mode_block *block, uint32_t adapter_bytes, bool is_3)
{
    bool is_linear = (block->attributes & VBE_MODE_LINEAR) != 0;
    bool has_own = is_3 && is_linear && block->linear_red.bits != 0;     /* fields for the linear framebuffer alone */
    uint16_t pitch = has_own && block->linear_pitch != 0 ? block->linear_pitch : block->pitch;
    struct display_mode mode = {
        .mode = number, .width = block->width, .height = block->height, .lines = block->height, .pitch = pitch,
        .bits = block->bits, .bytes = (uint16_t)((block->bits + 7) / 8),
        .red = { has_own ? block->linear_red.bits : block->red.bits, has_own ? block->linear_red.shift : block->red.shift },
        .green = { has_own ? block->linear_green.bits : block->green.bits, has_own ? block->linear_green.shift : block->green.shift },
        .blue = { has_own ? block->linear_blue.bits : block->blue.bits, has_own ? block->linear_blue.shift : block->blue.shift },
    };
    struct place at = { .frame = block->frame, .window = block->window_segment[0] * 16U, .granularity = block->granularity * 1024U };
    uint32_t size = mode.pitch * mode.lines;

    if (mode.bits == 16 && mode.red.bits + mode.green.bits + mode.blue.bits == 15) {
        mode.bits = 15;
    }
    if (!is_linear || !adapter_frame_can_be(at.frame, size)) {
        at.frame = 0;
    }
    mode.flags = at.frame != 0 ? DISPLAY_DIRECT : DISPLAY_BANKED;
    if (size <= adapter_bytes && display_mode_can_be(&mode, PAGES(size)) && (at.frame != 0 || window_can_be(block, &at))) {
        modes[mode_count] = mode;
        places[mode_count++] = at;
    }
}

static void ask_for_mode(uint16_t number, uint32_t adapter_bytes, bool is_3)
{
    const uint16_t wanted = VBE_MODE_WORKS | VBE_MODE_GRAPHICS;
    struct bios_registers registers = { .eax = 0x4F01, .ecx = number };
    struct vbe_mode_block *block = bios_memory(sizeof *block, &registers.es, &registers.edi);

    if (block != NULL && vbe_call(&registers) == OK && (block->attributes & wanted) == wanted && block->model == VBE_DIRECT_COLOUR) {
        add_mode(number, block, adapter_bytes, is_3);
    }
    bios_memory_clear();
}

static bool is_known(uint16_t number)
{
    for (uint32_t i = 0; i < mode_count; i++) {
        if (modes[i].mode == number) {
            return true;
        }
    }
    return false;
}

status_t vbe_ask_for_modes(void)
{
    struct bios_registers registers = { .eax = 0x4F00 };
    struct vbe_controller_block controller;
    void *block = bios_memory(sizeof controller, &registers.es, &registers.edi);

    if (block == NULL) {
        return NO_MEMORY;
    }
    memcpy(block, "VBE2", 4);            /* all 512 bytes, please */
    if (vbe_call(&registers) != OK) {
        return ABSENT;
    }
    memcpy(&controller, block, sizeof controller);
    uint16_t list[MODES_MAX];                /* may be in the block itself: it is read before that is used again */
    uint32_t count = 0;
    uint16_t segment = bios_far_segment(controller.modes), offset = bios_far_offset(controller.modes);
    while (count < MODES_MAX && bios_read(segment, (uint16_t)(offset + 2 * count), &list[count], 2) == OK && list[count] != VBE_MODE_END) {
        count++;
    }
    bios_memory_clear();
    for (uint32_t i = 0; i < count; i++) {
        if (!is_known(list[i])) {
            ask_for_mode(list[i], controller.memory * 0x10000U, controller.version >= 0x0300);
        }
    }
    const struct display_mode *best = display_nearest(modes, mode_count, 800, 600, 32);
    if (best != NULL) {
        modes[best - modes].flags |= DISPLAY_PREFERRED;
        preferred = best->mode;
    }
    log_print(LOG_INFORMATION, "VBE %x.%x, %u KB, %u modes", controller.version >> 8, controller.version & 0xFF, controller.memory * 64U,
              (unsigned)mode_count);
    return OK;
}
