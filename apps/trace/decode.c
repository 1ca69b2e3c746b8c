#include "decode.h"

#include <abi/event.h>
#include <abi/process.h>

#include <ternion/exception.h>
#include <ternion/process.h>
#include <ternion/protocol.h>
#include <ternion/string.h>

#include "call.h"
#include "line.h"

#define MICROSECONDS 1000000U

/* ---- Beginning and end of a line ---- */

static void begin_line(struct line *line, nanoseconds_t time_ns)
{
    uint64_t time_us = time_ns / 1000;

    line_begin(line);
    line_add(line, "%5u.%06u ", (uint32_t)(time_us / MICROSECONDS), (uint32_t)(time_us % MICROSECONDS));
}

/* Time, process and thread. */
static void begin_record(const struct decoder *decoder, struct line *line, const struct trace_record *record)
{
    begin_line(line, record->time_ns);
    value_add_process(line, record->process, "kernel", decoder->name_of_process);
    if (record->thread != 0) {
        line_add(line, "/%x", record->thread);
    }
    line_add(line, " ");
}

static void put_line(const struct decoder *decoder, const struct line *line)
{
    decoder->put(line->text, line->size);
}

/* ---- Events ---- */

static const struct event_form {
    const char *name;
    enum { ID_HEXADECIMAL, ID_NUMBER, ID_PROCESS, ID_NONE } id;
    const char *count;           /* what its count is; NULL: nothing, or why a process ended */
} event_forms[EVENT_KIND_COUNT] = {
    [EVENT_NONE] = { "none", ID_NONE, NULL },
    [EVENT_MESSAGE] = { "message", ID_HEXADECIMAL, NULL },
    [EVENT_IRQ] = { "irq", ID_NUMBER, "count" },
    [EVENT_PROCESS_EXITED] = { "process exited", ID_PROCESS, NULL },
    [EVENT_SAVE_STATE] = { "save state", ID_NONE, NULL },
    [EVENT_TIMER] = { "timer", ID_HEXADECIMAL, "count" },
    [EVENT_PIPE_RELEASED] = { "pipe released", ID_HEXADECIMAL, "members" },
    [EVENT_PIPE_READY] = { "pipe ready", ID_HEXADECIMAL, "flags" },
    [EVENT_SHARED_RELEASED] = { "shared memory released", ID_HEXADECIMAL, "members" },
    [EVENT_DEVICES] = { "devices", ID_HEXADECIMAL, "count" },
    [EVENT_TRACE] = { "trace", ID_NONE, "count" },
    [EVENT_PROCESS_FROZEN] = { "process frozen", ID_PROCESS, NULL },
};

/* words[0] of a message: of a protocol's request, or anything. */
static void add_message(const struct decoder *decoder, struct line *line, const uint32_t *values)
{
    uint32_t word = values[2];

    line_add(line, " from=");
    value_add_process(line, values[1], "kernel", decoder->name_of_process);
    line_add(line, " word=0x%x", word);
    if (protocol_header_identity(word) != 0 && protocol_header_version(word) != 0 && protocol_header_number(word) != 0) {
        line_add(line, " (protocol 0x%04x version %u operation %u)", protocol_header_identity(word),
                 protocol_header_version(word), protocol_header_number(word));
    }
    if (values[3] != 0) {
        line_add(line, " string_size=%u", values[3]);
    }
}

static void add_id(const struct decoder *decoder, struct line *line, const struct event_form *form, const uint32_t *values)
{
    char text[EXIT_TEXT_SIZE];

    switch (form->id) {
    case ID_HEXADECIMAL:
        line_add(line, " id=0x%x", values[0]);
        break;
    case ID_NUMBER:
        line_add(line, " id=%u", values[0]);
        break;
    case ID_PROCESS:
        line_add(line, " id=");
        value_add_process(line, values[0], "kernel", decoder->name_of_process);
        line_add(line, " %s", exit_describe(values[2], text, sizeof text));
        break;
    case ID_NONE:
        break;
    }
}

static void add_event(const struct decoder *decoder, struct line *line, const struct trace_record *record)
{
    if (record->number >= EVENT_KIND_COUNT || event_forms[record->number].name == NULL) {
        line_add(line, "event %u id=0x%x from=0x%x count=0x%x", record->number, record->values[0],
                 record->values[1], record->values[2]);
        return;
    }
    const struct event_form *form = &event_forms[record->number];
    line_add(line, "%s", form->name);
    add_id(decoder, line, form, record->values);
    if (form->count != NULL) {
        line_add(line, " %s=%u", form->count, record->values[2]);
    }
    if (record->number == EVENT_MESSAGE) {
        add_message(decoder, line, record->values);
    }
}

