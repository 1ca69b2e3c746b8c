#include "vbe.h"

#include <ternion/format.h>
#include <ternion/string.h>
#include <ternion/vm86.h>

#include "refused.h"

#define VIDEO 0x10U
#define KNOWN 0x4FU
#define FAILED 1U                /* AH */

/* Numbers that every VBE BIOS before 2.0 may have: section 3. */
#define STANDARD_FIRST 0x100U
#define STANDARD_LAST 0x11BU

/* Modes of a plain VGA, which some lists have, too; and the last number, above which bits are flags: section 3. */
#define VGA_LAST 0x13U
#define MODE_LAST 0x7FFU

#define STATE_ALL 0x0FU          /* 4F04: controller, BIOS data, DAC, registers */
#define STATE_BLOCK 64U          /* bytes in which its size is counted */

#define BUFFER_SIZE 1024U        /* of the first megabyte, for what goes there and back: 256 colours are the most */

/* A place in the first megabyte. */
struct place {
    void *memory;                    /* NULL: none yet */
    uint16_t segment;
    uint32_t offset;
};

static char problem[208];         /* function and bios_problem: lines of the log are shorter */
static struct place buffer;
static struct place state;
static bool state_is_kept;
static bool hangs;                /* a call did not come back: others of this mode would take a call's whole budget from all clients, too */

const char *vbe_problem(void)
{
    return problem;
}

bool vbe_hangs(void)
{
    return hangs;
}

void vbe_try_again(void)
{
    hangs = false;
}

/* A function's call has come back so. */
static status_t note(status_t status, const char *what)
{
    refused_tell();
    hangs = hangs || status == TIMED_OUT;
    if (status != OK) {
        format_text(problem, sizeof problem, "%s: %s", what, bios_problem());
    }
    return status;
}

static status_t interrupt(struct bios_registers *registers)
{
    char function[5];

    format_text(function, sizeof function, "%04X", registers->ax);
    if (hangs) {
        format_text(problem, sizeof problem, "%s: it is not called: the BIOS has hung in this mode", function);
        return TIMED_OUT;
    }
    return note(bios_int(VIDEO, registers), function);
}

static status_t call(struct bios_registers *registers)
{
    uint16_t function = registers->ax;

    status_t status = interrupt(registers);
    if (status != OK) {
        return status;
    }
    if (registers->ax == VBE_DONE) {
        return OK;
    }
    format_text(problem, sizeof problem, "%04X: the BIOS answered %04X", function, registers->ax);
    return registers->al == KNOWN && registers->ah == FAILED ? FAULT : BAD_OPERATION;
}

static bool place_is_there(struct place *place, uint32_t size)
{
    if (place->memory == NULL) {
        place->memory = bios_memory(size, &place->segment, &place->offset);
    }
    return place->memory != NULL;
}

/* A call with the buffer, all zeroes but for what is given, at ES:DI. */
static status_t call_with_buffer(struct bios_registers *registers, const void *given, uint32_t given_size)
{
    if (!place_is_there(&buffer, BUFFER_SIZE)) {
        format_text(problem, sizeof problem, "%04X: no memory for a buffer", registers->ax);
        return NO_MEMORY;
    }
    memset(buffer.memory, 0, BUFFER_SIZE);
    if (given_size != 0) {
        memcpy(buffer.memory, given, given_size);
    }
    registers->es = buffer.segment;
    registers->edi = buffer.offset;
    return call(registers);
}

/* ---- 4F00 ---- */

/* Text of the BIOS: what is not printable ends it. */
static void read_text(uint32_t pointer, char text[VBE_TEXT_SIZE])
{
    uint32_t size = 0;

    while (pointer != 0 && size < VBE_TEXT_SIZE - 1
           && bios_read(bios_far_segment(pointer), (uint16_t)(bios_far_offset(pointer) + size), &text[size], 1) == OK
           && text[size] >= ' ' && text[size] <= '~') {
        size++;
    }
    text[size] = '\0';
}

static void add_mode(struct vbe_controller *controller, uint16_t mode)
{
    if (mode <= VGA_LAST || mode > MODE_LAST) {
        return;
    }
    for (uint32_t i = 0; i < controller->mode_count; i++) {
        if (controller->modes[i] == mode) {
            return;
        }
    }
    controller->modes[controller->mode_count++] = mode;
}

/* The list is in the block, in ROM, or wherever its pointer leads: section 4.3. It may have no end. */
static void read_modes(uint32_t pointer, struct vbe_controller *controller)
{
    for (uint32_t i = 0; pointer != 0 && i < VBE_MODES_MAX; i++) {
        uint16_t mode;

        if (bios_read(bios_far_segment(pointer), (uint16_t)(bios_far_offset(pointer) + 2 * i), &mode, sizeof mode) != OK || mode == VBE_MODE_END) {
            break;
        }
        add_mode(controller, mode);
    }
    controller->has_list = controller->mode_count != 0;
    for (uint16_t mode = STANDARD_FIRST; !controller->has_list && mode <= STANDARD_LAST; mode++) {
        add_mode(controller, mode);
    }
}

