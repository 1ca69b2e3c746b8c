#include "bios.h"

#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/vm86.h>

#include "measure.h"
#include "modules.h"

#define SEGMENT (BIOS_MEMORY_FIRST / 16)
#define TRAPS 1000U              /* of a sample */

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

/* How often the BIOS call that sets the mode traps, for a driver with the ports of d\vesa: a program that has no others finds out. */
static uint32_t mode_traps(void)
{
    static char name[] = "bench_bios";
    char *arguments[] = { name };
    const void *image;
    uint32_t image_size;
    process_id_t id;
    struct event event;

    module_find("bench_bios.elf", &image, &image_size);
    MUST(spawn_image(CLASS_DRIVER, name, image, image_size, 1, arguments, &id));
    do {
        MUST(event_wait(&event, FOREVER));
    } while (event.kind != EVENT_PROCESS_EXITED || event.id != id);
    return event.count;
}

void report_bios(void)
{
    static const uint8_t code[] = { 0x9C, 0x9D, 0xE2, 0xFC, 0xCB };

    MUST(bios_open(&(struct bios_options){ 0 }));
    MUST(bios_write(SEGMENT, 0, code, sizeof code));
    report("vm86_trap", measure_samples(trap_sample, TRAPS), "instructions");
    bios_close();
    report("vesa_mode_set_traps_seabios", mode_traps(), "traps");
}
