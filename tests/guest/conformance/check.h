/*
 * What a driver must do, said in C. A check is a fresh process that opens a device and does what follows; it passes if it returns. It
 * fails by an EXPECT, by a fault, by taking longer than its time, or if its driver is not the same any more.
 *
 * Checks call drivers by their protocol, not by the clients of libos, which would hide that a driver died.
 */
#pragma once

#include <stdbool.h>

#include <ternion/clock.h>
#include <ternion/device.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#define COUNT(array) (sizeof(array) / sizeof (array)[0])

struct check {
    const char *name;                /* what it shows, its words joined by _ */
    void (*run)(struct device *device);
    bool lingers;                    /* only for types whose requests may be answered late */
};
#define CHECK(function) { #function, function, false }
#define LINGERING_CHECK(function) { #function, function, true }

/* ---- What is known of a type ---- */

#define CLIENTS 8U

struct kind {
    device_type_t type;
    const struct check *checks;      /* beside those that are for every type */
    uint32_t check_count;
    const struct operation_shape *const *operations; /* of its protocol */
    uint32_t operation_count;

    /* Uses it, as one of CLIENTS that do so at once; with EXPECTs. NULL: asks what it is. */
    void (*use)(struct device *device, uint32_t client, uint32_t turn);

    /* Before and after it was used by clients that may be ended anywhere. NULL: nothing has to be kept. */
    void (*keep)(struct device *device);
    void (*restore)(struct device *device);

    /* Asks for what may come late, or never. NULL, and the next too: nothing does. */
    status_t (*linger)(struct device *device);

    /* The same, but nobody waits for the answer. */
    status_t (*linger_unheard)(struct device *device);
};

/* The kind of a type; one without anything of its own for types that are not known here. */
const struct kind *kind_of(device_type_t type);

extern const struct kind text_kind, line_kind, keyboard_kind, pointer_kind, storage_kind, stream_kind, bus_kind, clock_kind, tone_kind,
                         display_kind;
extern const struct check common_checks[];
extern const uint32_t common_check_count;

/* A list of a protocol's shapes: const struct operation_shape *const shapes[] = { SAMPLE_PROTOCOL(SHAPE, SHAPE, sample) }; */
#define SHAPE(prefix, name, ...) &prefix##_##name##_shape,

/* ---- Expectations. One that is not met fails the check. ---- */

#define EXPECT(condition) \
    ((condition) ? (void)0 : check_fail(__FILE__, __LINE__, "%s", #condition))

#define EXPECT_STATUS(expected, call) check_expect_status(__FILE__, __LINE__, #call, expected, call)

#define EXPECT_OK(call) EXPECT_STATUS(OK, call)

#define EXPECT_EQUAL(expected, actual) \
    check_expect_equal(__FILE__, __LINE__, #actual, expected, actual)

/* For what no condition says. */
#define EXPECT_NOT(...) check_fail(__FILE__, __LINE__, __VA_ARGS__)

/* There is nothing here to be checked, and why: the check is told of, but neither passes nor fails. */
#define SKIP_UNLESS(condition, why) ((condition) ? (void)0 : check_skip(why))
_Noreturn void check_skip(const char *why);

_Noreturn void check_fail(const char *file, unsigned line, const char *template, ...) __attribute__((format(printf, 3, 4)));
void check_expect_status(const char *file, unsigned line, const char *call, status_t expected, status_t actual);
void check_expect_equal(const char *file, unsigned line, const char *what, uint64_t expected, uint64_t actual);

/* A call that is made again while its driver says that too many wait: those who died with a request in a slow device's queue do, too. */
#define PATIENTLY(call) ({ \
    nanoseconds_t deadline_ns_ = clock_after(10 * SECOND); \
    status_t status_; \
    while ((status_ = (call)) == NO_MEMORY && clock_now() < deadline_ns_) { \
        clock_sleep(20 * MILLISECOND); \
    } \
    status_; })

/* ---- Memory: taken when it is used, so that clients stay small ---- */

enum scratch { SCRATCH_ANSWER, SCRATCH_REQUEST, SCRATCH_FIRST, SCRATCH_SECOND, SCRATCH_KEPT, SCRATCH_COUNT };

#define SCRATCH_SIZE (MESSAGE_STRING_MAX + PAGE_SIZE) /* bytes of each */

/* Zeroes at first. The first two are those of ask and ask_raw. */
uint8_t *scratch(enum scratch which);

/* ---- Requests that no client of libos makes ---- */

/*
 * Sends words, a string and pages as they are, and waits. What comes back is the driver's own status: that it did not answer, or died,
 * fails the check.
 */
status_t ask_raw(struct device *device, const uint32_t words[MESSAGE_WORDS], const void *string, uint32_t string_size, uint32_t page_count);

/* A request of an operation, with a structure and a string behind it as the caller says. */
status_t ask(struct device *device, const struct operation_shape *shape, const void *request, const void *string, uint32_t string_size);

/* The same, but nobody waits for the answer. */
void ask_unheard(struct device *device, const struct operation_shape *shape, const void *request);

/* What the operation answered last; bytes of its string. */
const void *answer_string(uint32_t *size_out);

/* ---- Other clients: processes of this program ---- */

/* Starts one that uses the device so often. */
process_id_t client_use(const struct device *device, uint32_t client, uint32_t turns);

/* Starts one that lingers once, and ends with the status as its exit code. */
process_id_t client_linger(const struct device *device);

void client_end(process_id_t id);

/* Waits for the end of a client: its exit code. */
uint32_t client_wait(process_id_t id);

/* Ends one that lingers. False: it had ended before; then it must have got an answer, or that there is no hardware. */
bool client_end_lingering(process_id_t id);

/* Skips the check if somebody outside uses the device, so that it is BUSY. */
void skip_if_taken(struct device *device);

/* Has it ended? */
bool client_is_gone(process_id_t id);

/* Uses the device as its kind does, or asks what it is. */
void use(struct device *device, uint32_t client, uint32_t turn);

/* Simple random numbers, the same each time. */
uint32_t random_next(void);

uint32_t parse_number(const char *text);
