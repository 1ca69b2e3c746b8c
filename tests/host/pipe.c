/* Pipes of three bytes: all that three threads can do in one, and long random runs of more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipe_world.h"
#include "test.h"

/* ---- Everything ---- */

#define PROCESSES 2U
#define THREADS 3U
#define NODES_MAX 400000U
#define STATE_SIZE 64U
#define BUCKETS (1U << 20)

/* What a thread may do in a step; IN_A_ROW together they are the transitions. */
enum action { GO_ON, READ_1, READ_4, WRITE_1, WRITE_4, READ_PARTLY, WRITE_PARTLY, LEAVE, JOIN, END, ONLY_READ, ONLY_WRITE, ACTIONS };

struct node {
    uint8_t state[STATE_SIZE];
    uint32_t parent;
    uint32_t next;               /* in its bucket */
    uint8_t thread;              /* what led to it */
    uint8_t action;
    uint64_t possible;           /* what can be done in it: a bit each */
};

_Static_assert(THREADS * ACTIONS <= 64, "what can be done is 64 bits");

static struct node *nodes;
static uint32_t node_count;
static uint32_t buckets[BUCKETS];            /* index + 1 */

/* What the future depends on: of the bytes, only where they lie. */
static void state_write(uint8_t state[STATE_SIZE])
{
    uint32_t at = 0;

    memset(state, 0, STATE_SIZE);
    state[at++] = (uint8_t)(world.used | (world.taken % PIPE_SIZE) << 4);
    state[at++] = world.pipe_lives | world.was_joined << 1;
    for (uint32_t i = 0; i < world.process_count; i++) {
        state[at++] = (uint8_t)(world.processes[i].member | (world.processes[i].real != NULL) << 1 | world.processes[i].uses << 2);
    }
    for (uint32_t i = 0; i < world.thread_count; i++) {
        const struct world_thread *thread = &world.threads[i];
        uint32_t rest = thread->active ? thread->size - thread->moved : 0;

        state[at++] = (uint8_t)((thread->real != NULL) | thread->active << 1 | thread->thrown_out << 2 | thread->woken << 3
                                | (thread->active && thread->writes) << 4 | thread->handed << 5);
        state[at++] = (uint8_t)(rest << 1 | (thread->active && thread->moved > 0));
    }
    for (uint32_t writes = 0; writes < 2; writes++) {
        for (uint32_t i = 0; i < world.line_length[writes]; i++) {
            state[at++] = (uint8_t)(world.line[writes][i] - world.threads + 1);
        }
        state[at++] = 0;
    }
    CHECK(at <= STATE_SIZE);
}

static bool is_possible(const struct world_thread *thread, enum action action)
{
    if (action == GO_ON) {
        return world_can_go_on(thread);
    }
    if (action == END) {
        return thread->real != NULL;
    }
    if (action == JOIN) {
        return world_is_idle(thread) && world.pipe_lives && !world.processes[thread->process].member;
    }
    if (action == ONLY_READ || action == ONLY_WRITE) {
        return world_is_idle(thread) && world.processes[thread->process].member
            && world.processes[thread->process].uses == (PIPE_READABLE | PIPE_WRITABLE);
    }
    return world_is_idle(thread) && world.processes[thread->process].member;
}

static void act(struct world_thread *thread, enum action action)
{
    switch (action) {
    case GO_ON:
        world_go_on(thread);
        break;
    case LEAVE:
        world_leave(thread);
        break;
    case JOIN:
        world_join(thread, true);
        break;
    case END:
        world_thread_end(thread);
        break;
    case ONLY_READ:
    case ONLY_WRITE:
        world_restrict(thread, action == ONLY_READ ? PIPE_READABLE : PIPE_WRITABLE);
        break;
    case READ_PARTLY:
    case WRITE_PARTLY:
        world_transfer(thread, action == WRITE_PARTLY, 2, true);
        break;
    default:
        world_transfer(thread, action == WRITE_1 || action == WRITE_4, action == READ_1 || action == WRITE_1 ? 1 : 4, false);
    }
}

