#include "log_lines.h"

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

/* Goes to the end of the log; how many lines held both texts, and the last line's number. */
static uint32_t count(uint32_t after, const char *name, const char *text, uint32_t *last_out)
{
    struct log_line line = { .number = after };
    uint32_t lines = 0;

    (void)log_flush(log_id());
    while (log_read(log_id(), line.number, LOG_WARNING, 0, &line) == OK) {
        lines += contains(line.text, name) && contains(line.text, text);
    }
    *last_out = line.number;
    return lines;
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
