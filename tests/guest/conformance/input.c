/* Keyboards and mice. Nobody types, and either may be not plugged in: ABSENT is fine then. */
#include <ternion/clock.h>
#include <ternion/keyboard.h>
#include <ternion/pointer.h>

#include "check.h"

static const struct operation_shape *const keyboard_operations[] = { KEYBOARD_PROTOCOL(SHAPE, SHAPE, keyboard_call) };
static const struct operation_shape *const pointer_operations[] = { POINTER_PROTOCOL(SHAPE, SHAPE, pointer_call) };

static void expect_fine_or_absent(status_t status)
{
    if (status != ABSENT) {
        EXPECT_OK(status);
    }
}

/* ---- Both ---- */

static void one_client_at_a_time_reads(struct device *device)
{
    skip_if_taken(device);
    process_id_t reader = client_linger(device);

    clock_sleep(200 * MILLISECOND);
    status_t second = client_is_gone(reader) ? BUSY : kind_of(device->type)->linger(device);
    EXPECT_STATUS(BUSY, second);
    (void)client_end_lingering(reader);
}

/* ---- Keyboards ---- */

static status_t read_keyboard(struct device *device)
{
    struct device_call_number request = { device->number };
    struct key_events events = { 0 };

    status_t status = keyboard_call_read(device->process, &request, &events);
    if (status == OK) {
        EXPECT(events.count != 0 && events.count <= KEY_EVENTS_MAX);
    }
    return status;
}

static status_t read_keyboard_unheard(struct device *device)
{
    return keyboard_call_read_send(device->process, &(struct device_call_number){ device->number });
}

static status_t set_lights(struct device *device, uint32_t lights)
{
    return keyboard_call_set_lights(device->process, &(struct keyboard_call_lights){ device->number, lights }, NULL);
}

static status_t set_repeat(struct device *device, uint32_t delay_ms, uint32_t per_second)
{
    struct keyboard_call_repeat request = { device->number, (uint16_t)delay_ms, (uint16_t)per_second };

    return keyboard_call_set_repeat(device->process, &request, NULL);
}

static void use_keyboard(struct device *device, uint32_t client, uint32_t turn)
{
    expect_fine_or_absent(set_lights(device, (client + turn) % 8));
}

static void lights_go_on_and_off(struct device *device)
{
    struct keyboard_state state = { 0 };

    for (uint32_t lights = 8; lights-- > 0;) {
        status_t status = set_lights(device, lights);

        expect_fine_or_absent(status);
        expect_fine_or_absent(keyboard_call_state(device->process, &(struct device_call_number){ device->number }, &state));
        EXPECT_EQUAL(status == OK ? lights : 0, state.lights);
    }
}

static void lights_that_are_none_are_refused(struct device *device)
{
    static const uint32_t lights[] = { 8, 0x10, 0xFF, 0x100, 0x80000000, UINT32_MAX };

    for (uint32_t i = 0; i < COUNT(lights); i++) {
        status_t status = set_lights(device, lights[i]);

        EXPECT(status == BAD_ARGUMENT || status == ABSENT);
    }
}

static void repetition_is_set(struct device *device)
{
    static const uint32_t delays[] = { 250, 251, 500, 750, 1000, 0, 1 };
    static const uint32_t rates[] = { 2, 3, 10, 29, 30, 0 };

    for (uint32_t i = 0; i < COUNT(delays); i++) {
        for (uint32_t k = 0; k < COUNT(rates); k++) {
            expect_fine_or_absent(set_repeat(device, delays[i], rates[k]));
        }
    }
    expect_fine_or_absent(set_repeat(device, 250, 30));
}

static void repetition_that_cannot_be_is_refused(struct device *device)
{
    static const struct { uint32_t delay_ms, per_second; } wrong[] = { { 250, 1 }, { 250, 31 }, { 250, 0xFFFF }, { 1001, 10 }, { 0xFFFF, 10 } };

    for (uint32_t i = 0; i < COUNT(wrong); i++) {
        status_t status = set_repeat(device, wrong[i].delay_ms, wrong[i].per_second);

        EXPECT(status == BAD_ARGUMENT || status == ABSENT);
    }
}

static const struct check keyboard_checks[] = {
    CHECK(one_client_at_a_time_reads),
    CHECK(lights_go_on_and_off),
    CHECK(lights_that_are_none_are_refused),
    CHECK(repetition_is_set),
    CHECK(repetition_that_cannot_be_is_refused),
};

const struct kind keyboard_kind = {
    .type = DEVICE_KEYBOARD,
    .checks = keyboard_checks,
    .check_count = COUNT(keyboard_checks),
    .operations = keyboard_operations,
    .operation_count = COUNT(keyboard_operations),
    .use = use_keyboard,
    .linger = read_keyboard,
    .linger_unheard = read_keyboard_unheard,
};

/* ---- Mice ---- */

static status_t read_pointer(struct device *device)
{
    struct device_call_number request = { device->number };
    struct pointer_events events = { 0 };

    status_t status = pointer_call_read(device->process, &request, &events);
    if (status == OK) {
        EXPECT(events.count != 0 && events.count <= POINTER_EVENTS_MAX);
    }
    return status;
}

static status_t read_pointer_unheard(struct device *device)
{
    return pointer_call_read_send(device->process, &(struct device_call_number){ device->number });
}

static const struct check pointer_checks[] = {
    CHECK(one_client_at_a_time_reads),
};

const struct kind pointer_kind = {
    .type = DEVICE_POINTER,
    .checks = pointer_checks,
    .check_count = COUNT(pointer_checks),
    .operations = pointer_operations,
    .operation_count = COUNT(pointer_operations),
    .linger = read_pointer,
    .linger_unheard = read_pointer_unheard,
};
