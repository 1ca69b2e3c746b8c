#include "memory.h"

#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/vm86.h>

#include "monitor.h"

#define PAGE_COUNT (VM86_MEMORY_END / PAGE_SIZE)
#define VIDEO_FIRST 0xA0000U
#define ROM_FIRST 0xC0000U
#define ROM_END 0x100000U
#define DATA_EXTENDED 0x40EU         /* word: segment of the extended BIOS data area. IBM PS/2 BIOS Interface Technical Reference */
#define EXTENDED_LOWEST 0x80000U     /* below this it is none: a megabyte has 640 KB of RAM, and no BIOS takes 128 of them */
#define KB 1024U
#define PARAGRAPH 16U

/* Pages are the better the further down they stand here. */
enum page {
    PAGE_NONE,
    PAGE_ROM,                        /* read-only until it is written to */
    PAGE_DEVICE = MONITOR_PAGE_WRITABLE, /* the adapter's memory, or the machine's own page 0 */
    PAGE_OWN,
};

uint8_t memory_pages[PAGE_COUNT];    /* enum page */
static uint32_t taken_end;           /* bios_memory has given what lies below */

void (*memory_copied)(uint32_t address);

/* ---- Mapping ---- */

static status_t map(uint32_t first, uint32_t end, uint32_t flags, enum page page)
{
    status_t status = vm86_map(first, (end - first) / PAGE_SIZE, flags);

    if (status == OK) {
        memset(memory_pages + first / PAGE_SIZE, page, (end - first) / PAGE_SIZE);
    }
    return status;
}

