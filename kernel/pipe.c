#include "pipe.h"

#include "address_space.h"
#include "heap.h"
#include "i386/registers.h"
#include "panic.h"
#include "pipe_object.h"
#include "process.h"
#include "shared_object.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

static void member_left(struct member *member);
static void pipe_free(struct shared_object *object);

static const struct shared_object_type pipe_type = {
    .released = EVENT_PIPE_RELEASED,
    .member_left = member_left,
    .free = pipe_free,
};

static struct pipe_side *side_of(const struct transfer *transfer)
{
    return transfer->writes ? &transfer->pipe->writers : &transfer->pipe->readers;
}

/* ---- Events ---- */

static uint32_t ready_now(const struct member *member)
{
    const struct pipe *pipe = pipe_of(member);

    return ((pipe->used > 0 || member->left[false] ? PIPE_READABLE : 0)
            | (pipe->used < PIPE_SIZE || member->left[true] ? PIPE_WRITABLE : 0)) & member->uses;
}

static void ready_describe(const struct event_source *source, struct event *event_out)
{
    const struct member *member = LIST_ENTRY(source, struct member, ready);

    event_out->kind = EVENT_PIPE_READY;
    event_out->id = member->object->id;
    event_out->count = ready_now(member);
}

static void ready_delivered(struct event_source *source)
{
    (void)source;
}

static const struct event_source_type ready_type = { true, ready_describe, ready_delivered };

static void ready_want(struct member *member, uint32_t wanted)
{
    struct pipe *pipe = pipe_of(member);

    pipe->notifications += (wanted != 0) - (member->ready_wanted != 0);
    member->ready_wanted = wanted;
}

static void ready_post(struct member *member)
{
    if ((member->ready_wanted & ready_now(member)) != 0) {
        ready_want(member, 0);
        event_post(&member->process->events, &member->ready);
    }
}

/* ---- Turns ---- */

/* Wakes the thread whose turn it is on a side, if it has something to do now. */
static inline void side_attend(struct pipe *pipe, bool writes)
{
    struct thread *thread = writes ? pipe->writers.turn : pipe->readers.turn;

    if (thread == NULL || thread->blocked == BLOCKED_NOT) {
        return;
    }
    uint32_t rest = thread->transfer.size - thread->transfer.moved;
    if (room(pipe, writes) >= least(rest, PIPE_SIZE) || thread->transfer.member->left[writes]) {
        thread_unblock(thread);
    }
}

/* There are more bytes to read, or there is more room to write. */
static inline void pipe_attend(struct pipe *pipe, bool writers)
{
    side_attend(pipe, writers);
    if (pipe->notifications > 0) {
        LIST_FOR_EACH(node, &pipe->object.members) {
            ready_post(LIST_ENTRY(node, struct member, object_node));
        }
    }
}

/* The turn goes to the next in line, who finds out itself what there is to do. */
static void turn_pass_on(struct pipe_side *side)
{
    struct list *node = list_take_first(&side->line);

    side->turn = node == NULL ? NULL : LIST_ENTRY(node, struct thread, queue_node);
    if (side->turn != NULL) {
        thread_unblock(side->turn);
    }
}

/* The thread reads or writes no more. */
static void transfer_end(struct thread *thread)
{
    struct pipe_side *side = side_of(&thread->transfer);

    thread->transfer.pipe = NULL;
    if (side->turn == thread) {
        turn_pass_on(side);
    } else {
        list_remove(&thread->queue_node);
    }
}

[[gnu::cold]] void pipe_thread_ends(struct thread *thread)
{
    if (thread->transfer.pipe != NULL) {
        transfer_end(thread);
    }
}

/* ---- Moving bytes ---- */

/* `size` bytes, which do not go over the end of the ring, between the running thread's memory and the pipe. OK or BAD_ADDRESS. */
static inline status_t part_move(struct pipe *pipe, uint32_t address, uint32_t size, bool writes)
{
    status_t status;

    if (writes) {
        status = user_read(&pipe->bytes[(pipe->begin + pipe->used) % PIPE_SIZE], (const void USER *)address, size);
        pipe->used += status == OK ? size : 0;
        return status;
    }
    status = user_write((void USER *)address, &pipe->bytes[pipe->begin], size);
    if (status == OK) {
        pipe->begin = (pipe->begin + size) % PIPE_SIZE;
        pipe->used -= size;
    }
    return status;
}

