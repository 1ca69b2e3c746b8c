#include "terminal.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/syscall.h>

#include "log_level.h"
#include "modes.h"
#include "requests.h"

#define REQUESTS_OF_ONE_MAX 16U
#define ROOM_PATIENCE_NS SECOND

struct lock terminals_lock;

/* ---- Requests ---- */

/* Is there none among those before it that has to be served at first? Each process has its own line for keys. */
static bool is_first(const struct terminal *terminal, uint32_t before, const struct request *request)
{
    for (uint32_t i = 0; i < before; i++) {
        const struct request *other = &terminal->requests[i];
        bool is_before = request->kind == REQUEST_AWAIT_KEY ? other->call.sender == request->call.sender : !other->stands_back;

        if (other->kind == request->kind && is_before) {
            return false;
        }
    }
    return true;
}

/* Goes once through those that wait, in the order in which they came. */
static void serve_all(struct terminal *terminal)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < terminal->request_count; i++) {
        struct request *request = &terminal->requests[i];

        if (!request_serve(terminal, request, is_first(terminal, kept, request))) {
            terminal->requests[kept++] = *request;
        }
    }
    terminal->request_count = kept;
}

/*
 * With Ctrl+C and Ctrl+Z the foreground goes back to who takes them: what is typed next is for the shell, which has not put the job to
 * sleep yet.
 */
static void note_keys(struct terminal *terminal)
{
    struct foreground *taker;

    if (terminal->keys_seen == terminal->discipline.keys) {
        return;
    }
    terminal->keys_seen = terminal->discipline.keys;
    taker = foregrounds_find(&terminal->foregrounds, foregrounds_taker(&terminal->foregrounds));
    if (taker != NULL) {
        taker->count = 0;
        modes_follow(terminal);
        terminal->keys_seen = terminal->discipline.keys;
    }
}

/* Answers those who can be answered now, and tells those who want to hear of it. */
static void work(struct terminal *terminal)
{
    bool was_claimed = terminal->is_claimed;

    serve_all(terminal);
    if (!was_claimed && terminal->is_claimed) {
        serve_all(terminal);     /* those that came before the claim */
    }
    note_keys(terminal);         /* of what was typed in raw mode, and was typed anew */
    notices_send(terminal);
}

static void forget_gone(struct terminal *terminal)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < terminal->request_count; i++) {
        if (!request_is_gone(&terminal->requests[i])) {
            terminal->requests[kept++] = terminal->requests[i];
        }
    }
    terminal->request_count = kept;
}

static bool waits_for_foreground(const struct request *request)
{
    return request->kind == REQUEST_READ || request->kind == REQUEST_MODE || request->kind == REQUEST_UNREAD;
}

static bool has_room(const struct terminal *terminal, const struct request *request, process_id_t sender)
{
    bool is_owner = sender == terminal->owner;
    uint32_t most = request->kind == REQUEST_CLAIM ? REQUESTS_MAX : is_owner ? REQUESTS_OF_OWNER_MAX : REQUESTS_WITH_KEY_MAX;
    uint32_t own = 0, readers = 0;

    for (uint32_t i = 0; i < terminal->request_count; i++) {
        own += terminal->requests[i].call.sender == sender;
        readers += waits_for_foreground(&terminal->requests[i]);
    }
    bool is_full = terminal->request_count >= most || (!is_owner && waits_for_foreground(request) && readers >= READERS_MAX);
    return !is_full && own < REQUESTS_OF_ONE_MAX;
}

/* A thread of the owner that awaited keys and was ended does not keep the next one away. */
static void make_room(struct terminal *terminal, const struct request *request, process_id_t sender)
{
    if (request->kind == REQUEST_AWAIT_KEY || !has_room(terminal, request, sender)) {
        forget_gone(terminal);
    }
}

status_t terminal_take(struct terminal *terminal, struct server_call *call, struct request *request)
{
    status_t status = NO_MEMORY;

    lock_acquire(&terminals_lock);
    make_room(terminal, request, call->sender);
    if (has_room(terminal, request, call->sender)) {
        request->since_ns = clock_now();
        status = server_answer_later(call, &request->call);
        terminal->requests[terminal->request_count++] = *request;
        work(terminal);
    }
    lock_release(&terminals_lock);
    return status;
}

