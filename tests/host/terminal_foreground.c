/* Who has the foreground of a terminal, among processes that start others and end; for whom Ctrl+C is; and the modes that go with it. */
#include "servers/terminal/foreground.h"

#include <stdio.h>
#include <string.h>

#include "servers/terminal/modes.h"
#include "test.h"

#define PROCESSES 32U

enum { KERNEL, INIT, SHELL, CAT, SCRIPT, IN_SCRIPT, INNER, INNER_CAT, BACKGROUND, STRANGER, MORE };

static process_id_t parents[PROCESSES];
static bool has_ended[PROCESSES];
static process_id_t ends_when_walked;    /* its children are its parent's then */
static struct terminal terminal;
static struct foregrounds *const all = &terminal.foregrounds;

static void end(process_id_t process)
{
    has_ended[process] = true;
    for (uint32_t i = 0; i < PROCESSES; i++) {
        parents[i] = parents[i] == process ? parents[process] : parents[i];
    }
}

status_t foreground_parent(process_id_t process, process_id_t *parent_out)
{
    if (has_ended[process]) {
        return BAD_ID;
    }
    *parent_out = parents[process];
    if (ends_when_walked != 0 && ends_when_walked == parents[process]) {
        end(ends_when_walked);
        ends_when_walked = 0;
    }
    return OK;
}

void condition_signal(struct condition *condition)
{
    (void)condition;
}

static void start(void)
{
    static const process_id_t usual[PROCESSES] = {
        [SHELL] = INIT, [CAT] = SHELL, [SCRIPT] = SHELL, [IN_SCRIPT] = SCRIPT, [INNER] = SHELL, [INNER_CAT] = INNER, [BACKGROUND] = SHELL, [STRANGER] = INIT,
    };

    memcpy(parents, usual, sizeof parents);
    memset(has_ended, 0, sizeof has_ended);
    ends_when_walked = 0;
    terminal = (struct terminal){ 0 };
}

static void name(process_id_t namer, process_id_t process)
{
    CHECK(foregrounds_name(all, namer, namer == SHELL, &process, process != 0));
}

static void take_keys(process_id_t process)
{
    foregrounds_find(all, process)->takes_keys = true;
}

/* These have the foreground, up to a 0, and nobody else. */
static void expect(const char *file, int line, const process_id_t *expected)
{
    for (process_id_t process = SHELL; process < MORE; process++) {
        bool is_expected = false;

        for (const process_id_t *one = expected; *one != 0; one++) {
            is_expected |= *one == process;
        }
        if (!has_ended[process] && foregrounds_have(all, process) != is_expected) {
            test_fail(file, line, "process %u has the foreground: %d", process, !is_expected);
        }
    }
}
#define EXPECT(...) expect(__FILE__, __LINE__, (const process_id_t[]){ __VA_ARGS__, 0 })

static void everybody_has_it_until_the_owner_says_who(void)
{
    start();
    EXPECT(SHELL, CAT, SCRIPT, IN_SCRIPT, INNER, INNER_CAT, BACKGROUND, STRANGER);
    name(SHELL, 0);
    EXPECT(SHELL);
}

static void job_has_it_with_all_that_it_starts(void)
{
    start();
    name(SHELL, SCRIPT);
    EXPECT(SCRIPT, IN_SCRIPT);
    CHECK(foregrounds_name(all, SHELL, true, (const process_id_t[]){ CAT, SCRIPT }, 2));
    EXPECT(CAT, SCRIPT, IN_SCRIPT);
    name(SHELL, 0);
    EXPECT(SHELL);
}

static void shell_in_a_shell_gives_what_it_has(void)
{
    start();
    name(SHELL, INNER);
    EXPECT(INNER, INNER_CAT);
    name(INNER, INNER_CAT);
    EXPECT(INNER_CAT);
    name(INNER, 0);
    EXPECT(INNER);
    name(SHELL, 0);
    name(INNER, INNER_CAT);
    EXPECT(SHELL);
    name(INNER, CAT);
    EXPECT(SHELL);
    name(SHELL, INNER);
    name(INNER, INNER_CAT);
    CHECK(foregrounds_forget(all, INNER));
    EXPECT(INNER, INNER_CAT);
}

static void what_a_process_leaves_behind_has_it_no_more(void)
{
    start();
    name(SHELL, SCRIPT);
    end(SCRIPT);
    CHECK_EQUAL(parents[IN_SCRIPT], SHELL);
    EXPECT(0);
    end(SHELL);
    CHECK(!foregrounds_forget(all, SHELL));
    EXPECT(0);
}

