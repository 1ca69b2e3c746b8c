#include "repetition.h"

#include <ternion/string.h>

/* One more. Returns how many it are within the time. */
static uint32_t tally_add(struct tally *tally, nanoseconds_t now_ns)
{
    if (tally->count == 0 || now_ns - tally->first_ns >= REPETITION_TIME_NS) {
        *tally = (struct tally){ .first_ns = now_ns };
    }
    return ++tally->count;
}

/* The place of the name and address; if they have none, the one whose time began first becomes theirs. */
static uint32_t place_of(struct repetitions *repetitions, const char *name, uint32_t address)
{
    uint32_t place = 0;

    for (uint32_t i = 0; i < REPETITIONS_KEPT; i++) {
        if (repetitions->kept[i].address == address && strncmp(repetitions->kept[i].name, name, NAME_SIZE_MAX) == 0) {
            return i;
        }
        if (repetitions->kept[i].tally.first_ns < repetitions->kept[place].tally.first_ns) {
            place = i;
        }
    }
    size_t size = strnlen(name, NAME_SIZE_MAX);
    memcpy(repetitions->kept[place].name, name, size);
    repetitions->kept[place].name[size] = '\0';
    repetitions->kept[place].address = address;
    repetitions->kept[place].tally = (struct tally){ 0 };
    return place;
}

bool repetition_count(struct repetitions *repetitions, const char *name, uint32_t address, nanoseconds_t now_ns,
                      uint32_t *count_out)
{
    uint32_t place = place_of(repetitions, name, address);

    *count_out = tally_add(&repetitions->kept[place].tally, now_ns);
    return *count_out <= REPETITION_SAME_MAX && tally_add(&repetitions->full, now_ns) <= REPETITION_ALL_MAX;
}
