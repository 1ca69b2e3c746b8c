/* What makes tones: mostly silent ones, for the checks are run where people sit. */
#include <ternion/clock.h>
#include <ternion/tone.h>

#include "check.h"

#define SHORT_MS 5U

static const struct operation_shape *const operations[] = { TONE_PROTOCOL(SHAPE, SHAPE, tone_call) };

static status_t play(struct device *device, uint32_t hertz, uint32_t ms)
{
    return tone_call_play(device->process, &(struct tone_call_play){ device->number, (uint16_t)hertz, (uint16_t)ms }, NULL);
}

static status_t stop(struct device *device)
{
    return tone_call_stop(device->process, &(struct device_call_number){ device->number }, NULL);
}

static void use_tone(struct device *device, uint32_t client, uint32_t turn)
{
    (void)turn;
    status_t status = play(device, client % 2 == 0 ? 0 : 440, 1);
    EXPECT(status == OK || status == NO_MEMORY);     /* too many may wait */
}

static status_t linger(struct device *device)
{
    return play(device, 0, SHORT_MS);
}

static status_t linger_unheard(struct device *device)
{
    return tone_call_play_send(device->process, &(struct tone_call_play){ device->number, 0, SHORT_MS });
}

static void tone_lasts_as_long_as_it_should(struct device *device)
{
    static const uint32_t lengths_ms[] = { 0, 1, 20, 100 };

    EXPECT_OK(stop(device));
    for (uint32_t i = 0; i < COUNT(lengths_ms); i++) {
        nanoseconds_t begin_ns = clock_now();

        EXPECT_OK(play(device, 440, lengths_ms[i]));
        EXPECT(clock_now() - begin_ns >= lengths_ms[i] * MILLISECOND);
    }
    EXPECT_OK(play(device, TONE_HERTZ_MIN, 1));
    EXPECT_OK(play(device, TONE_HERTZ_MAX, 1));
}

static void tones_that_cannot_be_are_refused(struct device *device)
{
    static const struct { uint32_t hertz, ms; } wrong[] = {
        { 1, 1 }, { TONE_HERTZ_MIN - 1, 1 }, { TONE_HERTZ_MAX + 1, 1 }, { 0xFFFF, 1 }, { 440, TONE_MS_MAX + 1 }, { 440, 0xFFFF }, { 0, 0xFFFF },
    };
    for (uint32_t i = 0; i < COUNT(wrong); i++) {
        EXPECT_STATUS(BAD_ARGUMENT, play(device, wrong[i].hertz, wrong[i].ms));
    }
}

static void silence_comes_at_once(struct device *device)
{
    struct tone_call_play longest = { device->number, 0, TONE_MS_MAX };
    nanoseconds_t begin_ns = clock_now();

    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_OK(tone_call_play_send(device->process, &longest));
    }
    clock_sleep(20 * MILLISECOND);
    EXPECT_OK(stop(device));
    EXPECT_OK(play(device, 0, 1));
    EXPECT(clock_now() - begin_ns < 5 * SECOND);
}

static void too_many_tones_are_refused_and_forgotten(struct device *device)
{
    struct tone_call_play longest = { device->number, 0, TONE_MS_MAX };

    for (uint32_t i = 0; i < 300; i++) {
        status_t status = tone_call_play_send(device->process, &longest);

        EXPECT(status == OK || status == OVER_QUOTA || status == NO_MEMORY);
        if (i % 16 == 0) {
            clock_sleep(MILLISECOND);
        }
    }
    EXPECT_STATUS(NO_MEMORY, play(device, 0, 1));
    EXPECT_OK(stop(device));
    EXPECT_OK(play(device, 0, 1));
}

static const struct check checks[] = {
    CHECK(tone_lasts_as_long_as_it_should),
    CHECK(tones_that_cannot_be_are_refused),
    CHECK(silence_comes_at_once),
    CHECK(too_many_tones_are_refused_and_forgotten),
};

const struct kind tone_kind = {
    .type = DEVICE_TONE,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = use_tone,
    .linger = linger,
    .linger_unheard = linger_unheard,
};
