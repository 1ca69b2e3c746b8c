/* What takes text. */
#include <ternion/format.h>
#include <ternion/string.h>
#include <ternion/text.h>

#include "check.h"

static const struct operation_shape *const operations[] = { TEXT_PROTOCOL(SHAPE, SHAPE, text_call) };

static status_t write_text(struct device *device, const void *text, uint32_t size)
{
    struct device_call_number request = { device->number };

    return PATIENTLY(ask(device, &text_call_write_shape, &request, text, size));
}

static void use_text(struct device *device, uint32_t client, uint32_t turn)
{
    char line[80];

    format_text(line, sizeof line, "conformance: client %u, turn %u\n", client, turn);
    EXPECT_OK(write_text(device, line, (uint32_t)strlen(line)));
}

static void its_size_can_be(struct device *device)
{
    struct device_call_number request = { device->number };
    struct text_call_size_reply reply = { 0 };

    EXPECT_OK(text_call_size(device->process, &request, &reply));
    EXPECT_EQUAL(reply.columns == 0, reply.rows == 0);
    EXPECT(reply.columns <= 1000 && reply.rows <= 1000);
}

static void texts_of_any_length_are_taken(struct device *device)
{
    static const uint32_t sizes[] = { 0, 1, 79, 80, 81, 160, TEXT_SIZE_MAX - 1, TEXT_SIZE_MAX };
    char *text = (char *)scratch(SCRATCH_FIRST);

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        for (uint32_t at = 0; at < sizes[i]; at++) {
            text[at] = at + 1 == sizes[i] || at % 64 == 63 ? '\n' : '.';
        }
        EXPECT_OK(write_text(device, text, sizes[i]));
    }
}

/* Whatever it makes of them, it goes on. The last line sets right what those before it may have set. */
static void strange_sequences_do_no_harm(struct device *device)
{
    static const char *const sequences[] = {
        "\x1b[99999999999999999999m", "\x1b[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;H", "\x1b[4294967295;4294967295H", "\x1b[0;0H",
        "\x1b[-1;-1H", "\x1b[", "\x1b\x1b\x1b[", "\x1b[2147483647A", "\x1b[65536B", "\x1b[4294967296C", "\x1b[65535D", "\x1b[999K", "\x1b[999J",
        "\x1b[999L", "\x1b[999M", "\x1b[999P", "\x1b[999@", "\x1b[5;2r", "\x1b[0;99999r", "\x1b[?99999h", "\x1b[38;5;999m", "\x1b[48;2;1;2m", "\x1b]0;",
        "\b\b\b\b\b\b\b\b\b\b\b\b", "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t", "\v\f\x7f\x80\xff", "\x1b(0", "\x1b#8", "\x1b" "c",
        "\x1b[0m\x1b[?7h\x1b[r\x1b[25;1H\n",
    };
    for (uint32_t i = 0; i < COUNT(sequences); i++) {
        EXPECT_OK(write_text(device, sequences[i], (uint32_t)strlen(sequences[i])));
    }
}

/* A line of its own, behind another that was not ended, and behind none. The last line sets right what was begun. */
static void lines_of_their_own_are_taken(struct device *device)
{
    struct device_call_number request = { device->number };

    EXPECT_OK(write_text(device, "begun", 5));
    EXPECT_OK(PATIENTLY(ask(device, &text_call_write_line_shape, &request, "conformance: a line\n", 20)));
    EXPECT_OK(PATIENTLY(ask(device, &text_call_write_line_shape, &request, "conformance: another\n", 21)));
    EXPECT_OK(PATIENTLY(ask(device, &text_call_write_line_shape, &request, "", 0)));
    EXPECT_OK(write_text(device, "\n", 1));
}

static const struct check checks[] = {
    CHECK(its_size_can_be),
    CHECK(texts_of_any_length_are_taken),
    CHECK(lines_of_their_own_are_taken),
    CHECK(strange_sequences_do_no_harm),
};

const struct kind text_kind = {
    .type = DEVICE_TEXT,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = use_text,
};
