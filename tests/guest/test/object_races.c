/*
 * Threads and processes that use, leave and end the same pipe, shared memory or timer at the same time, by dice: whoever comes too
 * late gets a status, and when all is over nothing is left. The runner's ledgers say the latter too.
 */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "dice.h"
#include "files.h"
#include "stream.h"
#include "transfer.h"

#define STACK_BYTES 4096U
#define WORKERS 3U
#define MOVES 1500U              /* of each worker */
#define SIZE_MAX_MOVED 6000U     /* bytes of a read or write: more than a pipe full, sometimes */

static uint32_t workers_done;

static void start_workers(thread_function_t *work, uint32_t seed)
{
    (void)dice_take(seed);
    for (uint32_t i = 0; i < WORKERS; i++) {
        EXPECT_OK(thread_start(work, (void *)(seed + i), STACK_BYTES, NULL));
    }
}

static void worker_ends(void)
{
    (void)__atomic_add_fetch(&workers_done, 1, __ATOMIC_RELAXED);
}

static bool workers_are_at_work(void)
{
    return *(volatile uint32_t *)&workers_done < WORKERS;
}

static struct process_information information(void)
{
    struct process_information information;

    EXPECT_OK(process_information(SELF, &information));
    return information;
}

static void expect_nothing_kept(const struct process_information *before)
{
    struct process_information after = information();
    struct event event;

    EXPECT_EQUAL(before->used[RESOURCE_OBJECTS], after.used[RESOURCE_OBJECTS]);
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

/* Is this status one of the set? */
static void expect_one_of(uint32_t statuses, status_t status, const char *what)
{
    if ((statuses & 1U << status) == 0) {
        EXPECT_NOT("%s: status %u", what, status);
    }
}

#define SET(status) (1U << (status))
#define TRANSFER_STATUSES (SET(OK) | SET(BAD_ID) | SET(NOTHING) | SET(PEER_DIED))

/* ---- Pipes ---- */

/* One move with a pipe; who made it may have left it. */
static void pipe_move(struct dice *dice, const struct pipe_handle *handle, uint8_t *bytes, bool leaves)
{
    uint32_t size = dice_between(dice, 1, dice_throw(dice, 2) == 0 ? 50 : SIZE_MAX_MOVED);
    uint32_t flags = dice_throw(dice, 2) == 0 ? PIPE_PARTIAL : 0;
    uint32_t move = dice_throw(dice, leaves ? 10 : 7), moved, members;

    switch (move) {
    case 0:
    case 1:
    case 2:
        expect_one_of(TRANSFER_STATUSES, pipe_read(handle->id, bytes, size, flags, &moved), "pipe_read");
        EXPECT(moved <= size);
        break;
    case 3:
    case 4:
    case 5:
        expect_one_of(TRANSFER_STATUSES, pipe_write(handle->id, stream_at(0), size, flags, &moved), "pipe_write");
        EXPECT(moved <= size);
        break;
    case 6:
        expect_one_of(SET(OK) | SET(BAD_ID), pipe_notify(handle->id, dice_throw(dice, 4)), "pipe_notify");
        if (pipe_state(handle->id, &moved, &members) == OK) {
            EXPECT(moved <= PIPE_SIZE && members >= 1);
        }
        break;
    case 7:
    case 8:
        expect_one_of(SET(OK) | SET(BAD_ID) | SET(EXISTS), pipe_join(handle->id, handle->key), "pipe_join");
        break;
    default:
        expect_one_of(SET(OK) | SET(BAD_ID), pipe_leave(handle->id), "pipe_leave");
    }
}

static struct pipe_handle race_pipe;

static void pipe_worker(void *seed)
{
    struct dice dice = { (uint32_t)seed };
    uint32_t bytes;

    EXPECT_OK(memory_allocate(2, 0, &bytes));
    for (uint32_t i = 0; i < MOVES; i++) {
        struct pipe_handle handle = race_pipe;

        pipe_move(&dice, &handle, (uint8_t *)bytes, true);
        if (dice_throw(&dice, 4) == 0) {
            (void)thread_yield();
        }
    }
    worker_ends();
}

static void threads_that_use_and_leave_one_pipe_do_each_other_no_harm(void)
{
    struct process_information before = information();
    struct dice dice = { 80 };

    race_pipe = pipe_new();
    start_workers(pipe_worker, 81);
    while (workers_are_at_work()) {
        clock_sleep(dice_throw(&dice, 3) * MILLISECOND);
        (void)pipe_leave(race_pipe.id);  /* whoever sleeps in it goes on */
        race_pipe = pipe_new();
    }
    EXPECT_OK(pipe_leave(race_pipe.id));
    expect_nothing_kept(&before);
}

/* ID, key, seed: moves until it has had enough, then ends in some way. */
static void pipe_racer(int argc, char **argv)
{
    struct pipe_handle handle = { .id = test_number(argv[1]) };
    struct dice dice = { test_number(argv[4]) };

    (void)argc;
    handle.key = (object_key_t)test_number(argv[3]) << 32 | test_number(argv[2]);
    EXPECT_OK(pipe_join(handle.id, handle.key));
    for (uint32_t i = dice_between(&dice, 20, 400); i > 0; i--) {
        struct event event;

        pipe_move(&dice, &handle, stream_room, dice_throw(&dice, 8) == 0);
        while (event_poll(&event) == OK) {
            EXPECT(event.kind == EVENT_PIPE_RELEASED || event.kind == EVENT_PIPE_READY);
        }
    }
    process_exit(9);
}

static uint32_t take_racers_that_ended(void)
{
    struct event event;
    uint32_t ended = 0;

    while (event_poll(&event) == OK) {
        if (event.kind == EVENT_PROCESS_EXITED) {
            EXPECT(event.count == 9 || event.count == EXIT_TERMINATED);
            ended++;
        }
    }
    return ended;
}

/* Gives and takes a little, so that nobody sleeps for ever. */
static void pump(pipe_id_t pipe, struct dice *dice)
{
    uint32_t size = dice_between(dice, 1, SIZE_MAX_MOVED), moved;

    expect_one_of(TRANSFER_STATUSES, pipe_write(pipe, stream_at(0), size, PIPE_PARTIAL, &moved), "pump");
    expect_one_of(TRANSFER_STATUSES, pipe_read(pipe, stream_room, size, PIPE_PARTIAL, &moved), "pump");
    clock_sleep(dice_throw(dice, 2) * 100 * MICROSECOND);
}

static void processes_that_use_and_leave_one_pipe_and_are_killed_do_each_other_no_harm(void)
{
    struct dice dice = dice_take(90);
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t round = 0; round < 6; round++) {
        struct pipe_handle handle = pipe_new();
        process_id_t racers[WORKERS];

        for (uint32_t i = 0; i < WORKERS; i++) {
            EXPECT_OK(test_spawn(CLASS_SERVER, "pipe_racer", &racers[i], test_digits(handle.id).text,
                                 test_digits((uint32_t)handle.key).text, test_digits((uint32_t)(handle.key >> 32)).text,
                                 test_digits(91 + round * WORKERS + i).text, NULL));
        }
        for (uint32_t ended = 0, pumps = 0; ended < WORKERS; pumps++) {
            pump(handle.id, &dice);
            if (pumps == 30 + round * 5) {
                (void)process_terminate(racers[0], 0);
            }
            ended += take_racers_that_ended();
        }
        EXPECT_OK(pipe_leave(handle.id));
    }
    (void)take_racers_that_ended();
    test_ledger_expect_same(&before);
}

