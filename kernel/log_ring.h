/*
 * The ring that holds the log's records. It lies at an address of its own that
 * survives a warm reboot; checks over its header and over each record tell
 * afterwards whether it did.
 *
 * New records push out the oldest. Called with interrupts off. Portable.
 */
#pragma once

#include <abi/log.h>

#include <stdbool.h>
#include <stdint.h>

struct log_ring {
    uint32_t magic;
    uint32_t size;               /* bytes of data */
    uint32_t first;              /* offset of the oldest record */
    uint32_t end;                /* offset behind the newest one */
    uint32_t first_sequence;     /* number of the oldest record */
    uint32_t next_sequence;      /* number of the next record; as many as there are, if it equals first_sequence: none */
    uint32_t check;              /* over the fields above */
    uint8_t data[];
};

/* An empty ring in `bytes` bytes, at least 1 KB, at a 4-byte boundary; its first record gets this number. */
void log_ring_initialise(struct log_ring *ring, uint32_t bytes, uint32_t sequence);

/* Is this memory a ring of `bytes` bytes whose every record is whole? Any memory is fine. */
[[nodiscard]] bool log_ring_is_intact(const struct log_ring *ring, uint32_t bytes);

/* Adds a record; its sequence number is filled in. */
void log_ring_add(struct log_ring *ring, struct log_record *record);

/* Where in the ring a reader is. */
struct log_cursor {
    uint32_t sequence;           /* of the next record */
    uint32_t offset;             /* of it, if it is still there */
};

/* A cursor at the oldest record. */
struct log_cursor log_ring_begin(const struct log_ring *ring);

/*
 * The record at the cursor, and the cursor behind it; false if there is none. If records were pushed
 * out before they were read, *lost_out says how many, and the record is the oldest one left.
 */
[[nodiscard]] bool log_ring_read(const struct log_ring *ring, struct log_cursor *cursor,
                                 struct log_record *record_out, uint32_t *lost_out);

/* Bytes of a record without the unused end of its text. */
static inline uint32_t log_record_size(const struct log_record *record)
{
    return (uint32_t)LOG_RECORD_HEADER_SIZE + record->source_size + record->text_size;
}
