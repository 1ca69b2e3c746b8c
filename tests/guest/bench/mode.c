/* What d\bench starts to have SeaVGABIOS set a mode for a driver with the ports of d\vesa. Ends with the number of traps; 0: it went wrong, the log knows how. */
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/vbe.h>
#include <ternion/vm86.h>

#define VIDEO 0x10U
#define MODE 0x143U
#define WIDTH 800U
#define HEIGHT 600U
#define BITS 32U

MANIFEST(
    .role = ROLE_DISPLAY,
    .partners = PARTNERS_ALL,
    .rights = RIGHT_VM86,
    .ports = { { 0x1CE, 0x1D0 }, { 0x3B0, 0x3DF } },
    .memory = { { 0x0, 0xFFF }, { 0xA0000, 0xFFFFF } },
);

static bool call(struct bios_registers *registers)
{
    uint32_t function = registers->eax;

    if (bios_int(VIDEO, registers) != OK) {
        log_print(LOG_ERROR, "%04X: %s", (unsigned)function, bios_problem());
        return false;
    }
    return (function >> 8 & 0xFF) != 0x4F || registers->ax == VBE_DONE;
}

static bool is_the_mode(void)
{
    struct bios_registers registers = { .eax = 0x4F01, .ecx = MODE };
    const struct vbe_mode_block *block = bios_memory(sizeof *block, &registers.es, &registers.edi);

    return call(&registers) && block->width == WIDTH && block->height == HEIGHT && block->bits == BITS;
}

int main(void)
{
    struct bios_registers set = { .eax = 0x4F02, .ebx = MODE | VBE_SET_LINEAR }, text = { .eax = 3 };

    MUST(bios_open(&(struct bios_options){ 0 }));
    if (!is_the_mode() || !call(&set)) {
        log_print(LOG_ERROR, "mode %03X is not %u x %u with %u bits, or cannot be set", MODE, WIDTH, HEIGHT, BITS);
        return 0;
    }
    uint32_t traps = bios_last_cost().traps;
    return call(&text) ? (int)traps : 0;
}