/* ---- The other kinds ---- */

static void add_strike(struct line *line, const struct trace_record *record)
{
    static const char *const forms[STRIKE_KIND_COUNT] = {
        [STRIKE_PORT_READ] = "read of port 0x%X",
        [STRIKE_PORT_WRITE] = "write to port 0x%X",
        [STRIKE_MEMORY] = "physical memory at 0x%08x",
        [STRIKE_IRQ] = "interrupt line %u",
        [STRIKE_MESSAGE] = "message to role %u",
    };

    line_add(line, "strike: ");
    line_add(line, record->number < STRIKE_KIND_COUNT ? forms[record->number] : "kind unknown, 0x%x", record->values[0]);
    if (record->values[1] != 0) {
        line_add(line, " eip=0x%08x", record->values[1]);
    }
}

static void add_fault(struct line *line, const struct trace_record *record)
{
    line_add(line, "%s error_code=0x%x address=0x%08x eip=0x%08x esp=0x%08x", exception_name(record->number), record->values[0],
             record->values[1], record->values[2], record->values[3]);
}

static void add_port(struct line *line, const struct trace_record *record)
{
    /* A byte has two digits. */
    int digits = record->values[0] <= 4 ? (int)record->values[0] * 2 : 8;

    line_add(line, "%s 0x%03X.%u = 0x%0*X  eip=0x%08x", record->kind == TRACE_PORT_READ ? "in" : "out", record->number,
             record->values[0], digits, record->values[1], record->values[2]);
}

static void add_end(struct line *line, const struct trace_record *record)
{
    char text[EXIT_TEXT_SIZE];

    line_add(line, "+++ %s +++", exit_describe(record->number, text, sizeof text));
}

/* Anything but a call. */
static void put_record(const struct decoder *decoder, const struct trace_record *record)
{
    struct line line;

    begin_record(decoder, &line, record);
    switch (record->kind) {
    case TRACE_PORT_READ:
    case TRACE_PORT_WRITE:
        add_port(&line, record);
        break;
    case TRACE_PROCESS_ENDS:
        add_end(&line, record);
        break;
    case TRACE_EVENT:
        line_add(&line, "--- ");
        add_event(decoder, &line, record);
        line_add(&line, " ---");
        break;
    case TRACE_STRIKE:
        line_add(&line, "--- ");
        add_strike(&line, record);
        line_add(&line, " ---");
        break;
    case TRACE_FAULT:
        line_add(&line, "--- ");
        add_fault(&line, record);
        line_add(&line, " ---");
        break;
    case DECODE_ATTACHED:
        line_add(&line, "--- process 0x%x is traced from now on ---", record->process);
        break;
    default:
        line_add(&line, "--- record of kind %u, which this program does not know ---", record->kind);
    }
    put_line(decoder, &line);
}

/* ---- Calls ---- */

static struct pending *pending_find(struct decoder *decoder, thread_id_t thread)
{
    for (uint32_t i = 0; i < PENDING_MAX; i++) {
        if (decoder->pending[i].thread == thread) {
            return &decoder->pending[i];
        }
    }
    return NULL;
}

static void put_inner(struct decoder *decoder)
{
    for (uint32_t i = 0; i < decoder->inner_count; i++) {
        put_record(decoder, &decoder->inner[i]);
    }
    decoder->inner_count = 0;
}

static void begin_call(const struct decoder *decoder, struct line *line, const struct trace_record *begin)
{
    begin_record(decoder, line, begin);
    call_add_begin(line, begin->number, begin->values, decoder->name_of_process);
}

static void take_begin(struct decoder *decoder, const struct trace_record *record)
{
    struct pending *pending = pending_find(decoder, record->thread);
    struct line line;

    decoder_settle(decoder);
    if (pending == NULL) {
        pending = pending_find(decoder, 0);
    }
    if (pending != NULL && record->thread != 0) {
        *pending = (struct pending){ record->thread, *record };
        decoder->held = pending;
        return;
    }
    begin_call(decoder, &line, record);
    line_add(&line, " <unfinished ...>");
    put_line(decoder, &line);
}

/* " = OK result=value <0.000012>" */
static void add_end_of_call(const struct decoder *decoder, struct line *line, const struct trace_record *end,
                            const struct trace_record *begin)
{
    line_add(line, " = ");
    call_add_results(line, end->number, end->values, decoder->name_of_process);
    if (begin != NULL) {
        uint64_t time_us = (end->time_ns - begin->time_ns) / 1000;
        line_add(line, " <%u.%06u>", (uint32_t)(time_us / MICROSECONDS), (uint32_t)(time_us % MICROSECONDS));
    }
}

