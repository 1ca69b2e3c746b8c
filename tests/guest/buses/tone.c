#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/syscall_table.h>
#include <ternion/tone.h>

#include "verbs.h"

static struct device *open(struct device *device)
{
    MUST(device_open(device, "sounds\\speaker\\0", DEVICE_TONE, clock_after(DEVICE_PATIENCE_NS)));
    return device;
}

static struct device *speaker(void)
{
    static struct device device;

    return device.name[0] == '\0' ? open(&device) : &device;
}

static void play(struct device *device, const char *value)
{
    const char *list = value;
    uint32_t hertz = take_number(&list), ms = take_number(&list);

    status_t status = tone_play(device, hertz, ms);
    log_print(LOG_INFORMATION, "tone %u Hz, %u ms: %s", hertz, ms, status_name(status));
}

void tone_do(const char *value)
{
    play(speaker(), value);
}

static void play_in_thread(void *value)
{
    struct device own;

    play(open(&own), value);
}

void tone_start(const char *value)
{
    in_thread(play_in_thread, value);
    clock_sleep(MILLISECOND);            /* so that tones queue up in the order of the arguments */
}

void tone_many(const char *value)
{
    for (uint32_t left = take_number(&value); left > 0; left--) {
        tone_start("0,400");
    }
}

void tone_silence(const char *value)
{
    (void)value;
    tell("silence", tone_stop(speaker()));
}

void tone_hostile(const char *value)
{
    static const uint32_t bad[][2] = { { 1, 10 }, { 18, 10 }, { 20001, 10 }, { 65535, 10 }, { 440, 60001 }, { 65536 + 440, 1 }, { 440, UINT32_MAX } };
    (void)value;

    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        log_print(LOG_INFORMATION, "tone %u Hz, %u ms: %s", bad[i][0], bad[i][1], status_name(tone_play(speaker(), bad[i][0], bad[i][1])));
    }
    tell("18 Hz past the library", tone_call_play(speaker()->process, &(struct tone_call_play){ 0, 18, 10 }, NULL));
    tell("too long past the library", tone_call_play(speaker()->process, &(struct tone_call_play){ 0, 440, 60001 }, NULL));
    tell("speaker 1", tone_call_play(speaker()->process, &(struct tone_call_play){ 1, 440, 10 }, NULL));
    tell("speaker 1", tone_call_stop(speaker()->process, &(struct device_call_number){ 1 }, NULL));
}
