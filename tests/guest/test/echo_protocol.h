/* A protocol to test protocols with: every kind of operation, and a server that does what it is told. */
#pragma once

#include <ternion/server.h>

#define ECHO_IDENTITY 0xEC40
#define ECHO_VERSION 2
#define ECHO_STRING_MAX 5000U
#define ECHO_PAGES_MAX 4U

struct echo_numbers {
    uint32_t numbers[3];         /* the most that goes in words */
};

struct echo_number {
    uint32_t number;
};

struct echo_middle {
    uint8_t bytes[61];           /* arrives with its event */
};

struct echo_large {
    uint8_t bytes[1001];
};

#define ECHO_PROTOCOL(OPERATION, TRANSFER, echo) \
    OPERATION(echo, increase, 1, struct echo_numbers, struct echo_numbers)   /* each by 1 */ \
    OPERATION(echo, sender, 2, struct nothing, struct echo_numbers)          /* ID, class, requests served so far */ \
    OPERATION(echo, invert_middle, 3, struct echo_middle, struct echo_middle)/* each byte */ \
    OPERATION(echo, invert_large, 4, struct echo_large, struct echo_large) \
    OPERATION(echo, sum, 5, struct echo_large, struct echo_number) \
    OPERATION(echo, fill, 6, struct echo_number, struct echo_large) \
    TRANSFER(echo, invert, 7, struct echo_number, struct echo_number, ECHO_STRING_MAX, ECHO_STRING_MAX, 0, 0) \
    TRANSFER(echo, invert_pages, 8, struct nothing, struct nothing, 0, 0, ECHO_PAGES_MAX, ECHO_PAGES_MAX) \
    OPERATION(echo, refuse, 9, struct echo_number, struct echo_large)        /* answers this status */ \
    OPERATION(echo, hold, 10, struct echo_number, struct echo_number)        /* answered by `release`, each its own number */ \
    OPERATION(echo, release, 11, struct nothing, struct echo_number)         /* those that wait, the last one first: how many */ \
    OPERATION(echo, drop, 12, struct nothing, struct echo_number)            /* those that wait get DISCARDED: how many */ \
    OPERATION(echo, die, 13, struct nothing, struct nothing) \
    OPERATION(echo, meet, 14, struct echo_number, struct echo_number)        /* answered when so many are being served at once */ \
    OPERATION(echo, watch, 15, struct echo_number, struct echo_number)       /* this process; how many watched ones have ended */ \
    OPERATION(echo, unknown, 16, struct nothing, struct nothing)             /* has no handler */ \
    TRANSFER(echo, hold_string, 17, struct echo_middle, struct echo_middle, 500, 500, 0, 0) /* as hold, with both */ \
    OPERATION(echo, held, 18, struct nothing, struct echo_number)            /* how many wait for `release` */ \
    TRANSFER(echo, invert_both, 19, struct echo_middle, struct echo_middle, ECHO_STRING_MAX, ECHO_STRING_MAX, 0, 0)

PROTOCOL_DECLARE(echo, ECHO_IDENTITY, ECHO_VERSION, ECHO_PROTOCOL)

/* How the server waits. */
enum echo_loop { ECHO_RUNS, ECHO_WAITS_WITH_DEADLINE, ECHO_TAKES_EVENTS, ECHO_LOOPS };

/* Starts an application that serves it, in so many threads. */
process_id_t echo_start(uint32_t threads);

/* The same in one thread that waits like this. */
process_id_t echo_start_looping(enum echo_loop loop);

/* Ends it. */
void echo_end(process_id_t echo);

/* Requests that have reached a handler of it, this one included. */
uint32_t echo_served(process_id_t echo);
