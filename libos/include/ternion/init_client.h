/*
 * The protocol of the supervisor d\init.
 *
 *     entry     Tells about an entry of its list, by its index from 0 on; its name is the string that comes back. Any process may ask.
 *               NOT_FOUND: there are no more.
 *     changes   Answers as soon as the number of changes of state is another than the caller knows; 0 is none that it knows. Any process
 *               may ask; init_changes_start does it beside other work (protocol.h). BUSY: the process
 *               has four such calls waiting, or has had since the last change; NO_MEMORY.
 *     grant     Says in the words of init.policy what an entry's program is given when it is started. NOT_FOUND.
 *     end_work  Reboots the machine, switches it off, or halts it, once the log is written out; servers and drivers only.
 *               OK: it will happen; NOT_ALLOWED; BAD_ARGUMENT; BUSY: it is happening already.
 *
 * For bus drivers (ROLE_BUS); others get NOT_ALLOWED:
 *
 *     bus_start    Starts a driver for something that is plugged in, with what its manifest asks for, the policy allows, and the
 *                  resources beside that, and supervises it like the programs of the list. NOT_FOUND: no such boot module that is a
 *                  file; EXISTS: for this slot, or under this name, there is one already; NOT_ALLOWED, too: the policy does not give
 *                  it resources; TOO_BIG: so many ranges no access can have, or arguments no program; BAD_ARGUMENT, NO_MEMORY.
 *                  OK: the answer says what has become of it so far. After a restart of d\init its bus drivers ask once more: what
 *                  lives is only watched anew.
 *     bus_program  Tells who runs for a slot now. NOT_FOUND: nobody was started for it.
 *     bus_keep     Keeps bytes for a bus driver, in place of what was kept for one of its name before.
 *     bus_kept     Gives them back: to who has its name now. NOT_FOUND: nothing was kept.
 */
#pragma once

#include <abi/grant.h>
#include <abi/system.h>
#include <ternion/grant_text.h>
#include <ternion/protocol.h>

enum supervised_state {
    SUPERVISED_RUNNING,
    SUPERVISED_RESTARTING,  /* it died; the next start is due */
    SUPERVISED_ENDED,       /* it ended, and is not to be started again */
    SUPERVISED_GIVEN_UP,    /* it died too often, or cannot be started */
    SUPERVISED_WAITING,     /* it was not started yet: what it needs is not there */
    SUPERVISED_ABSENT,      /* a driver whose hardware is not in this machine; it is not started again */
    SUPERVISED_STATE_COUNT,
};

struct init_entry_request {
    uint32_t index;
};

struct init_entry_reply {
    uint32_t state;         /* enum supervised_state */
    process_id_t process;   /* or 0 */
    uint32_t restarts;      /* times that it was started again */
};

struct init_changes {
    uint32_t count;         /* of changes of state, of all entries together */
};

#define INIT_GRANT_MAX ACCESS_TEXT_SIZE

struct init_end_work_request {
    power_action_t action;  /* POWER_REBOOT, POWER_OFF or POWER_HALT */
};

#define INIT_BUS_RANGES_MAX 6U
#define INIT_BUS_ARGUMENTS_MAX 64U
#define INIT_BUS_KEPT_MAX 32768U /* bytes */

struct init_bus_slot {
    uint32_t slot;          /* the bus driver's own number for it, the same after the bus driver's restart */
};

struct init_bus_start_request {
    uint32_t slot;
    uint32_t irqs;          /* IRQ_BIT of each line */
    struct port_range ports[INIT_BUS_RANGES_MAX];     /* { 0, 0 }: none */
    struct memory_range memory[INIT_BUS_RANGES_MAX];  /* { 0, 0 }: none */
    char image[NAME_SIZE_MAX + 1];                    /* path of a boot module that is a file */
    char name[NAME_SIZE_MAX + 1];                     /* of the process, without prefix: it becomes a driver */
    uint32_t arguments_size;                          /* bytes of the arguments, as process_spawn takes them: behind those of the boot line */
    char arguments[INIT_BUS_ARGUMENTS_MAX];
};

#define INIT_PROTOCOL(OPERATION, TRANSFER, init) \
    TRANSFER(init, entry, 1, struct init_entry_request, struct init_entry_reply, 0, NAME_SIZE_MAX, 0, 0) \
    OPERATION(init, end_work, 2, struct init_end_work_request, struct nothing) \
    OPERATION(init, bus_start, 3, struct init_bus_start_request, struct init_entry_reply) \
    OPERATION(init, bus_program, 4, struct init_bus_slot, struct init_entry_reply) \
    TRANSFER(init, bus_keep, 5, struct nothing, struct nothing, INIT_BUS_KEPT_MAX, 0, 0, 0) \
    TRANSFER(init, bus_kept, 6, struct nothing, struct nothing, 0, INIT_BUS_KEPT_MAX, 0, 0) \
    OPERATION(init, changes, 7, struct init_changes, struct init_changes) \
    TRANSFER(init, grant, 8, struct init_entry_request, struct nothing, 0, INIT_GRANT_MAX, 0, 0)
PROTOCOL_DECLARE(init, 0x0001, 1, INIT_PROTOCOL)

struct supervised_information {
    uint32_t state;
    process_id_t process;
    uint32_t restarts;
    char name[NAME_SIZE_MAX + 1];
};

/* Asks for an entry. Statuses: NOT_FOUND, and those of protocol.h. */
[[nodiscard]] status_t init_information(process_id_t init, uint32_t index,
                                        struct supervised_information *information_out);

/*
 * Does d\init watch over a process? The name of a process says nothing of that: any program may take one while the right one is away.
 * Statuses: OK; NOT_FOUND: it does not; ABSENT: there is no d\init now, and nothing follows; those of protocol.h.
 */
[[nodiscard]] status_t init_watches(process_id_t process);

/*
 * Asks what an entry's program is given, as text that ends with a NUL.
 *   buffer, size   INIT_GRANT_MAX bytes hold any
 * Statuses: NOT_FOUND, TRUNCATED, and those of protocol.h.
 */
[[nodiscard]] status_t init_grant_text(process_id_t init, uint32_t index, char *buffer, uint32_t size);

/* Asks for an orderly end of the machine's work. Statuses: NOT_ALLOWED, BAD_ARGUMENT, BUSY, and those of protocol.h. */
[[nodiscard]] status_t init_power(process_id_t init, power_action_t action);
