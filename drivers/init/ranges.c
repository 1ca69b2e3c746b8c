#include <ternion/string.h>

#include "ranges.h"

_Static_assert(ACCESS_MEMORY_MAX <= ACCESS_PORTS_MAX, "RANGES_MAX is made for ports");

static uint32_t lower(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static uint32_t higher(uint32_t left, uint32_t right)
{
    return left > right ? left : right;
}

/* Do they overlap, or follow each other with nothing between? */
static bool ranges_touch(const struct range *left, const struct range *right)
{
    return left->first <= (uint64_t)right->last + 1 && right->first <= (uint64_t)left->last + 1;
}

void ranges_add(struct range_set *set, struct range range)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < set->count; i++) {
        const struct range *other = &set->ranges[i];

        if (ranges_touch(other, &range)) {
            range = (struct range){ lower(range.first, other->first), higher(range.last, other->last) };
        } else {
            set->ranges[kept++] = *other;
        }
    }
    uint32_t place = kept;
    for (; place > 0 && set->ranges[place - 1].first > range.first; place--) {
        set->ranges[place] = set->ranges[place - 1];
    }
    set->ranges[place] = range;
    set->count = kept + 1;
}

/* Behind all that is in it. */
static void append(struct range_set *set, uint32_t first, uint32_t last)
{
    set->ranges[set->count++] = (struct range){ first, last };
}

void ranges_cut(const struct range_set *set, const struct range_set *other, struct range_set *common_out)
{
    common_out->count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        for (uint32_t j = 0; j < other->count; j++) {
            uint32_t first = higher(set->ranges[i].first, other->ranges[j].first);
            uint32_t last = lower(set->ranges[i].last, other->ranges[j].last);

            if (first <= last) {
                append(common_out, first, last);
            }
        }
    }
}

static void subtract_from_range(const struct range *range, const struct range_set *other, struct range_set *rest)
{
    uint64_t at = range->first;  /* what lies before has been dealt with */

    for (uint32_t i = 0; i < other->count; i++) {
        const struct range *hole = &other->ranges[i];

        if (hole->last < at || hole->first > range->last) {
            continue;
        }
        if (hole->first > at) {
            append(rest, (uint32_t)at, hole->first - 1);
        }
        at = (uint64_t)hole->last + 1;
    }
    if (at <= range->last) {
        append(rest, (uint32_t)at, range->last);
    }
}

void ranges_subtract(const struct range_set *set, const struct range_set *other, struct range_set *rest_out)
{
    rest_out->count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        subtract_from_range(&set->ranges[i], other, rest_out);
    }
}

/* ---- Of an access, where { 0, 0 } stands for no range ---- */

void ranges_of_ports(const struct access *access, struct range_set *set_out)
{
    set_out->count = 0;
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        const struct port_range *ports = &access->ports[i];

        if (ports->last != 0 && ports->first <= ports->last) {
            ranges_add(set_out, (struct range){ ports->first, ports->last });
        }
    }
}

void ranges_of_memory(const struct access *access, struct range_set *set_out)
{
    set_out->count = 0;
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        const struct memory_range *memory = &access->memory[i];

        if (memory->last != 0 && memory->first <= memory->last) {
            ranges_add(set_out, (struct range){ memory->first, memory->last });
        }
    }
}

/* Takes out what an access cannot say. */
static void trim(struct range_set *set, uint32_t most)
{
    if (set->count > 0 && set->ranges[0].last == 0) {
        set->count--;
        memmove(&set->ranges[0], &set->ranges[1], set->count * sizeof set->ranges[0]);
    }
    set->count = lower(set->count, most);
}

void ranges_to_ports(struct range_set *set, struct access *access)
{
    trim(set, ACCESS_PORTS_MAX);
    memset(access->ports, 0, sizeof access->ports);
    for (uint32_t i = 0; i < set->count; i++) {
        access->ports[i] = (struct port_range){ (uint16_t)set->ranges[i].first, (uint16_t)set->ranges[i].last };
    }
}

void ranges_to_memory(struct range_set *set, struct access *access)
{
    trim(set, ACCESS_MEMORY_MAX);
    memset(access->memory, 0, sizeof access->memory);
    for (uint32_t i = 0; i < set->count; i++) {
        access->memory[i] = (struct memory_range){ set->ranges[i].first, set->ranges[i].last };
    }
}
