#include "log_lines.h"

#include <ternion/format.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/string.h>

#include "test.h"

static process_id_t log_id(void)
{
    process_id_t log;

    EXPECT_OK(name_find("a\\log", &log));
    return log;
}

static bool contains(const char *text, const char *part)
{
    for (; *text != '\0'; text++) {
        if (strncmp(text, part, strlen(part)) == 0) {
            return true;
        }
    }
    return false;
}

/* A line of our own: when that is there, all that was said before is. Its number, counted in this process. */
static uint32_t say_mark(void)
{
    static uint32_t marks;
    struct test_digits number = test_digits(++marks);

    EXPECT_OK(log_write(LOG_WARNING, number.text, (uint32_t)strlen(number.text)));
    return marks;
}

static bool is_mark(const char *line, uint32_t mark)
{
    char end[NAME_SIZE_MAX + 16];
    size_t size = format_text(end, sizeof end, "%s: %u", process_name(), mark);

    return strlen(line) >= size && strcmp(line + strlen(line) - size, end) == 0;
}

/* Goes to the end of the log; how many lines held both texts, and the last line's number. */
static uint32_t count(uint32_t after, const char *name, const char *text, uint32_t *last_out)
{
    struct log_line line = { .number = after };
    uint32_t mark = say_mark(), lines = 0;

    for (;;) {
        EXPECT_OK(log_read(log_id(), line.number, LOG_WARNING, LOG_READ_WAIT, &line));
        if (is_mark(line.text, mark)) {
            *last_out = line.number;
            return lines;
        }
        lines += contains(line.text, name) && contains(line.text, text);
    }
}

uint32_t log_lines_end(void)
{
    uint32_t last;

    (void)count(0, "", "", &last);
    return last;
}

uint32_t log_lines_count(uint32_t after, const char *name, const char *text)
{
    uint32_t last;

    return count(after, name, text, &last);
}
