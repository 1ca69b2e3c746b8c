/*
 * The processor's state and calls: registers, flags, segments and FPU of one process never reach the other, however they
 * switch to each other, and nothing that one of them loads hurts the other.
 */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "call_state.h"
#include "files.h"
#include "peer.h"
#include "processor_state.h"

#define FLAGS_ARITHMETIC 0x000008D5U
#define FLAGS_SPECIAL (FLAG_TRAP | FLAG_DIRECTION | FLAG_IO_PRIVILEGE | FLAG_NESTED_TASK | FLAG_VM86 | FLAG_ALIGNMENT \
                       | FLAG_ID)
#define PAGE_AND_INT 2U          /* ways that every machine has */

static process_id_t start(const char *role, uint32_t first, uint32_t second, uint32_t third)
{
    process_id_t id;

    EXPECT_OK(test_spawn(process_page()->class, role, &id, test_digits(first).text, test_digits(second).text,
                         test_digits(third).text, NULL));
    return id;
}

/* SYSENTER and a call through the page lose ECX and EDX: to where the process goes on, not to what the kernel had there. */
static void expect_no_kernel_address(enum call_way way, const struct call_state *state, uint32_t edx_before)
{
    EXPECT(state->ecx < USER_END);
    if (way == CALL_BY_INT || !cpu_has(CPU_SYSENTER)) {
        EXPECT_EQUAL(edx_before, state->edx);
    } else {
        EXPECT(state->edx < USER_END);
    }
}

/* What the process finds in its flags behind a call that it made with these: its own, or, behind SYSENTER, none. (QEMU 7.2 lets any process set VIF and VIP.) */
static void expect_own_flags(enum call_way way, uint32_t before, uint32_t behind)
{
    behind &= ~FLAG_VIRTUAL_INTERRUPT;
    if (way == CALL_BY_INT || !cpu_has(CPU_SYSENTER)) {
        EXPECT_EQUAL(before, behind);
    } else {
        EXPECT_EQUAL(FLAG_INTERRUPT, behind & FLAG_INTERRUPT);
        EXPECT_EQUAL(0, behind & FLAGS_SPECIAL & ~before);
    }
}

/* ---- Flags and segments ---- */

/* A server of its own flags and segments. Arguments: the way, flags, selector for DS and ES. */
static void processor_server(int argc, char **argv)
{
    enum call_way way = test_number(argv[1]);
    uint32_t flags = test_number(argv[2]);
    struct words words = { { 0 } };
    struct event event;
    message_id_t call = 0;
    (void)argc;

    for (;;) {
        struct call_state state = call_state_reply_wait(call, &words, &event);

        state.flags = flags;
        state.data_segments = test_number(argv[3]);
        state.fs = state.gs = state.data_segments;
        state_call(&state, way);
        expect_own_flags(way, flags, state.flags);
        expect_no_kernel_address(way, &state, words.word[0]);
        call = state.ebx;
        if ((call & CALL_IN_REGISTERS) == 0) {
            EXPECT_EQUAL(PEER_QUIT, event.words[0]);
            return;
        }
        words = call_state_question(&state);
        words = words_answered(&words);
    }
}

static void call_with_state(enum call_way way, process_id_t server, uint32_t flags, uint32_t selector)
{
    struct words words = words_of(flags + selector);
    struct words expected = words_answered(&words);
    struct call_state state = call_state_words(server, &words);

    state.flags = flags;
    state.data_segments = selector;
    state.fs = state.gs = selector;
    state_call(&state, way);
    EXPECT_OK(state.eax);
    expect_no_kernel_address(way, &state, words.word[0]);
    words = call_state_answer(&state);
    EXPECT_WORDS(&expected, &words);
    if ((flags & FLAG_TRAP) == 0) {
        expect_own_flags(way, flags, state.flags);
    }
}

