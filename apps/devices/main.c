/*
 * a\devices: lists all devices: name, type, driver, and what it is in words. A > behind the name says that it is bound: it leads to another
 * device, and that is the one described.
 *
 *     devices              to the text device screens\text\0
 *     devices DEVICE       to another text device
 *     devices log          to the log
 */
#include <stdarg.h>

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "list.h"

MANIFEST(.partners = PARTNERS_ALL);

#define USUAL_OUTPUT "screens\\text\\0"
#define LINE_SIZE 512U

static struct device output;
static bool to_log;

static void print(const char *template, ...) __attribute__((format(printf, 1, 2)));
static void print(const char *template, ...)
{
    char line[LINE_SIZE];
    va_list values;

    va_start(values, template);
    size_t size = format_text_list(line, sizeof line - 1, template, values);
    va_end(values);
    size = size < sizeof line - 1 ? size : sizeof line - 2;
    if (to_log) {
        log_print(LOG_INFORMATION, "%s", line);
        return;
    }
    line[size] = '\n';
    MUST(text_write(&output, line, size + 1));
}

static void open_output(const char *name)
{
    to_log = strcmp(name, "log") == 0;
    if (to_log) {
        return;
    }
    status_t status = device_open(&output, name, DEVICE_TEXT, clock_after(DEVICE_PATIENCE_NS));
    if (status != OK) {
        log_print(LOG_ERROR, "%s: %s; the list goes to the log", name, status_meaning(status));
        to_log = true;
    }
}

static int larger(int width, const char *text)
{
    return (int)strlen(text) > width ? (int)strlen(text) : width;
}

int main(int argc, char **argv)
{
    struct list list;
    int name_width = 0, driver_width = 0, type_width = 0;

    open_output(argc > 1 ? argv[1] : USUAL_OUTPUT);
    MUST(list_make(&list));
    for (uint32_t i = 0; i < list.count; i++) {
        name_width = larger(name_width, list.rows[i].device.name);
        type_width = larger(type_width, device_type_name(list.rows[i].device.type));
        driver_width = larger(driver_width, list.rows[i].driver);
    }
    for (uint32_t i = 0; i < list.count; i++) {
        const struct row *row = &list.rows[i];

        print("%-*s%c %-*s  %-*s  %s", name_width, row->device.name, (row->device.flags & DEVICE_IS_BOUND) != 0 ? '>' : ' ', type_width,
              device_type_name(row->device.type), driver_width, row->driver, row->description);
    }
    print("%u devices", list.count);
    return 0;
}
