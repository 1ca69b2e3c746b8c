/*
 * States of VM86 mode in memory that others have, too, that is freed, or that the 16-bit code itself can write to: whatever stands in them, and
 * whosever they become, nobody suffers but who is in the mode.
 */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "dice.h"
#include "files.h"
#include "peer.h"
#include "real_code.h"
#include "vm86_code.h"

#define STACK_BYTES 8192U
#define SCRIBBLED_MS 100U
#define PATTERN_PAGES 100U
#define PATIENCE_MS 1000U
#define SPIN 60000U

static struct vm86_state state __attribute__((aligned(128)));

enum { COUNT_16, STOP };             /* words of vm86_count */

/* ---- What is not in it ---- */

static uint32_t pattern_new(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(PATTERN_PAGES, 0, &address));
    for (uint32_t i = 0; i < PATTERN_PAGES * PAGE_SIZE / 4; i++) {
        ((uint32_t *)address)[i] = i * 2654435761U;
    }
    return address;
}

static void pattern_expect(uint32_t address)
{
    for (uint32_t i = 0; i < PATTERN_PAGES * PAGE_SIZE / 4; i++) {
        if (((const uint32_t *)address)[i] != i * 2654435761U) {
            EXPECT_NOT("word %u of other memory has changed", i);
        }
    }
    EXPECT_OK(memory_free(address, PATTERN_PAGES));
}

/* ---- Shared ---- */

/* A page that this process, as a call's server, is given or shares. */
static uint32_t take_page(uint32_t *call_out)
{
    struct event event;
    uint32_t address;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(message_take_pages(event.id, &address));
    *call_out = event.id;
    return address;
}

static void answer(uint32_t call)
{
    EXPECT_OK(message_reply(call, &(struct message){ 0 }));
}

static void hand_page(process_id_t to, uint32_t page, uint32_t flags)
{
    struct message message = { .pages = (void *)page, .page_count = 1, .page_flags = flags };
    struct reply reply = { 0 };

    EXPECT_OK(message_call(to, &message, &reply));
}

/* Flips bits of a page that it shares, and writes words to it, for ever: one to three whenever the other has run. Arguments: seed; first word, how many. */
static void vm86_scribbler(int argc, char **argv)
{
    struct dice dice = { test_number(argv[argc - 3]) * 2654435761U | 1 };
    uint32_t first = test_number(argv[argc - 2]), words = test_number(argv[argc - 1]);
    uint32_t call;
    volatile uint32_t *page = (volatile uint32_t *)take_page(&call);

    answer(call);
    for (;;) {
        for (uint32_t left = 1 + dice_throw(&dice, 3); left > 0; left--) {
            uint32_t word = first + dice_throw(&dice, words);

            page[word] = dice_throw(&dice, 2) == 0 ? page[word] ^ 1U << dice_throw(&dice, 32) : dice_throw(&dice, UINT32_MAX);
        }
        EXPECT_OK(thread_yield());
    }
}

static _Noreturn void run_for_ever(uint32_t page)
{
    VM86_AT_HAND(&state, vm86_spin);
    state.edx = SPIN;
    state.ticks = 2;
    EXPECT_OK(vm86_set_up(page));
    vm86_endless((struct vm86_state *)page, &state);
}

/* Argument: with whom it shares its state; 0: with whom calls it. */
static void vm86_sharer(int argc, char **argv)
{
    process_id_t other = test_number(argv[argc - 1]);
    uint32_t page, call;

    if (other == 0) {
        page = take_page(&call);
        answer(call);
    } else {
        EXPECT_OK(memory_allocate(1, 0, &page));
        hand_page(other, page, PAGES_SHARE_WRITABLE);
    }
    run_for_ever(page);
}

static process_id_t start_sharer(process_id_t other)
{
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &real_access, "vm86_sharer", &id, test_digits(other).text, NULL));
    return id;
}

static nanoseconds_t time_of(process_id_t id)
{
    struct process_information information = { 0 };

    (void)process_information(id, &information);
    return information.cpu_ns;
}

/* is_lost: somebody has changed where it goes on outside: it falls, or finds one of its own ways to end. */
static void expect_ends(process_id_t id, bool is_lost)
{
    (void)process_terminate(id, 0);
    uint32_t code = test_wait_exit(id);
    uint32_t kind = code & ~EXIT_OWN_MASK;
    if (code != EXIT_TERMINATED && !(is_lost && (kind == EXIT_FAULT || kind == 0))) {
        EXPECT_NOT("exit code 0x%x", code);
    }
}

