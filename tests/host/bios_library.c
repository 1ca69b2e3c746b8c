/*
 * The library of BIOS calls but for calls: its first megabyte, ports, timer, refused services. Against a kernel that is an array of pages
 * and a processor that knows OUTS in VM86 mode, IN and OUT outside of it, and a map of ports.
 */
#include "vm86/memory.h"

#include <string.h>
#include <sys/mman.h>

#include <abi/system.h>
#include <ternion/clock.h>
#include <ternion/port.h>
#include <ternion/syscall.h>
#include <ternion/vm86.h>

#include "vm86/clock.h"
#include "vm86/native.h"
#include "vm86/ports.h"
#include "vm86/problem.h"
#include "vm86/refused.h"
#include "vm86/run.h"
#include "vm86/services.h"
#include "test.h"
#include "vm86/timer.h"

#define PAGE_COUNT (VM86_MEMORY_END / PAGE_SIZE)
#define ROUNDS 20000

/* ---- The kernel ---- */

uint8_t vm86_memory[VM86_MEMORY_END];

static uint8_t machine[VM86_MEMORY_END];         /* physical memory */
static uint32_t flags_of[PAGE_COUNT];            /* VM86_MAP_…; 0: nothing is mapped */
static uint32_t frames = PAGE_COUNT;             /* that can be given */
static bool rom_is_granted = true, video_is_granted = true;
static nanoseconds_t now_ns;
static uint32_t strikes;

nanoseconds_t clock_now(void)
{
    return now_ns;
}

status_t thread_delay(nanoseconds_t deadline_ns)
{
    now_ns = deadline_ns > now_ns ? deadline_ns : now_ns;
    return OK;
}

static void fill_page(uint32_t page, uint32_t flags)
{
    memset(vm86_memory + page * PAGE_SIZE, 0, PAGE_SIZE);
    if ((flags & VM86_MAP_ZEROES) == 0) {
        memcpy(vm86_memory + page * PAGE_SIZE, machine + page * PAGE_SIZE, PAGE_SIZE);
    }
    flags_of[page] = flags;
}

status_t vm86_map(uint32_t address, uint32_t pages, uint32_t flags)
{
    CHECK(address % PAGE_SIZE == 0 && pages != 0 && address / PAGE_SIZE + pages <= PAGE_COUNT);
    if ((flags & VM86_MAP_PHYSICAL) != 0 && ((address >= 0xC0000 && !rom_is_granted) || (address == 0xA0000 && !video_is_granted))) {
        strikes++;
        return NOT_ALLOWED;
    }
    for (uint32_t page = address / PAGE_SIZE; pages > 0; page++, pages--) {
        if ((flags & VM86_MAP_PHYSICAL) == 0 && frames-- == 0) {
            frames = 0;
            return NO_MEMORY;
        }
        fill_page(page, flags);
    }
    return OK;
}

status_t memory_free(uint32_t address, uint32_t pages)
{
    CHECK_EQUAL(pages, 1);
    bool was_there = flags_of[address / PAGE_SIZE] != 0;

    flags_of[address / PAGE_SIZE] = 0;
    return was_there ? OK : BAD_ARGUMENT;
}

/* ---- The processor, and a card behind ports 3C0h to 3CFh ---- */

static struct vm86_state state;
static uint32_t card;
static uint32_t accesses;

static bool is_granted(uint32_t port, uint32_t width)
{
    return port >= 0x3C0 && port + width - 1 <= 0x3CF;
}

status_t vm86_run(struct vm86_state *with)
{
    const uint8_t *code = vm86_memory + state.cs * 16 + state.eip;
    uint32_t prefix = *code == 0x66;
    uint8_t opcode = code[prefix];
    uint32_t width = (opcode & 1) == 0 ? 1 : prefix != 0 ? 4 : 2;

    CHECK(with == &state);
    CHECK_EQUAL(state.ss, MEMORY_STACK_SEGMENT);
    CHECK_EQUAL(code[prefix + 1], 0xF4);
    CHECK_EQUAL(opcode & 0xFE, 0x6E);
    CHECK(flags_of[(state.ds * 16 + state.esi) / PAGE_SIZE] == 0);
    state.reason = is_granted(state.edx, width) ? 14 : 13;
    return OK;
}

