#include "frame.h"

#include "panic.h"

struct frame_table frame_table;

static void block_insert(struct frame_table *table, uint32_t number, uint32_t order)
{
    struct frame *block = &table->frames[number];
    uint32_t first = table->first_free[order];

    block->state = FRAME_FREE;
    block->order = (uint8_t)order;
    block->previous = FRAME_NONE;
    block->next = first;
    if (first != FRAME_NONE) {
        table->frames[first].previous = number;
    }
    table->first_free[order] = number;
}

static void block_remove(struct frame_table *table, uint32_t number)
{
    struct frame *block = &table->frames[number];

    if (block->previous != FRAME_NONE) {
        table->frames[block->previous].next = block->next;
    } else {
        table->first_free[block->order] = block->next;
    }
    if (block->next != FRAME_NONE) {
        table->frames[block->next].previous = block->previous;
    }
    block->state = FRAME_INSIDE;
}

static bool is_free_block(const struct frame_table *table, uint32_t number, uint32_t order)
{
    return number < table->count && table->frames[number].state == FRAME_FREE
        && table->frames[number].order == order;
}

/* Makes a block free, joined with its free buddies into the largest block possible. */
static void block_free(struct frame_table *table, uint32_t number, uint32_t order)
{
    table->free += 1U << order;
    while (order + 1 < FRAME_ORDERS) {
        uint32_t buddy = number ^ (1U << order);

        if (!is_free_block(table, buddy, order)) {
            break;
        }
        block_remove(table, buddy);
        table->frames[number].state = FRAME_INSIDE;
        number &= ~(1U << order);
        order++;
    }
    block_insert(table, number, order);
}

void frames_initialise(struct frame_table *table, struct frame *frames, uint32_t count)
{
    *table = (struct frame_table){ .frames = frames, .count = count };
    for (uint32_t i = 0; i < count; i++) {
        frames[i] = (struct frame){ .state = FRAME_RESERVED };
    }
}

/* Frames from `first` on, at most `count`, that are reserved: how long is the run? */
static uint32_t reserved_run(const struct frame_table *table, uint32_t first, uint32_t count)
{
    uint32_t run = 0;

    while (run < count && table->frames[first + run].state == FRAME_RESERVED) {
        run++;
    }
    return run;
}

/* The largest order of a block that begins at `number` and has at most `count` frames. */
static uint32_t order_at(uint32_t number, uint32_t count)
{
    uint32_t order = 0;

    while (order + 1 < FRAME_ORDERS && (number & (1U << order)) == 0 && (2U << order) <= count) {
        order++;
    }
    return order;
}

void frames_add(struct frame_table *table, uint32_t first, uint32_t count)
{
    ASSERT(first != FRAME_NONE && first + count <= table->count);
    while (count > 0) {
        uint32_t run = reserved_run(table, first, count);
        uint32_t done = run == 0 ? 1 : 0;

        while (done < run) {
            uint32_t order = order_at(first + done, run - done);

            for (uint32_t i = 0; i < 1U << order; i++) {
                table->frames[first + done + i].state = FRAME_INSIDE;
            }
            block_free(table, first + done, order);
            table->usable += 1U << order;
            done += 1U << order;
        }
        first += done;
        count -= done;
    }
}

/* Takes the first frames of a free block; what is left of it stays free. */
static void block_take(struct frame_table *table, uint32_t number, uint32_t order)
{
    uint32_t left = table->frames[number].order;

    block_remove(table, number);
    while (left > order) {
        left--;
        block_insert(table, number + (1U << left), left);
    }
    table->frames[number].state = FRAME_USED;
    table->frames[number].order = (uint8_t)order;
    table->frames[number].references = 1;
    table->free -= 1U << order;
}

static bool has_room(const struct frame_table *table, uint32_t order, bool reserve)
{
    return order < FRAME_ORDERS && table->free >= (1U << order) + (reserve ? 0 : table->reserve);
}

uint32_t frames_take(struct frame_table *table, uint32_t order, bool reserve)
{
    uint32_t found = order;

    if (!has_room(table, order, reserve)) {
        return FRAME_NONE;
    }
    while (found < FRAME_ORDERS && table->first_free[found] == FRAME_NONE) {
        found++;
    }
    if (found == FRAME_ORDERS) {
        return FRAME_NONE;
    }
    uint32_t number = table->first_free[found];
    block_take(table, number, order);
    return number;
}

uint32_t frames_take_below(struct frame_table *table, uint32_t order, uint32_t end, bool reserve)
{
    if (!has_room(table, order, reserve)) {
        return FRAME_NONE;
    }
    for (uint32_t found = order; found < FRAME_ORDERS; found++) {
        for (uint32_t number = table->first_free[found]; number != FRAME_NONE; number = table->frames[number].next) {
            if (number + (1U << order) <= end) {
                block_take(table, number, order);
                return number;
            }
        }
    }
    return FRAME_NONE;
}

void frames_split(struct frame_table *table, uint32_t first)
{
    uint32_t count = 1U << table->frames[first].order;

    ASSERT(table->frames[first].state == FRAME_USED && table->frames[first].references == 1);
    for (uint32_t i = 0; i < count; i++) {
        table->frames[first + i].state = FRAME_USED;
        table->frames[first + i].order = 0;
        table->frames[first + i].references = 1;
    }
}

void frames_release(struct frame_table *table, uint32_t frame)
{
    ASSERT(frame < table->count && table->frames[frame].state == FRAME_USED);
    if (--table->frames[frame].references == 0) {
        table->frames[frame].state = FRAME_INSIDE;
        block_free(table, frame, table->frames[frame].order);
    }
}
