/*
 * buses.elf: asks d\pci, d\rtc and d\speaker, and tells what they answer. It does what its arguments say, one after the other;
 * system tests boot it under names of any class.
 */
#include <ternion/clock.h>
#include <ternion/device.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/thread.h>

#include "../verbs.h"
#include "verbs.h"

#define STACK_BYTES 8192U

MANIFEST(.partners = PARTNERS_ALL);

uint32_t take_number(const char **list)
{
    uint32_t number = 0;

    while (**list >= '0' && **list <= '9') {
        number = number * 10 + (uint32_t)(*(*list)++ - '0');
    }
    if (**list != '\0') {
        (*list)++;
    }
    return number;
}

void tell(const char *what, status_t status)
{
    log_print(LOG_INFORMATION, "%s: %s", what, status_name(status));
}

void in_thread(void (*run)(void *), const char *value)
{
    MUST(thread_start(run, (void *)value, STACK_BYTES, NULL));
}

/* sleep=MS */
static void sleep_ms(const char *value)
{
    clock_sleep(take_number(&value) * MILLISECOND);
}

/* say=TEXT */
static void say(const char *value)
{
    log_print(LOG_INFORMATION, "%s", value);
}

/* describe=NAME,TYPE */
static void describe(const char *value)
{
    const char *comma = strchr(value, ',');
    char name[DEVICE_NAME_MAX + 1] = { 0 }, text[DEVICE_DESCRIPTION_MAX + 1];
    struct device device;
    device_type_t type;

    memcpy(name, value, (size_t)(comma - value));
    comma++;
    MUST(device_open(&device, name, take_number(&comma), clock_after(DEVICE_PATIENCE_NS)));
    MUST(device_describe(&device, &type, text, sizeof text));
    log_print(LOG_INFORMATION, "%s is %s: %s", name, device_type_name(type), text);
    tell("initialise", device_initialise(&device));
}

/* gone=NAME: no device has this name. */
static void gone(const char *value)
{
    struct device_information information;

    tell(value, device_find(value, (uint32_t)strlen(value), 0, &information));
}

/* stay: for ever */
static void stay(const char *value)
{
    (void)value;
    for (;;) {
        struct event event;

        MUST(event_wait(&event, FOREVER));
        if (event.kind == EVENT_SAVE_STATE) {
            (void)state_saved();
        }
    }
}

static const struct verb verbs[] = {
    { "sleep", sleep_ms },
    { "say", say },
    { "describe", describe },
    { "gone", gone },
    { "stay", stay },
    { "functions", bus_functions },
    { "read", bus_read },
    { "master", bus_master },
    { "hostile", bus_hostile },
    { "edu", bus_edu },
    { "other", bus_other_edu },
    { "supervisor", bus_supervisor },
    { "date", clock_show },
    { "set", clock_put },
    { "second", clock_await },
    { "crowd", clock_crowd },
    { "clock-hostile", clock_hostile },
    { "tone", tone_do },
    { "tone-start", tone_start },
    { "tones", tone_many },
    { "silence", tone_silence },
    { "tone-hostile", tone_hostile },
};

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    log_print(LOG_INFORMATION, "done");
    return 0;
}