/* From the beginning to this node. */
static void replay(uint32_t index)
{
    uint32_t path[100];
    uint32_t length = 0;

    for (; index != 0; index = nodes[index].parent) {
        CHECK(length < sizeof path / sizeof path[0]);
        path[length++] = index;
    }
    world.unchecked = true;
    while (length > 0) {
        const struct node *node = &nodes[path[--length]];
        act(&world.threads[node->thread], node->action);
    }
    world.unchecked = false;
}

/* The state in which the world is now, if it is new. */
static void node_add(uint32_t parent, uint32_t thread, enum action action)
{
    struct node *node = &nodes[node_count];
    uint32_t hash = 2166136261U;

    state_write(node->state);
    for (uint32_t i = 0; i < STATE_SIZE; i++) {
        hash = (hash ^ node->state[i]) * 16777619U;
    }
    uint32_t *bucket = &buckets[hash % BUCKETS];
    for (uint32_t at = *bucket; at != 0; at = nodes[at - 1].next) {
        if (memcmp(nodes[at - 1].state, node->state, STATE_SIZE) == 0) {
            return;
        }
    }
    node->parent = parent;
    node->thread = (uint8_t)thread;
    node->action = action;
    node->possible = 0;
    for (uint32_t what = 0; what < THREADS * ACTIONS; what++) {
        node->possible |= is_possible(&world.threads[what / ACTIONS], what % ACTIONS) ? 1ULL << what : 0;
    }
    node->next = *bucket;
    *bucket = ++node_count;
    CHECK(node_count < NODES_MAX);
}

/* From every state that can be reached, everything that can be done in it; and from every state the end of all. */
static void everything_that_three_threads_can_do_is_right(void)
{
    world_prepare();
    nodes = calloc(NODES_MAX, sizeof *nodes);
    world_begin(PROCESSES, THREADS);
    node_add(0, 0, GO_ON);
    world_end();
    for (uint32_t index = 0; index < node_count; index++) {
        for (uint64_t left = nodes[index].possible; left != 0; left &= left - 1) {
            uint32_t what = (uint32_t)__builtin_ctzll(left);

            world_begin(PROCESSES, THREADS);
            replay(index);
            act(&world.threads[what / ACTIONS], what % ACTIONS);
            node_add(index, what / ACTIONS, what % ACTIONS);
            world_end();
        }
    }
    fprintf(stderr, "%u states\n", node_count);
    CHECK(node_count > 1000);
    free(nodes);
}

/* ---- Long runs ---- */

#define RUNS 1500U
#define STEPS 200U

static void random_step(void)
{
    struct world_thread *thread = &world.threads[random_below(world.thread_count)];
    struct world_thread *other = &world.threads[random_below(world.thread_count)];
    uint32_t what = random_below(100);

    if (world_can_go_on(thread)) {
        world_go_on(thread);
    } else if (what < 2 && thread->real != NULL) {
        world_thread_end(thread);
    } else if (what < 5 && thread->real != NULL && random_one_in(2)) {
        world_memory_lose(thread);
    } else if (what < 8 && thread->real != NULL) {
        world_memory_find(thread);
    } else if (!world_is_idle(thread)) {
        return;
    } else if (what < 60) {
        world_transfer(thread, random_one_in(2), random_below(WORLD_BUFFER + 1), random_one_in(4));
    } else if (what < 70) {
        world_notify(thread, random_below(5));
    } else if (what < 80) {
        world_poll(thread);
    } else if (what < 82) {
        world_leave(thread);
    } else if (what < 84) {
        world_restrict(thread, random_below(5));
    } else if (what < 90) {
        world_join(thread, !random_one_in(4));
    } else if (other->real != NULL && other != thread) {
        if (other->asleep) {
            world_wake(thread, other);
        } else if (what < 93) {
            world_sleep(thread, other);
        }
    }
}

static void random_transfers_and_deaths_agree_with_the_model(void)
{
    world_prepare();
    for (uint32_t i = 0; i < RUNS; i++) {
        world_begin(1 + random_below(WORLD_PROCESSES), WORLD_THREADS - random_below(3));
        for (uint32_t step = 0; step < STEPS; step++) {
            random_step();
        }
        world_end();
    }
}

static const struct test tests[] = {
    TEST(everything_that_three_threads_can_do_is_right),
    TEST(random_transfers_and_deaths_agree_with_the_model),
};
TEST_MAIN(tests)