/* Outside VM86 mode an access that is not granted is a strike. */
static uint32_t card_read(uint16_t port, uint32_t width)
{
    CHECK(is_granted(port, width));
    accesses++;
    return card;
}

static void card_write(uint16_t port, uint32_t width, uint32_t value)
{
    CHECK(is_granted(port, width));
    accesses++;
    card = value;
}

uint8_t port_read8(uint16_t port)
{
    return (uint8_t)card_read(port, 1);
}

uint16_t port_read16(uint16_t port)
{
    return (uint16_t)card_read(port, 2);
}

uint32_t port_read32(uint16_t port)
{
    return card_read(port, 4);
}

void port_write8(uint16_t port, uint8_t value)
{
    card_write(port, 1, value);
}

void port_write16(uint16_t port, uint16_t value)
{
    card_write(port, 2, value);
}

void port_write32(uint16_t port, uint32_t value)
{
    card_write(port, 4, value);
}

/* ---- The beginning of each test ---- */

static void put_word(uint32_t address, uint32_t word)
{
    machine[address] = (uint8_t)word;
    machine[address + 1] = (uint8_t)(word >> 8);
}

static void begin(uint32_t segment, uint8_t size_kb)
{
    struct system_page *page = mmap((void *)SYSTEM_PAGE, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    CHECK(page == (void *)SYSTEM_PAGE);
    page->tsc_multiplier = 1;
    page->tick_ns = 1000000;
    for (uint32_t i = 0; i < sizeof machine; i++) {
        machine[i] = (uint8_t)(i * 7 + i / PAGE_SIZE);
    }
    put_word(0x40E, segment);
    if (segment * 16 < sizeof machine) {
        machine[segment * 16] = size_kb;
    }
    frames = PAGE_COUNT;
    now_ns = 1000000000;
}

static void begin_open(void)
{
    CHECK_EQUAL(memory_open(false), OK);
    native_begin(&state);
    ports_reset();
}

static bool is_mapped(uint32_t address)
{
    uint8_t byte;

    return memory_read(address, &byte, 1);
}

/* ---- Memory ---- */

static void first_megabyte_is_as_the_manual_says(void)
{
    begin(0x9FC0, 1);
    begin_open();
    for (uint32_t page = 0; page < PAGE_COUNT; page++) {
        uint32_t address = page * PAGE_SIZE;
        uint32_t wanted = page == 0 || page == 0x9F ? VM86_MAP_COPY : page >= 0x10 && page < 0x40 ? VM86_MAP_ZEROES
            : page >= 0xA0 && page < 0xC0 ? VM86_MAP_PHYSICAL : page >= 0xC0 && page < 0x100 ? VM86_MAP_PHYSICAL | VM86_MAP_READ_ONLY : 0;

        CHECK_EQUAL(flags_of[page], wanted);
        CHECK_EQUAL(is_mapped(address), wanted != 0);
        CHECK_EQUAL(memory_is_own(page), wanted == VM86_MAP_COPY || wanted == VM86_MAP_ZEROES);
    }
    memory_close();
    for (uint32_t page = 0; page < PAGE_COUNT; page++) {
        CHECK_EQUAL(flags_of[page], 0);
        CHECK(!is_mapped(page * PAGE_SIZE));
    }
}

/* Pages from `first` to in front of A0000h that are there. */
static uint32_t extended_pages(uint32_t segment, uint8_t size_kb)
{
    uint32_t count = 0;

    begin(segment, size_kb);
    begin_open();
    for (uint32_t page = 0x40; page < 0xA0; page++) {
        count += flags_of[page] != 0;
    }
    memory_close();
    return count;
}

static void extended_data_area_is_believed_if_it_can_be_one(void)
{
    CHECK_EQUAL(extended_pages(0x9FC0, 1), 1);
    CHECK_EQUAL(extended_pages(0x9FC0, 0), 1);
    CHECK_EQUAL(extended_pages(0x9F80, 2), 1);
    CHECK_EQUAL(extended_pages(0x9D80, 10), 3);
    CHECK_EQUAL(extended_pages(0x9FC0, 255), 1);                 /* what is behind A0000h is the adapter's */
    CHECK_EQUAL(extended_pages(0x8000, 255), 32);
    CHECK_EQUAL(extended_pages(0x7FFF, 1), 0);
    CHECK_EQUAL(extended_pages(0x0000, 1), 0);
    CHECK_EQUAL(extended_pages(0x3000, 1), 0);
    CHECK_EQUAL(extended_pages(0xA000, 1), 0);
    CHECK_EQUAL(extended_pages(0xFFFF, 1), 0);
}

static void without_the_rom_nothing_is_mapped(void)
{
    begin(0x9FC0, 1);
    rom_is_granted = false;
    CHECK_EQUAL(memory_open(false), NOT_ALLOWED);
    for (uint32_t page = 0; page < PAGE_COUNT; page++) {
        CHECK_EQUAL(flags_of[page], 0);
    }
}

static void without_the_adapters_memory_nothing_is_mapped(void)
{
    begin(0x9FC0, 1);
    video_is_granted = false;
    CHECK_EQUAL(memory_open(false), NOT_ALLOWED);
    for (uint32_t page = 0; page < PAGE_COUNT; page++) {
        CHECK_EQUAL(flags_of[page], 0);
    }
}

static void lack_of_memory_at_any_frame_leaves_nothing_behind(void)
{
    for (uint32_t given = 0; given < 50; given++) {
        begin(0x9FC0, 1);
        frames = given;
        CHECK_EQUAL(memory_open(false), NO_MEMORY);
        for (uint32_t page = 0; page < PAGE_COUNT; page++) {
            CHECK_EQUAL(flags_of[page], 0);
        }
    }
    frames = 50;
    CHECK_EQUAL(memory_open(false), OK);
    CHECK_EQUAL(frames, 0);
    CHECK(!memory_write(0xF0000, "x", 1));       /* no frame for its copy */
    CHECK(!memory_make_writable(0xF0000, 1));
    CHECK_EQUAL(flags_of[0xF0], VM86_MAP_PHYSICAL | VM86_MAP_READ_ONLY);
}

static void shared_data_are_the_machines(void)
{
    begin(0x9FC0, 1);
    CHECK_EQUAL(memory_open(true), OK);
    CHECK_EQUAL(flags_of[0], VM86_MAP_PHYSICAL);
    CHECK(!memory_is_own(0));
    CHECK(memory_write(0x46C, "tick", 4));
}

/* Against the flags of pages: whether it is there, whether it can be written, what becomes of ROM. */
static void bytes_anywhere_are_read_and_written_where_there_is_memory(void)
{
    static uint8_t bytes[3 * PAGE_SIZE], back[3 * PAGE_SIZE];

    begin(0x9D80, 10);
    begin_open();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t address = random_one_in(4) ? random_edgy() : random_below(PAGE_COUNT) * PAGE_SIZE + random_below(32) - 16;
        uint32_t size = random_one_in(2) ? 1U << random_below(3) : random_below(sizeof bytes);
        bool is_there = true;

        for (uint64_t at = address; at < (uint64_t)address + size; at++) {
            is_there &= at < VM86_MEMORY_END && flags_of[at / PAGE_SIZE] != 0;
        }
        for (uint32_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)random_next();
        }
        CHECK_EQUAL(memory_read(address, back, size), is_there);
        CHECK_EQUAL(random_one_in(2) ? memory_make_writable(address, size) : memory_write(address, back, size), is_there);
        CHECK_EQUAL(memory_write(address, bytes, size), is_there);
        if (is_there && size != 0) {
            CHECK(memcmp(vm86_memory + address, bytes, size) == 0);
            CHECK_EQUAL(flags_of[address / PAGE_SIZE] & VM86_MAP_READ_ONLY, 0);
            CHECK_EQUAL(flags_of[(address + size - 1) / PAGE_SIZE] & VM86_MAP_READ_ONLY, 0);
        }
    }
}

