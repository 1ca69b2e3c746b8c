/* Who measures BIOS calls for d\bench: with the ports that a driver for an adapter has, as port 402h, say, traps in such a driver alone. */
#include "bios.h"

#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/vm86.h>

#include "measure.h"

#define SEGMENT (BIOS_MEMORY_FIRST / 16)
#define VECTOR 0x42U
#define TRAPS 1000U              /* of a sample */
#define MODE 0x4143U             /* 800 x 600 in 32 bits, linear framebuffer: of SeaVGABIOS */
#define TEXT_MODE 0x0003U
#define DEBUG_PORT 0x402U        /* SeaVGABIOS talks there. No port of the grant, as with all drivers: it traps, and is swallowed */

/* Two instructions that trap, and a LOOP back to them; a return, where a call begins that does nothing; IRET, of the interrupt's handler. */
#define CODE(first, second) { first, second, 0xE2, 0xFC, 0xCB, 0xCF }
#define NOTHING 4U
#define HANDLER 5U

static void tell(enum bios_figure figure, uint32_t value)
{
    MUST(message_send(process_page()->parent, &(struct message){ .words = { figure, value } }));
}

static uint64_t call(uint16_t offset, uint16_t count)
{
    struct bios_registers registers = { .ecx = count, .edx = DEBUG_PORT };
    uint64_t begin = timestamp_read();

    MUST(bios_call(SEGMENT, offset, &registers));
    return timestamp_read() - begin;
}

/* Less what a call costs that does nothing. */
static uint64_t trap_sample(void)
{
    return call(0, TRAPS / 2) - call(NOTHING, 0);
}

static uint32_t measure_traps(const uint8_t code[HANDLER + 1])
{
    MUST(bios_write(SEGMENT, 0, code, HANDLER + 1));
    return measure_samples(trap_sample, TRAPS);
}

static void measure_mode_set(void)
{
    struct bios_registers registers = { .eax = 0x4F02, .ebx = MODE };
    struct bios_registers text = { .eax = TEXT_MODE };
    uint64_t begin = timestamp_read();

    MUST(bios_int(0x10, &registers));
    tell(BIOS_MODE_SET, (uint32_t)(timestamp_read() - begin));
    tell(BIOS_MODE_SET_TRAPS, bios_last_cost().traps);
    MUST(bios_int(0x10, &text));
}

int main(void)
{
    static const uint8_t flags[] = CODE(0x9C, 0x9D);             /* pushf; popf */
    static const uint8_t ports[] = CODE(0xEE, 0xEC);             /* out dx, al; in al, dx */
    static const uint8_t interrupts[] = CODE(0xCD, VECTOR);      /* int 42h, and the IRET that it leads to */
    static const uint16_t handler[] = { HANDLER, SEGMENT };

    MUST(bios_open(&(struct bios_options){ 0 }));
    MUST(bios_write(0, VECTOR * 4, handler, sizeof handler));
    tell(BIOS_TRAP, measure_traps(flags));
    tell(BIOS_TRAP_PORT, measure_traps(ports));
    tell(BIOS_TRAP_INT, measure_traps(interrupts));
    measure_mode_set();
    bios_close();
    return 0;
}
