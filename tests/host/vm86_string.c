/* INS and OUTS: every width, direction, segment and address size, memory that ends, and how much is done at a time. */
#include "vm86/monitor.h"

#include <string.h>

#include "test.h"
#include "vm86_world.h"

#define CODE_SEGMENT 0x1000U
#define PORT 0x3C9U
#define TF 0x100U
#define DF 0x400U
#define IP 0x100U

static struct monitor monitor;
static struct vm86_state state, before;

static void begin(void)
{
    world_begin();
    for (uint32_t i = 0; i < WORLD_SIZE; i++) {
        world_memory[i] = (uint8_t)(i * 7 + (i >> 8) * 13 + (i >> 16));
    }
    monitor_initialise(&monitor, &world);
    state = (struct vm86_state){
        .eax = 0xA1A2A3A4, .ecx = 0xC1C20005, .edx = 0xD1D20000 | PORT, .esi = 0xE1E20400, .edi = 0xF1F20600,
        .cs = CODE_SEGMENT, .eip = IP, .ss = 0x2000, .esp = 0x800, .ds = 0x3000, .es = 0x4000, .fs = 0x5000, .gs = 0x6000, .eflags = 0x20202,
    };
}

static enum monitor_outcome run(const uint8_t *code, uint32_t size)
{
    memcpy(world_memory + CODE_SEGMENT * 16 + IP, code, size);
    before = state;
    return monitor_emulate(&monitor, &state);
}

#define RUN(...) run((const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ })

static uint32_t element(uint32_t address, uint32_t width)
{
    uint32_t value = 0;

    memcpy(&value, world_memory + address, width);
    return value;
}

static uint32_t ones(uint32_t width)
{
    return width == 4 ? UINT32_MAX : (1U << width * 8) - 1;
}

/* Elements that went to the port or came from it, from this address on, up or down. */
static void check_elements(uint32_t address, uint32_t width, uint32_t count, bool is_input, bool is_down)
{
    CHECK_EQUAL(world_log_count, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = is_down ? address - i * width : address + i * width;
        CHECK_EQUAL(world_log[i].port, PORT);
        CHECK_EQUAL(world_log[i].width, width);
        CHECK_EQUAL(world_log[i].is_read, is_input);
        CHECK_EQUAL(element(at, width), (is_input ? world_port_value(i) : world_log[i].value) & ones(width));
    }
}

static void check_registers(uint32_t eip, uint32_t ecx, uint32_t esi, uint32_t edi)
{
    CHECK_EQUAL(state.eip, eip);
    CHECK_EQUAL(state.ecx, ecx);
    CHECK_EQUAL(state.esi, esi);
    CHECK_EQUAL(state.edi, edi);
    state.eip = before.eip;
    state.ecx = before.ecx;
    state.esi = before.esi;
    state.edi = before.edi;
    CHECK(memcmp(&state, &before, sizeof state) == 0);
}

/* ---- One and several ---- */

static void one_element_leaves_the_count_alone(void)
{
    begin();
    CHECK_EQUAL(RUN(0x6C), MONITOR_GOES_ON);
    check_elements(0x40600, 1, 1, true, false);
    check_registers(IP + 1, 0xC1C20005, 0xE1E20400, 0xF1F20601);
    begin();
    CHECK_EQUAL(RUN(0x66, 0x6F), MONITOR_GOES_ON);
    check_elements(0x30400, 4, 1, false, false);
    check_registers(IP + 2, 0xC1C20005, 0xE1E20404, 0xF1F20600);
}

static void rep_does_all_of_each_width(void)
{
    static const struct { uint8_t code[3]; uint32_t size, width; bool is_input; } forms[] = {
        { { 0xF3, 0x6C }, 2, 1, true }, { { 0xF3, 0x6D }, 2, 2, true }, { { 0xF3, 0x66, 0x6D }, 3, 4, true }, { { 0xF3, 0x66, 0x6C }, 3, 1, true },
        { { 0xF3, 0x6E }, 2, 1, false }, { { 0xF2, 0x6F }, 2, 2, false }, { { 0x66, 0xF2, 0x6F }, 3, 4, false },
    };

    for (uint32_t i = 0; i < 2 * sizeof forms / sizeof forms[0]; i++) {
        uint32_t width = forms[i / 2].width;
        bool is_down = i % 2 != 0;
        begin();
        state.eflags |= is_down ? DF : 0;
        CHECK_EQUAL(run(forms[i / 2].code, 3), MONITOR_GOES_ON);
        check_elements(forms[i / 2].is_input ? 0x40600 : 0x30400, width, 5, forms[i / 2].is_input, is_down);
        uint32_t moved = is_down ? 0 - 5 * width : 5 * width;
        check_registers(IP + forms[i / 2].size, 0xC1C20000, 0xE1E20400 + (forms[i / 2].is_input ? 0 : moved),
                        0xF1F20600 + (forms[i / 2].is_input ? moved : 0));
    }
}