static void memory_for_the_driver_does_not_overlap(void)
{
    uint32_t end = BIOS_MEMORY_FIRST;

    begin(0x9FC0, 1);
    CHECK_EQUAL(memory_take(1), 0);
    begin_open();
    for (uint32_t i = 0; i < 2000; i++) {
        uint32_t size = random_one_in(10) ? random_edgy() : random_below(400);
        uint32_t address = memory_take(size);

        if (address == 0) {
            CHECK(size == 0 || size > BIOS_MEMORY_END - end);
            continue;
        }
        CHECK(address % 16 == 0 && address >= end && address + size <= BIOS_MEMORY_END);
        end = (address + size + 15) & ~15U;
        memset(vm86_memory + address, 0xFF, size);
        if (random_one_in(50)) {
            memory_take_back();
            end = BIOS_MEMORY_FIRST;
        }
    }
}

/* ---- Ports ---- */

static void every_port_has_its_kind(void)
{
    begin(0x9FC0, 1);
    begin_open();
    for (uint32_t port = 0; port < 0x10000; port++) {
        for (uint32_t width = 1; width <= 4; width *= 2) {
            bool is_emulated = (width == 1 && ((port >= 0x40 && port <= 0x43) || port == 0x61)) || (width == 4 && port == 0xCF8)
                || (port >= 0xCFC && port + width <= 0xD00);
            bool is_swallowed = port == 0x80 || port == 0xE9 || port == 0xED || port == 0x402;
            enum bios_port wanted = is_granted(port, width) ? BIOS_PORT_OWN : is_emulated ? BIOS_PORT_EMULATED
                : is_swallowed ? BIOS_PORT_SWALLOWED : BIOS_PORT_REFUSED;

            CHECK_EQUAL(ports_kind((uint16_t)port, width), wanted);
        }
    }
    CHECK_EQUAL(accesses, 0);
}

