/* What waits to be sent over a line, in its order: bytes, and settings that are to hold for what is behind them. */
#pragma once

#include <stdbool.h>

#include <ternion/line.h>
#include <ternion/server.h>

enum request_kind { REQUEST_BYTES, REQUEST_TEXT, REQUEST_LINE, REQUEST_SETTINGS, REQUEST_INITIALISE };

struct request {
    struct request *next;
    enum request_kind kind;
    struct pending_call call;
    struct line_settings settings;
    uint32_t size;               /* bytes */
    uint32_t sent;
    uint8_t bytes[];
};

struct queue {
    struct request *first;
    struct request *last;
};

/*
 * Puts a call at the end; it is then answered later. Of a text each \n becomes \r\n. In front of REQUEST_LINE stand a \r\n, which are to be
 * sent if a line is begun: queue_skip_end else.
 * Statuses: what the handler of the call returns then; NO_MEMORY also if too much waits, or too much of this sender.
 */
[[nodiscard]] status_t queue_bytes(struct queue *queue, const struct server_call *call, enum request_kind kind);
[[nodiscard]] status_t queue_settings(struct queue *queue, const struct server_call *call, enum request_kind kind,
                                      const struct line_settings *settings);

/* Before the first byte of REQUEST_LINE: no line is begun. */
void queue_skip_end(struct request *request);

/* The first is done: answers OK. */
void queue_finish_first(struct queue *queue);
