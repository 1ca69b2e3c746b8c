/*
 * Locks made of address_wait and address_wake, as programs make them: many threads, much contention, and not one wake-up may be lost.
 * Who waits for longer than anybody holds a lock has lost one.
 */
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "dice.h"
#include "files.h"
#include "lock_game.h"
#include "puppet.h"

#define STACK_BYTES 4096U
#define LOST_NS (20 * SECOND)      /* however busy the host is */

static void wait_at(struct game *game, const uint32_t *at, uint32_t expected)
{
    status_t status = address_wait((uint32_t)at, expected, clock_after(LOST_NS));

    if (status == TIMED_OUT) {
        EXPECT_NOT("a wake-up is lost: 0x%x stands at 0x%x, others have finished: %u", *at, (uint32_t)at, game->done);
    }
    EXPECT(status == OK || status == CHANGED);
    (void)__atomic_add_fetch(&game->sleeps, status == OK, __ATOMIC_RELAXED);
}

static void acquire(struct game *game)
{
    uint32_t *state = &game->mutex.state;
    uint32_t found = 0;

    if (__atomic_compare_exchange_n(state, &found, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return;
    }
    while (__atomic_exchange_n(state, 2, __ATOMIC_ACQUIRE) != 0) {
        wait_at(game, state, 2);
    }
}

static void release(struct game *game)
{
    uint32_t woken;

    if (__atomic_exchange_n(&game->mutex.state, 0, __ATOMIC_RELEASE) == 2) {
        EXPECT_OK(address_wake((uint32_t)&game->mutex.state, 1, &woken));
        EXPECT(woken <= 1);
    }
}

/* Adds to the counter; a third of the time somebody else comes in between. */
static void play(struct game *game, uint32_t rounds, uint32_t seed)
{
    struct dice dice = { seed };

    for (uint32_t i = 0; i < rounds; i++) {
        acquire(game);
        uint32_t counter = *(volatile uint32_t *)&game->counter;
        EXPECT_EQUAL(counter, *(volatile uint32_t *)&game->shadow);
        *(volatile uint32_t *)&game->counter = counter + 1;
        if (dice_throw(&dice, 3) == 0) {
            EXPECT_OK(thread_yield());
        }
        *(volatile uint32_t *)&game->shadow = counter + 1;
        release(game);
    }
    (void)__atomic_add_fetch(&game->done, 1, __ATOMIC_RELAXED);
}

static void wait_for_players(const struct game *game, uint32_t players)
{
    while (*(const volatile uint32_t *)&game->done < players) {
        clock_sleep(MILLISECOND);
    }
}

/* ---- One process ---- */

#define THREADS 6U
#define ROUNDS 6000U

static struct game own_game;

static void player(void *seed)
{
    play(&own_game, ROUNDS, (uint32_t)seed);
}

static void no_wake_up_is_lost_among_the_threads_of_a_process(void)
{
    (void)dice_take(51);
    for (uint32_t i = 0; i < THREADS; i++) {
        EXPECT_OK(thread_start(player, (void *)(51 + i), STACK_BYTES, NULL));
    }
    wait_for_players(&own_game, THREADS);
    EXPECT_EQUAL(THREADS * ROUNDS, own_game.counter);
    EXPECT_EQUAL(THREADS * ROUNDS, own_game.shadow);
    EXPECT_EQUAL(0, own_game.mutex.state);
    EXPECT(own_game.sleeps > THREADS * ROUNDS / 10);
}

/* ---- Several ---- */

#define PROCESSES 3U

/* ID and key of a game's memory, rounds, seed. */
static void lock_player(int argc, char **argv)
{
    object_key_t key = (object_key_t)test_number(argv[3]) << 32 | test_number(argv[2]);
    uint32_t address, pages;

    (void)argc;
    EXPECT_OK(shared_join(test_number(argv[1]), key, 0, &address, &pages));
    play((struct game *)address, test_number(argv[4]), test_number(argv[5]));
}

static void start_player(const struct shared_handle *handle, const char *role, uint32_t rounds, uint32_t seed, process_id_t *id_out)
{
    EXPECT_OK(test_spawn(CLASS_APPLICATION, role, id_out, test_digits(handle->id).text, test_digits((uint32_t)handle->key).text,
                         test_digits((uint32_t)(handle->key >> 32)).text, test_digits(rounds).text, test_digits(seed).text, NULL));
}

static void no_wake_up_is_lost_between_processes(void)
{
    process_id_t players[PROCESSES];
    struct shared_handle handle;

    (void)dice_take(61);
    EXPECT_OK(shared_create(1, &handle));
    struct game *game = (struct game *)handle.address;
    game->mutex.state = 2;               /* until all are there */
    for (uint32_t i = 0; i < PROCESSES; i++) {
        start_player(&handle, "lock_player", ROUNDS, 61 + i, &players[i]);
    }
    clock_sleep(50 * MILLISECOND);
    release(game);
    wait_for_players(game, PROCESSES);
    EXPECT_EQUAL(PROCESSES * ROUNDS, game->counter);
    EXPECT_EQUAL(0, game->mutex.state);
    EXPECT(game->sleeps > PROCESSES * ROUNDS / 10);
    for (uint32_t exits = 0; exits < PROCESSES;) {
        struct event event;

        EXPECT_OK(event_wait(&event, clock_after(LOST_NS)));
        EXPECT(event.kind == EVENT_SHARED_RELEASED || event.kind == EVENT_PROCESS_EXITED);
        if (event.kind == EVENT_PROCESS_EXITED) {
            EXPECT_EQUAL(0, event.count);
            exits++;
        }
    }
}

/* ---- A wake-up for each wait ---- */

/* Two who wake each other in turn: `me` is 0 or 1. */
static void ping_pong(struct game *game, uint32_t me, uint32_t rounds)
{
    uint32_t woken;

    for (uint32_t i = 0; i < rounds; i++) {
        while (__atomic_load_n(&game->turn, __ATOMIC_ACQUIRE) != me) {
            wait_at(game, &game->turn, !me);
        }
        game->counter++;
        __atomic_store_n(&game->turn, !me, __ATOMIC_RELEASE);
        EXPECT_OK(address_wake((uint32_t)&game->turn, 1, &woken));
        EXPECT(woken <= 1);
    }
    (void)__atomic_add_fetch(&game->done, 1, __ATOMIC_RELAXED);
}

/* The same arguments; but the last one says whether it is 0 or 1. */
static void lock_partner(int argc, char **argv)
{
    object_key_t key = (object_key_t)test_number(argv[3]) << 32 | test_number(argv[2]);
    uint32_t address, pages;

    (void)argc;
    EXPECT_OK(shared_join(test_number(argv[1]), key, 0, &address, &pages));
    ping_pong((struct game *)address, test_number(argv[5]), test_number(argv[4]));
}

static void processes_that_wake_each_other_never_both_sleep(void)
{
    struct shared_handle handle;
    process_id_t partner;

    EXPECT_OK(shared_create(1, &handle));
    struct game *game = (struct game *)handle.address;
    start_player(&handle, "lock_partner", 20000, 1, &partner);
    ping_pong(game, 0, 20000);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(partner));
    EXPECT_EQUAL(40000, game->counter);
    EXPECT(game->sleeps > 39000);
}