/* ---- Shared memory ---- */

#define RACE_PAGES 5U

static struct shared_handle race_memory;
static uint32_t race_address;    /* where a worker has found it last; nobody may touch it: it may be gone */

/* Whatever one does to it, another may be doing too: joining, leaving, freeing a page, having the kernel write into it. */
static void memory_move(struct dice *dice, pipe_id_t pipe)
{
    uint32_t address = *(volatile uint32_t *)&race_address + dice_throw(dice, RACE_PAGES) * PAGE_SIZE, pages, moved;

    switch (dice_throw(dice, 6)) {
    case 0:
    case 1:
        if (shared_join(race_memory.id, dice_throw(dice, 2) == 0 ? race_memory.key : race_memory.read_only_key, 0, &address, &pages) == OK) {
            EXPECT_EQUAL(RACE_PAGES, pages);
            race_address = address;
        }
        break;
    case 2:
        expect_one_of(SET(OK) | SET(BAD_ID), shared_leave(race_memory.id), "shared_leave");
        break;
    case 3:
        expect_one_of(SET(OK) | SET(BAD_ARGUMENT), memory_free(address, 1), "memory_free");
        break;
    case 4:
        expect_one_of(SET(OK) | SET(BAD_ARGUMENT), memory_protect(address, 1, MEMORY_READ_ONLY), "memory_protect");
        break;
    default:
        (void)pipe_write(pipe, stream_at(0), 8, PIPE_PARTIAL, &moved);
        expect_one_of(TRANSFER_STATUSES | SET(BAD_ADDRESS), pipe_read(pipe, (void *)address, 8, PIPE_PARTIAL, &moved), "pipe_read");
    }
}

