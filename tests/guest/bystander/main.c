/*
 * The bystander: an honest program that goes on whatever others do, and writes what it comes to to the second serial line, every few
 * milliseconds as
 *
 *     NAME NUMBER VALUE
 *
 * of which tests/system/bystanders.py knows each line beforehand. Its argument says what it does:
 *
 *     counts       numbers that follow from each other (sequence.h), in ring 3
 *     real         the same by 16-bit code, in VM86 mode of its own
 *     answers      is asked
 *     asks=NAME    asks that one: a number and a string, and the answer must be right in each byte
 */
#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/message.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/text.h>

#include "../verbs.h"
#include "sequence.h"

#define PACE_NS (10 * MILLISECOND)
#define RUNS 100U                /* between two lines: so that clock and others come in their middle */
#define NUMBERS 1000U            /* of a run */
#define LINE_MAX 80U
#define STRING_MAX 300U
#define FACTOR 2654435761U

static struct device output;

static void tell(uint32_t number, uint32_t value)
{
    char line[LINE_MAX];

    if (output.name[0] == '\0') {
        MUST(device_open(&output, "lines\\text\\1", DEVICE_TEXT, FOREVER));
    }
    size_t size = format_text(line, sizeof line, "%s %u %08x\n", process_name(), (unsigned)number, (unsigned)value);
    MUST(text_write(&output, line, size));
    clock_sleep(PACE_NS);
}

static void complain(const char *what)
{
    log_print(LOG_ERROR, "saw %s", what);
    process_exit(1);
}

/* ---- Numbers ---- */

static void count(const char *value)
{
    uint32_t number = 1;
    (void)value;

    for (uint32_t line = 1;; line++) {
        for (uint32_t i = 0; i < RUNS * NUMBERS; i++) {
            number = sequence_next(number);
        }
        tell(line, number);
    }
}

static void count_in_real_mode(const char *value)
{
    uint32_t number = 2;
    (void)value;

    sequence_real_mode_open();
    for (uint32_t line = 1;; line++) {
        for (uint32_t i = 0; i < RUNS; i++) {
            const char *wrong = sequence_real_mode(number, NUMBERS, &number);

            if (wrong != NULL) {
                complain(wrong);
            }
        }
        tell(line, number);
    }
}

/* ---- Messages ---- */

static void answer(const char *value)
{
    static uint8_t bytes[STRING_MAX];
    uint32_t answered = 0;
    (void)value;

    for (;;) {
        struct event event;
        struct message message = { .string = bytes };

        MUST(event_wait(&event, FOREVER));
        if (event.kind != EVENT_MESSAGE) {
            continue;
        }
        MUST(message_string(&event, bytes, sizeof bytes, &message.string_size));
        for (uint32_t i = 0; i < message.string_size; i++) {
            bytes[i] = (uint8_t)~bytes[i];
        }
        message.words[1] = event.words[1] * FACTOR + message.string_size;
        message_answer_with(&event, &message);
        tell(++answered, message.words[1]);
    }
}

static void ask(const char *value)
{
    static uint8_t bytes[STRING_MAX];
    process_id_t server;

    MUST(name_wait(value, FOREVER, &server));
    for (uint32_t line = 1;; line++) {
        struct message question = { .words = { 0, line }, .string = bytes, .string_size = line * 37 % STRING_MAX };
        struct reply reply = { .buffer = bytes, .buffer_size = sizeof bytes };

        for (uint32_t i = 0; i < question.string_size; i++) {
            bytes[i] = (uint8_t)(line + i);
        }
        MUST(message_call(server, &question, &reply));
        for (uint32_t i = 0; i < reply.string_size; i++) {
            if (bytes[i] != (uint8_t)~(line + i)) {
                complain("a wrong byte in an answer");
            }
        }
        if (reply.string_size != question.string_size) {
            complain("an answer of another size");
        }
        tell(line, reply.words[1]);
    }
}

static const struct verb verbs[] = { { "counts", count }, { "real", count_in_real_mode }, { "answers", answer }, { "asks", ask } };

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    return 1;
}
