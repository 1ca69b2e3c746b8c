#include <ternion/clock.h>
#include <ternion/syscall.h>

#include "card.h"

enum card_register {
    IDENTIFICATION = 0x00,
    LIVENESS = 0x04,             /* shows the complement of what was written */
    CAUSES = 0x24,
    RAISE = 0x60,
    TAKE_BACK = 0x64,
    TRANSFER_FROM = 0x80,
    TRANSFER_TO = 0x88,
    TRANSFER_SIZE = 0x90,
    TRANSFER_COMMAND = 0x98,
};

#define IDENTIFICATION_MASK 0xFFFFU
#define IDENTIFICATION_EDU 0x00EDU
#define LIVENESS_TRIAL 0x12345678U
#define OWN_MEMORY 0x40000U
#define TRANSFER_NS SECOND        /* a transfer takes the card 100 ms */

#define COMMAND_START 1U
#define COMMAND_FROM_CARD 2U
#define COMMAND_INTERRUPT 4U

static volatile uint32_t *registers;

static uint32_t card_get(enum card_register which)
{
    return registers[which / 4];
}

static void card_put(enum card_register which, uint32_t value)
{
    registers[which / 4] = value;
}

/*
 * What an earlier instance began goes on as soon as somebody switches mastering on, to memory that is another's by now. The card has no
 * reset; but without mastering a transfer ends and moves nothing.
 */
static status_t wait_until_idle(void)
{
    nanoseconds_t deadline_ns = clock_after(TRANSFER_NS);

    while (card_is_busy()) {
        if (clock_now() >= deadline_ns) {
            return BUSY;
        }
        clock_sleep(MILLISECOND);
    }
    return OK;
}

status_t card_open(const struct pci_function *function)
{
    uint32_t address;

    status_t status = physical_map(function->resources[0].first, 1, PHYSICAL_UNCACHED, &address);
    if (status != OK) {
        return status;
    }
    registers = (volatile uint32_t *)address;
    card_put(LIVENESS, LIVENESS_TRIAL);
    if ((card_get(IDENTIFICATION) & IDENTIFICATION_MASK) != IDENTIFICATION_EDU || card_get(LIVENESS) != ~LIVENESS_TRIAL) {
        return ABSENT;
    }
    status = wait_until_idle();
    card_take_back(card_causes());
    return status;
}

uint32_t card_identification(void)
{
    return card_get(IDENTIFICATION);
}

void card_raise(uint32_t cause)
{
    card_put(RAISE, cause);
}

uint32_t card_causes(void)
{
    return card_get(CAUSES);
}

void card_take_back(uint32_t causes)
{
    card_put(TAKE_BACK, causes);
}

void card_transfer(physical_t physical, uint32_t size, bool is_from_card)
{
    card_put(TRANSFER_FROM, is_from_card ? OWN_MEMORY : physical);
    card_put(TRANSFER_TO, is_from_card ? physical : OWN_MEMORY);
    card_put(TRANSFER_SIZE, size);
    card_put(TRANSFER_COMMAND, COMMAND_START | COMMAND_INTERRUPT | (is_from_card ? COMMAND_FROM_CARD : 0));
}

bool card_is_busy(void)
{
    return (card_get(TRANSFER_COMMAND) & COMMAND_START) != 0;
}
