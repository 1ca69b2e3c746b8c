/* Who called whom, from stacks and text made for it. */
#include "backtrace.h"

#include <string.h>

#include "symbol_image.h"
#include "test.h"

#define TEXT IMAGE_TEXT_ADDRESS
#define TEXT_SIZE 0x800U
#define STACK 0x001F0000U            /* lowest address */
#define STACK_WORDS 512U
#define FUNCTION(number) (TEXT + 0x100 * (number))   /* 0 to 7, 0x100 bytes each */
#define STEPS_MAX 600U

/* The process. */
static struct symbol_image image;
static struct symbols symbols;
static uint32_t stack[STACK_WORDS];
static uint32_t top = STACK_WORDS;   /* index of the word pushed last */
static uint32_t eip, ebp;

static bool read(const struct backtrace_memory *memory, uint32_t address, void *to, uint32_t size)
{
    (void)memory;
    if (address >= STACK && address + size <= STACK + sizeof stack && address + size > address) {
        memcpy(to, (uint8_t *)stack + (address - STACK), size);
        return true;
    }
    if (address >= TEXT && address + size <= TEXT + TEXT_SIZE && address + size > address) {
        memcpy(to, symbol_image_text(&image) + (address - TEXT), size);
        return true;
    }
    return false;
}

static const struct backtrace_memory memory = { read };

static void make(void)
{
    static const char *const names[] = { "start", "main", "two", "three", "four", "five", "six", "seven" };

    symbol_image_make(&image, TEXT_SIZE);
    for (uint32_t i = 0; i < 8; i++) {
        symbol_image_add(&image, names[i], FUNCTION(i), 0x100, GLOBAL_FUNCTION);
    }
    CHECK(symbols_open(image.bytes, image.size, &symbols));
}

static uint32_t esp(void)
{
    return STACK + top * 4;
}

static void push(uint32_t word)
{
    CHECK(top > 0);
    stack[--top] = word;
}

/* A direct call that ends at an address. */
static void put_call(uint32_t return_address, uint32_t target)
{
    uint8_t *code = symbol_image_text(&image) + (return_address - TEXT);
    uint32_t distance = target - return_address;

    code[-5] = 0xE8;
    memcpy(code - 4, &distance, 4);
}

/* EIP is in function `from`: it calls `to`, which stands at its beginning then. Returns the return address. */
static uint32_t call(uint32_t from, uint32_t to)
{
    uint32_t return_address = FUNCTION(from) + 0x20 + 8 * to;

    put_call(return_address, FUNCTION(to));
    push(return_address);
    eip = FUNCTION(to);
    return return_address;
}

/* What a function does first, with so many words of its own. */
static void enter(uint32_t words)
{
    push(ebp);
    ebp = esp();
    for (uint32_t i = 0; i < words; i++) {
        push(0xDEAD0000 + i);
    }
    eip += 0x80;
}

static struct backtrace backtrace;

static void begin(void)
{
    backtrace_begin(&backtrace, &memory, &symbols, eip, esp(), ebp);
}

static void expect(uint32_t return_address, bool is_sure)
{
    struct caller caller = { 0 };

    if (!backtrace_next(&backtrace, &caller)) {
        FAIL("no caller 0x%08x", return_address);
    }
    if (caller.return_address != return_address || caller.is_sure != is_sure) {
        FAIL("called from 0x%08x%s, not 0x%08x", caller.return_address, caller.is_sure ? "" : " ?", return_address);
    }
}

static void expect_end(void)
{
    struct caller caller;

    if (backtrace_next(&backtrace, &caller)) {
        FAIL("called from 0x%08x, where there should be none", caller.return_address);
    }
}

/* start calls main, main calls two: all with frames. */
static uint32_t in_main, in_start;

static void go_to_two(void)
{
    make();
    ebp = 0;
    in_start = call(0, 1);
    enter(3);
    in_main = call(1, 2);
}