static void scribble_over(uint32_t seed, uint32_t first, uint32_t words)
{
    uint32_t pattern = pattern_new();
    process_id_t scribbler;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_scribbler", &scribbler, test_digits(seed).text, test_digits(first).text, test_digits(words).text, NULL));
    process_id_t sharer = start_sharer(scribbler);
    clock_sleep(SCRIBBLED_MS * MILLISECOND);
    expect_ends(sharer, true);
    expect_ends(scribbler, false);
    pattern_expect(pattern);
}

#define WORD(field) (offsetof(struct vm86_state, field) / sizeof(uint32_t))

/* All of it; all but where it goes on outside; its flags alone, so that the code runs on with them. */
static void state_that_another_process_scribbles_over_costs_its_owner_alone(void)
{
    for (uint32_t seed = 1; seed <= 2; seed++) {
        scribble_over(seed, 0, sizeof(struct vm86_state) / sizeof(uint32_t));
        scribble_over(seed, 0, WORD(return_eip));
        scribble_over(seed, WORD(eflags), 1);
    }
}

/* Each goes on with registers of the other's. */
static void two_processes_on_one_state_harm_nobody_else(void)
{
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t pattern = pattern_new();
        process_id_t first = start_sharer(0), second = start_sharer(first);

        clock_sleep(SCRIBBLED_MS * MILLISECOND);
        EXPECT(time_of(first) > 0 && time_of(second) > 0);
        expect_ends(i % 2 == 0 ? first : second, false);         /* the other has the page alone */
        clock_sleep(SCRIBBLED_MS / 4 * MILLISECOND);
        expect_ends(i % 2 == 0 ? second : first, false);
        pattern_expect(pattern);
    }
}

/* ---- Given, freed, replaced ---- */

static volatile bool is_out;

/* Counts in the mode with its state in a page that vm86_data does not lie in, and comes out right. */
static void count_in_mode(void *page)
{
    struct vm86_state *its_state = page;

    EXPECT_OK(vm86_set_up((uint32_t)its_state));
    *its_state = state;
    EXPECT_OK(vm86_run(its_state));
    is_out = true;
}

static void wait_for_counts(uint32_t count)
{
    for (uint32_t ms = 0; count > 0; ms++) {
        uint32_t before = vm86_data[COUNT_16];

        clock_sleep(MILLISECOND);
        count -= vm86_data[COUNT_16] != before;
        EXPECT(ms < PATIENCE_MS);
    }
}

static thread_id_t start_counting(uint32_t page)
{
    thread_id_t thread;

    VM86_AT_HAND(&state, vm86_count);
    is_out = false;
    EXPECT_OK(thread_start(count_in_mode, (void *)page, STACK_BYTES, &thread));
    wait_for_counts(1);
    return thread;
}

static void expect_comes_out(void)
{
    vm86_data[STOP] = 1;
    for (uint32_t ms = 0; !is_out; ms++) {
        EXPECT(ms < PATIENCE_MS);
        clock_sleep(MILLISECOND);
    }
}

/* It is freed, or has another in its place: the thread goes on with the frame that it was, which is nobody else's meanwhile. */
static void memory_of_a_state_that_goes_away_in_the_mode_is_kept_for_it(void)
{
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t page;

        EXPECT_OK(memory_allocate(1, 0, &page));
        thread_id_t thread = start_counting(page);
        EXPECT_OK(memory_free(page, 1));
        uint32_t pattern = pattern_new();
        wait_for_counts(5);
        if (i % 2 == 0) {
            expect_comes_out();
        } else {
            EXPECT_OK(thread_end(thread));
        }
        pattern_expect(pattern);
    }
}

/* Gives its parent a page, or shares one with it, and ends. Argument: flags. */
static void vm86_giver(int argc, char **argv)
{
    uint32_t page;

    EXPECT_OK(memory_allocate(1, 0, &page));
    hand_page(process_page()->parent, page, test_number(argv[argc - 1]));
}