static void ancestor_that_ends_meanwhile_is_walked_around(void)
{
    start();
    parents[MORE] = IN_SCRIPT;
    name(SHELL, SCRIPT);
    ends_when_walked = IN_SCRIPT;
    CHECK(foregrounds_have(all, MORE));
    CHECK_EQUAL(parents[MORE], SCRIPT);
    CHECK(has_ended[IN_SCRIPT]);
    end(MORE);
    CHECK(!foregrounds_have(all, MORE));
}

static void keys_are_for_the_innermost_that_takes_them(void)
{
    start();
    CHECK_EQUAL(foregrounds_taker(all), 0);
    name(SHELL, INNER);
    CHECK_EQUAL(foregrounds_taker(all), 0);
    take_keys(SHELL);
    CHECK_EQUAL(foregrounds_taker(all), SHELL);
    name(INNER, INNER_CAT);
    CHECK_EQUAL(foregrounds_taker(all), SHELL);
    take_keys(INNER);
    CHECK_EQUAL(foregrounds_taker(all), INNER);
    name(SHELL, CAT);
    CHECK_EQUAL(foregrounds_taker(all), SHELL);
    name(SHELL, INNER);
    CHECK(foregrounds_forget(all, INNER));
    CHECK_EQUAL(foregrounds_taker(all), SHELL);
}

static void too_many_that_name_leave_room_for_the_owner(void)
{
    process_id_t process = MORE;

    start();
    for (uint32_t i = 0; i < FOREGROUNDS_MAX; i++) {
        CHECK(foregrounds_name(all, process++, false, NULL, 0));
    }
    CHECK(!foregrounds_name(all, process, false, NULL, 0));
    CHECK(foregrounds_name(all, MORE, false, (const process_id_t[]){ CAT }, 1));
    CHECK(foregrounds_name(all, SHELL, true, NULL, 0));
    CHECK(foregrounds_forget(all, MORE));
    CHECK(foregrounds_name(all, process, false, NULL, 0));
    EXPECT(SHELL);
}

static void mode_goes_and_comes_with_the_foreground(void)
{
    start();
    name(SHELL, CAT);
    modes_set(&terminal, CAT, TERMINAL_RAW | TERMINAL_RAW_KEYS);
    modes_follow(&terminal);
    CHECK_EQUAL(modes_of(&terminal, CAT), TERMINAL_RAW | TERMINAL_RAW_KEYS);
    CHECK_EQUAL(modes_of(&terminal, BACKGROUND), 0);
    discipline_take(&terminal.discipline, &terminal.output, 26);
    name(SHELL, 0);
    modes_follow(&terminal);
    CHECK_EQUAL(terminal.discipline.mode, 0);
    CHECK_EQUAL(terminal.discipline.key, TERMINAL_SUSPEND);
    modes_set(&terminal, SHELL, TERMINAL_RAW);
    CHECK_EQUAL(modes_of(&terminal, CAT), TERMINAL_RAW | TERMINAL_RAW_KEYS);
    modes_set(&terminal, SHELL, 0);
    name(SHELL, CAT);
    modes_follow(&terminal);
    CHECK_EQUAL(terminal.discipline.mode, TERMINAL_RAW | TERMINAL_RAW_KEYS);
    CHECK_EQUAL(terminal.mode_setter, CAT);
    name(SHELL, 0);
    modes_follow(&terminal);
    modes_forget(&terminal, CAT);
    name(SHELL, CAT);
    modes_follow(&terminal);
    CHECK_EQUAL(terminal.discipline.mode, 0);
}

static void many_modes_that_wait_push_out_the_oldest(void)
{
    start();
    for (process_id_t process = MORE; process < MORE + SET_ASIDE_MAX + 1; process++) {
        parents[process] = SHELL;
        name(SHELL, process);
        modes_set(&terminal, process, TERMINAL_RAW);
        name(SHELL, 0);
        modes_follow(&terminal);
    }
    CHECK_EQUAL(modes_of(&terminal, MORE), 0);
    CHECK_EQUAL(modes_of(&terminal, MORE + 1), TERMINAL_RAW);
    CHECK_EQUAL(modes_of(&terminal, MORE + SET_ASIDE_MAX), TERMINAL_RAW);
}

static const struct test tests[] = {
    TEST(everybody_has_it_until_the_owner_says_who),
    TEST(job_has_it_with_all_that_it_starts),
    TEST(shell_in_a_shell_gives_what_it_has),
    TEST(what_a_process_leaves_behind_has_it_no_more),
    TEST(ancestor_that_ends_meanwhile_is_walked_around),
    TEST(keys_are_for_the_innermost_that_takes_them),
    TEST(too_many_that_name_leave_room_for_the_owner),
    TEST(mode_goes_and_comes_with_the_foreground),
    TEST(many_modes_that_wait_push_out_the_oldest),
};

TEST_MAIN(tests)
