#include "queue.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/text.h>

/* What may wait: 6 s at 115200 baud; of one process less, so that it cannot keep the others out. */
static const struct room {
    uint32_t requests;
    uint32_t bytes;
} room_of_all = { 256, 65536 }, room_of_one = { 16, 16384 };

static bool has_room(struct room room, uint32_t size)
{
    return room.requests > 0 && room.bytes >= size;
}

/* Is there room for so many bytes more of a sender? */
static bool fits(const struct queue *queue, process_id_t sender, uint32_t size)
{
    struct room all = room_of_all;
    struct room one = room_of_one;

    for (const struct request *request = queue->first; request != NULL; request = request->next) {
        all.requests--;
        all.bytes -= request->size;
        if (request->call.sender == sender) {
            one.requests--;
            one.bytes -= request->size;
        }
    }
    return has_room(all, size) && has_room(one, size);
}

/* NULL: there is no memory, or too much waits. */
static struct request *request_create(const struct queue *queue, const struct server_call *call, enum request_kind kind,
                                      uint32_t size)
{
    struct request *request = fits(queue, call->sender, size) ? malloc(sizeof *request + size) : NULL;

    if (request != NULL) {
        *request = (struct request){ .kind = kind };
    }
    return request;
}

static status_t append(struct queue *queue, const struct server_call *call, struct request *request)
{
    if (queue->first == NULL) {
        queue->first = request;
    } else {
        queue->last->next = request;
    }
    queue->last = request;
    return server_answer_later(call, &request->call);
}

static uint32_t count_line_ends(const uint8_t *text, uint32_t size)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < size; i++) {
        count += text[i] == '\n';
    }
    return count;
}

static void put_text(struct request *request, const uint8_t *text, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (text[i] == '\n') {
            request->bytes[request->size++] = '\r';
        }
        request->bytes[request->size++] = text[i];
    }
}

#define END_SIZE 2U              /* \r\n */

static uint32_t room_for_text(const uint8_t *text, uint32_t size, enum request_kind kind)
{
    return kind == REQUEST_BYTES ? size : size + count_line_ends(text, size) + (kind == REQUEST_LINE ? END_SIZE : 0);
}

void queue_skip_end(struct request *request)
{
    request->sent = END_SIZE;
}

status_t queue_bytes(struct queue *queue, const struct server_call *call, enum request_kind kind)
{
    const uint8_t *bytes = call->string;
    uint32_t size = call->string_size;

    if (size == 0) {
        return OK;
    }
    struct request *request = request_create(queue, call, kind, room_for_text(bytes, size, kind));
    if (request == NULL) {
        return NO_MEMORY;
    }
    if (kind == REQUEST_LINE) {
        put_text(request, (const uint8_t *)"\n", 1);
    }
    if (kind != REQUEST_BYTES) {
        put_text(request, bytes, size);
    } else {
        memcpy(request->bytes, bytes, size);
        request->size = size;
    }
    return append(queue, call, request);
}

status_t queue_settings(struct queue *queue, const struct server_call *call, enum request_kind kind,
                        const struct line_settings *settings)
{
    struct request *request = request_create(queue, call, kind, 0);

    if (request == NULL) {
        return NO_MEMORY;
    }
    request->settings = *settings;
    return append(queue, call, request);
}

/* It fails if the caller died: no matter. */
void queue_finish_first(struct queue *queue)
{
    struct request *request = queue->first;

    queue->first = request->next;
    switch (request->kind) {
    case REQUEST_BYTES:
        (void)line_call_write_answer(&request->call, OK, NULL, NULL);
        break;
    case REQUEST_TEXT:
        (void)text_call_write_answer(&request->call, OK, NULL, NULL);
        break;
    case REQUEST_LINE:
        (void)text_call_write_line_answer(&request->call, OK, NULL, NULL);
        break;
    case REQUEST_SETTINGS:
        (void)line_call_configure_answer(&request->call, OK, NULL);
        break;
    case REQUEST_INITIALISE:
        (void)device_call_initialise_answer(&request->call, OK, NULL);
        break;
    }
    free(request);
}
