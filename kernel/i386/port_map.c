#include "port_map.h"

#include "access.h"
#include "address_space.h"
#include "boot_memory.h"
#include "frame.h"
#include "i386/address_entries.h"
#include "i386/page_table.h"
#include "memory.h"
#include "string.h"
#include "window.h"

/* Entries of the window's page table: the task state, two pages of map, and the byte of ones that the processor wants behind it. */
#define ENTRY_STATE 0U
#define ENTRY_MAP 1U
#define ENTRY_MAPS 2U
#define ENTRY_END 3U
#define PORTS_PER_PAGE (PAGE_SIZE * 8)

#define WINDOW_ENTRY (PORT_MAP_WINDOW / TABLE_SPAN) /* of a page directory */

static uint32_t *closed_table;   /* of all that have no ports */

uint32_t port_map_initialise(void *task_state_page)
{
    physical_t table = boot_memory_take(PAGE_SIZE);
    physical_t ones = boot_memory_take(PAGE_SIZE);

    memset(physical_to_virtual(ones), 0xFF, PAGE_SIZE);
    closed_table = physical_to_virtual(table);
    memset(closed_table, 0, PAGE_SIZE);
    closed_table[ENTRY_STATE] = virtual_to_physical(task_state_page) | PAGE_PRESENT | PAGE_WRITABLE;
    for (uint32_t i = ENTRY_MAP; i <= ENTRY_END; i++) {
        closed_table[i] = ones | PAGE_PRESENT;
    }
    kernel_directory()[WINDOW_ENTRY] = table | PAGE_PRESENT | PAGE_WRITABLE;
    return PORT_MAP_WINDOW;
}

/* Sets the bits from `first` to in front of `end`, or clears them. */
static void bits_fill(uint8_t *map, uint32_t first, uint32_t end, bool set)
{
    while (first < end) {
        if (first % 8 == 0 && end - first >= 8) {
            memset(map + first / 8, set ? 0xFF : 0, (end - first) / 8);
            first += (end - first) & ~7U;
        } else {
            map[first / 8] = (uint8_t)(set ? map[first / 8] | 1U << first % 8 : map[first / 8] & ~(1U << first % 8));
            first++;
        }
    }
}

/* Opens, or closes, what a range has of the ports of one page. Returns if there was any; map NULL: just that. */
static bool range_fill(uint8_t *map, const struct port_range *range, uint32_t first_port, bool set)
{
    uint32_t first = range->first > first_port ? range->first : first_port;
    uint32_t end = range->last + 1U < first_port + PORTS_PER_PAGE ? range->last + 1U : first_port + PORTS_PER_PAGE;

    if (range->last == 0 || first >= end) {
        return false;
    }
    if (map != NULL) {
        bits_fill(map, first - first_port, end - first_port, set);
    }
    return true;
}

/* One page of the map. Returns if a port of it is open; map NULL: just that, closed ports counted in. */
static bool page_open(uint8_t *map, const struct access *access, uint32_t first_port)
{
    const struct port_range *closed;
    bool any = false;

    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        any |= range_fill(map, &access->ports[i], first_port, false);
    }
    for (uint32_t i = 0; (closed = access_closed_ports(access, &i)) != NULL; i++) {
        (void)range_fill(map, closed, first_port, true);
    }
    return any;
}

status_t port_map_create(struct address_space *space, const struct access *access)
{
    uint32_t frame;

    if (!page_open(NULL, access, 0) && !page_open(NULL, access, PORTS_PER_PAGE)) {
        return OK;
    }
    status_t status = space_frame_charge(space, &frame);
    if (status != OK) {
        return status;
    }
    uint32_t *table = frame_to_virtual(frame);
    memcpy(table, closed_table, PAGE_SIZE);
    space->directory[WINDOW_ENTRY] = frame * PAGE_SIZE | PAGE_PRESENT | PAGE_WRITABLE;
    space->has_ports = true;
    for (uint32_t i = 0; i < ENTRY_MAPS; i++) {
        if (!page_open(NULL, access, i * PORTS_PER_PAGE)) {
            continue;
        }
        status = space_frame_charge(space, &frame);
        if (status != OK) {
            return status;
        }
        memset(frame_to_virtual(frame), 0xFF, PAGE_SIZE);
        (void)page_open(frame_to_virtual(frame), access, i * PORTS_PER_PAGE);
        table[ENTRY_MAP + i] = frame * PAGE_SIZE | PAGE_PRESENT | PAGE_OWNED;
    }
    return OK;
}

void port_map_destroy(struct address_space *space)
{
    if (!space->has_ports) {
        return;
    }
    uint32_t *entry = &space->directory[WINDOW_ENTRY];
    const uint32_t *table = physical_to_virtual(*entry & PAGE_ADDRESS);

    for (uint32_t i = ENTRY_MAP; i < ENTRY_END; i++) {
        if ((table[i] & PAGE_OWNED) != 0) {
            space_frame_discharge(space, table[i] / PAGE_SIZE);
        }
    }
    space_frame_discharge(space, *entry / PAGE_SIZE);
    *entry = kernel_directory()[WINDOW_ENTRY];
    space->has_ports = false;
}
