#include "requests.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>

#include "log_level.h"
#include "modes.h"
#include "strangers.h"

#define CLAIM_PATIENCE_NS (5 * SECOND)   /* an owner's library is there at once; a new owner is started after at most so long */

static const struct operation_shape *const shapes[REQUEST_KINDS] = {
    [REQUEST_CLAIM] = &terminal_call_claim_shape,
    [REQUEST_WRITE] = &terminal_call_write_shape,
    [REQUEST_READ] = &terminal_call_read_shape,
    [REQUEST_MODE] = &terminal_call_mode_shape,
    [REQUEST_SIZE] = &terminal_call_size_shape,
    [REQUEST_AWAIT_KEY] = &terminal_call_await_key_shape,
    [REQUEST_UNREAD] = &terminal_call_unread_shape,
    [REQUEST_STATE] = &terminal_call_state_shape,
    [REQUEST_NOTIFY] = &terminal_call_notify_shape,
    [REQUEST_FOREGROUND] = &terminal_call_foreground_shape,
};

/* For strings on their way. */
static _Alignas(process_id_t) uint8_t transfer[TERMINAL_READ_MAX];
_Static_assert(TERMINAL_WRITE_MAX <= sizeof transfer && TERMINAL_GROUP_MAX * sizeof(process_id_t) <= sizeof transfer);

static bool answer_with(const struct request *request, const void *reply)
{
    (void)server_answer(&request->call, shapes[request->kind], OK, reply, NULL);     /* it fails if the caller is gone */
    return true;
}

static bool answer(const struct request *request, status_t status)
{
    (void)server_answer(&request->call, shapes[request->kind], status, NULL, NULL);
    return true;
}

bool request_is_gone(const struct request *request)
{
    status_t status = message_receive(request->call.id, NULL, 0);

    return status == BAD_ID || status == DISCARDED;
}

/* ---- Claiming ---- */

static bool has_key(const struct terminal *terminal, const uint32_t key[2])
{
    return key[0] == terminal->key[0] && key[1] == terminal->key[1];
}

/* A new key: nobody who had the old one has anything to do with the terminal any more. */
static void hang_up(struct terminal *terminal)
{
    terminal->mode_setter = 0;
    terminal->aside_count = 0;
    terminal->foregrounds = (struct foregrounds){ 0 };
    terminal->notice_count = 0;
    discipline_unread(&terminal->discipline);
    discipline_set_mode(&terminal->discipline, &terminal->output, 0);
    condition_signal(&terminal->room_made);
}

static bool claim(struct terminal *terminal, const struct request *request)
{
    status_t status = process_watch(request->call.sender);

    status = status == EXISTS ? OK : status;
    if (status == OK && request->key[0] == 0 && request->key[1] == 0) {
        status = BAD_ARGUMENT;
    }
    if (status != OK) {
        return answer(request, status);
    }
    if (terminal->is_claimed && !has_key(terminal, request->key)) {
        hang_up(terminal);
    }
    terminal->key[0] = request->key[0];
    terminal->key[1] = request->key[1];
    terminal->is_claimed = true;
    terminal->owner = request->call.sender;
    if (request->size != 0 && foregrounds_find(&terminal->foregrounds, terminal->owner) == NULL) {
        (void)foregrounds_name(&terminal->foregrounds, terminal->owner, true, NULL, 0);
    }
    if (terminal->hardware == &screen_hardware) {
        log_level_lower();
    }
    return answer_with(request, &(struct terminal_handle){ terminal->number, { request->key[0], request->key[1] } });
}

/* ---- Reading and writing ---- */

static bool is_readable(const struct terminal *terminal, process_id_t process)
{
    return terminal->discipline.typed.count > 0 && foregrounds_have(&terminal->foregrounds, process);
}

/* What is not taken stays for the next reader. */
static bool read(struct terminal *terminal, struct request *request, bool is_first)
{
    struct typed *typed = &terminal->discipline.typed;
    uint32_t items;

    request->stands_back = typed->count > 0 && !is_readable(terminal, request->call.sender);
    if (!is_first || typed->count == 0 || request->stands_back) {
        return clock_now() >= request_deadline(terminal, request) && answer(request, NOTHING);
    }
    bool by_lines = !(terminal->discipline.mode & TERMINAL_RAW);
    struct payload payload = { .string = transfer };
    payload.string_size = typed_copy(typed, by_lines, transfer, request->size, &items);
    status_t status = server_answer(&request->call, shapes[REQUEST_READ], OK, NULL, &payload);
    if (status == OK) {
        typed_remove(typed, items);
        terminal->nobody_reads = false;
        condition_signal(&terminal->room_made);
    }
    return status == OK || status == BAD_ID;
}

static bool write(struct terminal *terminal, const struct request *request, bool is_first)
{
    if (request->size == 0) {
        return answer(request, OK);
    }
    if (!is_first || terminal->output.count + request->size > OUTPUT_TEXT_MAX) {
        return false;
    }
    status_t status = message_receive(request->call.id, transfer, sizeof transfer);
    if (status != OK) {
        return answer(request, status);  /* BAD_ID: nobody hears it */
    }
    (void)output_write(&terminal->output, transfer, request->size);
    condition_signal(&terminal->output_changed);
    return answer(request, OK);
}

void notices_send(struct terminal *terminal)
{
    const struct message notice = { .words = { TERMINAL_NOTICE, terminal->number } };

    uint32_t kept = 0;

    for (uint32_t i = 0; i < terminal->notice_count; i++) {
        if (is_readable(terminal, terminal->notices[i])) {
            (void)message_send(terminal->notices[i], &notice);   /* whoever takes no messages asks again, or looks by himself */
        } else {
            terminal->notices[kept++] = terminal->notices[i];
        }
    }
    terminal->notice_count = kept;
}

