#include "log.h"

#include "clock.h"
#include "early_console.h"
#include "event.h"
#include "heap.h"
#include "log_ring.h"
#include "process.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

#define CUT_MARK " [cut]"
#define REPEATED_MAX 16U         /* records that the next a\log gets again */

static const char *const level_names[LOG_LEVEL_COUNT] = LOG_LEVEL_NAMES;

static struct log_ring *ring;
static struct log_ring *previous_ring;   /* of the boot before, until it was read; or NULL */
static struct log_cursor cursor;         /* of a\log, in previous_ring while there is one, else in ring */
static struct process *log_process;
static struct event_source log_source;   /* queued at a\log while it has records to read */
static struct log_record current;        /* that a\log took last */
static uint32_t first_untaken;           /* sequence number of the first record that no a\log ever took */

/* The record that a\log has to read next, and the cursor behind it. */
static bool next_record(struct log_cursor *at, struct log_record *record_out)
{
    const struct log_ring *from = previous_ring != NULL ? previous_ring : ring;
    uint32_t lost;

    if (!log_ring_read(from, at, record_out, &lost)) {
        return false;
    }
    if (previous_ring != NULL) {
        record_out->flags |= LOG_PREVIOUS_BOOT;
    } else if (record_out->sequence < first_untaken) {
        record_out->flags |= LOG_REPEATED;
    }
    return true;
}

static void record_describe(const struct event_source *source, struct event *event_out)
{
    struct log_cursor at = cursor;
    struct log_record record;
    (void)source;

    if (!next_record(&at, &record)) {
        return;                  /* cannot be: it is queued only while there is one */
    }
    event_out->kind = EVENT_MESSAGE;
    event_out->id = LOG_MESSAGE_ID;
    event_out->words[0] = record.level;
    event_out->words[1] = record.flags;
    event_out->words[2] = record.sequence;
    event_out->words[3] = record.source;
    event_out->string_size = log_record_size(&record);
    if (event_out->string_size <= MESSAGE_INLINE_MAX) {
        memcpy(event_out->string, &record, event_out->string_size);
    }
}

/* The previous boot's ring was read to its end: on with our own. */
static void previous_done(void)
{
    heap_free(previous_ring);
    previous_ring = NULL;
    cursor = log_ring_begin(ring);
}

/* Tells a\log if there is a record for it. */
static void offer(void)
{
    if (log_process == NULL) {
        return;
    }
    if (previous_ring != NULL && cursor.sequence == previous_ring->next_sequence) {
        previous_done();
    }
    if (previous_ring != NULL || cursor.sequence != ring->next_sequence) {
        event_post(&log_process->events, &log_source);
    }
}

static void record_delivered(struct event_source *source)
{
    (void)source;
    (void)next_record(&cursor, &current);
    if (previous_ring == NULL && cursor.sequence > first_untaken) {
        first_untaken = cursor.sequence;
    }
    offer();
}

static const struct event_source_type log_type = { false, record_describe, record_delivered };

/* What the last boot left, copied out of the way of the new ring; NULL if it is not intact. */
static struct log_ring *previous_take(const struct log_ring *old)
{
    if (!log_ring_is_intact(old, LOG_RING_SIZE) || old->first_sequence == old->next_sequence) {
        return NULL;
    }
    struct log_ring *copy = heap_allocate_unset(LOG_RING_SIZE, true);
    if (copy != NULL) {
        memcpy(copy, old, LOG_RING_SIZE);
    }
    return copy;
}

void log_initialise(void *memory)
{
    ring = memory;
    previous_ring = previous_take(ring);
    log_ring_initialise(ring, LOG_RING_SIZE, 1);
    cursor = log_ring_begin(previous_ring != NULL ? previous_ring : ring);
    event_source_initialise(&log_source, &log_type);
}

/* The line of a record, as a\log prints it too. */
static void record_print(const struct log_record *record, void (*print)(const char *text))
{
    char line[sizeof record->text + 64];
    uint64_t us = record->time_ns / 1000;

    format_text(line, sizeof line, "[%4u.%06u] %s %.*s: %.*s\n", (uint32_t)(us / 1000000), (uint32_t)(us % 1000000), level_names[record->level],
                record->source_size, record->text, record->text_size, record->text + record->source_size);
    print(line);
}

