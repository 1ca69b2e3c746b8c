#include "check.h"

#include <stdarg.h>

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/string.h>

#include "runner.h"

/* ---- Expectations ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

void check_fail(const char *file, unsigned line, const char *template, ...)
{
    char why[WHY_SIZE];
    va_list values;

    size_t size = format_text(why, sizeof why, "%s:%u: ", base_name(file), line);
    va_start(values, template);
    size += format_text_list(why + size, sizeof why - size, template, values);
    va_end(values);

    struct message message = {
        .words = { RUNNER_FAILED },
        .string = why,
        .string_size = (uint32_t)(size < sizeof why ? size : sizeof why - 1),
    };
    if (message_send(runner, &message) != OK) {
        log_print(LOG_ERROR, "%s", why);
    }
    process_exit(EXIT_FAILED);
}

void check_skip(const char *why)
{
    struct message message = { .words = { RUNNER_SKIPPED }, .string = why, .string_size = (uint32_t)strlen(why) };

    EXPECT_OK(message_send(runner, &message));
    process_exit(0);
}

void check_expect_status(const char *file, unsigned line, const char *call, status_t expected, status_t actual)
{
    if (actual != expected) {
        check_fail(file, line, "%s (expected %s, got %s)", call, status_name(expected), status_name(actual));
    }
}

void check_expect_equal(const char *file, unsigned line, const char *what, uint64_t expected, uint64_t actual)
{
    if (actual != expected) {
        check_fail(file, line, "%s (expected %llu, got %llu)", what, (unsigned long long)expected, (unsigned long long)actual);
    }
}

/* ---- Requests ---- */

static uint32_t answer_size;

uint8_t *scratch(enum scratch which)
{
    static uint8_t *buffers[SCRATCH_COUNT];

    if (buffers[which] == NULL) {
        uint32_t address;

        EXPECT_OK(memory_allocate(SCRATCH_SIZE / PAGE_SIZE, MEMORY_ON_DEMAND, &address));
        buffers[which] = (uint8_t *)address;
    }
    return buffers[which];
}

const void *answer_string(uint32_t *size_out)
{
    *size_out = answer_size;
    return scratch(SCRATCH_ANSWER);
}

status_t ask_raw(struct device *device, const uint32_t words[MESSAGE_WORDS], const void *string, uint32_t string_size, uint32_t page_count)
{
    static uint8_t pages[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
    struct reply reply = { .buffer = scratch(SCRATCH_ANSWER), .buffer_size = MESSAGE_STRING_MAX };
    struct message message = {
        .string = string,
        .string_size = string_size,
        .pages = page_count == 0 ? NULL : pages,
        .page_count = page_count,
        .page_flags = PAGES_SHARE,
    };

    memcpy(message.words, words, sizeof message.words);
    status_t status = message_call(device->process, &message, &reply);
    if (status != OK) {
        EXPECT_NOT("no answer to 0x%x with %u bytes: %s", words[0], string_size, status_name(status));
    }
    answer_size = reply.string_size;
    if (reply.page_count != 0) {
        EXPECT_OK(memory_free(reply.pages, reply.page_count));
    }
    if (reply.words[0] != OK) {
        EXPECT_EQUAL(0, reply.string_size);      /* nothing goes with a refusal */
    }
    return (status_t)reply.words[0];
}

status_t ask(struct device *device, const struct operation_shape *shape, const void *request, const void *string, uint32_t string_size)
{
    uint8_t *joined = scratch(SCRATCH_REQUEST);
    uint32_t words[MESSAGE_WORDS] = { shape->header };

    if (shape->request_size <= PROTOCOL_WORDS_MAX) {
        memcpy(&words[1], request, shape->request_size);
        return ask_raw(device, words, string, string_size, 0);
    }
    memcpy(joined, request, shape->request_size);
    if (string_size != 0) {
        memmove(joined + shape->request_size, string, string_size);
    }
    return ask_raw(device, words, joined, shape->request_size + string_size, 0);
}

void ask_unheard(struct device *device, const struct operation_shape *shape, const void *request)
{
    EXPECT_OK(protocol_send(device->process, shape, request, NULL));
}

/* Xorshift (Marsaglia, 2003): the triple 13, 17, 5. */
uint32_t random_next(void)
{
    static uint32_t state = 0x2545F491;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

uint32_t parse_number(const char *text)
{
    uint32_t number = 0;

    for (; *text >= '0' && *text <= '9'; text++) {
        number = number * 10 + (uint32_t)(*text - '0');
    }
    return number;
}