/* Bytes from where the next one goes, or is, to the end of the ring. */
static inline uint32_t run(const struct pipe *pipe, bool writes)
{
    return PIPE_SIZE - (pipe->begin + (writes ? pipe->used : 0)) % PIPE_SIZE;
}

/* Moves what can be moved. OK or BAD_ADDRESS. */
static status_t bytes_move(struct transfer *transfer)
{
    struct pipe *pipe = transfer->pipe;
    uint32_t wanted = least(room(pipe, transfer->writes), transfer->size - transfer->moved);
    status_t status = OK;

    if (wanted == 0) {
        return OK;
    }
    while (wanted > 0 && status == OK) {
        uint32_t part = least(wanted, run(pipe, transfer->writes));

        status = part_move(pipe, transfer->address + transfer->moved, part, transfer->writes);
        if (status == OK) {
            transfer->moved += part;
            wanted -= part;
        }
    }
    pipe_attend(pipe, !transfer->writes);
    return status;
}

static status_t transfer_continue(struct thread *thread);

/* It is the running thread's turn. The status if it is done; or it blocks. */
static status_t transfer_go_on(struct thread *thread)
{
    struct transfer *transfer = &thread->transfer;
    bool left = transfer->member->left[transfer->writes];
    bool partial = (transfer->flags & PIPE_PARTIAL) != 0;
    status_t status = left && transfer->writes ? PEER_DIED : bytes_move(transfer);

    if (status == OK && transfer->moved < transfer->size) {
        if (left || partial) {
            status = partial && transfer->moved > 0 ? OK : left ? PEER_DIED : NOTHING;
        } else {
            thread_block(thread, transfer_continue);
            return OK;
        }
    }
    transfer_end(thread);
    return status;
}

/* Runs when a thread that slept in a pipe was woken: it is its turn, or it was thrown out. */
static status_t transfer_continue(struct thread *thread)
{
    status_t status = thread->transfer.pipe == NULL ? BAD_ID : transfer_go_on(thread);

    thread->registers.ebx = thread->transfer.moved;
    return status;
}

/* What most do: a few bytes, for which there is room, or which are there. */
static inline status_t move_at_once(struct pipe *pipe, uint32_t address, uint32_t size, bool writes, uint32_t *moved_out)
{
    status_t status = part_move(pipe, address, size, writes);

    if (status == OK) {
        *moved_out = size;
        pipe_attend(pipe, !writes);
    }
    return status;
}

/* Does a reader sleep before an empty pipe whom so many bytes are all that it waits for? */
static inline bool reader_wants(const struct pipe *pipe, uint32_t size)
{
    const struct thread *reader = pipe->readers.turn;

    if (pipe->used != 0 || reader == NULL || reader->blocked == BLOCKED_NOT || thread_is_asleep(reader)) {
        return false;
    }
    uint32_t rest = reader->transfer.size - reader->transfer.moved;
    return size >= rest && rest <= PIPE_SIZE;    /* interrupts wait while it is copied */
}

/*
 * That reader gets them straight into its memory, and goes on without a look at the pipe. OK, or BAD_ADDRESS if the writer's memory
 * is bad; the reader finds out itself that its own is.
 */
static status_t hand_to_reader(struct pipe *pipe, uint32_t address, uint32_t *moved_out)
{
    struct thread *reader = pipe->readers.turn;
    struct transfer *transfer = &reader->transfer;
    uint32_t part = transfer->size - transfer->moved;
    bool own_fault;

    status_t status = address_space_copy_in(&reader->process->space, transfer->address + transfer->moved,
                                            (const void USER *)address, part, &own_fault);
    if (status != OK) {
        return own_fault ? BAD_ADDRESS : OK;
    }
    *moved_out = part;
    if (reader->continuation == transfer_continue) {
        reader->continuation = NULL;
    } else {
        reader->traced_continuation = NULL;      /* it is traced: the trace's own goes on */
    }
    reader->registers.eax = OK;
    reader->registers.ebx = transfer->size;
    transfer_end(reader);
    thread_unblock(reader);
    return OK;
}

