#include "serial_line.h"

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/syscall.h>

#define RECEIVE_AT_ONCE 4096U                   /* bytes; then others have their turn */
#define READY_ROOM 1024U                        /* for what the other side sends until it hears that it shall not */
#define BACK_ROOM (RING_SIZE / 2)               /* when it shall again */
#define FRUITLESS_MAX 16U
#define LATE_NS (20 * MILLISECOND)              /* an interrupt is, beside what the bytes take */
#define LOST_NS SECOND                          /* an interrupt that is relied on may be, once in a long time */
#define EMPTY_LOOK_NS MILLISECOND

bool serial_line_open(struct serial_line *line, uint16_t port)
{
    if (!uart_open(&line->uart, port)) {
        return false;
    }
    line->ring = calloc(1, sizeof *line->ring);
    if (line->ring == NULL) {
        uart_mute(&line->uart);
        return false;
    }
    line->settings = uart_settings_at_start;
    line->is_ready = line->is_receiving = true;
    line->look_ns = FOREVER;
    line->is_present = true;
    return true;
}

uint32_t serial_line_describe(const struct serial_line *line, char *text, uint32_t size)
{
    static const char parities[] = { [LINE_PARITY_NONE] = 'N', [LINE_PARITY_ODD] = 'O', [LINE_PARITY_EVEN] = 'E' };
    const struct line_settings *settings = &line->settings;

    size_t length = format_text(text, size, "%s, %u %u%c%u%s", line->uart.model, settings->baud, settings->data_bits,
                                parities[settings->parity], settings->stop_bits,
                                settings->flow == LINE_FLOW_HARDWARE ? ", RTS/CTS" : "");
    return (uint32_t)(length < size ? length : size - 1);
}

/* How long so many bytes take. */
static nanoseconds_t bytes_ns(const struct serial_line *line, uint32_t count)
{
    const struct line_settings *settings = &line->settings;
    uint32_t bits = 1U + settings->data_bits + (settings->parity != LINE_PARITY_NONE) + settings->stop_bits;

    return count * bits * SECOND / settings->baud;
}

/* ---- Requests ---- */

status_t serial_line_take_bytes(struct serial_line *line, struct server_call *call, enum request_kind kind)
{
    return queue_bytes(&line->queue, call, kind);
}

status_t serial_line_take_settings(struct serial_line *line, struct server_call *call, const struct line_settings *settings)
{
    return uart_can(settings) ? queue_settings(&line->queue, call, REQUEST_SETTINGS, settings) : BAD_ARGUMENT;
}

/* A caller that died, or gave up, has left its call: nothing can be had of that. */
static bool reader_is_gone(const struct serial_line *line)
{
    return message_receive(line->reader.id, NULL, 0) == BAD_ID;
}

status_t serial_line_take_reader(struct serial_line *line, struct server_call *call, uint32_t most)
{
    if (most == 0 || most > LINE_READ_MAX || call->id == 0) {
        return BAD_ARGUMENT;
    }
    if (line->has_reader && !reader_is_gone(line)) {
        return BUSY;
    }
    line->has_reader = true;
    line->reader_most = most;
    return server_answer_later(call, &line->reader);
}

status_t serial_line_take_initialise(struct serial_line *line, struct server_call *call)
{
    if (line->has_reader) {
        server_drop(&line->reader);
        line->has_reader = false;
    }
    ring_take(line->ring, line->ring->count);
    uart_drop_received(&line->uart);
    uart_ignore_cts(&line->uart);
    return queue_settings(&line->queue, call, REQUEST_INITIALISE, &uart_settings_at_start);
}

void serial_line_count(const struct serial_line *line, struct line_statistics *statistics_out)
{
    *statistics_out = (struct line_statistics){
        .received = line->received,
        .sent = line->sent,
        .overruns = line->uart.overruns,
        .errors = line->uart.errors,
        .breaks = line->uart.breaks,
        .waiting = line->ring->count,
    };
}

/* ---- Receiving ---- */

static bool receive(struct serial_line *line)
{
    enum uart_received what = UART_BYTE;
    uint32_t taken = 0;
    uint8_t byte;

    while (taken < RECEIVE_AT_ONCE && ring_room(line->ring) > 0 && what != UART_NOTHING) {
        what = uart_receive(&line->uart, &byte);
        if (what == UART_BYTE) {
            ring_put(line->ring, byte);
            line->received++;
        }
        taken += what != UART_NOTHING;
    }
    return taken != 0;
}

