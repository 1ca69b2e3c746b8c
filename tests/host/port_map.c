/* Maps of ports, bit by bit, as the processor would read them: SDM volume 1, section 19.5.2. */
#include "port_map.h"

#include <abi/grant.h>
#include <string.h>

#include "access.h"
#include "address_space.h"
#include "boot_memory.h"
#include "frame.h"
#include "i386/address_entries.h"
#include "i386/page_table.h"
#include "memory.h"
#include "physical_memory.h"
#include "test.h"
#include "window.h"

#define FRAMES 64U
#define PORTS 65536U
#define ROUNDS 300U
#define WINDOW_ENTRY (PORT_MAP_WINDOW / TABLE_SPAN)
#define NO_LIMIT UINT32_MAX

static uint32_t directory_of_kernel[TABLE_ENTRIES];
static uint32_t frames_left = NO_LIMIT;

/* ---- What port_map.c stands on ---- */

physical_t boot_memory_take(uint32_t size)
{
    CHECK_EQUAL(size, PAGE_SIZE);
    return frames_take(&frame_table, 0, true) * PAGE_SIZE;
}

uint32_t *kernel_directory(void)
{
    return directory_of_kernel;
}

status_t space_frame_charge(struct address_space *space, uint32_t *frame_out)
{
    if (frames_left == 0) {
        return OVER_QUOTA;
    }
    frames_left -= frames_left != NO_LIMIT;
    *frame_out = frames_take(&frame_table, 0, true);
    space->frames++;
    return OK;
}

void space_frame_discharge(struct address_space *space, uint32_t frame)
{
    frames_release(&frame_table, frame);
    space->frames--;
}

/* ---- What the processor reads ---- */

static uint32_t *task_state;

static void begin(void)
{
    physical_memory_create(FRAMES);
    task_state = frame_to_virtual(frames_take(&frame_table, 0, true));
    CHECK_EQUAL(port_map_initialise(task_state), PORT_MAP_WINDOW);
    CHECK((directory_of_kernel[WINDOW_ENTRY] & (PAGE_PRESENT | PAGE_USER)) == PAGE_PRESENT);
}

static uint32_t directory[TABLE_ENTRIES];

static struct address_space space_new(void)
{
    memcpy(directory, directory_of_kernel, sizeof directory);
    return (struct address_space){ .directory = directory };
}

/* A byte of the window, as offset from its beginning, through the page table of this space. Not for ring 3. */
static uint8_t byte_at(const struct address_space *space, uint32_t offset)
{
    uint32_t table_entry = space->directory[WINDOW_ENTRY];

    CHECK((table_entry & (PAGE_PRESENT | PAGE_USER)) == PAGE_PRESENT);
    const uint32_t *table = physical_to_virtual(table_entry & PAGE_ADDRESS);
    uint32_t entry = table[offset / PAGE_SIZE];
    CHECK((entry & (PAGE_PRESENT | PAGE_USER)) == PAGE_PRESENT);
    return ((const uint8_t *)physical_to_virtual(entry & PAGE_ADDRESS))[offset % PAGE_SIZE];
}

static bool bit_is_set(const struct address_space *space, uint32_t port)
{
    return (byte_at(space, PORT_MAP_OFFSET + port / 8) >> port % 8 & 1) != 0;
}

/* Every port is open or closed as the access says, and no bit behind the last port is clear. */
static void check_map(const struct address_space *space, const struct access *access)
{
    for (uint32_t port = 0; port < PORTS; port++) {
        if (bit_is_set(space, port) == access_has_ports(access, port, 1)) {
            FAIL("port 0x%x", port);
        }
    }
    CHECK_EQUAL(byte_at(space, PORT_MAP_OFFSET + PORT_MAP_BYTES), 0xFF);
    CHECK(byte_at(space, 0) == *(const uint8_t *)task_state);
}

static uint32_t some_port(void)
{
    static const uint16_t edges[] = {
        0, 0x1F, 0x20, 0x21, 0x22, 0x40, 0x43, 0x80, 0x81, 0x8F, 0x92, 0xA0, 0xB2, 0xC0, 0xDF, 0x4D0, 0xCF8, 0xCFF,
        0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF,
    };

    return random_one_in(2) ? random_below(PORTS) : edges[random_below(sizeof edges / sizeof edges[0])];
}

static struct access some_access(void)
{
    struct access access = { .rights = random_next() & RIGHTS_ALL };

