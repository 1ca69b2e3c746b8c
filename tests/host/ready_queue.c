/* The ready queue against lists in arrays. */
#include "ready_queue.h"

#include <string.h>

#include "test.h"

#define NODES 40U
#define NOWHERE UINT32_MAX

static struct ready_queue queue;
static struct list nodes[NODES];
static uint32_t level_of[NODES];
static uint32_t order[LEVELS][NODES];        /* nodes of each level, first to last */
static uint32_t count[LEVELS];

static void insert(uint32_t node, uint32_t level, bool in_front)
{
    uint32_t at = in_front ? 0 : count[level];

    memmove(&order[level][at + 1], &order[level][at], (count[level] - at) * sizeof order[0][0]);
    order[level][at] = node;
    count[level]++;
    level_of[node] = level;
    if (in_front) {
        ready_queue_prepend(&queue, &nodes[node], level);
    } else {
        ready_queue_append(&queue, &nodes[node], level);
    }
}

static void forget(uint32_t node)
{
    uint32_t level = level_of[node];
    uint32_t at = 0;

    while (order[level][at] != node) {
        at++;
    }
    count[level]--;
    memmove(&order[level][at], &order[level][at + 1], (count[level] - at) * sizeof order[0][0]);
    level_of[node] = NOWHERE;
}

static uint32_t strongest(void)
{
    uint32_t level = 0;

    while (level < LEVELS && count[level] == 0) {
        level++;
    }
    return level;
}

static void take(void)
{
    uint32_t level = strongest();
    const struct list *node = ready_queue_take(&queue);

    if (level == LEVELS) {
        CHECK(node == NULL);
        return;
    }
    CHECK(node == &nodes[order[level][0]]);
    CHECK(list_is_empty(node));
    forget(order[level][0]);
}

static void strongest_level_comes_first_and_each_level_in_its_order(void)
{
    bool draining = false;

    ready_queue_initialise(&queue);
    for (uint32_t i = 0; i < NODES; i++) {
        list_initialise(&nodes[i]);
        level_of[i] = NOWHERE;
    }
    for (uint32_t round = 0; round < 200000; round++) {
        uint32_t node = random_below(NODES);

        draining ^= random_one_in(50);
        if (random_one_in(draining ? 2 : 5)) {
            take();
        } else if (level_of[node] != NOWHERE) {
            ready_queue_remove(&queue, &nodes[node], level_of[node]);
            forget(node);
        } else if (!draining) {
            insert(node, random_below(LEVELS), random_one_in(3));
        }
        CHECK_EQUAL(ready_queue_level(&queue), strongest());
    }
}

static const struct test tests[] = {
    TEST(strongest_level_comes_first_and_each_level_in_its_order),
};
TEST_MAIN(tests)
