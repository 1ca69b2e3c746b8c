/*
 * A serial line: a UART, what waits to be sent, what has come, and who waits for that. One thread only.
 *
 * Handlers of requests only note what is wanted; serial_line_work does it. It is to be called after each event, and at
 * serial_line_deadline.
 */
#pragma once

#include <ternion/column.h>
#include <ternion/server.h>

#include "queue.h"
#include "ring.h"
#include "uart.h"

struct serial_line {
    bool is_present;
    struct uart uart;
    struct line_settings settings;
    struct queue queue;
    struct ring *ring;           /* what has come */
    uint32_t received, sent;     /* bytes */
    struct column column;        /* behind what was sent */

    struct pending_call reader;  /* if has_reader: who waits for bytes, for so many at most */
    uint32_t reader_most;
    bool has_reader;

    bool is_ready;               /* the other side was told that there is room */
    bool is_receiving;           /* the UART interrupts for bytes */
    bool interrupts_come;        /* one was seen: others can be relied on */
    bool is_muted;               /* its interrupt was stuck, and is off */
    uint32_t fruitless;          /* interrupts in a row that brought nothing */
    nanoseconds_t empty_ns;      /* until then settings wait for the transmitter; 0: they do not yet */
    nanoseconds_t look_ns;       /* when to look though no interrupt came */
};

/* Looks for the UART at a port and sets it up. False: there is none, or no memory. */
bool serial_line_open(struct serial_line *line, uint16_t port);

/* "16550A with FIFO, 115200 8N1"; returns its length. */
uint32_t serial_line_describe(const struct serial_line *line, char *text, uint32_t size);

/* Handlers; kind: REQUEST_BYTES, REQUEST_TEXT or REQUEST_LINE. */
[[nodiscard]] status_t serial_line_take_bytes(struct serial_line *line, struct server_call *call, enum request_kind kind);
[[nodiscard]] status_t serial_line_take_reader(struct serial_line *line, struct server_call *call, uint32_t most);
[[nodiscard]] status_t serial_line_take_settings(struct serial_line *line, struct server_call *call,
                                          const struct line_settings *settings);
[[nodiscard]] status_t serial_line_take_initialise(struct serial_line *line, struct server_call *call);
void serial_line_count(const struct serial_line *line, struct line_statistics *statistics_out);

/* Receives, sends, answers: as much as there is to do now. Returns whether anything moved. */
bool serial_line_work(struct serial_line *line);

/*
 * Its interrupt line has fired. False: it interrupts no more, and the line may be acknowledged as far as this one goes. True: it
 * was worked on, and still wants to be.
 */
bool serial_line_interrupts(struct serial_line *line);

/* When serial_line_work is to be called at the latest. */
nanoseconds_t serial_line_deadline(const struct serial_line *line);
