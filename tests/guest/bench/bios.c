#include "bios.h"

#include <ternion/log.h>
#include <ternion/vm86.h>

#include "measure.h"

#define SEGMENT (BIOS_MEMORY_FIRST / 16)
#define TRAPS 1000U              /* of a sample */
#define MODE 0x4143U             /* 800 x 600 in 32 bits, linear framebuffer: of SeaVGABIOS */
#define TEXT_MODE 0x0003U

static uint64_t call(uint16_t offset)
{
    struct bios_registers registers = { .ecx = TRAPS / 2 };
    uint64_t begin = timestamp_read();

    MUST(bios_call(SEGMENT, offset, &registers));
    return timestamp_read() - begin;
}

/* again: pushf; popf; loop again; retf. Less what a call costs that does nothing. */
static uint64_t trap_sample(void)
{
    return call(0) - call(4);
}

static uint64_t mode_sample(void)
{
    struct bios_registers registers = { .eax = 0x4F02, .ebx = MODE };
    struct bios_registers text = { .eax = TEXT_MODE };
    uint64_t begin = timestamp_read();

    MUST(bios_int(0x10, &registers));
    uint64_t taken = timestamp_read() - begin;
    report("vesa_mode_set_traps_seabios", bios_last_cost().traps, "traps");
    MUST(bios_int(0x10, &text));
    return taken;
}

void report_bios(void)
{
    static const uint8_t code[] = { 0x9C, 0x9D, 0xE2, 0xFC, 0xCB };

    MUST(bios_open(&(struct bios_options){ 0 }));
    MUST(bios_write(SEGMENT, 0, code, sizeof code));
    report("vm86_trap", measure_samples(trap_sample, TRAPS), "instructions");
    report("vesa_mode_set_seabios", (uint32_t)mode_sample(), "instructions");
    bios_close();
}
