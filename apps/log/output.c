#include <ternion/clock.h>
#include <ternion/lock.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/text.h>
#include <ternion/thread.h>

#include "history.h"
#include "line.h"
#include "output.h"
#include "readers.h"

#define STACK_BYTES 4096U
#define RETRY_FIRST_NS (20 * MILLISECOND)
#define RETRY_LAST_NS (250 * MILLISECOND)
#define AWAY_NS DEVICE_PATIENCE_NS  /* a driver that was to come back would be there */

/* Bytes that the longest line may take: with colours, its end, and a line about loss before it. */
#define ROOM_FOR_LINE (2U * (LOG_LINE_MAX + 16U))

struct output {
    const char *const device_name;
    const char *const *const colours; /* by level, put before a line; NULL: none */
    log_level_t level;                /* the least urgent level printed; constant once started */
    volatile log_level_t limit;       /* the same for now; written by the main thread */
    thread_id_t thread;               /* 0: not started; constant afterwards */
    volatile uint32_t printed;        /* number of the last line that was printed; written by its thread only, as all below */
    volatile bool is_away;            /* nobody waits for what it prints: there is no such device */
    struct device device;
    bool lacks_lines;                 /* its driver cannot begin a line if need be */
    uint32_t size;
    char *const text;                 /* TEXT_SIZE_MAX bytes */
};

static const char *const screen_colours[LOG_LEVEL_COUNT] = {
    [LOG_EMERGENCY] = "\033[37;41;1m",
    [LOG_ERROR] = "\033[91m",
    [LOG_WARNING] = "\033[93m",
    [LOG_INFORMATION] = "",
    [LOG_DEBUG] = "\033[90m",
};
#define COLOURS_END "\033[0m"

static char screen_text[TEXT_SIZE_MAX];
static char serial_text[TEXT_SIZE_MAX];

struct output screen_output = {
    .device_name = "screens\\text\\0",
    .colours = screen_colours,
    .text = screen_text,
};
struct output serial_output = {
    .device_name = "lines\\text\\0",
    .text = serial_text,
};

static struct output *const outputs[] = { &screen_output, &serial_output };
#define OUTPUT_COUNT (sizeof outputs / sizeof outputs[0])

static void put(struct output *output, const char *text, size_t size)
{
    memcpy(output->text + output->size, text, size);
    output->size += (uint32_t)size;
}

static void put_text(struct output *output, const char *text)
{
    put(output, text, strlen(text));
}

static void put_line(struct output *output, log_level_t level, const char *text, size_t size)
{
    const char *colour = output->colours != NULL ? output->colours[level] : "";

    put_text(output, colour);
    put(output, text, size);
    if (*colour != '\0') {
        put_text(output, COLOURS_END);
    }
    put_text(output, "\n");
}

static void put_loss(struct output *output, uint32_t lost)
{
    char text[LOG_LINE_MAX + 1];

    put_line(output, LOG_WARNING, text, line_of_loss(lost, clock_now(), text, sizeof text));
}

/* Fills output->text with the lines to be printed next. Returns the number of the last that is dealt with then. */
static uint32_t collect(struct output *output)
{
    uint32_t number = output->printed;

    output->size = 0;
    while (output->size + ROOM_FOR_LINE <= TEXT_SIZE_MAX) {
        struct log_line line;
        uint32_t last = history_last();

        if (!history_next(number, output->limit < output->level ? output->limit : output->level, &line)) {
            return last; /* what lies behind `number` is not urgent enough */
        }
        if (line.lost != 0) {
            put_loss(output, line.lost);
        }
        put_line(output, line.level, line.text, line.size);
        number = line.number;
    }
    return number;
}

/* When the first line was on an output. */
static struct {
    struct lock lock;            /* protects the other */
    uint64_t timestamp;          /* 0: not yet */
} first_line;

static void note_first_line(void)
{
    if (!cpu_has(CPU_TSC)) {
        return;
    }
    lock_acquire(&first_line.lock);
    if (first_line.timestamp == 0) {
        first_line.timestamp = timestamp_read();
    }
    lock_release(&first_line.lock);
}

uint64_t outputs_first_line(void)
{
    lock_acquire(&first_line.lock);
    uint64_t timestamp = first_line.timestamp;
    lock_release(&first_line.lock);
    return timestamp;
}

/* Makes output->device lead to the device, as soon as there is one. If it does not come, nobody waits for what it would print. */
static void find_device(struct output *output)
{
    nanoseconds_t deadline_ns = output->is_away ? FOREVER : clock_after(AWAY_NS);
    status_t status = device_open(&output->device, output->device_name, DEVICE_TEXT, deadline_ns);

    output->device.patience_ns = 0;
    output->lacks_lines = false;
    if (status == TIMED_OUT) {
        output->is_away = true;
        readers_flushed();
    } else if (status != OK) {
        clock_sleep(RETRY_LAST_NS);  /* the name leads to something else */
    }
}

/* In lines of its own: others may write there, too. */
static status_t write_lines(struct output *output)
{
    status_t status = output->lacks_lines ? BAD_OPERATION : text_write_line(&output->device, output->text, output->size);

    if (status == BAD_OPERATION) {
        output->lacks_lines = true;
        status = text_write(&output->device, output->text, output->size);
    }
    return status;
}

/* Prints what was collected. Unless it is OK the driver did not take it, and another attempt may be made now. */
static status_t deliver(struct output *output, nanoseconds_t *retry_ns)
{
    status_t status = output->size == 0 ? OK : write_lines(output);

    if (status == NOT_FOUND) {
        find_device(output);
    } else if (status != OK) {
        clock_sleep(*retry_ns);
        *retry_ns = *retry_ns * 2 < RETRY_LAST_NS ? *retry_ns * 2 : RETRY_LAST_NS;
    } else if (output->size != 0) {
        output->is_away = false;
        *retry_ns = RETRY_FIRST_NS;
        note_first_line();
    }
    return status;
}

static void output_run(void *argument)
{
    struct output *output = argument;
    nanoseconds_t retry_ns = RETRY_FIRST_NS;

    find_device(output);
    for (;;) {
        uint32_t number = collect(output);

        if (deliver(output, &retry_ns) != OK) {
            continue;
        }
        output->printed = number;
        readers_line_printed();
        if (output->size == 0) {
            (void)thread_sleep(0); /* outputs_wake ends it; if that came just now, it does not begin */
        }
    }
}

status_t output_start(struct output *output, log_level_t level)
{
    output->level = level;
    output->limit = LOG_DEBUG;
    return thread_start(output_run, output, STACK_BYTES, &output->thread);
}

void output_limit(struct output *output, log_level_t level)
{
    output->limit = level;
}

void outputs_wake(void)
{
    for (unsigned i = 0; i < OUTPUT_COUNT; i++) {
        if (outputs[i]->thread != 0) {
            (void)thread_wake(outputs[i]->thread);
        }
    }
}

bool outputs_have_printed(uint32_t number)
{
    for (unsigned i = 0; i < OUTPUT_COUNT; i++) {
        if (outputs[i]->thread != 0 && !outputs[i]->is_away && outputs[i]->printed < number) {
            return false;
        }
    }
    return true;
}