static void take_end(struct decoder *decoder, const struct trace_record *record)
{
    struct pending *pending = record->thread == 0 ? NULL : pending_find(decoder, record->thread);
    bool is_same = pending != NULL && pending->begin.number == record->number && pending->begin.time_ns <= record->time_ns;
    const struct trace_record *begin = is_same ? &pending->begin : NULL;
    struct line line;

    summary_call(decoder->summary, record->number, call_succeeded(record->number, record->values[0]),
                 is_same ? record->time_ns - begin->time_ns : 0);
    if (is_same && decoder->held == pending) {
        begin_call(decoder, &line, begin);
        line_add(&line, ")");
        decoder->held = NULL;
    } else {
        decoder_settle(decoder);
        begin_record(decoder, &line, record);
        line_add(&line, "<... ");
        call_add_name(&line, record->number);
        line_add(&line, " resumed>)");
    }
    add_end_of_call(decoder, &line, record, begin);
    put_line(decoder, &line);
    put_inner(decoder);
    if (pending != NULL) {
        pending->thread = 0;
    }
}

/* Its threads are in no call any more. One that it was in at the end never answers, as that which ends a process. */
static void take_end_of_process(struct decoder *decoder, const struct trace_record *record)
{
    if (decoder->held != NULL && decoder->held->begin.process == record->process) {
        struct line line;

        begin_call(decoder, &line, &decoder->held->begin);
        line_add(&line, ") = ?");
        put_line(decoder, &line);
        decoder->held = NULL;
        put_inner(decoder);
    }
    decoder_settle(decoder);
    put_record(decoder, record);
    for (uint32_t i = 0; i < PENDING_MAX; i++) {
        if (decoder->pending[i].thread != 0 && decoder->pending[i].begin.process == record->process) {
            decoder->pending[i].thread = 0;
        }
    }
}

/* What may stand behind the line of the call that it happened in. */
static bool keep_inside(struct decoder *decoder, const struct trace_record *record)
{
    bool is_inside = (record->kind == TRACE_EVENT || record->kind == TRACE_STRIKE) && decoder->held != NULL
        && decoder->held->thread == record->thread && decoder->inner_count < INNER_MAX;

    if (is_inside) {
        decoder->inner[decoder->inner_count++] = *record;
    }
    return is_inside;
}

/* ---- The whole ---- */

void decoder_begin(struct decoder *decoder, void (*put)(const char *text, uint32_t size), process_name_t *name_of_process,
                   struct summary *summary)
{
    memset(decoder, 0, sizeof *decoder);
    decoder->put = put;
    decoder->name_of_process = name_of_process;
    decoder->summary = summary;
}

bool decoder_holds(const struct decoder *decoder)
{
    return decoder->held != NULL;
}

void decoder_settle(struct decoder *decoder)
{
    struct line line;

    if (decoder->held != NULL) {
        begin_call(decoder, &line, &decoder->held->begin);
        line_add(&line, " <unfinished ...>");
        decoder->held = NULL;
        put_line(decoder, &line);
    }
    put_inner(decoder);
}

/* Tells what is missing before a record. What was pending may have ended unseen. */
static void look_for_gap(struct decoder *decoder, const struct trace_record *record)
{
    uint32_t lost = decoder->has_sequence ? record->sequence - decoder->next_sequence : 0;
    struct line line;

    decoder->has_sequence = true;
    decoder->next_sequence = record->sequence + 1;
    if (lost == 0) {
        return;
    }
    decoder_settle(decoder);
    for (uint32_t i = 0; i < PENDING_MAX; i++) {
        decoder->pending[i].thread = 0;
    }
    decoder->summary->lost += lost;
    begin_line(&line, record->time_ns);
    line_add(&line, "--- %u records lost ---", lost);
    put_line(decoder, &line);
}

void decoder_take(struct decoder *decoder, const struct trace_record *record)
{
    if (record->kind < TRACE_KIND_COUNT) {
        look_for_gap(decoder, record);
        decoder->summary->kinds[record->kind]++;
    }
    switch (record->kind) {
    case TRACE_CALL_BEGINS:
        take_begin(decoder, record);
        return;
    case TRACE_CALL_ENDS:
        take_end(decoder, record);
        return;
    case TRACE_PROCESS_ENDS:
        take_end_of_process(decoder, record);
        return;
    }
    if (!keep_inside(decoder, record)) {
        decoder_settle(decoder);
        put_record(decoder, record);
    }
}