static void own_ports_are_reached_and_no_others(void)
{
    enum bios_port kind;

    begin(0x9FC0, 1);
    begin_open();
    struct vm86_state before = state;
    card = 0x89ABCDEF;
    CHECK_EQUAL(ports_read(0x3C4, 1, &kind), 0xEF);
    CHECK_EQUAL(ports_read(0x3C4, 2, &kind), 0xCDEF);
    CHECK_EQUAL(ports_read(0x3C4, 4, &kind), 0x89ABCDEF);
    ports_write(0x3C4, 2, 0xFFFF1234, &kind);
    CHECK_EQUAL(card, 0x1234);
    CHECK_EQUAL(accesses, 4);
    CHECK_EQUAL(ports_read(0x3CF, 2, &kind), 0xFFFF);
    CHECK_EQUAL(kind, BIOS_PORT_REFUSED);
    CHECK_EQUAL(ports_read(0x60, 1, &kind), 0xFF);
    ports_write(0xB2, 1, 1, &kind);
    CHECK_EQUAL(kind, BIOS_PORT_REFUSED);
    ports_write(0x402, 1, 1, &kind);
    CHECK_EQUAL(kind, BIOS_PORT_SWALLOWED);
    CHECK_EQUAL(accesses, 4);
    CHECK(memcmp(&before, &state, sizeof state) == 0);
}

static bool read_configuration(uint32_t bus, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    *value_out = bus << 24 | device << 16 | function << 12 | offset << 4 | size;
    return bus != 5;
}

static void configuration_is_read_and_never_written(void)
{
    enum bios_port kind;

    begin(0x9FC0, 1);
    begin_open();
    CHECK_EQUAL(ports_read(0xCF8, 4, &kind), 0xFFFFFFFF);        /* no bus */
    ports_set_pci(read_configuration);
    CHECK_EQUAL(ports_read(0xCFC, 4, &kind), 0xFFFFFFFF);        /* not enabled */
    ports_write(0xCF8, 4, 0xFF031C43, &kind);
    CHECK_EQUAL(kind, BIOS_PORT_EMULATED);
    CHECK_EQUAL(ports_read(0xCF8, 4, &kind), 0x80031C40);
    CHECK_EQUAL(ports_read(0xCFC, 4, &kind), 0x03034404);
    CHECK_EQUAL(ports_read(0xCFE, 2, &kind), 0x4422);
    CHECK_EQUAL(ports_read(0xCFF, 1, &kind), 0x31);
    ports_write(0xCFC, 4, 0, &kind);
    CHECK_EQUAL(kind, BIOS_PORT_REFUSED);
    ports_write(0xCF8, 4, 0x80050000, &kind);
    CHECK_EQUAL(ports_read(0xCFC, 2, &kind), 0xFFFF);
    CHECK_EQUAL(kind, BIOS_PORT_EMULATED);
}