/* What a process can set, but for the trap flag. */
static const uint32_t flag_sets[] = {
    FLAGS_USUAL, FLAGS_USUAL | FLAGS_ARITHMETIC, FLAGS_USUAL | FLAG_DIRECTION, FLAGS_USUAL | FLAG_NESTED_TASK,
    FLAGS_USUAL | FLAG_ALIGNMENT,
    FLAGS_USUAL | FLAGS_ARITHMETIC | FLAG_DIRECTION | FLAG_NESTED_TASK | FLAG_ALIGNMENT,
};

static const uint32_t selectors[] = { USER_DATA_SELECTOR, 0, 3, USER_CODE_SELECTOR };

static void call_with_all_flags(process_id_t server)
{
    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        for (uint32_t i = 0; call_way_is_there(way) && i < COUNT(flag_sets) * 2; i++) {
            call_with_state(way, server, flag_sets[i % COUNT(flag_sets)], USER_DATA_SELECTOR);
        }
    }
}

static void flags_of_caller_and_server_stay_their_own(void)
{
    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        for (uint32_t i = 0; call_way_is_there(way) && i < COUNT(flag_sets); i++) {
            process_id_t server = start("processor_server", way, flag_sets[i], USER_DATA_SELECTOR);

            call_with_all_flags(server);
            peer_quit(server);
        }
    }
}

/* It strikes in the kernel, between two processes, and goes no further. */
static void trap_flag_of_a_caller_reaches_nobody(void)
{
    if (!cpu_has(CPU_SYSENTER)) {
        return;
    }
    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        process_id_t server = start("processor_server", way, FLAGS_USUAL, USER_DATA_SELECTOR);

        for (uint32_t i = 0; i < 20; i++) {
            call_with_state(CALL_BY_SYSENTER, server, FLAGS_USUAL | FLAG_TRAP | (i % 2 == 0 ? FLAG_NESTED_TASK : 0),
                            USER_DATA_SELECTOR);
        }
        peer_quit(server);
        server = start("processor_server", CALL_BY_SYSENTER, FLAGS_USUAL | FLAG_TRAP, USER_DATA_SELECTOR);
        for (uint32_t i = 0; i < 20; i++) {
            call_with_state(way, server, FLAGS_USUAL, USER_DATA_SELECTOR);
        }
        peer_quit(server);
    }
}

static void segments_of_one_side_do_not_hurt_the_other(void)
{
    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        for (uint32_t i = 0; call_way_is_there(way) && i < COUNT(selectors); i++) {
            process_id_t server = start("processor_server", way, FLAGS_USUAL, selectors[i]);

            for (uint32_t k = 0; k < COUNT(selectors) * CALL_WAYS * 2; k++) {
                if (call_way_is_there(k % CALL_WAYS)) {
                    call_with_state(k % CALL_WAYS, server, flag_sets[k % COUNT(flag_sets)], selectors[k / CALL_WAYS % COUNT(selectors)]);
                }
            }
            peer_quit(server);
        }
    }
}

/* ---- FPU ---- */

static bool fpu_and_sse_are_filled(uint32_t seed)
{
    bool sse = cpu_has(CPU_FXSR) && sse_is_there();

    return fpu_is_filled(seed) && (!sse || sse_is_filled(seed * 3));
}

static void fpu_and_sse_fill(uint32_t seed)
{
    fpu_fill(seed);
    if (cpu_has(CPU_FXSR) && sse_is_there()) {
        sse_fill(seed * 3);
    }
}

/* Has the FPU's registers full over every wait. Arguments: the way, how often it uses them, seed. */
static void processor_fpu_server(int argc, char **argv)
{
    enum call_way way = test_number(argv[1]);
    uint32_t often = test_number(argv[2]);
    uint32_t seed = test_number(argv[3]);
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;

    for (uint32_t i = 0;; i++) {
        bool uses = often != 0 && i % often == 0;

        if (uses) {
            fpu_and_sse_fill(seed + i);
        }
        call = message_reply_wait_words_by(way, call, &words, &event);
        if (uses && !fpu_and_sse_are_filled(seed + i)) {
            EXPECT_NOT("the server's registers have changed in call %u", i);
        }
        if (call == 0) {
            EXPECT_EQUAL(PEER_QUIT, event.words[0]);
            return;
        }
        words = words_answered(&words);
    }
}

