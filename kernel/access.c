#include "access.h"

#include <abi/device.h>

#define PORTS 65536U

/* Ports that give away ring 0 or the machine: in nobody's reach but the kernel's, or, with a right, one driver's. */
static const struct {
    struct port_range ports;
    uint32_t right;              /* 0: nobody's */
} closed_ports[] = {
    { { 0x0000, 0x001F }, RIGHT_DMA_CONTROLLER },  /* 8237 DMA controller 1 and its mirror */
    { { 0x0020, 0x0021 }, 0 },                     /* 8259 interrupt controller 1 */
    { { 0x0040, 0x0043 }, 0 },                     /* 8254 timer */
    { { 0x0081, 0x008F }, RIGHT_DMA_CONTROLLER },  /* DMA page registers; 80h is the delay port */
    { { 0x0092, 0x0092 }, 0 },                     /* system control: A20, reset */
    { { 0x00A0, 0x00A1 }, 0 },                     /* 8259 interrupt controller 2 */
    { { 0x00B2, 0x00B3 }, 0 },                     /* system management interrupt */
    { { 0x00C0, 0x00DF }, RIGHT_DMA_CONTROLLER },  /* 8237 DMA controller 2 */
    { { 0x04D0, 0x04D1 }, 0 },                     /* edge or level of the interrupt lines */
    { { 0x0CF8, 0x0CFF }, RIGHT_PCI },             /* PCI configuration; reset, which goes with it */
};

#define EVERYTHING \
    .partners = PARTNERS_ALL, \
    .irqs = 0xFFFF, \
    .strikes = STRIKES_USUAL, \
    .ports = { { 0, PORTS - 1 } }, \
    .memory = { { 0, UINT32_MAX } }

const struct access access_of_supervisor = { .rights = RIGHTS_ALL, .role = ROLE_SUPERVISOR, EVERYTHING };
const struct access access_of_boot_module = { .rights = RIGHTS_ALL & ~(RIGHT_DMA_CONTROLLER | RIGHT_PCI), EVERYTHING };

bool access_is_valid(const struct access *access)
{
    if ((access->rights & ~RIGHTS_ALL) != 0 || access->role >= ROLE_COUNT || access->partners > PARTNERS_ALL || access->irqs > 0xFFFF) {
        return false;
    }
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        if (access->ports[i].first > access->ports[i].last) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        if (access->memory[i].first > access->memory[i].last) {
            return false;
        }
    }
    return true;
}

/* Are these ports in one of its ranges? */
static bool has_range_of_ports(const struct access *access, uint32_t first, uint32_t last)
{
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        const struct port_range *range = &access->ports[i];

        if (range->last != 0 && first >= range->first && last <= range->last) {
            return true;
        }
    }
    return false;
}

bool access_has_memory(const struct access *access, physical_t first, physical_t last)
{
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        const struct memory_range *range = &access->memory[i];

        if (range->last != 0 && first >= range->first && last <= range->last) {
            return true;
        }
    }
    return false;
}

bool access_is_within(const struct access *access, const struct access *other)
{
    bool is_supervisor = access_has_right(other, RIGHT_ASSIGN_ROLES);
    bool role_is_fine = access->role == ROLE_NONE || access->role == other->role || is_supervisor;
    bool strikes_are_fine = access_strikes(access) <= access_strikes(other) || is_supervisor;

    if ((access->rights & ~other->rights) != 0 || (access->partners & ~other->partners) != 0 || (access->irqs & ~other->irqs) != 0
        || !role_is_fine || !strikes_are_fine) {
        return false;
    }
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        const struct port_range *range = &access->ports[i];

        if (range->last != 0 && !has_range_of_ports(other, range->first, range->last)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        const struct memory_range *range = &access->memory[i];

        if (range->last != 0 && !access_has_memory(other, range->first, range->last)) {
            return false;
        }
    }
    return true;
}

static bool touches_closed_port(const struct access *access, uint32_t first, uint32_t last)
{
    for (uint32_t i = 0; i < sizeof closed_ports / sizeof closed_ports[0]; i++) {
        const struct port_range *closed = &closed_ports[i].ports;

        if (first <= closed->last && last >= closed->first && !access_has_right(access, closed_ports[i].right)) {
            return true;
        }
    }
    return false;
}

const struct port_range *access_closed_ports(const struct access *access, uint32_t *index)
{
    for (; *index < sizeof closed_ports / sizeof closed_ports[0]; ++*index) {
        if (!access_has_right(access, closed_ports[*index].right)) {
            return &closed_ports[*index].ports;
        }
    }
    return NULL;
}

bool access_has_ports(const struct access *access, uint32_t first, uint32_t count)
{
    uint32_t last = first + count - 1;

    if (last >= PORTS || touches_closed_port(access, first, last)) {
        return false;
    }
    if (has_range_of_ports(access, first, last)) {
        return true;
    }
    for (uint32_t port = first; port <= last; port++) {
        if (!has_range_of_ports(access, port, port)) {
            return false;
        }
    }
    return true;                 /* they lie in ranges that follow each other */
}

bool access_has_device_type(const struct access *access, uint32_t type)
{
    static const uint32_t roles[DEVICE_TYPE_COUNT] = {
        [DEVICE_TEXT] = ROLE_BIT(ROLE_DISPLAY) | ROLE_BIT(ROLE_LINE),
        [DEVICE_LINE] = ROLE_BIT(ROLE_LINE),
        [DEVICE_KEYBOARD] = ROLE_BIT(ROLE_INPUT),
        [DEVICE_POINTER] = ROLE_BIT(ROLE_INPUT),
        [DEVICE_STORAGE] = ROLE_BIT(ROLE_STORAGE),
        [DEVICE_STREAM] = ROLE_BIT(ROLE_STORAGE) | ROLE_BIT(ROLE_PLATFORM),
        [DEVICE_BUS] = ROLE_BIT(ROLE_BUS),
        [DEVICE_CLOCK] = ROLE_BIT(ROLE_PLATFORM),
        [DEVICE_TONE] = ROLE_BIT(ROLE_PLATFORM) | ROLE_BIT(ROLE_AUDIO),
        [DEVICE_DISPLAY] = ROLE_BIT(ROLE_DISPLAY),
        [DEVICE_AUDIO] = ROLE_BIT(ROLE_AUDIO),
        [DEVICE_NETWORK] = ROLE_BIT(ROLE_NETWORK),
    };

    return access_has_right(access, RIGHT_ASSIGN_ROLES) || (roles[type] & ROLE_BIT(access->role)) != 0;
}

void access_of_driver_ends(struct access *access)
{
    *access = (struct access){
        .rights = access->rights & ~(RIGHT_DMA | RIGHT_DMA_CONTROLLER | RIGHT_PCI | RIGHT_VM86 | RIGHT_SPEAKER),
        .role = access->role,
        .partners = access->partners,
        .strikes = access->strikes,
    };
}