static bool notify(struct terminal *terminal, const struct request *request)
{
    uint32_t place = 0;

    while (place < terminal->notice_count && terminal->notices[place] != request->call.sender) {
        place++;
    }
    if (place == NOTICES_MAX) {          /* the one that asked first may have ended; if not, it asks again when it is told */
        (void)message_send(terminal->notices[0], &(struct message){ .words = { TERMINAL_NOTICE, terminal->number } });
        place = 0;
    }
    terminal->notices[place] = request->call.sender;
    terminal->notice_count += place == terminal->notice_count;
    (void)answer(request, OK);
    notices_send(terminal);
    return true;
}

/* ---- Modes and keys ---- */

/* Who has not the foreground waits until it has. */
static bool stands_back(const struct terminal *terminal, struct request *request)
{
    request->stands_back = !foregrounds_have(&terminal->foregrounds, request->call.sender);
    return request->stands_back;
}

static bool set_mode(struct terminal *terminal, struct request *request)
{
    struct terminal_mode_reply reply = { terminal->discipline.mode };

    if (request->size & ~TERMINAL_MODES) {
        return answer(request, BAD_ARGUMENT);
    }
    if (stands_back(terminal, request)) {
        return false;
    }
    status_t status = request->size == 0 ? OK : process_watch(request->call.sender);
    if (status != OK && status != EXISTS) {
        return answer(request, status);
    }
    modes_set(terminal, request->call.sender, request->size);
    return answer_with(request, &reply);
}

static bool await_key(struct terminal *terminal, const struct request *request, bool is_first)
{
    struct foreground *own = foregrounds_find(&terminal->foregrounds, request->call.sender);
    struct terminal_key_reply reply = { terminal->discipline.key };

    if (own != NULL) {
        own->takes_keys = true;
    } else if (request->call.sender != terminal->owner) {
        return answer(request, NOT_ALLOWED);
    }
    if (!is_first) {
        return answer(request, BUSY);
    }
    if (reply.key == 0) {
        return false;
    }
    process_id_t taker = foregrounds_taker(&terminal->foregrounds);
    if (request->call.sender != (taker == 0 ? terminal->owner : taker)) {
        return false;
    }
    if (server_answer(&request->call, shapes[REQUEST_AWAIT_KEY], OK, &reply, NULL) == OK) {
        terminal->discipline.key = 0;
    }
    return true;
}

static bool tell_state(const struct terminal *terminal, const struct request *request)
{
    process_id_t process = request->call.sender;

    return answer_with(request, &(struct terminal_state_reply){ modes_of(terminal, process), is_readable(terminal, process) });
}

static bool unread(struct terminal *terminal, struct request *request)
{
    if (stands_back(terminal, request)) {
        return false;
    }
    discipline_unread(&terminal->discipline);
    condition_signal(&terminal->room_made);
    return answer(request, OK);
}

/* ---- The foreground ---- */

static bool name_foreground(struct terminal *terminal, const struct request *request)
{
    process_id_t sender = request->call.sender;

    if (request->size % sizeof(process_id_t) != 0) {
        return answer(request, BAD_ARGUMENT);
    }
    status_t status = request->size == 0 ? OK : message_receive(request->call.id, transfer, sizeof transfer);
    if (status == OK) {
        status = process_watch(sender);
    }
    if (status != OK && status != EXISTS) {
        return answer(request, status);
    }
    if (!foregrounds_name(&terminal->foregrounds, sender, sender == terminal->owner, (const process_id_t *)transfer,
                          request->size / sizeof(process_id_t))) {
        return answer(request, NO_MEMORY);
    }
    modes_follow(terminal);
    return answer(request, OK);
}

/* ---- All of them ---- */

nanoseconds_t request_deadline(const struct terminal *terminal, const struct request *request)
{
    if (!terminal->is_claimed) {
        return request->kind == REQUEST_CLAIM ? FOREVER : request->since_ns + CLAIM_PATIENCE_NS;
    }
    return request->kind != REQUEST_READ || request->milliseconds == TERMINAL_FOREVER ? FOREVER
         : request->since_ns + request->milliseconds * MILLISECOND;
}

static bool serve_kind(struct terminal *terminal, struct request *request, bool is_first)
{
    switch (request->kind) {
    case REQUEST_WRITE:
        return write(terminal, request, is_first);
    case REQUEST_READ:
        return read(terminal, request, is_first);
    case REQUEST_MODE:
        return set_mode(terminal, request);
    case REQUEST_SIZE:
        return answer_with(request, &(struct terminal_size_reply){ terminal->columns, terminal->rows });
    case REQUEST_AWAIT_KEY:
        return await_key(terminal, request, is_first);
    case REQUEST_UNREAD:
        return unread(terminal, request);
    case REQUEST_STATE:
        return tell_state(terminal, request);
    case REQUEST_NOTIFY:
        return notify(terminal, request);
    case REQUEST_FOREGROUND:
        return name_foreground(terminal, request);
    default:
        return answer(request, BAD_OPERATION);
    }
}

bool request_serve(struct terminal *terminal, struct request *request, bool is_first)
{
    if (terminal->presence != PRESENT) {
        return terminal->presence == NOT_PRESENT && answer(request, ABSENT);
    }
    if (request->kind == REQUEST_CLAIM) {
        return claim(terminal, request);
    }
    if (!terminal->is_claimed) {
        return clock_now() >= request_deadline(terminal, request) && answer(request, TIMED_OUT);
    }
    if (strangers_has(request->call.sender)) {
        return answer(request, NOT_ALLOWED);
    }
    if (!has_key(terminal, request->key)) {
        strangers_count(request->call.sender);
        return answer(request, NOT_ALLOWED);
    }
    return serve_kind(terminal, request, is_first);
}