/* Half of them give up after a while: who does not wakes somebody all the same, whenever there is somebody. */
static volatile uint32_t woken_in_time;
static uint32_t gate;

static void impatient(void *seed)
{
    struct dice dice = { (uint32_t)seed };

    for (uint32_t i = 0; i < 150; i++) {
        nanoseconds_t deadline_ns = clock_after(dice_throw(&dice, 4000) * MICROSECOND);
        status_t status = address_wait((uint32_t)&gate, 0, deadline_ns);

        if (status == OK) {
            (void)__atomic_add_fetch(&woken_in_time, 1, __ATOMIC_RELAXED);
        } else {
            EXPECT_STATUS(TIMED_OUT, status);
            EXPECT(clock_now() >= deadline_ns);
        }
    }
    (void)__atomic_add_fetch(&own_game.done, 1, __ATOMIC_RELAXED);
}

static void as_many_waits_succeed_as_wakes_were_counted(void)
{
    struct dice dice = dice_take(71);
    uint32_t woken, counted = 0;

    for (uint32_t i = 0; i < THREADS; i++) {
        EXPECT_OK(thread_start(impatient, (void *)(72 + i), STACK_BYTES, NULL));
    }
    while (*(volatile uint32_t *)&own_game.done < THREADS) {
        EXPECT_OK(address_wake((uint32_t)&gate, dice_throw(&dice, 4), &woken));
        counted += woken;
        for (uint32_t spin = dice_throw(&dice, 20000); spin > 0; spin--) {
            (void)clock_now();
        }
        if (dice_throw(&dice, 4) == 0) {
            clock_sleep(dice_throw(&dice, 2000) * MICROSECOND);
        }
    }
    EXPECT_EQUAL(counted, woken_in_time);
    EXPECT(counted > 50);
}

const struct test address_locks_tests[] = {
    TEST_WITHIN(30, CLASS_APPLICATION, no_wake_up_is_lost_among_the_threads_of_a_process),
    TEST_WITHIN(30, CLASS_APPLICATION, no_wake_up_is_lost_between_processes),
    TEST_WITHIN(30, CLASS_APPLICATION, processes_that_wake_each_other_never_both_sleep),
    TEST(CLASS_APPLICATION, as_many_waits_succeed_as_wakes_were_counted),
};
const uint32_t address_locks_test_count = COUNT(address_locks_tests);
const struct role address_locks_roles[] = {
    ROLE(lock_player),
    ROLE(lock_partner),
};
const uint32_t address_locks_role_count = COUNT(address_locks_roles);