static void rep_of_nothing_does_nothing(void)
{
    begin();
    state.ecx = 0xC1C20000;
    world_pages[0x40] = WORLD_MISSING;
    CHECK_EQUAL(RUN(0xF3, 0x6C), MONITOR_GOES_ON);
    check_elements(0, 1, 0, true, false);
    check_registers(IP + 2, 0xC1C20000, 0xE1E20400, 0xF1F20600);
}

static void outs_takes_any_segment_and_ins_none(void)
{
    static const uint8_t prefixes[] = { 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65 };
    static const uint32_t bases[] = { 0x40000, 0x10000, 0x20000, 0x30000, 0x50000, 0x60000 };

    for (uint32_t i = 0; i < sizeof prefixes; i++) {
        begin();
        CHECK_EQUAL(RUN(0x2E, prefixes[i], 0xF3, 0x6F), MONITOR_GOES_ON);
        check_elements(bases[i] + 0x400, 2, 5, false, false);
        begin();
        CHECK_EQUAL(RUN(prefixes[i], 0xF3, 0x6D), MONITOR_GOES_ON);
        check_elements(0x40600, 2, 5, true, false);
    }
}

static void wide_addresses_use_whole_registers(void)
{
    begin();
    state.ecx = 3;
    state.edi = 0x600;
    CHECK_EQUAL(RUN(0x67, 0xF3, 0x6D), MONITOR_GOES_ON);
    check_elements(0x40600, 2, 3, true, false);
    check_registers(IP + 3, 0, 0xE1E20400, 0x606);
    begin();
    state.ecx = 0x10002;                                 /* more than 16 bits of them */
    state.esi = 0x400;
    monitor.string_max = 2;
    CHECK_EQUAL(RUN(0x67, 0xF3, 0x6E), MONITOR_AGAIN);
    check_registers(IP, 0x10000, 0x402, 0xF1F20600);
    begin();
    CHECK_EQUAL(RUN(0x67, 0x6E), MONITOR_FAULT);         /* E1E20400 is behind the segment */
    CHECK(memcmp(&state, &before, sizeof state) == 0);
    CHECK_EQUAL(world_log_count, 0);
    begin();
    state.edi = 0xFFFF;
    state.ecx = 2;
    CHECK_EQUAL(RUN(0x67, 0xF3, 0x6C), MONITOR_AGAIN);   /* one is left, and that is behind it */
    check_registers(IP, 1, 0xE1E20400, 0x10000);
    state.edi = 0x10000;
    CHECK_EQUAL(RUN(0x67, 0xF3, 0x6C), MONITOR_FAULT);
    CHECK_EQUAL(monitor.address, 0x50000);
}

/* ---- Ends ---- */

static void indices_wrap_between_elements(void)
{
    begin();
    state.edi = 0xF1F2FFFE;
    CHECK_EQUAL(RUN(0xF3, 0x6C), MONITOR_GOES_ON);
    CHECK_EQUAL(element(0x4FFFE, 2), (world_port_value(0) & 0xFF) | (world_port_value(1) & 0xFF) << 8);
    CHECK_EQUAL(element(0x40000, 1), world_port_value(2) & 0xFF);
    check_registers(IP + 2, 0xC1C20000, 0xE1E20400, 0xF1F20003);
    begin();
    state.esi = 0xE1E20002;
    state.eflags |= DF;
    CHECK_EQUAL(RUN(0xF3, 0x6F), MONITOR_GOES_ON);
    CHECK_EQUAL(world_log[2].value, element(0x3FFFE, 2));
    check_registers(IP + 2, 0xC1C20000, 0xE1E2FFF8, 0xF1F20600);
}

