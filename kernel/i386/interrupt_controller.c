#include "i386/interrupt_controller.h"

#include "i386/cpu.h"
#include "i386/traps.h"

#define PORT_1_COMMAND 0x20U
#define PORT_1_MASK 0x21U
#define PORT_2_COMMAND 0xA0U
#define PORT_2_MASK 0xA1U

#define ICW1_INITIALISE 0x11U    /* edge, cascade, ICW4 follows */
#define ICW3_CASCADE_LINE 2U
#define ICW4_8086 0x01U
#define OCW2_END_SPECIFIC 0x60U
#define OCW3_READ_IN_SERVICE 0x0BU

#define LINES_EACH 8U
#define SPURIOUS_LINE 7U         /* of each controller */

static uint16_t masked = 0xFFFF & ~(1U << ICW3_CASCADE_LINE);

static void masks_write(void)
{
    port_write8(PORT_1_MASK, (uint8_t)masked);
    port_write8(PORT_2_MASK, (uint8_t)(masked >> 8));
}

void interrupt_controller_initialise(void)
{
    port_write8(PORT_1_COMMAND, ICW1_INITIALISE);
    port_write8(PORT_2_COMMAND, ICW1_INITIALISE);
    port_write8(PORT_1_MASK, VECTOR_IRQ_BASE);
    port_write8(PORT_2_MASK, VECTOR_IRQ_BASE + LINES_EACH);
    port_write8(PORT_1_MASK, 1U << ICW3_CASCADE_LINE);
    port_write8(PORT_2_MASK, ICW3_CASCADE_LINE);
    port_write8(PORT_1_MASK, ICW4_8086);
    port_write8(PORT_2_MASK, ICW4_8086);
    masks_write();
}

/* To the controller of this line. */
static inline void mask_write(uint32_t line)
{
    if (line < LINES_EACH) {
        port_write8(PORT_1_MASK, (uint8_t)masked);
    } else {
        port_write8(PORT_2_MASK, (uint8_t)(masked >> 8));
    }
}

void interrupt_mask(uint32_t line)
{
    masked |= (uint16_t)(1U << line);
    mask_write(line);
}

void interrupt_unmask(uint32_t line)
{
    masked &= (uint16_t)~(1U << line);
    mask_write(line);
}

void interrupt_end(uint32_t line)
{
    if (line >= LINES_EACH) {
        port_write8(PORT_2_COMMAND, (uint8_t)(OCW2_END_SPECIFIC | (line - LINES_EACH)));
        line = ICW3_CASCADE_LINE;
    }
    port_write8(PORT_1_COMMAND, (uint8_t)(OCW2_END_SPECIFIC | line));
}

bool interrupt_is_spurious(uint32_t line)
{
    uint16_t port = line < LINES_EACH ? PORT_1_COMMAND : PORT_2_COMMAND;

    port_write8(port, OCW3_READ_IN_SERVICE);
    if ((port_read8(port) & 1U << SPURIOUS_LINE) != 0) {
        return false;
    }
    if (line >= LINES_EACH) {
        interrupt_end(ICW3_CASCADE_LINE);   /* the first controller saw a true interrupt of the second */
    }
    return true;
}