static void memory_worker(void *seed)
{
    struct dice dice = { (uint32_t)seed };

    for (uint32_t i = 0; i < 4 * MOVES; i++) {
        memory_move(&dice, race_pipe.id);
        if (dice_throw(&dice, 4) == 0) {
            (void)thread_yield();
        }
    }
    worker_ends();
}

static void threads_that_join_leave_and_free_shared_memory_do_each_other_no_harm(void)
{
    struct process_information before = information();

    race_pipe = pipe_new();
    EXPECT_OK(shared_create(RACE_PAGES, &race_memory));
    race_address = race_memory.address;
    start_workers(memory_worker, 101);
    while (workers_are_at_work()) {
        clock_sleep(MILLISECOND);
        (void)shared_leave(race_memory.id);
        EXPECT_OK(shared_create(RACE_PAGES, &race_memory));
    }
    EXPECT_OK(shared_leave(race_memory.id));
    EXPECT_OK(pipe_leave(race_pipe.id));
    expect_nothing_kept(&before);
}

/* ID, key, seed. What a member has just joined it can write and read, whatever the others do. */
static void memory_racer(int argc, char **argv)
{
    object_key_t key = (object_key_t)test_number(argv[3]) << 32 | test_number(argv[2]);
    uint32_t id = test_number(argv[1]), seed = test_number(argv[4]), address, pages;
    struct dice dice = { seed };
    struct event event;

    (void)argc;
    for (uint32_t i = dice_between(&dice, 50, 300); i > 0; i--) {
        EXPECT_OK(shared_join(id, key, 0, &address, &pages));
        volatile uint32_t *own = (volatile uint32_t *)(address + seed % RACE_PAGES * PAGE_SIZE + 64 * seed % PAGE_SIZE);
        *own = i;
        if (dice_throw(&dice, 3) == 0) {
            (void)thread_yield();
        }
        EXPECT_EQUAL(i, *own);
        if (dice_throw(&dice, 3) == 0) {
            EXPECT_OK(memory_free(address + dice_throw(&dice, pages) * PAGE_SIZE, 1));
        }
        EXPECT_OK(shared_leave(id));
        while (event_poll(&event) == OK) {
            EXPECT_EQUAL(EVENT_SHARED_RELEASED, event.kind);
        }
    }
    EXPECT_OK(shared_join(id, key, 0, &address, &pages));
    process_exit(9);
}

