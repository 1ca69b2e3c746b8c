#include "output.h"

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/line.h>
#include <ternion/log.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "../trace/file.h"

#define LINE_SIZE 400U
#define LOG_LINES_MAX 32U            /* then a\log is given the time to print them: the kernel's log keeps 32 KB */

static enum output_kind kind;
static struct device device;
static char kept[TEXT_SIZE_MAX];     /* lines for the device */
static uint32_t kept_size;
static uint32_t log_lines;           /* since a\log was waited for */
static struct file file;
static bool has_file;
static bool has_lines;               /* the recording is printed */
static uint32_t recorded;            /* bytes of it */
static struct device serial_line;
static bool has_serial_line;
static bool has_failed;

static bool complain(const char *name, status_t status)
{
    if (!has_failed) {
        log_print(LOG_ERROR, "%s: %s", name, status_meaning(status));
    }
    has_failed = true;
    return false;
}

/* A line is no longer than the log takes. */
static void record_print(const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    char line[LOG_TEXT_MAX];

    while (size != 0) {
        size_t taken = bios_recording_line(recorded, from, size, line, sizeof line);
        output_print("%s", line);
        from += taken;
        size -= taken;
        recorded += (uint32_t)taken;
    }
}

static void keep_record(const void *bytes, size_t size)
{
    if (has_lines) {
        record_print(bytes, size);
    }
    status_t status = has_file ? disk_file_write(&file, bytes, (uint32_t)size) : OK;

    if (status != OK) {
        has_file = false;
        complain(file.device.name, status);
    }
    status = has_serial_line ? line_write(&serial_line, bytes, size) : OK;
    if (status != OK) {
        has_serial_line = false;
        complain(serial_line.name, status);
    }
}

static bool open_recording(const struct options *options)
{
    struct bios_recording recording;
    status_t status = options->file == NULL ? OK : disk_file_open(&file, options->file, clock_after(DEVICE_PATIENCE_NS));

    if (status != OK) {
        return complain(options->file, status);
    }
    has_file = options->file != NULL;
    status = options->line == NULL ? OK : device_open(&serial_line, options->line, DEVICE_LINE, clock_after(DEVICE_PATIENCE_NS));
    if (status != OK) {
        return complain(options->line, status);
    }
    has_serial_line = options->line != NULL;
    has_lines = options->is_recorded;
    bios_recording_begin(&recording);
    keep_record(&recording, sizeof recording);
    return !has_failed;
}

bool output_open(const struct options *options)
{
    status_t status = OK;

    kind = options->output;
    if (kind == OUTPUT_TEXT) {
        status = device_open(&device, options->device, DEVICE_TEXT, clock_after(DEVICE_PATIENCE_NS));
    }
    return status == OK ? open_recording(options) : complain(options->device, status);
}

static void flush(void)
{
    status_t status = kept_size == 0 ? OK : text_write(&device, kept, kept_size);

    kept_size = 0;
    if (status != OK) {
        complain(device.name, status);
    }
}

static void print_to_log(const char *line)
{
    process_id_t log;

    log_print(LOG_INFORMATION, "%s", line);
    if (++log_lines >= LOG_LINES_MAX && name_find("a\\log", &log) == OK) {
        (void)log_flush(log);        /* if it does not print them they are lost, and it says so */
        log_lines = 0;
    }
}

void output_print(const char *template, ...)
{
    char line[LINE_SIZE];
    va_list values;

    va_start(values, template);
    size_t size = format_text_list(line, sizeof line - 1, template, values);
    va_end(values);
    if (kind == OUTPUT_LOG) {
        print_to_log(line);
        return;
    }
    size = size < sizeof line - 1 ? size : sizeof line - 2;
    line[size++] = '\n';
    if (size > sizeof kept - kept_size) {
        flush();
    }
    memcpy(kept + kept_size, line, size);
    kept_size += (uint32_t)size;
}

bool output_records(void)
{
    return has_file || has_lines || has_serial_line;
}

void output_record(const struct bios_record *records, uint32_t count)
{
    keep_record(records, count * sizeof *records);
}

bool output_close(void)
{
    status_t status = has_file ? disk_file_flush(&file) : OK;

    flush();
    if (status != OK) {
        complain(file.device.name, status);
    }
    return !has_failed;
}
