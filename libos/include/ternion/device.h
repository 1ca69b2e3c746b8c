/*
 * Devices, for clients. A struct device is a name, and where it led when it was last looked up; it looks again whenever the
 * kernel says that something has changed. So a driver that died and came back, or another device that was put in its place
 * (device_bind), is found by the next call.
 *
 * What clients use stands in the header of the device's type: storage.h has storage_read and so on. Those functions try again
 * until device.patience_ns is over, if that is safe: always where the request did not reach a driver; where the driver died with it
 * only if doing it twice does no harm. What is not safe answers PEER_DIED then: it was done, or not. The time that a driver takes
 * for a request does not count: a read may wait for hours and then outlast the death of its driver.
 *
 * Beside what drivers answer, all of them can answer
 *     NOT_FOUND       no device has the name; patience_ns is 0
 *     TIMED_OUT       no device had the name in time. With both, no driver ever had the request
 *     PEER_DIED       a driver died with the request, and either asking twice is not safe or none came back in time
 *     DISCARDED       the same, but it dropped the request
 *     BAD_PROTOCOL    the name leads to a device of another type by now
 *
 * One thread at a time may use one struct device; as many as wanted may lead to one device.
 */
#pragma once

#include <stdbool.h>

#include <abi/device.h>
#include <abi/status.h>
#include <abi/system.h>
#include <ternion/protocol.h>

#define DEVICE_PATIENCE_NS 5000000000ULL  /* 5 s: a supervised driver is back by then, or given up */

struct device {
    char name[DEVICE_NAME_MAX + 1];
    device_type_t type;
    nanoseconds_t patience_ns;   /* how long a call waits, in all, while no driver answers for the device; device_open: DEVICE_PATIENCE_NS */
    /* libos' own: where it is */
    uint32_t block_size;         /* storage: bytes, as storage_size said last; 0: it was not asked */
    process_id_t process;        /* 0: not known */
    uint32_t number;
    uint32_t changes;            /* system_page.device_changes when it was looked up */
};

/*
 * Makes a struct device lead to the device of a name.
 *   device        filled in; it needs no end
 *   name          at most DEVICE_NAME_MAX bytes
 *   type          that it must have
 *   deadline_ns   since boot: until then it waits for the name to appear; 0: it does not
 * Statuses: BAD_NAME; NOT_FOUND, TIMED_OUT; BAD_PROTOCOL: the device is of another type. Unless BAD_NAME, the structure can be used
 * all the same: the device may come.
 */
[[nodiscard]] status_t device_open(struct device *device, const char *name, device_type_t type, nanoseconds_t deadline_ns);

/* What a type is called: "text", "line", … Never NULL. */
const char *device_type_name(device_type_t type);

/* ---- The common interface: every driver answers these for every device of it ---- */

struct device_call_number {
    uint32_t number;
};

struct device_call_description {
    device_type_t type;
};

#define DEVICE_DESCRIPTION_MAX 200U  /* bytes of the text of describe */

#define DEVICE_PROTOCOL(OPERATION, TRANSFER, device_call) \
    TRANSFER(device_call, describe, 1, struct device_call_number, struct device_call_description, 0, DEVICE_DESCRIPTION_MAX, 0, 0) \
    OPERATION(device_call, initialise, 2, struct device_call_number, struct nothing)   /* as it is after the driver's start */
PROTOCOL_DECLARE(device_call, 0x0010, 1, DEVICE_PROTOCOL)

/*
 * Asks what a device is, in words for a person.
 *   type_out      its type, as the driver says
 *   text          buffer for words, ended by a NUL; size bytes of it
 * Blocks. Statuses: those of protocol.h; ABSENT: the driver knows no device of this number.
 */
[[nodiscard]] status_t device_describe(struct device *device, device_type_t *type_out, char *text, uint32_t size);

/* Brings the device back to the state after its driver's start. Blocks; asked again should the driver die. Statuses as above. */
[[nodiscard]] status_t device_initialise(struct device *device);

/* ---- For the headers of types ---- */

/* Is it safe to ask again what a driver took and did not answer? */
enum device_safety { DEVICE_ASK_ONCE, DEVICE_ASK_AGAIN };

struct device_attempt {
    enum device_safety safety;
    status_t status;             /* of the attempt that was made last */
    /* libos' own */
    status_t lost;               /* PEER_DIED, DISCARDED: a driver took the request and did not answer it; OK: none did */
    nanoseconds_t patience_ns;   /* that is left */
    nanoseconds_t pause_ns;      /* before the next attempt */
    bool has_begun;
};

/*
 * The loop around a call of a driver:
 *
 *     struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
 *     while (device_attempt(device, &attempt)) {
 *         attempt.status = storage_call_size(device->process, &(struct device_call_number){ device->number }, &reply);
 *     }
 *     return attempt.status;
 *
 * True: device->process and device->number lead to it; make the call. False: it is done with. Between attempts at the same driver,
 * and before every attempt after the second, it sleeps; so no driver, whatever it answers, keeps a client busy.
 */
[[nodiscard]] bool device_attempt(struct device *device, struct device_attempt *attempt);