/* The running thread reads or writes. */
static inline status_t transfer_begin(pipe_id_t id, uint32_t address, uint32_t size, uint32_t flags, bool writes, uint32_t *moved_out)
{
    struct thread *self = thread_current;
    struct member *member = member_find(id, &pipe_type);

    if (member == NULL) {
        return BAD_ID;
    }
    if ((flags & ~PIPE_PARTIAL) != 0) {
        return BAD_ARGUMENT;
    }
    struct pipe *pipe = pipe_of(member);
    struct pipe_side *side = writes ? &pipe->writers : &pipe->readers;
    if (size == 0) {
        return OK;
    }
    if (writes && side->turn == NULL && !member->left[true] && reader_wants(pipe, size)) {
        status_t status = hand_to_reader(pipe, address, moved_out);

        if (status != OK || *moved_out == size) {
            return status;
        }
    }
    uint32_t handed = *moved_out;
    if (handed == 0 && side->turn == NULL && size <= least(room(pipe, writes), run(pipe, writes)) && !member->left[writes]) {
        return move_at_once(pipe, address, size, writes, moved_out);
    }
    if (side->turn != NULL && (flags & PIPE_PARTIAL) != 0) {
        return NOTHING;
    }
    self->transfer = (struct transfer){
        .pipe = pipe, .member = member, .address = address, .size = size, .moved = handed, .flags = flags, .writes = writes,
    };
    if (side->turn != NULL) {
        list_append(&side->line, &self->queue_node);
        thread_block(self, transfer_continue);
        return OK;
    }
    side->turn = self;
    if (handed == 0 && room(pipe, writes) == 0 && (flags & PIPE_PARTIAL) == 0 && !member->left[writes]) {
        thread_block(self, transfer_continue);   /* what transfer_go_on would come to */
        return OK;
    }
    status_t status = transfer_go_on(self);
    *moved_out = self->transfer.moved;
    return status;
}

/* ---- Members ---- */

/* Somebody has come, left, or given something up: who is at the other end of whom. */
[[gnu::cold]] static void members_reckon(struct pipe *pipe)
{
    uint32_t readers = 0, writers = 0;

    LIST_FOR_EACH(node, &pipe->object.members) {
        uint32_t uses = LIST_ENTRY(node, struct member, object_node)->uses;

        readers += uses & PIPE_READABLE;
        writers += uses / PIPE_WRITABLE;
    }
    LIST_FOR_EACH(node, &pipe->object.members) {
        struct member *member = LIST_ENTRY(node, struct member, object_node);
        bool joined = pipe->object.was_joined;   /* else the others are to come */

        member->left[false] = (member->uses & PIPE_READABLE) == 0 || (joined && writers == member->uses / PIPE_WRITABLE);
        member->left[true] = (member->uses & PIPE_WRITABLE) == 0 || (joined && readers == (member->uses & PIPE_READABLE));
    }
    pipe_attend(pipe, false);
    pipe_attend(pipe, true);
}

/* Threads of a process that has left. */
[[gnu::cold]] static void side_throw_out(struct pipe_side *side, const struct process *process)
{
    struct list *node = side->line.next;

    while (node != &side->line) {
        struct thread *thread = LIST_ENTRY(node, struct thread, queue_node);

        node = node->next;
        if (thread->process == process) {
            transfer_end(thread);
            thread_unblock(thread);
        }
    }
    struct thread *turn = side->turn;
    if (turn != NULL && turn->process == process) {
        transfer_end(turn);
        thread_unblock(turn);
    }
}

[[gnu::cold]] static void member_left(struct member *member)
{
    struct pipe *pipe = pipe_of(member);

    event_withdraw(&member->ready);
    ready_want(member, 0);
    side_throw_out(&pipe->readers, member->process);
    side_throw_out(&pipe->writers, member->process);
    members_reckon(pipe);
}