static void record_add(struct log_record *record)
{
    record->time_ns = clock_now();
    record->flags = 0;
    log_ring_add(ring, record);
    if (log_process == NULL) {
        bool is_the_end = record->level == LOG_EMERGENCY && record->source == KERNEL_PROCESS;   /* others may say so, and not take the screen */

        record_print(record, is_the_end ? early_console_panic_print : early_console_print);
    }
    offer();
}

/* Control characters would let one record look like two. */
static void text_clean(char *text, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if ((uint8_t)text[i] < ' ' || text[i] == 0x7F) {
            text[i] = ' ';
        }
    }
}

void log_kernel(enum log_level level, const char *format, ...)
{
    static const char name[] = "kernel";
    struct log_record record = { .level = (uint8_t)level, .source = KERNEL_PROCESS, .source_size = sizeof name - 1 };
    char text[LOG_TEXT_MAX + 1];
    va_list arguments;

    va_start(arguments, format);
    uint32_t size = format_text_list(text, sizeof text, format, arguments);
    va_end(arguments);
    text_clean(text, size);
    memcpy(record.text, name, sizeof name - 1);
    memcpy(record.text + record.source_size, text, size);
    record.text_size = (uint8_t)size;
    record_add(&record);
}

status_t sys_log_write(log_level_t level, const void USER *text, uint32_t text_size)
{
    const struct process *self = thread_current->process;
    struct log_record record = { .level = (uint8_t)level, .source = self->id, .source_size = (uint8_t)self->name_size };
    char *to = record.text + record.source_size;
    uint32_t size = text_size < LOG_TEXT_MAX ? text_size : LOG_TEXT_MAX;

    if (level >= LOG_LEVEL_COUNT) {
        return BAD_ARGUMENT;
    }
    if ((self->access.partners & ROLE_BIT(ROLE_LOG)) == 0) {
        return NOT_ALLOWED;
    }
    memcpy(record.text, self->name, self->name_size);
    status_t status = user_read(to, text, size);
    if (status != OK) {
        return status;
    }
    text_clean(to, size);
    if (text_size > LOG_TEXT_MAX) {
        memcpy(to + LOG_TEXT_MAX - (sizeof CUT_MARK - 1), CUT_MARK, sizeof CUT_MARK - 1);
    }
    record.text_size = (uint8_t)size;
    record_add(&record);
    return OK;
}

status_t log_receive(void USER *string_out, uint32_t string_size)
{
    uint32_t size = log_record_size(&current);

    if (thread_current->process != log_process || current.source_size == 0) {
        return BAD_ID;
    }
    return size > string_size ? TOO_BIG : user_write(string_out, &current, size);
}

/* A new a\log begins a little before where the last one ended. */
static void rewind_cursor(void)
{
    struct log_record skipped;
    uint32_t lost;

    if (previous_ring != NULL) {
        return;
    }
    cursor = log_ring_begin(ring);
    while (cursor.sequence + REPEATED_MAX < first_untaken && log_ring_read(ring, &cursor, &skipped, &lost)) {
    }
}

void log_process_began(struct process *process)
{
    if (strcmp(process->name, LOG_NAME) != 0) {
        return;
    }
    log_process = process;
    rewind_cursor();
    memset(&current, 0, sizeof current);
    offer();
}

void log_process_gone(const struct process *process)
{
    if (process == log_process) {
        event_withdraw(&log_source);
        log_process = NULL;
    }
}

bool log_process_exists(void)
{
    return log_process != NULL;
}

void log_print_last(uint32_t lines)
{
    struct log_record record;
    uint32_t lost;

    if (ring == NULL) {
        return;
    }
    struct log_cursor at = log_ring_begin(ring);
    while (log_ring_read(ring, &at, &record, &lost)) {
        if (ring->next_sequence - record.sequence <= lines) {
            record_print(&record, early_console_panic_print);
        }
    }
}