    for (uint32_t i = random_below(ACCESS_PORTS_MAX + 1); i > 0; i--) {
        uint32_t first = some_port(), last = random_one_in(2) ? first + random_below(20) : some_port();

        last = last < PORTS ? last : PORTS - 1;
        access.ports[i - 1] = (struct port_range){ (uint16_t)(first < last ? first : last), (uint16_t)(first < last ? last : first) };
    }
    return access;
}

static void every_bit_says_what_the_access_says(void)
{
    uint32_t with_ports = 0;

    begin();
    uint32_t free = frame_table.free;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct access access = some_access();
        struct address_space space = space_new();

        CHECK_EQUAL(port_map_create(&space, &access), OK);
        check_map(&space, &access);
        CHECK_EQUAL(space.has_ports, space.frames != 0);
        with_ports += space.has_ports;
        port_map_destroy(&space);
        CHECK(space.frames == 0 && !space.has_ports && frame_table.free == free);
        CHECK_EQUAL(directory[WINDOW_ENTRY], directory_of_kernel[WINDOW_ENTRY]);
        port_map_destroy(&space);
    }
    CHECK(with_ports > ROUNDS / 2 && with_ports < ROUNDS);
}

static void who_has_no_ports_has_the_closed_map_and_pays_for_none(void)
{
    const struct access none = { .rights = RIGHTS_ALL };

    begin();
    struct address_space space = space_new();
    CHECK_EQUAL(port_map_create(&space, &none), OK);
    CHECK(space.frames == 0 && !space.has_ports);
    check_map(&space, &none);
    port_map_destroy(&space);
}

static void widest_accesses_have_all_but_what_is_closed(void)
{
    const struct access *accesses[] = { &access_of_supervisor, &access_of_boot_module };

    begin();
    for (uint32_t i = 0; i < 2; i++) {
        struct address_space space = space_new();

        CHECK_EQUAL(port_map_create(&space, accesses[i]), OK);
        check_map(&space, accesses[i]);
        CHECK(bit_is_set(&space, 0x20) && bit_is_set(&space, 0x92) && !bit_is_set(&space, 0x80) && !bit_is_set(&space, 0xFFFF));
        CHECK_EQUAL(bit_is_set(&space, 0xCF8), i == 1);
        port_map_destroy(&space);
    }
}

/* Two maps at once do not reach into each other, nor into the closed one. */
static void maps_of_two_drivers_are_two_maps(void)
{
    static uint32_t other_directory[TABLE_ENTRIES];
    const struct access one = { .ports = { { 0x60, 0x64 } } }, other = { .ports = { { 0x60, 0x60 }, { 0x9000, 0x9001 } } }, none = { 0 };

    begin();
    struct address_space first = space_new(), second = { .directory = other_directory };
    memcpy(other_directory, directory_of_kernel, sizeof other_directory);
    CHECK_EQUAL(port_map_create(&first, &one), OK);
    CHECK_EQUAL(port_map_create(&second, &other), OK);
    check_map(&first, &one);
    check_map(&second, &other);
    CHECK(first.frames == 2 && second.frames == 3);  /* a table, and a page for each half that has open ports */
    port_map_destroy(&first);
    check_map(&second, &other);
    port_map_destroy(&second);
    struct address_space third = { .directory = directory_of_kernel };
    check_map(&third, &none);
}

static void map_that_cannot_be_paid_for_leaves_nothing(void)
{
    const struct access access = { .ports = { { 0x60, 0x64 }, { 0x9000, 0x9001 } } };

    begin();
    uint32_t free = frame_table.free;
    for (uint32_t frames = 0; frames <= 3; frames++) {
        struct address_space space = space_new();

        frames_left = frames;
        CHECK_EQUAL(port_map_create(&space, &access), frames < 3 ? OVER_QUOTA : OK);
        frames_left = NO_LIMIT;
        port_map_destroy(&space);
        CHECK(space.frames == 0 && frame_table.free == free);
    }
}

static const struct test tests[] = {
    TEST(every_bit_says_what_the_access_says),
    TEST(who_has_no_ports_has_the_closed_map_and_pays_for_none),
    TEST(widest_accesses_have_all_but_what_is_closed),
    TEST(maps_of_two_drivers_are_two_maps),
    TEST(map_that_cannot_be_paid_for_leaves_nothing),
};
TEST_MAIN(tests)