status_t vbe_controller(struct vbe_controller *controller_out)
{
    struct bios_registers registers = { .eax = 0x4F00 };
    struct vbe_controller_block block;

    status_t status = call_with_buffer(&registers, "VBE2", sizeof block.signature);
    if (status != OK) {
        return status;
    }
    memcpy(&block, buffer.memory, sizeof block);
    if (memcmp(block.signature, "VESA", sizeof block.signature) != 0 || block.version < 0x0100) {
        format_text(problem, sizeof problem, "4F00: the answer has no signature or no version");
        return BAD_OPERATION;
    }
    *controller_out = (struct vbe_controller){ .version = block.version, .memory = block.memory * 0x10000U, .capabilities = block.capabilities };
    read_text(block.version >= 0x0200 && block.product_text != 0 ? block.product_text : block.oem_text, controller_out->name);
    read_modes(block.modes, controller_out);
    return OK;
}

/* ---- Modes ---- */

status_t vbe_mode(uint16_t mode, struct vbe_mode_block *block_out)
{
    struct bios_registers registers = { .eax = 0x4F01, .ecx = mode };

    status_t status = call_with_buffer(&registers, NULL, 0);
    if (status == OK) {
        memcpy(block_out, buffer.memory, sizeof *block_out);
    }
    return status;
}

status_t vbe_set_mode(uint16_t mode, uint16_t flags)
{
    struct bios_registers registers = { .eax = 0x4F02, .ebx = (uint32_t)(mode | flags) };

    vbe_try_again();
    return call(&registers);
}

status_t vbe_current_mode(uint16_t *mode_out)
{
    struct bios_registers registers = { .eax = 0x4F03 };

    status_t status = call(&registers);
    if (status == OK) {
        *mode_out = registers.bx & (uint16_t)~(VBE_SET_LINEAR | VBE_SET_KEEP);
    }
    return status;
}

/* ---- State ---- */

/* what: 0 its size, 1 save, 2 restore */
static status_t state_call(uint8_t what, struct bios_registers *registers)
{
    *registers = (struct bios_registers){ .eax = 0x4F04, .edx = what, .ecx = STATE_ALL, .es = state.segment, .ebx = state.offset };
    return call(registers);
}

status_t vbe_save_state(void)
{
    struct bios_registers registers;

    if (state_is_kept) {
        return OK;
    }
    status_t status = state_call(0, &registers);
    if (status == OK && !place_is_there(&state, registers.bx * STATE_BLOCK)) {
        format_text(problem, sizeof problem, "4F04: the state has %u bytes, for which there is no memory", registers.bx * STATE_BLOCK);
        status = NO_MEMORY;
    }
    if (status == OK) {
        status = state_call(1, &registers);
    }
    state_is_kept = status == OK;
    return status;
}

status_t vbe_restore_state(void)
{
    struct bios_registers registers;

    return state_is_kept ? state_call(2, &registers) : NOT_FOUND;
}

/* ---- Windows, pitch, start ---- */

status_t vbe_set_window(uint8_t window, uint16_t position, uint32_t window_function)
{
    struct bios_registers registers = { .eax = 0x4F05, .ebx = window, .edx = position };

    if (window_function == 0) {
        return call(&registers);
    }
    if (hangs) {
        return TIMED_OUT;
    }
    return note(bios_call(bios_far_segment(window_function), bios_far_offset(window_function), &registers), "window function");
}

status_t vbe_get_window(uint8_t window, uint16_t *position_out)
{
    struct bios_registers registers = { .eax = 0x4F05, .ebx = 0x0100U | window };

    status_t status = call(&registers);
    if (status == OK) {
        *position_out = registers.dx;
    }
    return status;
}

status_t vbe_pitch(uint16_t *pitch_out)
{
    struct bios_registers registers = { .eax = 0x4F06, .ebx = 1 };

    status_t status = call(&registers);
    if (status == OK) {
        *pitch_out = registers.bx;
    }
    return status;
}

status_t vbe_set_start(uint16_t line)
{
    struct bios_registers registers = { .eax = 0x4F07, .ebx = 0, .ecx = 0, .edx = line };

    return call(&registers);
}

/* ---- Colours ---- */

status_t vbe_set_dac_bits(uint8_t *bits)
{
    struct bios_registers registers = { .eax = 0x4F08, .ebx = *bits * 0x100U };

    status_t status = call(&registers);
    if (status == OK) {
        *bits = registers.bh;
    }
    return status;
}

status_t vbe_set_palette(uint16_t first, uint16_t count, const uint8_t *colours)
{
    struct bios_registers registers = { .eax = 0x4F09, .ecx = count, .edx = first };

    if (count > BUFFER_SIZE / 4) {
        return BAD_ARGUMENT;
    }
    return call_with_buffer(&registers, colours, count * 4U);
}

/* ---- Other ---- */

status_t vbe_protected_mode(uint16_t *size_out)
{
    struct bios_registers registers = { .eax = 0x4F0A };

    status_t status = call(&registers);
    if (status == OK) {
        *size_out = registers.cx;
    }
    return status;
}

status_t vbe_edid(uint8_t edid_out[EDID_SIZE])
{
    struct bios_registers registers = { .eax = 0x4F15, .ebx = 1 };

    status_t status = call_with_buffer(&registers, NULL, 0);
    if (status == OK) {
        memcpy(edid_out, buffer.memory, EDID_SIZE);
    }
    return status;
}

status_t vbe_font(uint8_t which, uint8_t *font_out, uint32_t size)
{
    struct bios_registers registers = { .eax = 0x1130, .ebx = which * 0x100U };

    status_t status = interrupt(&registers);
    return status == OK ? bios_read(registers.es, registers.bp, font_out, size) : status;
}