nanoseconds_t terminal_look(struct terminal *terminal)
{
    nanoseconds_t first_ns = FOREVER;

    lock_acquire(&terminals_lock);
    work(terminal);
    for (uint32_t i = 0; i < terminal->request_count; i++) {
        nanoseconds_t deadline_ns = request_deadline(terminal, &terminal->requests[i]);
        first_ns = deadline_ns < first_ns ? deadline_ns : first_ns;
    }
    lock_release(&terminals_lock);
    return first_ns;
}

/* ---- What is typed ---- */

/*
 * Until there is room for a byte. In raw mode, where Ctrl+C is a byte as others, it waits for ever; else what is typed is refused when
 * nobody has read for a while, as Ctrl+C may be behind it.
 */
static void await_room(struct terminal *terminal, uint8_t byte)
{
    nanoseconds_t deadline_ns = clock_after(ROOM_PATIENCE_NS);

    while (!discipline_has_room(&terminal->discipline, byte)) {
        bool is_patient = (terminal->discipline.mode & (TERMINAL_RAW | TERMINAL_RAW_KEYS)) == TERMINAL_RAW;

        if (!is_patient && (terminal->nobody_reads || clock_now() >= deadline_ns)) {
            terminal->nobody_reads = true;
            break;
        }
        work(terminal);
        if (!discipline_has_room(&terminal->discipline, byte)) {
            (void)condition_wait_before(&terminal->room_made, &terminals_lock, is_patient ? FOREVER : deadline_ns);
        }
    }
}

void terminal_type(struct terminal *terminal, const uint8_t *bytes, uint32_t size)
{
    if (size == 0) {
        return;
    }
    lock_acquire(&terminals_lock);
    for (uint32_t i = 0; i < size; i++) {
        await_room(terminal, bytes[i]);
        discipline_take(&terminal->discipline, &terminal->output, bytes[i]);
        note_keys(terminal);
    }
    condition_signal(&terminal->output_changed);
    work(terminal);
    lock_release(&terminals_lock);
}

/* ---- What is written ---- */

void terminal_set_presence(struct terminal *terminal, enum presence presence, uint32_t columns, uint32_t rows)
{
    lock_acquire(&terminals_lock);
    terminal->presence = presence;
    terminal->columns = columns;
    terminal->rows = rows;
    terminal->output.column.width = terminal->hardware == &screen_hardware ? columns : 0;
    if (presence == NOT_PRESENT) {
        output_remove(&terminal->output, terminal->output.count);
    }
    work(terminal);
    lock_release(&terminals_lock);
}

uint32_t terminal_await_text(struct terminal *terminal, uint8_t *text, uint32_t most)
{
    lock_acquire(&terminals_lock);
    while (terminal->output.count == 0 || terminal->discipline.is_stopped) {
        condition_wait(&terminal->output_changed, &terminals_lock);
    }
    uint32_t size = output_copy(&terminal->output, text, most);
    lock_release(&terminals_lock);
    return size;
}

void terminal_wrote(struct terminal *terminal, uint32_t size)
{
    lock_acquire(&terminals_lock);
    output_remove(&terminal->output, size);
    if (terminal->request_count > 0) {
        work(terminal);
    }
    lock_release(&terminals_lock);
}

/* ---- Processes that end ---- */

void terminal_process_ended(struct terminal *terminal, process_id_t process)
{
    lock_acquire(&terminals_lock);
    if (terminal->owner == process) {
        terminal->owner = 0;
        if (terminal->hardware == &screen_hardware) {
            log_level_restore();
        }
    }
    modes_forget(terminal, process);
    if (foregrounds_forget(&terminal->foregrounds, process)) {
        modes_follow(terminal);
    }
    forget_gone(terminal);
    work(terminal);
    lock_release(&terminals_lock);
}
