/*
 * BIOS calls by d\bios, for who is no driver and may not make them: a tracer, a test. d\bios has a first megabyte of its own, and one call
 * at a time; who comes next waits. It is in no standard boot list: whoever may have calls made can set video modes. These are drivers, servers, and
 * the applications that d\bios's argument clients=NAME,... names; others get NOT_ALLOWED.
 *
 *     call      An interrupt, as bios_int. Answered when it is over, whatever came of it: bios_answer.status. The string is put into
 *               memory of the first megabyte, and what stands there after the call comes back.
 *               BAD_ARGUMENT: no such vector, or more data than there is room for; NO_MEMORY.
 *     read      Copies from d\bios's first megabyte: what far pointers in answers lead to. BAD_ADDRESS.
 *     records   goes the other way: of a call with BIOS_CALL_RECORDS the caller gets messages with records before the answer.
 *
 * Any thread may call these functions, but for bios_client_call.
 */
#pragma once

#include <ternion/protocol.h>
#include <ternion/vm86.h>

#define BIOS_PROCESS "d\\bios"

#define BIOS_DATA_MAX 32768U
#define BIOS_MS_MOST 60000U          /* that a request can ask for */
#define BIOS_TRAPS_MOST 100000000U
#define BIOS_PROBLEM_SIZE 200U

/* Beside BIOS_STEP and BIOS_ALL_PORTS_TRAP. */
#define BIOS_CALL_RECORDS 0x100U

/* Which registers lead to the data. */
enum bios_pointer {
    BIOS_POINTER_NONE,
    BIOS_POINTER_ES_DI,
    BIOS_POINTER_ES_BX,
    BIOS_POINTER_ES_BP,
    BIOS_POINTER_ES_DX,
    BIOS_POINTER_DS_SI,
    BIOS_POINTER_DS_DX,
    BIOS_POINTER_COUNT,
};

struct bios_request {
    uint32_t vector;
    uint32_t flags;                  /* BIOS_… */
    uint32_t ms, traps;              /* budgets; 0: the usual ones */
    uint32_t pointer;                /* enum bios_pointer */
    uint32_t data_size;              /* bytes that it leads to; those behind the string are zeroes */
    struct bios_registers registers;
};

struct bios_answer {
    uint32_t status;                 /* of bios_int */
    uint32_t records_lost;           /* the caller did not take them in time */
    uint32_t us;                     /* that it took, with all of the library's part, and with the records' */
    struct bios_registers registers;
    struct bios_cost cost;
    char problem[BIOS_PROBLEM_SIZE]; /* bios_problem's words; "" */
};

struct bios_place {
    uint16_t segment;
    uint16_t offset;
    uint32_t size;                   /* bytes, at most BIOS_DATA_MAX */
};

#define BIOS_BATCH 64U               /* records in a message */

#define BIOS_PROTOCOL(OPERATION, TRANSFER, bios_driver) \
    TRANSFER(bios_driver, call, 1, struct bios_request, struct bios_answer, BIOS_DATA_MAX, BIOS_DATA_MAX, 0, 0) \
    TRANSFER(bios_driver, read, 2, struct bios_place, struct nothing, 0, BIOS_DATA_MAX, 0, 0) \
    TRANSFER(bios_driver, records, 3, struct nothing, struct nothing, BIOS_BATCH * sizeof(struct bios_record), 0, 0, 0)
PROTOCOL_DECLARE(bios_driver, 0x001B, 1, BIOS_PROTOCOL)

/*
 * A call by d\bios.
 *   driver    its process
 *   data      request->data_size bytes, in and out; may be NULL if that is 0
 *   take      gets the records, in their order, before this returns; NULL: there are none, and any thread may call
 * Blocks. With `take` no other thread may take events meanwhile, and others' messages are answered with BUSY. Statuses: those of protocol.h
 * and above, and NO_MEMORY.
 */
[[nodiscard]] status_t bios_client_call(process_id_t driver, const struct bios_request *request, void *data, struct bios_answer *answer_out,
                                        void (*take)(const struct bios_record *records, uint32_t count));
