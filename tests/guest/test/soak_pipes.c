/* Much of the same: 64 MB through pipes, a million wake-ups. What happens once in a million times happens here. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "lock_game.h"
#include "transfer.h"

#define PATIENCE_NS (50 * SECOND)
#define PAIRS 2U                 /* of a source and a sink, each pair with a pipe */
#define STREAM_SIZE (32U << 20)
#define WAKE_UPS 1000000U
#define PLAYERS 3U

/* Starts a role with an object's ID and key, and two numbers. */
static void start(const char *role, uint32_t id, object_key_t key, uint32_t number, uint32_t seed)
{
    process_id_t process;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, role, &process, test_digits(id).text, test_digits((uint32_t)key).text,
                         test_digits((uint32_t)(key >> 32)).text, test_digits(number).text, test_digits(seed).text, NULL));
}

/* All that were started must end well; that they leave what they shared is news too. */
static void wait_for_all(uint32_t processes)
{
    nanoseconds_t deadline_ns = clock_after(PATIENCE_NS);
    struct event event;

    while (processes > 0) {
        EXPECT_OK(event_wait(&event, deadline_ns));
        if (event.kind == EVENT_PROCESS_EXITED) {
            EXPECT_EQUAL(0, event.count);
            processes--;
        } else {
            EXPECT(event.kind == EVENT_PIPE_RELEASED || event.kind == EVENT_SHARED_RELEASED);
        }
    }
}

static void sixty_four_megabytes_go_through_pipes_entire(void)
{
    for (uint32_t i = 0; i < PAIRS; i++) {
        struct pipe_handle handle = pipe_new();

        start("pipe_source", handle.id, handle.key, STREAM_SIZE, 201 + i);
        start("pipe_sink", handle.id, handle.key, STREAM_SIZE, 211 + i);
    }
    wait_for_all(2 * PAIRS);
}

/* Two that wake each other in turn. */
static void a_million_wake_ups_arrive(void)
{
    struct shared_handle handle;

    EXPECT_OK(shared_create(1, &handle));
    start("lock_partner", handle.id, handle.key, WAKE_UPS / 2, 0);
    start("lock_partner", handle.id, handle.key, WAKE_UPS / 2, 1);
    wait_for_all(2);
    const struct game *game = (const struct game *)handle.address;
    EXPECT_EQUAL(WAKE_UPS, game->counter);
    EXPECT(game->sleeps > WAKE_UPS - WAKE_UPS / 10);
}

static void a_million_turns_with_a_lock_are_all_counted(void)
{
    struct shared_handle handle;

    EXPECT_OK(shared_create(1, &handle));
    for (uint32_t i = 0; i < PLAYERS; i++) {
        start("lock_player", handle.id, handle.key, WAKE_UPS / PLAYERS, 221 + i);
    }
    wait_for_all(PLAYERS);
    const struct game *game = (const struct game *)handle.address;
    EXPECT_EQUAL(WAKE_UPS / PLAYERS * PLAYERS, game->counter);
    EXPECT_EQUAL(0, game->mutex.state);
}

const struct test soak_pipes_tests[] = {
    TEST_SOAK(60, CLASS_APPLICATION, sixty_four_megabytes_go_through_pipes_entire),
    TEST_SOAK(60, CLASS_APPLICATION, a_million_wake_ups_arrive),
    TEST_SOAK(60, CLASS_APPLICATION, a_million_turns_with_a_lock_are_all_counted),
};
const uint32_t soak_pipes_test_count = COUNT(soak_pipes_tests);
const struct role soak_pipes_roles[] = {};
const uint32_t soak_pipes_role_count = COUNT(soak_pipes_roles);
