/*
 * Replays a recording: gives the monitor each instruction that trapped once more, with the registers, the memory and the ports that the records
 * have, and compares what it makes of it. No record is believed.
 */
#pragma once

#include <ternion/vm86.h>

#include "monitor.h"

#define REPLAY_PORTS_MAX 65536U      /* accesses of one instruction */
#define REPLAY_TEXT 400U

struct replay {
    bool is_in_call;
    uint32_t next_number;            /* that the next record has */
    uint32_t records, traps, ports;  /* seen so far */

    struct bios_record port_records[REPLAY_PORTS_MAX];       /* since the last trap */
    uint32_t port_count, port_at;

    const struct bios_record *record;        /* that is replayed */
    struct monitor monitor;
    uint32_t read_at, written_at;    /* bytes of its memory that are used */
    char difference[REPLAY_TEXT];    /* the first one, without its record; "" */
};

void replay_begin(struct replay *replay);

/* The next record. False: replay->difference says what is wrong with it. */
[[nodiscard]] bool replay_record(struct replay *replay, const struct bios_record *record);

/* Behind the last one. */
[[nodiscard]] bool replay_end(struct replay *replay);
