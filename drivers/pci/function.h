/* The functions that are plugged in: a table in the order of buses, devices, functions. One thread only. */
#pragma once

#include <ternion/pci.h>

#include "configuration.h"

struct function {
    struct pci_function described; /* as clients see it, but for driver and is_master */
    place_t place;
    uint8_t bus_behind;            /* of a bridge: the bus that it leads to; 0: none */
    bool has_program;              /* d\init was told to start a driver for it */
    process_id_t driver;           /* that we guard; 0: none is known */
    process_id_t master;           /* for whom bus mastering is on; 0: for nobody that we know of */
};

/*
 * Fills the table: every bus that a bridge leads to, every function of every device. Resources are those of `remembered`, as
 * long as the same function is there with the same addresses; others are measured.
 *   remembered, count   an earlier table, or NULL and 0
 * Returns how many functions there are.
 */
uint32_t functions_find(const struct function *remembered, uint32_t count);

uint32_t function_count(void);

/* NULL: there are not so many. */
struct function *function_at(uint32_t index);

/* NULL: nothing is there. */
struct function *function_find(place_t place);

/* The bridge that leads to a bus. NULL: none does; so it is with those that are behind no bridge. */
struct function *function_bridge_to(uint8_t bus);

/* How many buses have functions on them. */
uint32_t bus_count(void);