static void processes_that_join_and_leave_one_shared_memory_do_each_other_no_harm(void)
{
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t round = 0; round < 4; round++) {
        struct shared_handle handle;
        process_id_t racers[WORKERS];

        EXPECT_OK(shared_create(RACE_PAGES, &handle));
        for (uint32_t i = 0; i < WORKERS; i++) {
            EXPECT_OK(test_spawn(CLASS_SERVER, "memory_racer", &racers[i], test_digits(handle.id).text,
                                 test_digits((uint32_t)handle.key).text, test_digits((uint32_t)(handle.key >> 32)).text,
                                 test_digits(111 + round * WORKERS + i).text, NULL));
        }
        for (uint32_t ended = 0; ended < WORKERS;) {
            clock_sleep(MILLISECOND);
            if (round % 2 == 1) {
                (void)process_terminate(racers[round % WORKERS], 0);
            }
            ended += take_racers_that_ended();
        }
        EXPECT_OK(shared_leave(handle.id));
    }
    (void)take_racers_that_ended();
    test_ledger_expect_same(&before);
}

/* ---- Timers ---- */

#define RACE_TIMERS 8U

static timer_id_t race_timers[RACE_TIMERS];

static void timer_move(struct dice *dice)
{
    timer_id_t *timer = &race_timers[dice_throw(dice, RACE_TIMERS)];
    nanoseconds_t deadline_ns = dice_throw(dice, 4) == 0 ? FOREVER : clock_now() + dice_throw(dice, 4000) * MICROSECOND;
    nanoseconds_t period_ns = dice_throw(dice, 2) * (TIMER_PERIOD_MIN_NS + dice_throw(dice, 1000000));
    struct event event;

    switch (dice_throw(dice, 5)) {
    case 0:
    case 1:
        expect_one_of(SET(OK) | SET(BAD_ID), timer_set(*timer, deadline_ns, period_ns), "timer_set");
        break;
    case 2:
        if (timer_end(*timer) == OK) {
            EXPECT_OK(timer_create(deadline_ns, period_ns, timer));
        }
        break;
    case 3:
        clock_sleep(dice_throw(dice, 2000) * MICROSECOND);
        break;
    default:
        if (event_wait(&event, clock_after(MILLISECOND)) == OK) {
            EXPECT_EQUAL(EVENT_TIMER, event.kind);
            EXPECT(event.count > 0);
        }
    }
}

static void timer_worker(void *seed)
{
    struct dice dice = { (uint32_t)seed };

    for (uint32_t i = 0; i < MOVES / 2; i++) {
        timer_move(&dice);
    }
    worker_ends();
}

static void threads_that_set_and_end_the_same_timers_do_each_other_no_harm(void)
{
    struct process_information before = information();

    for (uint32_t i = 0; i < RACE_TIMERS; i++) {
        EXPECT_OK(timer_create(FOREVER, 0, &race_timers[i]));
    }
    start_workers(timer_worker, 121);
    while (workers_are_at_work()) {
        clock_sleep(MILLISECOND);
    }
    for (uint32_t i = 0; i < RACE_TIMERS; i++) {
        EXPECT_OK(timer_end(race_timers[i]));
    }
    expect_nothing_kept(&before);
    clock_sleep(10 * MILLISECOND);
    expect_nothing_kept(&before);
}

const struct test object_races_tests[] = {
    TEST(CLASS_APPLICATION, threads_that_use_and_leave_one_pipe_do_each_other_no_harm),
    TEST(CLASS_SERVER, processes_that_use_and_leave_one_pipe_and_are_killed_do_each_other_no_harm),
    TEST(CLASS_APPLICATION, threads_that_join_leave_and_free_shared_memory_do_each_other_no_harm),
    TEST(CLASS_SERVER, processes_that_join_and_leave_one_shared_memory_do_each_other_no_harm),
    TEST(CLASS_APPLICATION, threads_that_set_and_end_the_same_timers_do_each_other_no_harm),
};
const uint32_t object_races_test_count = COUNT(object_races_tests);
const struct role object_races_roles[] = {
    ROLE(pipe_racer),
    ROLE(memory_racer),
};
const uint32_t object_races_role_count = COUNT(object_races_roles);
