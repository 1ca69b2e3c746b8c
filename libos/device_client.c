/*
 * Where a device is, and whether a request is made once more. The kernel counts what happens to names: as long as
 * the count is what it was at the last look-up, nothing has to be looked up again.
 */
#include <ternion/clock.h>
#include <ternion/device.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

/* Between two attempts; doubled each time. */
#define PAUSE_FIRST_NS MILLISECOND
#define PAUSE_MOST_NS (64 * MILLISECOND)

static void forget(struct device *device)
{
    device->process = 0;
}

static bool is_current(const struct device *device)
{
    return device->process != 0 && device->changes == system_page()->device_changes;
}

/* Statuses: those of device_find; BAD_PROTOCOL: it is of another type. */
static status_t look_up(struct device *device, nanoseconds_t deadline_ns)
{
    struct device_information information;

    forget(device);
    /* Before the look-up: what changes meanwhile makes the next call look again. */
    device->changes = system_page()->device_changes;
    status_t status = device_find(device->name, (uint32_t)strlen(device->name), deadline_ns, &information);
    if (status != OK) {
        return status;
    }
    if (information.type != device->type) {
        return BAD_PROTOCOL;
    }
    device->process = information.process;
    device->number = information.number;
    return OK;
}

status_t device_open(struct device *device, const char *name, device_type_t type, nanoseconds_t deadline_ns)
{
    size_t size = strnlen(name, DEVICE_NAME_MAX + 1);

    *device = (struct device){ .type = type, .patience_ns = DEVICE_PATIENCE_NS };
    if (size > DEVICE_NAME_MAX) {
        return BAD_NAME;          /* and so says each call of a device without a name */
    }
    memcpy(device->name, name, size);
    return look_up(device, deadline_ns);
}

/* ---- Attempts ---- */

/* When the patience that is left is over; 0: there is none. */
static nanoseconds_t patience_deadline(const struct device_attempt *attempt)
{
    return attempt->patience_ns == 0 ? 0 : clock_after(attempt->patience_ns);
}

/* Takes off what was waited. */
static void patience_spend(struct device_attempt *attempt, nanoseconds_t deadline_ns)
{
    if (deadline_ns == FOREVER || attempt->patience_ns == 0) {
        return;
    }
    nanoseconds_t now = clock_now();
    attempt->patience_ns = now < deadline_ns ? deadline_ns - now : 0;
}

/* Looks it up with the patience that is left. False: it is done with, and attempt->status says how. */
static bool find(struct device *device, struct device_attempt *attempt)
{
    nanoseconds_t deadline_ns = patience_deadline(attempt);
    status_t status = look_up(device, deadline_ns);

    if (status == OK) {
        patience_spend(attempt, deadline_ns);
        return true;
    }
    bool is_absent = status == NOT_FOUND || status == TIMED_OUT;
    attempt->status = is_absent && attempt->lost != OK ? attempt->lost : status;
    return false;
}

/* Sleeps before the next attempt. False: the patience is over. */
static bool pause(struct device_attempt *attempt)
{
    nanoseconds_t deadline_ns = patience_deadline(attempt);
    nanoseconds_t pause_ns = attempt->pause_ns < attempt->patience_ns ? attempt->pause_ns : attempt->patience_ns;

    if (pause_ns == 0) {
        return false;
    }
    clock_sleep(pause_ns);
    patience_spend(attempt, deadline_ns);
    attempt->pause_ns = attempt->pause_ns < PAUSE_MOST_NS / 2 ? 2 * attempt->pause_ns : PAUSE_MOST_NS;
    return true;
}

/* Is what the last attempt came to a reason for another one? */
static bool is_worth_asking_again(struct device_attempt *attempt)
{
    switch (attempt->status) {
    case BAD_ID:                  /* it reached nobody */
        return true;
    case PEER_DIED:
    case DISCARDED:
        attempt->lost = attempt->status;
        return attempt->safety == DEVICE_ASK_AGAIN;
    default:
        return false;
    }
}

static bool attempt_again(struct device *device, struct device_attempt *attempt)
{
    process_id_t failed = device->process;

    if (attempt->status == BAD_ID) {
        attempt->status = attempt->lost != OK ? attempt->lost : device->patience_ns == 0 ? NOT_FOUND : TIMED_OUT;
    }
    if (attempt->pause_ns == 0) { /* for the first time: another driver is asked at once */
        attempt->pause_ns = PAUSE_FIRST_NS;
        if (!find(device, attempt)) {
            return false;
        }
        if (device->process != failed) {
            return true;
        }
    }
    return pause(attempt) && find(device, attempt);
}

bool device_attempt(struct device *device, struct device_attempt *attempt)
{
    if (attempt->has_begun) {
        return is_worth_asking_again(attempt) && attempt_again(device, attempt);
    }
    attempt->has_begun = true;
    attempt->lost = OK;
    attempt->patience_ns = device->patience_ns;
    attempt->pause_ns = 0;
    return is_current(device) || find(device, attempt);
}

/* ---- The common interface ---- */

const char *device_type_name(device_type_t type)
{
    static const char *const names[DEVICE_TYPE_COUNT] = {
        [DEVICE_NONE] = "none",
        [DEVICE_TEXT] = "text",
        [DEVICE_LINE] = "line",
        [DEVICE_KEYBOARD] = "keyboard",
        [DEVICE_POINTER] = "pointer",
        [DEVICE_STORAGE] = "storage",
        [DEVICE_STREAM] = "stream",
        [DEVICE_BUS] = "bus",
        [DEVICE_CLOCK] = "clock",
        [DEVICE_TONE] = "tone",
        [DEVICE_DISPLAY] = "display",
        [DEVICE_AUDIO] = "audio",
        [DEVICE_NETWORK] = "network",
    };

    return type < DEVICE_TYPE_COUNT ? names[type] : "unknown";
}

status_t device_describe(struct device *device, device_type_t *type_out, char *text, uint32_t size)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct device_call_description description;
    struct payload payload = { .buffer = text, .buffer_size = size == 0 ? 0 : size - 1 };

    while (device_attempt(device, &attempt)) {
        attempt.status = device_call_describe(device->process, &(struct device_call_number){ device->number }, &description,
                                              &payload);
    }
    if (attempt.status != OK && attempt.status != TRUNCATED) {
        return attempt.status;
    }
    if (size != 0) {
        text[payload.reply_string_size < size - 1 ? payload.reply_string_size : size - 1] = '\0';
    }
    *type_out = description.type;
    return OK;
}

status_t device_initialise(struct device *device)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = device_call_initialise(device->process, &(struct device_call_number){ device->number }, NULL);
    }
    return attempt.status;
}
