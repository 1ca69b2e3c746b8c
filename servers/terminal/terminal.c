#include "terminal.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/syscall.h>

#include "log_level.h"
#include "requests.h"

#define REQUESTS_OF_ONE_MAX 16U

struct lock terminals_lock;

/* ---- Requests ---- */

/* Goes once through those that wait, in the order in which they came. */
static void serve_all(struct terminal *terminal)
{
    bool waits[REQUEST_KINDS] = { false };
    uint32_t kept = 0;

    for (uint32_t i = 0; i < terminal->request_count; i++) {
        const struct request *request = &terminal->requests[i];

        if (!request_serve(terminal, request, !waits[request->kind])) {
            waits[request->kind] = true;
            terminal->requests[kept++] = *request;
        }
    }
    terminal->request_count = kept;
}

/* Answers those who can be answered now, and tells those who want to hear of it. */
static void work(struct terminal *terminal)
{
    bool was_claimed = terminal->is_claimed;

    serve_all(terminal);
    if (!was_claimed && terminal->is_claimed) {
        serve_all(terminal);     /* those that came before the claim */
    }
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

static bool has_room(const struct terminal *terminal, const struct request *request, process_id_t sender)
{
    uint32_t most = request->kind == REQUEST_CLAIM ? REQUESTS_MAX : REQUESTS_WITH_KEY_MAX;
    uint32_t own = 0;

    for (uint32_t i = 0; i < terminal->request_count; i++) {
        own += terminal->requests[i].call.sender == sender;
    }
    return terminal->request_count < most && own < REQUESTS_OF_ONE_MAX;
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

void terminal_type(struct terminal *terminal, const uint8_t *bytes, uint32_t size)
{
    if (size == 0) {
        return;
    }
    lock_acquire(&terminals_lock);
    for (uint32_t i = 0; i < size; i++) {
        discipline_take(&terminal->discipline, &terminal->output, bytes[i]);
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
    if (terminal->mode_setter == process) {
        terminal->mode_setter = 0;
        discipline_set_mode(&terminal->discipline, &terminal->output, 0);
        condition_signal(&terminal->output_changed);
    }
    forget_gone(terminal);
    work(terminal);
    lock_release(&terminals_lock);
}
