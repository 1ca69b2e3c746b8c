/*
 * A flood of log records: none is lost without being counted.
 */
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"

#define FLOOD_LINES 1500U            /* more than the kernel keeps */

static uint32_t number_behind(const char *text, const char *mark)
{
    size_t size = strlen(mark);

    for (; *text != '\0'; text++) {
        if (strncmp(text, mark, size) == 0) {
            return test_number(text + size);
        }
    }
    return 0;
}

/* The number that stands before a mark in a text, or 0. */
static uint32_t number_before(const char *text, const char *mark)
{
    const char *begin = text;

    for (const char *at = text; *at != '\0'; at++) {
        if (strncmp(at, mark, strlen(mark)) == 0) {
            return test_number(begin);
        }
        if (*at == ' ') {
            begin = at + 1;
        }
    }
    return 0;
}

/* A driver writes faster than a\log can read: what is lost is counted in the log itself, to the line. */
static void log_flood_loses_no_line_silently(void)
{
    process_id_t log;
    struct log_line line = { 0 };
    uint32_t seen = 0, lost = 0, last = 0;

    EXPECT_OK(name_find("a\\log", &log));
    while (log_read(log, line.number, LOG_DEBUG, 0, &line) == OK) {
    }
    for (uint32_t i = 1; i <= FLOOD_LINES; i++) {
        struct test_digits number = test_digits(i);
        char text[16] = "flood ";

        memcpy(text + 6, number.text, strlen(number.text));
        EXPECT_OK(log_write(LOG_DEBUG, text, 6 + (uint32_t)strlen(number.text)));
    }
    while (last != FLOOD_LINES) {
        EXPECT_OK(log_read(log, line.number, LOG_DEBUG, LOG_READ_WAIT, &line));
        EXPECT_EQUAL(0, line.lost);  /* that would be a loss on our side */
        lost += number_before(line.text, " records lost");
        uint32_t number = number_behind(line.text, ": flood ");
        if (number != 0) {
            EXPECT(number > last);
            last = number;
            seen++;
        }
    }
    EXPECT(lost != 0);
    if (seen + lost < FLOOD_LINES || seen + lost > FLOOD_LINES + 10) { /* others may have said something too */
        EXPECT_NOT("%u lines: %u seen, %u lost", FLOOD_LINES, seen, lost);
    }
}

const struct test log_tests[] = {
    TEST(CLASS_DRIVER, log_flood_loses_no_line_silently),
};
const uint32_t log_test_count = COUNT(log_tests);

const struct role log_roles[] = {};
const uint32_t log_role_count = 0;