[[gnu::cold]] static void pipe_free(struct shared_object *object)
{
    struct pipe *pipe = LIST_ENTRY(object, struct pipe, object);

    ASSERT(pipe->readers.turn == NULL && pipe->writers.turn == NULL);
    heap_free(pipe->bytes);
    heap_free(pipe);
}

[[gnu::cold]] static void member_prepare(struct member *member)
{
    event_source_initialise(&member->ready, &ready_type);
    member->uses = PIPE_READABLE | PIPE_WRITABLE;
    members_reckon(pipe_of(member));
}

/* ---- System calls ---- */

[[gnu::cold]] status_t sys_pipe_create(struct pipe_handle USER *handle_out)
{
    bool reserve = thread_current->process->space.reserve;
    struct pipe *pipe = heap_allocate(sizeof *pipe, reserve);
    struct member *member;

    if (pipe == NULL) {
        return NO_MEMORY;
    }
    list_initialise(&pipe->readers.line);
    list_initialise(&pipe->writers.line);
    pipe->bytes = heap_allocate_unset(PIPE_SIZE, reserve);
    status_t status = pipe->bytes == NULL ? NO_MEMORY : shared_object_begin(&pipe->object, &pipe_type, PIPE_SIZE / PAGE_SIZE, &member);
    if (status != OK) {
        heap_free(pipe->bytes);
        heap_free(pipe);
        return status;
    }
    member_prepare(member);
    struct pipe_handle handle = { .key = pipe->object.key, .id = pipe->object.id };
    status = user_write(handle_out, &handle, sizeof handle);
    if (status != OK) {
        member_undo(member);
    }
    return status;
}

[[gnu::cold]] status_t sys_pipe_join(pipe_id_t id, object_key_t key)
{
    struct member *member;
    bool read_only;
    status_t status = member_join(id, &pipe_type, key, &read_only, &member);

    if (status == OK) {
        member_prepare(member);
    }
    return status;
}

[[gnu::cold]] status_t sys_pipe_leave(pipe_id_t id)
{
    struct member *member = member_find(id, &pipe_type);

    if (member == NULL) {
        return BAD_ID;
    }
    member_leave(member);
    return OK;
}

[[gnu::cold]] status_t sys_pipe_restrict(pipe_id_t id, uint32_t uses)
{
    struct member *member = member_find(id, &pipe_type);

    if (member == NULL) {
        return BAD_ID;
    }
    if ((uses & ~member->uses) != 0 || uses == 0) {
        return BAD_ARGUMENT;
    }
    struct pipe *pipe = pipe_of(member);
    member->uses = uses;
    ready_want(member, member->ready_wanted & uses);
    if ((uses & PIPE_READABLE) == 0) {
        side_throw_out(&pipe->readers, member->process);
    }
    if ((uses & PIPE_WRITABLE) == 0) {
        side_throw_out(&pipe->writers, member->process);
    }
    members_reckon(pipe);
    return OK;
}

status_t sys_pipe_read(pipe_id_t id, void USER *bytes, uint32_t size, uint32_t flags, uint32_t *moved_out)
{
    return transfer_begin(id, (uint32_t)bytes, size, flags, false, moved_out);
}

status_t sys_pipe_write(pipe_id_t id, const void USER *bytes, uint32_t size, uint32_t flags, uint32_t *moved_out)
{
    return transfer_begin(id, (uint32_t)bytes, size, flags, true, moved_out);
}

[[gnu::cold]] status_t sys_pipe_notify(pipe_id_t id, uint32_t wanted)
{
    struct member *member = member_find(id, &pipe_type);

    if (member == NULL) {
        return BAD_ID;
    }
    if ((wanted & ~member->uses) != 0) {
        return BAD_ARGUMENT;
    }
    event_withdraw(&member->ready);
    ready_want(member, wanted);
    ready_post(member);
    return OK;
}

[[gnu::cold]] status_t sys_pipe_state(pipe_id_t id, uint32_t *bytes_out, uint32_t *members_out)
{
    const struct member *member = member_find(id, &pipe_type);

    if (member == NULL) {
        return BAD_ID;
    }
    *bytes_out = pipe_of(member)->used;
    *members_out = member->object->member_count;
    return OK;
}