static uint16_t latched(uint16_t port)
{
    enum bios_port kind;

    ports_write(0x43, 1, (uint32_t)(port - 0x40) << 6, &kind);
    uint32_t low = ports_read(port, 1, &kind);
    now_ns += 100000;
    return (uint16_t)(low | ports_read(port, 1, &kind) << 8);
}

static void timer_counts_down_by_the_clock(void)
{
    enum bios_port kind;

    begin(0x9FC0, 1);
    begin_open();
    ports_write(0x43, 1, 0x34, &kind);           /* counter 0, both bytes, mode 2 */
    ports_write(0x40, 1, 0x00, &kind);
    ports_write(0x40, 1, 0x80, &kind);
    CHECK_EQUAL(latched(0x40), 0x8000);
    now_ns += 900000;
    CHECK_EQUAL(latched(0x40), 0x8000 - 1193);   /* a millisecond */
    now_ns += 1000000000;
    CHECK_EQUAL(latched(0x40), 0x8000 - (1193182 + 1193 + 119) % 0x8000);
    ports_write(0x43, 1, 0x50, &kind);           /* counter 1, low byte, mode 0 */
    ports_write(0x41, 1, 200, &kind);
    now_ns += 84000;                             /* 100.2 counts, which 101 of the clock's may fall into */
    uint32_t left = ports_read(0x41, 1, &kind);
    CHECK(left == 100 || left == 99);
    ports_write(0x43, 1, 0xC2, &kind);           /* read back: status and count of counter 0 */
    CHECK_EQUAL(ports_read(0x40, 1, &kind) & 0x3F, 0x34);
    CHECK_EQUAL(ports_read(0x43, 1, &kind), 0xFF);
}

static void counts_are_those_of_the_clock(void)
{
    nanoseconds_t begin_ns = 5000000123;
    nanoseconds_t passed_ns = 0;
    uint32_t last = 0;

    timer_reset(begin_ns);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        passed_ns += random_one_in(50) ? (nanoseconds_t)random_below(100) * 1000000000 : random_below(random_one_in(2) ? 3000 : 300000000);
        uint32_t exact = (uint32_t)(passed_ns / 1000000000 * 1193182 + passed_ns % 1000000000 * 1193182 / 1000000000);
        uint32_t counts = timer_counts(begin_ns + passed_ns);

        CHECK(counts - exact <= 1);
        CHECK(round == 0 || counts - last < 0x80000000);
        last = counts;
    }
}

static void refresh_bit_toggles_by_the_clock_or_by_looks(void)
{
    enum bios_port kind;
    uint32_t changes = 0, last = 0;

    begin(0x9FC0, 1);
    begin_open();
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t bit = ports_read(0x61, 1, &kind) & 0x10;

        changes += bit != last;
        last = bit;
        now_ns += 1000;
    }
    CHECK(changes >= 65 && changes <= 67);       /* a millisecond of 15.085 µs */
    ((struct system_page *)SYSTEM_PAGE)->tsc_multiplier = 0;
    CHECK((ports_read(0x61, 1, &kind) ^ ports_read(0x61, 1, &kind)) & 0x10);
    ports_write(0x61, 1, 0xFF, &kind);
    CHECK_EQUAL(ports_read(0x61, 1, &kind) & 0x0F, 0x0F);
}

static void clock_of_the_data_area_goes_on_over_midnight(void)
{
    uint32_t day = 0x1800AF;

    begin(0x9FC0, 1);
    begin_open();
    CHECK(memory_write(0x46C, &day, sizeof day));
    CHECK(memory_write(0x470, "", 1));
    clock_begin();
    clock_advance();
    CHECK_EQUAL(memory_double_word(0x46C), 0x1800AF);
    now_ns += 54000000;
    clock_advance();
    CHECK_EQUAL(memory_double_word(0x46C), 0x1800AF);
    now_ns += 1000000;
    clock_advance();
    CHECK_EQUAL(memory_double_word(0x46C), 0);
    CHECK_EQUAL(memory_word(0x470) & 0xFF, 1);
    clock_wait();
    CHECK_EQUAL(memory_double_word(0x46C), 1);
    now_ns += 3600000000000;
    clock_advance();
    CHECK(memory_double_word(0x46C) >= 65542 && memory_double_word(0x46C) <= 65545);
}