static void expect_fpu_is_kept(process_id_t server, enum call_way way, uint32_t calls, uint32_t often)
{
    for (uint32_t i = 0; i < calls; i++) {
        struct words words = words_of(i);
        struct words expected = words_answered(&words);
        bool uses = i % often == 0;

        if (uses) {
            fpu_and_sse_fill(i * 5);
        }
        EXPECT_OK(message_call_words_by(way, server, &words));
        EXPECT_WORDS(&expected, &words);
        if (uses && !fpu_and_sse_are_filled(i * 5)) {
            EXPECT_NOT("the caller's registers have changed in call %u", i);
        }
    }
}

static void fpu_of_caller_and_server_stay_their_own(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (enum call_way way = 0; way < PAGE_AND_INT; way++) {
        for (uint32_t often = 0; often < 4; often++) {
            process_id_t server = start("processor_fpu_server", way, often, 100000);

            expect_fpu_is_kept(server, CALL_BY_PAGE, 60, 1);
            expect_fpu_is_kept(server, CALL_BY_PAGE, 60, 3);
            expect_fpu_is_kept(server, CALL_BY_INT, 30, 2);
            peer_quit(server);
        }
    }
}

/* Reads the FPU over each call: nothing of the caller's may be there. */
static void processor_fpu_snoop(int argc, char **argv)
{
    static struct fpu_image image;
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        if (call == 0) {
            EXPECT_EQUAL(PEER_QUIT, event.words[0]);
            return;
        }
        fpu_store(&image);
        for (uint32_t i = 0; i < sizeof image.registers; i++) {
            EXPECT_EQUAL(0, image.registers[i]);
        }
        words = words_answered(&words);
    }
}

static void fpu_of_a_caller_cannot_be_read_by_its_server(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    process_id_t snoop = start("processor_fpu_snoop", 0, 0, 0);
    expect_fpu_is_kept(snoop, CALL_BY_PAGE, 50, 1);
    expect_fpu_is_kept(snoop, CALL_BY_INT, 50, 1);
    peer_quit(snoop);
}

/* Leaves an error in the FPU that strikes at its next instruction, and calls. Argument: whom. */
static void processor_fpu_bomb(int argc, char **argv)
{
    struct words words = { { 0 } };
    (void)argc;

    EXPECT_OK(message_call_words(test_number(argv[1]), &words));
    fpu_fault_later();
    EXPECT_OK(message_call_words(test_number(argv[1]), &words));
    fpu_wait();
}

static void fpu_error_of_a_caller_strikes_the_caller(void)
{
    if (!cpu_has(CPU_FPU)) {
        return;
    }
    for (uint32_t often = 0; often < 2; often++) {
        process_id_t server = start("processor_fpu_server", CALL_BY_PAGE, often, 7);
        process_id_t bomb = start("processor_fpu_bomb", server, 0, 0);

        EXPECT_EQUAL(EXIT_FAULT | 16, test_wait_exit(bomb));
        expect_fpu_is_kept(server, CALL_BY_PAGE, 5, 1);
        peer_quit(server);
    }
}

const struct test call_processor_tests[] = {
    TEST(CLASS_SERVER, flags_of_caller_and_server_stay_their_own),
    TEST(CLASS_SERVER, trap_flag_of_a_caller_reaches_nobody),
    TEST(CLASS_SERVER, segments_of_one_side_do_not_hurt_the_other),
    TEST(CLASS_SERVER, fpu_of_caller_and_server_stay_their_own),
    TEST(CLASS_SERVER, fpu_of_a_caller_cannot_be_read_by_its_server),
    TEST(CLASS_SERVER, fpu_error_of_a_caller_strikes_the_caller),
};
const uint32_t call_processor_test_count = COUNT(call_processor_tests);

const struct role call_processor_roles[] = {
    ROLE(processor_server),
    ROLE(processor_fpu_server),
    ROLE(processor_fpu_snoop),
    ROLE(processor_fpu_bomb),
};
const uint32_t call_processor_role_count = COUNT(call_processor_roles);