static void elements_across_the_end_are_mistakes(void)
{
    begin();
    state.edi = 0xFFFD;
    CHECK_EQUAL(RUN(0xF3, 0x6D), MONITOR_AGAIN);         /* one fits */
    check_registers(IP, 0xC1C20004, 0xE1E20400, 0xFFFF);
    CHECK_EQUAL(world_log_count, 1);
    state.edi = 0xFFFF;
    CHECK_EQUAL(RUN(0xF3, 0x6D), MONITOR_FAULT);
    CHECK_EQUAL(monitor.address, 0x4FFFF);
    CHECK(memcmp(&state, &before, sizeof state) == 0);
    CHECK_EQUAL(world_log_count, 1);
    state.esi = 0xFFFD;
    CHECK_EQUAL(RUN(0x66, 0x6F), MONITOR_FAULT);
    CHECK_EQUAL(world_log_count, 1);
}

static void ports_are_left_alone_where_memory_is_missing(void)
{
    begin();
    state.edi = 0xFFE;
    world_pages[0x41] = WORLD_READ_ONLY;
    CHECK_EQUAL(RUN(0xF3, 0x6C), MONITOR_AGAIN);
    CHECK_EQUAL(world_log_count, 2);
    check_registers(IP, 0xC1C20003, 0xE1E20400, 0x1000);
    state.edi = 0x1000;
    CHECK_EQUAL(RUN(0xF3, 0x6C), MONITOR_FAULT);
    CHECK_EQUAL(monitor.address, 0x41000);
    CHECK(memcmp(&state, &before, sizeof state) == 0);
    CHECK_EQUAL(world_log_count, 2);
    world_pages[0x30] = WORLD_MISSING;
    CHECK_EQUAL(RUN(0x6E), MONITOR_FAULT);
    CHECK_EQUAL(monitor.address, 0x30400);
    CHECK_EQUAL(world_log_count, 2);
}

/* ---- How much at a time ---- */

static void batches_come_one_after_another(void)
{
    begin();
    state.ecx = 0xC1C20000 | 1200;
    CHECK_EQUAL(RUN(0xF3, 0x6E), MONITOR_AGAIN);
    check_registers(IP, 0xC1C20000 | 688, 0xE1E20600, 0xF1F20600);
    state.ecx = 688;
    state.esi = 0x600;
    CHECK_EQUAL(monitor_emulate(&monitor, &state), MONITOR_AGAIN);
    CHECK_EQUAL(monitor_emulate(&monitor, &state), MONITOR_GOES_ON);
    check_elements(0x30400, 1, 1200, false, false);
    CHECK_EQUAL(state.ecx, 0);
    begin();
    monitor.string_max = 5;
    CHECK_EQUAL(RUN(0xF3, 0x6E), MONITOR_GOES_ON);
    check_registers(IP + 2, 0xC1C20000, 0xE1E20405, 0xF1F20600);
    monitor.string_max = 4;
    CHECK_EQUAL(RUN(0xF3, 0x6E), MONITOR_AGAIN);
    check_registers(IP, 0xC1C20001, 0xE1E20404, 0xF1F20600);
}

static void trap_flag_comes_after_each_element(void)
{
    begin();
    state.eflags |= TF;
    CHECK_EQUAL(RUN(0xF3, 0x6E), MONITOR_AGAIN);
    CHECK(monitor.single_step);
    CHECK_EQUAL(world_log_count, 1);
    check_registers(IP, 0xC1C20004, 0xE1E20401, 0xF1F20600);
}

static const struct test tests[] = {
    TEST(one_element_leaves_the_count_alone),
    TEST(rep_does_all_of_each_width),
    TEST(rep_of_nothing_does_nothing),
    TEST(outs_takes_any_segment_and_ins_none),
    TEST(wide_addresses_use_whole_registers),
    TEST(indices_wrap_between_elements),
    TEST(elements_across_the_end_are_mistakes),
    TEST(ports_are_left_alone_where_memory_is_missing),
    TEST(batches_come_one_after_another),
    TEST(trap_flag_comes_after_each_element),
};
TEST_MAIN(tests)
