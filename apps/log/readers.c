#include <ternion/clock.h>
#include <ternion/lock.h>
#include <ternion/log_client.h>
#include <ternion/message.h>
#include <ternion/syscall.h>

#include "history.h"
#include "output.h"
#include "readers.h"

#define READERS_MAX 16U
#define FLUSHES_MAX 16U
#define FLUSH_PATIENCE_NS SECOND         /* without a line that is printed */
#define FLUSH_MOST_NS (10 * SECOND)      /* 100 KB on a serial line take so long */
#define SAVE_MARGIN_NS (50 * MILLISECOND)

/* Somebody who waits for a line. Main thread only. */
struct reader {
    struct event event; /* kind EVENT_NONE: the place is free */
};
static struct reader readers[READERS_MAX];

/* Somebody who waits until all up to a line is printed. */
struct flush {
    enum { FREE, FOR_CLIENT, FOR_KERNEL } kind;
    struct event event;       /* of a client */
    uint32_t number;          /* UNSETTLED: of a line that is still a record in the kernel */
    nanoseconds_t deadline_ns;
    nanoseconds_t latest_ns;  /* the deadline moves up to here while lines are printed */
};
#define UNSETTLED UINT32_MAX
static struct lock lock;      /* protects flushes */
static struct flush flushes[FLUSHES_MAX];
static bool unsettled;        /* perhaps there is one with UNSETTLED; main thread only */

/* ---- Lines ---- */

/* Answers with the next line, if there is one. */
static bool read_now(const struct event *event)
{
    struct log_line line;

    if (!history_next(event->words[1], event->words[2], &line)) {
        return false;
    }
    struct message answer = {
        .words = { OK, line.number, line.level, line.lost },
        .string = line.text,
        .string_size = line.size,
    };
    message_answer_with(event, &answer);
    return true;
}

static bool reader_add(const struct event *event)
{
    for (unsigned i = 0; i < READERS_MAX; i++) {
        if (readers[i].event.kind == EVENT_NONE) {
            readers[i].event = *event;
            return true;
        }
    }
    return false;
}

static void serve_read(const struct event *event)
{
    if (read_now(event)) {
        return;
    }
    if (!(event->words[3] & LOG_READ_WAIT) || !(event->flags & EVENT_WANTS_REPLY)) {
        message_answer(event, NOTHING);
    } else if (!reader_add(event)) {
        message_answer(event, NO_MEMORY);
    }
}

void readers_new_line(void)
{
    for (unsigned i = 0; i < READERS_MAX; i++) {
        if (readers[i].event.kind != EVENT_NONE && read_now(&readers[i].event)) {
            readers[i].event.kind = EVENT_NONE;
        }
    }
}

/* ---- Waiting until all is printed ---- */

static bool flush_add(const struct flush *flush)
{
    bool added = false;

    lock_acquire(&lock);
    for (unsigned i = 0; i < FLUSHES_MAX && !added; i++) {
        if (flushes[i].kind == FREE) {
            flushes[i] = *flush;
            added = true;
            unsettled = true;
        }
    }
    lock_release(&lock);
    return added;
}

static void serve_flush(const struct event *event)
{
    struct flush flush = {
        .kind = FOR_CLIENT,
        .event = *event,
        .number = UNSETTLED,
        .deadline_ns = clock_after(FLUSH_PATIENCE_NS),
        .latest_ns = clock_after(FLUSH_MOST_NS),
    };

    if (!flush_add(&flush)) {
        message_answer(event, NO_MEMORY);
    }
}

void readers_save_state(nanoseconds_t deadline_ns)
{
    struct flush flush = {
        .kind = FOR_KERNEL,
        .number = UNSETTLED,
        .deadline_ns = deadline_ns > SAVE_MARGIN_NS ? deadline_ns - SAVE_MARGIN_NS : 0,
    };

    if (!flush_add(&flush)) {
        (void)state_saved();
    }
}

bool readers_are_unsettled(void)
{
    return unsettled;
}

void readers_settle(void)
{
    uint32_t last = history_last();

    unsettled = false;
    lock_acquire(&lock);
    for (unsigned i = 0; i < FLUSHES_MAX; i++) {
        if (flushes[i].number == UNSETTLED) {
            flushes[i].number = last;
        }
    }
    lock_release(&lock);
}

void readers_line_printed(void)
{
    nanoseconds_t deadline_ns = clock_after(FLUSH_PATIENCE_NS);

    lock_acquire(&lock);
    for (unsigned i = 0; i < FLUSHES_MAX; i++) {
        struct flush *flush = &flushes[i];
        if (flush->kind == FOR_CLIENT) {
            flush->deadline_ns = deadline_ns < flush->latest_ns ? deadline_ns : flush->latest_ns;
        }
    }
    lock_release(&lock);
    readers_flushed();
}

void readers_flushed(void)
{
    nanoseconds_t now = clock_now();

    lock_acquire(&lock);
    for (unsigned i = 0; i < FLUSHES_MAX; i++) {
        struct flush *flush = &flushes[i];
        if (flush->kind == FREE) {
            continue;
        }
        bool printed = outputs_have_printed(flush->number);
        if (!printed && now < flush->deadline_ns) {
            continue;
        }
        if (flush->kind == FOR_KERNEL) {
            (void)state_saved();
        } else {
            message_answer(&flush->event, printed ? OK : TIMED_OUT);
        }
        flush->kind = FREE;
    }
    lock_release(&lock);
}

nanoseconds_t readers_deadline(void)
{
    nanoseconds_t deadline = FOREVER;

    lock_acquire(&lock);
    for (unsigned i = 0; i < FLUSHES_MAX; i++) {
        if (flushes[i].kind != FREE && flushes[i].deadline_ns < deadline) {
            deadline = flushes[i].deadline_ns;
        }
    }
    lock_release(&lock);
    return deadline;
}

static void serve_first_line(const struct event *event)
{
    uint64_t timestamp = outputs_first_line();
    struct message answer = { .words = { OK, (uint32_t)timestamp, (uint32_t)(timestamp >> 32) } };

    if (timestamp == 0) {
        message_answer(event, NOTHING);
    } else {
        message_answer_with(event, &answer);
    }
}

/* ---- The screen's level ---- */

static process_id_t level_setter;        /* 0: nobody. Main thread only */

static status_t set_screen_level(const struct event *event)
{
    log_level_t level = event->words[1];

    if (event->sender_class == CLASS_APPLICATION) {
        return NOT_ALLOWED;
    }
    if (level < LOG_WARNING || level >= LOG_LEVEL_COUNT) {
        return BAD_ARGUMENT;
    }
    status_t status = process_watch(event->sender);
    if (status == OK || status == EXISTS) {
        level_setter = event->sender;
        output_limit(&screen_output, level);
        return OK;
    }
    return status;
}

void readers_process_ended(process_id_t process)
{
    if (process == level_setter) {
        level_setter = 0;
        output_limit(&screen_output, LOG_DEBUG);
    }
}

void readers_serve(const struct event *event)
{
    switch (event->words[0]) {
    case LOG_READ:
        serve_read(event);
        break;
    case LOG_FLUSH:
        serve_flush(event);
        break;
    case LOG_FIRST_LINE:
        serve_first_line(event);
        break;
    case LOG_SCREEN_LEVEL:
        message_answer(event, set_screen_level(event));
        break;
    default:
        message_answer(event, BAD_ARGUMENT);
    }
}
