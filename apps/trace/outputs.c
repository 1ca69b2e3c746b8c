#include "outputs.h"

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "file.h"

#define LOG_NAME "a\\log"
#define LOG_LINES_MAX 32U        /* then a\log is given the time to print them: the kernel's log keeps 32 KB */
#define WAIT_NS (3 * SECOND)     /* for a device at the beginning: its driver may just be starting */

static struct output {
    enum output_kind kind;
    const char *name;            /* of the device */
    struct device device;        /* OUTPUT_TEXT */
    uint32_t lost;               /* lines that could not be printed since it was said */
    bool has_ended;              /* nothing more is printed to it */
} outputs[OUTPUTS_MAX];
static uint32_t output_count;

static struct file file;         /* there is one at most */

/* Lines for devices. */
static char kept[TEXT_SIZE_MAX];
static uint32_t kept_size, kept_lines;

static uint32_t log_lines;       /* said since a\log was waited for */

/* ---- Devices ---- */

static status_t output_write(struct output *output, const char *text, uint32_t size)
{
    if (output->kind == OUTPUT_TEXT) {
        return text_write(&output->device, text, size);
    }
    status_t status = disk_file_write(&file, text, size);
    return status == OK ? disk_file_flush(&file) : status;
}

/* What was lost before. A file has its end there. */
static void tell_loss(struct output *output)
{
    char text[64];
    size_t size = format_text(text, sizeof text, "--- %u lines could not be printed here ---\n", output->lost);

    if (output->lost != 0 && output_write(output, text, (uint32_t)size) == OK) {
        output->lost = 0;
    }
}

static void complain(struct output *output, status_t status)
{
    if (output->lost == 0) {
        log_print(LOG_WARNING, "cannot print to %s: %s", output->name,
                  output->kind == OUTPUT_FILE && status == TOO_BIG ? "it is full" : status_meaning(status));
    }
    output->lost += kept_lines;
    output->has_ended = output->kind == OUTPUT_FILE;
}

static void output_flush(struct output *output)
{
    if (output->kind == OUTPUT_LOG || output->has_ended) {
        return;
    }
    tell_loss(output);
    status_t status = output_write(output, kept, kept_size);
    if (status != OK) {
        complain(output, status);
    }
}

void outputs_flush(void)
{
    for (uint32_t i = 0; i < output_count && kept_size != 0; i++) {
        output_flush(&outputs[i]);
    }
    kept_size = 0;
    kept_lines = 0;
}

bool outputs_are_dirty(void)
{
    return kept_size != 0;
}

static void keep(const char *text, uint32_t size)
{
    if (size + 1 > sizeof kept - kept_size) {
        outputs_flush();
    }
    memcpy(kept + kept_size, text, size);
    kept[kept_size + size] = '\n';
    kept_size += size + 1;
    kept_lines++;
}

/* ---- The log ---- */

static void say(const char *text)
{
    process_id_t log;

    log_print(LOG_INFORMATION, "%s", text);
    if (++log_lines >= LOG_LINES_MAX && name_find(LOG_NAME, &log) == OK) {
        (void)log_flush(log);    /* if it does not print them they are lost, and it says so */
        log_lines = 0;
    }
}

/* ---- All ---- */

void outputs_put(const char *text, uint32_t size)
{
    bool has_devices = false;

    for (uint32_t i = 0; i < output_count; i++) {
        if (outputs[i].kind == OUTPUT_LOG) {
            say(text);
        } else {
            has_devices = true;
        }
    }
    if (has_devices) {
        keep(text, size);
    }
}

void outputs_open(const struct options *options)
{
    for (uint32_t i = 0; i < options->output_count; i++) {
        struct output *output = &outputs[output_count++];
        status_t status = OK;

        output->kind = options->outputs[i].kind;
        output->name = options->outputs[i].device;
        if (output->kind == OUTPUT_TEXT) {
            status = device_open(&output->device, output->name, DEVICE_TEXT, clock_after(WAIT_NS));
        } else if (output->kind == OUTPUT_FILE) {
            status = disk_file_open(&file, output->name, clock_after(WAIT_NS));
        }
        if (status != OK) {
            complain(output, status);
        }
    }
}

/* ---- Loops ---- */

static bool is_driver_of(const char *device, process_id_t process)
{
    struct device_information information;

    return device_find(device, (uint32_t)strlen(device), 0, &information) == OK && information.process == process;
}

static bool has_name(const char *name, process_id_t process)
{
    process_id_t id;

    return name_find(name, &id) == OK && id == process;
}

/* a\log itself, the terminals that standard output may be, and the drivers of what both print to. */
static bool serves_log(process_id_t process)
{
    return has_name(LOG_NAME, process) || has_name("s\\terminal", process) || is_driver_of("screens\\text\\0", process)
        || is_driver_of("lines\\text\\0", process);
}

bool outputs_are_served_by(const struct options *options, process_id_t process, const char **what_out)
{
    for (uint32_t i = 0; i < options->output_count; i++) {
        bool is_log = options->outputs[i].kind == OUTPUT_LOG;

        if (is_log ? serves_log(process) : is_driver_of(options->outputs[i].device, process)) {
            *what_out = is_log ? "the log" : options->outputs[i].device;
            return true;
        }
    }
    return false;
}