/* Unless it was taken, what is read stays for the next reader. */
static bool answer_reader(struct serial_line *line)
{
    struct payload payload = { 0 };

    if (!line->has_reader || line->ring->count == 0) {
        return false;
    }
    payload.string = ring_oldest(line->ring, line->reader_most, &payload.string_size);
    status_t status = line_call_read_answer(&line->reader, OK, NULL, &payload);
    line->has_reader = status != OK && status != BAD_ID;
    if (status == OK) {
        ring_take(line->ring, payload.string_size);
    }
    return status == OK;
}

/* Holds up the other side in time, if it obeys; if not, bytes wait in the UART as far as they fit. */
static void steer(struct serial_line *line)
{
    uint32_t room = ring_room(line->ring);
    bool is_ready = room >= (line->is_ready ? READY_ROOM : BACK_ROOM);
    bool is_receiving = room >= (line->is_receiving ? 1 : BACK_ROOM);

    if (is_ready != line->is_ready) {
        line->is_ready = is_ready;
        uart_set_ready(&line->uart, is_ready);
    }
    if (is_receiving != line->is_receiving && !line->is_muted) {
        line->is_receiving = is_receiving;
        uart_set_receiving(&line->uart, is_receiving);
    }
}

/* ---- Sending ---- */

/* The settings that are the first in the queue: true when they hold. They wait for the last byte to leave, within bounds. */
static bool apply_settings(struct serial_line *line)
{
    if (line->empty_ns == 0) {
        line->empty_ns = clock_after(LATE_NS + bytes_ns(line, line->uart.fifo_size + 2U));
    }
    if (!uart_is_empty(&line->uart) && clock_now() < line->empty_ns) {
        return false;
    }
    line->empty_ns = 0;
    line->settings = line->queue.first->settings;
    uart_configure(&line->uart, &line->settings);
    line->is_ready = line->is_receiving = true;
    line->is_muted = false;
    line->fruitless = 0;
    return true;
}

/* Sends of a request what the transmitter takes. Returns how many bytes that were. */
static uint32_t send(struct serial_line *line, struct request *request)
{
    if (request->kind == REQUEST_LINE && request->sent == 0 && !line->column.line_is_begun) {
        queue_skip_end(request);
    }
    uint32_t taken = (uint32_t)uart_transmit(&line->uart, request->bytes + request->sent, request->size - request->sent);
    for (uint32_t i = 0; i < taken; i++) {
        column_take(&line->column, request->bytes[request->sent + i]);
    }
    request->sent += taken;
    line->sent += taken;
    return taken;
}

/* Sends until the transmitter is full or nothing is left. */
static bool transmit(struct serial_line *line)
{
    struct request *request;
    bool moved = false;

    while ((request = line->queue.first) != NULL) {
        if (request->kind == REQUEST_SETTINGS || request->kind == REQUEST_INITIALISE) {
            if (!apply_settings(line)) {
                break;
            }
            queue_finish_first(&line->queue);
            continue;
        }
        uint32_t taken = send(line, request);
        moved = moved || taken != 0;
        if (request->sent == request->size) {
            queue_finish_first(&line->queue);
        } else if (taken == 0) {
            break;
        }
    }
    return moved;
}

/* ---- Working ---- */

static nanoseconds_t next_look(const struct serial_line *line)
{
    bool relies = line->interrupts_come && !line->is_muted;

    if (line->empty_ns != 0) {
        nanoseconds_t byte_ns = bytes_ns(line, 1);
        return clock_after(byte_ns > EMPTY_LOOK_NS ? byte_ns : EMPTY_LOOK_NS);
    }
    if (line->queue.first != NULL) {
        return clock_after(LATE_NS + bytes_ns(line, line->uart.fifo_size));
    }
    return line->has_reader ? clock_after(relies ? LOST_NS : LATE_NS) : FOREVER;
}

bool serial_line_work(struct serial_line *line)
{
    bool moved = receive(line);

    moved = answer_reader(line) || moved;
    moved = transmit(line) || moved;
    steer(line);
    line->look_ns = next_look(line);
    return moved;
}

bool serial_line_interrupts(struct serial_line *line)
{
    if (line->is_muted || !uart_interrupts(&line->uart)) {
        line->fruitless = 0;
        return false;
    }
    line->interrupts_come = true;
    line->fruitless = serial_line_work(line) ? 0 : line->fruitless + 1;
    if (line->fruitless > FRUITLESS_MAX) {
        uart_mute(&line->uart);
        line->is_muted = true;
        line->fruitless = 0;
        return false;
    }
    return true;
}

nanoseconds_t serial_line_deadline(const struct serial_line *line)
{
    return line->look_ns;
}