/* Its first byte is its size in KB. A BIOS that says nonsense of it has none. */
static status_t map_extended_data(void)
{
    uint32_t area = memory_word(DATA_EXTENDED) * PARAGRAPH;
    uint32_t first = area & ~(PAGE_SIZE - 1);
    uint8_t size_kb = 0;

    if (area < EXTENDED_LOWEST || area >= VIDEO_FIRST) {
        return OK;
    }
    status_t status = map(first, first + PAGE_SIZE, VM86_MAP_COPY, PAGE_OWN);
    if (status != OK || !memory_read(area, &size_kb, 1)) {
        return status;
    }
    uint32_t end = (area + size_kb * KB + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    end = end > VIDEO_FIRST ? VIDEO_FIRST : end;
    return end <= first + PAGE_SIZE ? OK : map(first + PAGE_SIZE, end, VM86_MAP_COPY, PAGE_OWN);
}

status_t memory_open(bool shares_data)
{
    taken_end = BIOS_MEMORY_FIRST;
    status_t status = map(VIDEO_FIRST, ROM_FIRST, VM86_MAP_PHYSICAL, PAGE_DEVICE);
    if (status == OK) {
        status = map(0, PAGE_SIZE, VM86_MAP_COPY, PAGE_OWN);
    }
    if (status == OK) {
        status = map(BIOS_MEMORY_FIRST, MEMORY_STACK_END, VM86_MAP_ZEROES, PAGE_OWN);
    }
    if (status == OK) {
        status = map_extended_data();
    }
    if (status == OK) {
        status = map(ROM_FIRST, ROM_END, VM86_MAP_PHYSICAL | VM86_MAP_READ_ONLY, PAGE_ROM);
    }
    if (status == OK && shares_data) {       /* last: of the machine's own page, which others have written to, nothing is believed */
        status = map(0, PAGE_SIZE, VM86_MAP_PHYSICAL, PAGE_DEVICE);
    }
    if (status != OK) {
        memory_close();
    }
    return status;
}

/* vm86_map may have failed half-way: so page by page, and some are not there. */
void memory_close(void)
{
    for (uint32_t page = 0; page < PAGE_COUNT; page++) {
        (void)memory_free(page * PAGE_SIZE, 1);
        memory_pages[page] = PAGE_NONE;
    }
}

/* ---- Bytes ---- */

/* Are all of these bytes in pages that are at least so good? */
static bool is_all(uint32_t address, uint32_t size, enum page least)
{
    if (size == 0) {
        return true;
    }
    if (address >= VM86_MEMORY_END || size > VM86_MEMORY_END - address) {
        return false;
    }
    for (uint32_t page = address / PAGE_SIZE; page <= (address + size - 1) / PAGE_SIZE; page++) {
        if (memory_pages[page] < least) {
            return false;
        }
    }
    return true;
}

struct unaligned {
    uint16_t word;
} __attribute__((packed, may_alias));

struct unaligned_double {
    uint32_t word;
} __attribute__((packed, may_alias));

/* In one access where 16-bit code would have done it in one: it may be a device's memory. */
static inline void copy(void *to, const void *from, uint32_t size)
{
    switch (size) {
    case 1:
        *(volatile uint8_t *)to = *(const volatile uint8_t *)from;
        break;
    case 2:
        *(volatile struct unaligned *)to = *(const volatile struct unaligned *)from;
        break;
    case 4:
        *(volatile struct unaligned_double *)to = *(const volatile struct unaligned_double *)from;
        break;
    default:
        memcpy(to, from, size);
    }
}

/* Nearly all accesses: a few bytes within a page that is so good. There is one with each trap, or two. */
static inline bool is_simple(uint32_t address, uint32_t size, enum page least)
{
    return address < VM86_MEMORY_END && address % PAGE_SIZE + size <= PAGE_SIZE && size <= PAGE_SIZE && memory_pages[address / PAGE_SIZE] >= least;
}

bool memory_world_read(void *context, uint32_t address, void *to, uint32_t size)
{
    (void)context;
    if (!is_simple(address, size, PAGE_ROM) && !is_all(address, size, PAGE_ROM)) {
        return false;
    }
    copy(to, vm86_memory + address, size);
    return true;
}

bool memory_read(uint32_t address, void *to, uint32_t size)
{
    return memory_world_read(NULL, address, to, size);
}

static bool copy_page(uint32_t page)
{
    if (map(page * PAGE_SIZE, (page + 1) * PAGE_SIZE, VM86_MAP_COPY, PAGE_OWN) != OK) {
        return false;
    }
    if (memory_copied != NULL) {
        memory_copied(page * PAGE_SIZE);
    }
    return true;
}

bool memory_world_is_writable(void *context, uint32_t address, uint32_t size)
{
    (void)context;
    if (is_simple(address, size, PAGE_DEVICE) || is_all(address, size, PAGE_DEVICE)) {
        return true;
    }
    if (!is_all(address, size, PAGE_ROM)) {
        return false;
    }
    for (uint32_t page = address / PAGE_SIZE; page <= (address + size - 1) / PAGE_SIZE; page++) {
        if (memory_pages[page] == PAGE_ROM && !copy_page(page)) {
            return false;
        }
    }
    return true;
}

bool memory_make_writable(uint32_t address, uint32_t size)
{
    return memory_world_is_writable(NULL, address, size);
}

bool memory_world_write(void *context, uint32_t address, const void *from, uint32_t size)
{
    if (!is_simple(address, size, PAGE_DEVICE) && !memory_world_is_writable(context, address, size)) {
        return false;
    }
    copy(vm86_memory + address, from, size);
    return true;
}

bool memory_write(uint32_t address, const void *from, uint32_t size)
{
    return memory_world_write(NULL, address, from, size);
}

bool memory_is_own(uint32_t page)
{
    return page < PAGE_COUNT && memory_pages[page] == PAGE_OWN;
}

uint32_t memory_word(uint32_t address)
{
    uint16_t word = 0;

    (void)memory_read(address, &word, sizeof word);
    return word;
}

uint32_t memory_double_word(uint32_t address)
{
    uint32_t word = 0;

    (void)memory_read(address, &word, sizeof word);
    return word;
}

/* ---- For the driver ---- */

uint32_t memory_take(uint32_t size)
{
    uint32_t address = taken_end;

    if (!is_all(BIOS_MEMORY_FIRST, 1, PAGE_OWN) || size == 0 || size > BIOS_MEMORY_END - address) {
        return 0;
    }
    taken_end = (address + size + PARAGRAPH - 1) & ~(PARAGRAPH - 1);
    memset(vm86_memory + address, 0, size);
    return address;
}

void memory_take_back(void)
{
    taken_end = BIOS_MEMORY_FIRST;
}
