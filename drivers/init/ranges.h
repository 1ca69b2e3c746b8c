/* Sets of ports or of physical addresses. Portable. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/grant.h>

/* So many can come of ACCESS_PORTS_MAX ranges, less as many others. */
#define RANGES_MAX (2 * ACCESS_PORTS_MAX)

struct range {
    uint32_t first;
    uint32_t last;
};

/* Its ranges are in order, and between two of them something is missing. */
struct range_set {
    uint32_t count;
    struct range ranges[RANGES_MAX];
};

/* Adds a range, which ends no earlier than it begins, to a set of fewer than RANGES_MAX. */
void ranges_add(struct range_set *set, struct range range);

/* What is in both. Neither has more than ACCESS_PORTS_MAX ranges. */
void ranges_cut(const struct range_set *set, const struct range_set *other, struct range_set *common_out);

/* What is in the first alone. Neither has more than ACCESS_PORTS_MAX ranges. */
void ranges_subtract(const struct range_set *set, const struct range_set *other, struct range_set *rest_out);

/* The ports or the memory of an access; a range that ends before it begins counts for none. */
void ranges_of_ports(const struct access *access, struct range_set *set_out);
void ranges_of_memory(const struct access *access, struct range_set *set_out);

/* Writes a set into an access, as far as it has room, and takes out of the set what is not written. */
void ranges_to_ports(struct range_set *set, struct access *access);
void ranges_to_memory(struct range_set *set, struct access *access);