static void memory_that_another_process_gave_holds_a_state_when_that_has_ended(void)
{
    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        process_id_t giver;
        uint32_t call;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vm86_giver", &giver, test_digits(flags).text, NULL));
        uint32_t page = take_page(&call);
        if (flags == PAGES_SHARE) {              /* to be read */
            EXPECT_STATUS(BAD_ADDRESS, vm86_set_up(page));
            answer(call);
            EXPECT_EQUAL(0, test_wait_exit(giver));
        } else {
            (void)start_counting(page);
            answer(call);
            EXPECT_EQUAL(0, test_wait_exit(giver));
            wait_for_counts(3);
            expect_comes_out();
            const struct vm86_state *after = (const struct vm86_state *)page;
            EXPECT(after->reason == VM86_GENERAL_PROTECTION && after->eip == (uint32_t)(vm86_count_hlt - vm86_count));
            EXPECT(after->eax == vm86_data[COUNT_16] && after->ebx == state.ebx && after->esp == state.esp && after->ebp == state.ebp);
        }
        EXPECT_OK(memory_free(page, 1));
    }
}

/* Gives its parent a page with a state in it, while a thread is in the mode with it; then when there is none. */
static void vm86_giver_of_its_state(int argc, char **argv)
{
    struct reply reply = { 0 };
    uint32_t page;
    (void)argc;
    (void)argv;

    EXPECT_OK(memory_allocate(1, 0, &page));
    thread_id_t thread = start_counting(page);
    struct message message = { .pages = (void *)page, .page_count = 1, .page_flags = PAGES_GIVE };
    EXPECT_STATUS(BAD_ADDRESS, message_call(process_page()->parent, &message, &reply));
    wait_for_counts(2);
    EXPECT_OK(thread_end(thread));
    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
    EXPECT_STATUS(BAD_ARGUMENT, memory_free(page, 1));       /* it has gone */
}

/* The kernel would go on writing a thread's registers to it, and reading them from it. */
static void memory_of_a_state_is_not_given_away(void)
{
    struct event event;
    process_id_t giver;
    uint32_t page, call;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_giver_of_its_state", &giver, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_STATUS(DISCARDED, message_take_pages(event.id, &page));
    page = take_page(&call);
    answer(call);
    EXPECT_EQUAL(0, test_wait_exit(giver));
    EXPECT_OK(memory_free(page, 1));
}

/* ---- Its own ---- */

/* Its state lies in the first megabyte, and 16-bit code overwrites all of it: the place where the thread goes on, too. */
static void vm86_spoiler(int argc, char **argv)
{
    struct vm86_state *inside = (struct vm86_state *)(VM86_DATA_SEGMENT << 4);
    (void)argc;
    (void)argv;

    VM86_AT_HAND(&state, vm86_spoil_state);
    state.es = VM86_DATA_SEGMENT;
    state.edx = SPIN;
    EXPECT_OK(vm86_set_up((uint32_t)inside));
    *inside = state;
    (void)vm86_run(inside);
    EXPECT_NOT("it came back");
}

static void state_that_the_code_itself_overwrites_costs_its_process_alone(void)
{
    for (uint32_t i = 0; i < 5; i++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_spoiler", &id, NULL));
        EXPECT_EQUAL(EXIT_FAULT | VM86_PAGE_FAULT, test_wait_exit(id));
    }
}

const struct test vm86_states_tests[] = {
    TEST(CLASS_DRIVER, state_that_another_process_scribbles_over_costs_its_owner_alone),
    TEST(CLASS_DRIVER, two_processes_on_one_state_harm_nobody_else),
    TEST(CLASS_DRIVER, memory_of_a_state_that_goes_away_in_the_mode_is_kept_for_it),
    TEST(CLASS_DRIVER, memory_that_another_process_gave_holds_a_state_when_that_has_ended),
    TEST(CLASS_DRIVER, memory_of_a_state_is_not_given_away),
    TEST(CLASS_DRIVER, state_that_the_code_itself_overwrites_costs_its_process_alone),
};
const uint32_t vm86_states_test_count = COUNT(vm86_states_tests);
const struct role vm86_states_roles[] = { ROLE(vm86_scribbler), ROLE(vm86_sharer), ROLE(vm86_giver), ROLE(vm86_giver_of_its_state), ROLE(vm86_spoiler) };
const uint32_t vm86_states_role_count = COUNT(vm86_states_roles);