static void frames_lead_to_callers(void)
{
    go_to_two();
    enter(5);
    begin();
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

static void first_instruction_of_a_function_has_its_caller_on_top(void)
{
    go_to_two();
    begin();
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

static void frame_that_is_half_made_has_its_caller_below_it(void)
{
    go_to_two();
    push(ebp);
    eip += 1;
    begin();
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

/* At its second instruction a function that calls itself has a frame of its own kind above. */
static void recursion_is_not_cut_short(void)
{
    go_to_two();
    enter(2);
    uint32_t again = call(2, 2);
    begin();
    expect(again, true);
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

/* In two, which has a frame: three has none. */
static void expect_found_without_frame(void)
{
    enter(2);
    push(0x1234);
    uint32_t in_two = call(2, 3);
    push(FUNCTION(3) + 0x10);        /* words of its own, one of which looks like text */
    push(7);
    eip += 0x40;
    begin();
    expect(in_two, true);
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

static void function_without_frame_is_found_by_its_call(void)
{
    go_to_two();
    expect_found_without_frame();
}

/* As start_program calls main. */
static void function_without_frame_is_found_where_its_caller_was_called_by_a_pointer(void)
{
    go_to_two();
    memcpy(symbol_image_text(&image) + (in_main - TEXT) - 5, (uint8_t[5]){ 0x90, 0x90, 0x90, 0xFF, 0xD0 }, 5); /* call eax */
    expect_found_without_frame();
}

static void system_call_has_its_caller_on_top(void)
{
    go_to_two();
    enter(0);
    uint32_t in_two = call(2, 3);
    push(5);                         /* the stub saves a register, and calls the system page */
    uint8_t *code = symbol_image_text(&image) + 0x350;
    memcpy(code - 6, "\xFF\x15\x08\xE0\x1F\x00", 6);
    push(FUNCTION(3) + 0x50);
    eip = 0x001FE100;
    begin();
    expect(FUNCTION(3) + 0x50, true);
    expect(in_two, true);
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

static void jump_to_nowhere_has_its_caller_on_top(void)
{
    go_to_two();
    enter(1);
    uint8_t *code = symbol_image_text(&image) + 0x270;
    memcpy(code - 2, "\xFF\xD0", 2);
    push(FUNCTION(2) + 0x70);
    eip = 0;
    begin();
    expect(FUNCTION(2) + 0x70, true);
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

/* main calls two, which ends by a jump to three. */
static void function_that_was_jumped_to_has_the_caller_of_the_one_before(void)
{
    go_to_two();
    eip = FUNCTION(3);
    enter(4);
    begin();
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

/* The frame that the function made leads on, once it is found. */
static void lost_frame_pointer_is_found_again(void)
{
    go_to_two();
    enter(2);
    uint32_t in_two = call(2, 3);
    enter(3);
    ebp = 0x12345678;
    begin();
    expect(in_two, true);
    expect(in_main, true);
    expect(in_start, true);
    expect_end();
}

static void lost_frames_are_searched_for_and_marked(void)
{
    go_to_two();
    ebp = 0;
    enter(2);
    uint32_t in_two = call(2, 3);
    ebp = 0;
    enter(3);
    ebp = 1;
    begin();
    expect(in_two, false);
    expect(in_main, false);
    expect(in_start, false);
    expect_end();
}

static void return_address_that_does_not_fit_is_better_than_none(void)
{
    go_to_two();
    ebp = 0;
    eip = FUNCTION(5) + 0x10;
    push(3);
    begin();
    expect(in_main, false);
    expect(in_start, false);
    expect_end();
}

static void thread_without_a_stack_has_no_callers(void)
{
    go_to_two();
    top = STACK_WORDS;
    ebp = 0;
    begin();
    expect_end();
    backtrace_begin(&backtrace, &memory, &symbols, eip, 0xFFFFFFF0, 0xFFFFFFFF);
    expect_end();
    backtrace_begin(&backtrace, &memory, &symbols, eip, esp() - 3, esp() - 7);
    expect_end();
}

/* The pages of facts lie behind the first thread's stack. */
static void search_ends_at_the_end_of_the_stack(void)
{
    make();
    put_call(FUNCTION(1) + 0x20, FUNCTION(2));
    backtrace_begin(&backtrace, &memory, &symbols, FUNCTION(2) + 0x10, 0x001FE000, 0);
    expect_end();
}

static void without_symbols_frames_are_followed_and_marked(void)
{
    go_to_two();
    enter(1);
    symbols = (struct symbols){ .text_first = TEXT, .text_end = TEXT + TEXT_SIZE };
    begin();
    expect(in_main, false);
    expect(in_start, false);
    expect_end();
}

/* Intel SDM volume 2, table 2-2: every form of `call r/m32`, and what is nearly one. */
static void every_form_of_an_indirect_call_is_known(void)
{
    static const struct {
        uint32_t size;
        uint8_t bytes[8];
        bool is_call;
    } forms[] = {
        { 2, { 0xFF, 0xD0 }, true }, { 2, { 0xFF, 0xD7 }, true }, { 2, { 0xFF, 0x10 }, true }, { 2, { 0xFF, 0x17 }, true },
        { 3, { 0xFF, 0x14, 0x88 }, true }, { 3, { 0xFF, 0x50, 0x08 }, true }, { 3, { 0xFF, 0x55, 0x08 }, true },
        { 4, { 0xFF, 0x54, 0x88, 0x04 }, true }, { 6, { 0xFF, 0x15, 1, 2, 3, 4 }, true }, { 6, { 0xFF, 0x93, 1, 2, 3, 4 }, true },
        { 7, { 0xFF, 0x94, 0x88, 1, 2, 3, 4 }, true }, { 7, { 0xFF, 0x14, 0x85, 1, 2, 3, 4 }, true },
        { 2, { 0xFF, 0xE0 }, false }, { 2, { 0xFF, 0x15 }, false }, { 3, { 0xFF, 0xD0, 0x90 }, false },
        { 2, { 0xFF, 0x14 }, false },
        { 6, { 0xFF, 0x25, 1, 2, 3, 4 }, false }, { 5, { 0xE9, 0, 0, 0, 0 }, false }, { 5, { 0xE8, 0, 0, 0, 0x40 }, false },
        { 3, { 0xFF, 0x14, 0x85 }, false },
    };

    for (uint32_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct caller caller;

        make();
        top = STACK_WORDS;
        memcpy(symbol_image_text(&image) + 0x150 - forms[i].size, forms[i].bytes, forms[i].size);
        push(FUNCTION(1) + 0x50);
        backtrace_begin(&backtrace, &memory, &symbols, 0, esp(), 0);
        if (backtrace_next(&backtrace, &caller) != forms[i].is_call) {
            FAIL("form %u: %s", i, forms[i].is_call ? "not taken for a call" : "taken for a call");
        }
    }
}

static uint32_t random_word(void)
{
    switch (random_below(4)) {
    case 0:
        return TEXT + random_below(TEXT_SIZE + 8);
    case 1:
        return STACK + random_below(sizeof stack + 8);
    case 2:
        return FUNCTION(random_below(8)) + 0x20 + 8 * random_below(8);
    default:
        return random_edgy();
    }
}

/* Whatever text, stack and registers hold: callers lie higher and higher on the stack, and are behind calls. */
static void damaged_memory_ends_every_backtrace(void)
{
    for (uint32_t round = 0; round < 3000; round++) {
        struct caller caller;
        uint32_t steps = 0, before;

        make();
        for (uint32_t i = 0; i < 40; i++) {
            uint32_t from = random_below(8), to = random_below(8);
            put_call(FUNCTION(from) + 0x20 + 8 * to, FUNCTION(to));
        }
        for (uint32_t i = 0; i < random_below(200); i++) {
            symbol_image_text(&image)[random_below(TEXT_SIZE)] = (uint8_t)random_next();
        }
        for (uint32_t i = 0; i < STACK_WORDS; i++) {
            stack[i] = random_word();
        }
        top = random_below(STACK_WORDS);
        eip = random_word();
        ebp = random_word();
        if (random_one_in(8)) {
            symbols.count = 0;
        }
        backtrace_begin(&backtrace, &memory, &symbols, eip, random_one_in(8) ? random_word() : esp(), ebp);
        before = backtrace.esp;
        while (backtrace_next(&backtrace, &caller)) {
            CHECK(backtrace.esp > before);
            CHECK(caller.return_address > TEXT && caller.return_address < TEXT + TEXT_SIZE);
            before = backtrace.esp;
            CHECK(++steps < STEPS_MAX);
        }
    }
}

static const struct test tests[] = {
    TEST(frames_lead_to_callers),
    TEST(first_instruction_of_a_function_has_its_caller_on_top),
    TEST(frame_that_is_half_made_has_its_caller_below_it),
    TEST(recursion_is_not_cut_short),
    TEST(function_without_frame_is_found_by_its_call),
    TEST(function_without_frame_is_found_where_its_caller_was_called_by_a_pointer),
    TEST(system_call_has_its_caller_on_top),
    TEST(jump_to_nowhere_has_its_caller_on_top),
    TEST(function_that_was_jumped_to_has_the_caller_of_the_one_before),
    TEST(lost_frame_pointer_is_found_again),
    TEST(lost_frames_are_searched_for_and_marked),
    TEST(return_address_that_does_not_fit_is_better_than_none),
    TEST(thread_without_a_stack_has_no_callers),
    TEST(search_ends_at_the_end_of_the_stack),
    TEST(without_symbols_frames_are_followed_and_marked),
    TEST(every_form_of_an_indirect_call_is_known),
    TEST(damaged_memory_ends_every_backtrace),
};

TEST_MAIN(tests)