static void only_what_reaches_the_machine_is_refused(void)
{
    for (uint32_t vector = 0; vector < 256; vector++) {
        for (uint32_t function = 0; function < 256; function++) {
            struct vm86_state registers = { .eax = 0x12340056 | function << 8, .eflags = 0x40 };
            bool wanted = vector == 0x13 || (vector == 0x15 && (function == 0x24 || function == 0x87));

            CHECK_EQUAL(service_refuse(vector, &registers), wanted);
            CHECK_EQUAL(registers.eax, wanted ? 0x12348656 : 0x12340056 | function << 8);
            CHECK_EQUAL(registers.eflags, wanted ? 0x41 : 0x40);
        }
    }
}

static void refused_ports_are_told_once_each(void)
{
    struct bios_refused refused;

    refused_forget();
    CHECK(!refused_next(&refused));
    refused_note(0xB2, 2, false);
    refused_note(0xB2, 1, true);
    CHECK(refused_next(&refused));
    CHECK_EQUAL(refused.port, 0xB2);
    CHECK_EQUAL(refused.width, 2);
    CHECK(!refused.is_read);
    refused_note(0xB2, 1, true);
    CHECK(!refused_next(&refused));
    for (uint32_t port = 0; port < 0x10000; port++) {
        refused_note((uint16_t)port, 1, true);
    }
    for (uint32_t i = 0; i < 31; i++) {
        CHECK(refused_next(&refused));
        CHECK_EQUAL(refused.port, i);
    }
    CHECK(!refused_next(&refused));
    refused_forget();
    refused_note(0xB2, 1, true);
    CHECK(refused_next(&refused));
}

static void problems_say_where(void)
{
    const struct vm86_state there = { .cs = 0xFFFFF000, .eip = 0xABCD1234 };
    const struct vm86_state nowhere = { .cs = 0x5000, .eip = 0 };

    begin(0x9FC0, 1);
    begin_open();
    CHECK(memory_write(0xF1234, "\x0f\x01\x16\x00\x00\x00\x00\x00", 8));
    problem_set_at(&there, "it did %u things", 3U);
    CHECK(strcmp(problem_text(), "it did 3 things at f000:1234, where the code is 0f 01 16 00 00 00 00 00") == 0);
    problem_set_at(&nowhere, "it was");
    CHECK(strcmp(problem_text(), "it was at 5000:0000") == 0);
    problem_set_at(&there, "%0300u", 1U);
    CHECK(strlen(problem_text()) < 200);
    problem_clear();
    CHECK(*problem_text() == '\0');
}

static const struct test tests[] = {
    TEST(first_megabyte_is_as_the_manual_says),
    TEST(extended_data_area_is_believed_if_it_can_be_one),
    TEST(without_the_rom_nothing_is_mapped),
    TEST(without_the_adapters_memory_nothing_is_mapped),
    TEST(lack_of_memory_at_any_frame_leaves_nothing_behind),
    TEST(shared_data_are_the_machines),
    TEST(bytes_anywhere_are_read_and_written_where_there_is_memory),
    TEST(memory_for_the_driver_does_not_overlap),
    TEST(every_port_has_its_kind),
    TEST(own_ports_are_reached_and_no_others),
    TEST(configuration_is_read_and_never_written),
    TEST(timer_counts_down_by_the_clock),
    TEST(counts_are_those_of_the_clock),
    TEST(refresh_bit_toggles_by_the_clock_or_by_looks),
    TEST(clock_of_the_data_area_goes_on_over_midnight),
    TEST(only_what_reaches_the_machine_is_refused),
    TEST(refused_ports_are_told_once_each),
    TEST(problems_say_where),
};
TEST_MAIN(tests)
