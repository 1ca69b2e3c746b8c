#include "shared_object.h"

#include "heap.h"
#include "id_table.h"
#include "log.h"
#include "process.h"
#include "random.h"
#include "strike.h"
#include "thread.h"

#define FIRST_WARNING 16U        /* wrong keys; then at every doubling */

struct id_table shared_object_table;

static uint32_t members;

static void released_describe(const struct event_source *source, struct event *event_out)
{
    const struct member *member = LIST_ENTRY(source, struct member, released);

    event_out->kind = member->object->type->released;
    event_out->id = member->object->id;
    event_out->count = member->object->member_count;
}

static void released_delivered(struct event_source *source)
{
    (void)source;
}

static const struct event_source_type released_type = { true, released_describe, released_delivered };

/* OK, or OVER_QUOTA with nothing charged. */
static status_t charge(struct process *process, const struct shared_object *object)
{
    status_t status = account_charge(&process->account, RESOURCE_OBJECTS, 1);

    if (status != OK) {
        return status;
    }
    status = account_charge(&process->account, RESOURCE_FRAMES, object->pages);
    if (status != OK) {
        account_release(&process->account, RESOURCE_OBJECTS, 1);
    }
    return status;
}

static void discharge(struct process *process, const struct shared_object *object)
{
    account_release(&process->account, RESOURCE_OBJECTS, 1);
    account_release(&process->account, RESOURCE_FRAMES, object->pages);
}

/* The running process, as one more member. OK, NO_MEMORY, OVER_QUOTA. */
[[gnu::cold]] static status_t member_add(struct shared_object *object, struct member **member_out)
{
    struct process *self = thread_current->process;
    status_t status = charge(self, object);

    if (status != OK) {
        return status;
    }
    struct member *member = heap_allocate(sizeof *member, self->space.reserve);
    if (member == NULL) {
        discharge(self, object);
        return NO_MEMORY;
    }
    event_source_initialise(&member->released, &released_type);
    member->object = object;
    member->process = self;
    list_append(&object->members, &member->object_node);
    list_append(&self->memberships, &member->process_node);
    object->member_count++;
    members++;
    *member_out = member;
    return OK;
}

[[gnu::cold]] status_t shared_object_begin(struct shared_object *object, const struct shared_object_type *type, uint32_t pages, struct member **member_out)
{
    object->type = type;
    object->pages = pages;
    object->key = random_key();
    object->read_only_key = object->key;
    list_initialise(&object->members);
    if (!id_table_add(&shared_object_table, object, &object->id)) {
        return NO_MEMORY;
    }
    status_t status = member_add(object, member_out);
    if (status != OK) {
        id_table_remove(&shared_object_table, object->id);
    }
    return status;
}

static struct shared_object *object_find(uint32_t id, const struct shared_object_type *type)
{
    struct shared_object *object = id_table_find(&shared_object_table, id);

    return object != NULL && object->type == type ? object : NULL;
}

static struct member *member_of(const struct shared_object *object, const struct process *process)
{
    LIST_FOR_EACH(node, &object->members) {
        struct member *member = LIST_ENTRY(node, struct member, object_node);

        if (member->process == process) {
            return member;
        }
    }
    return NULL;
}

struct member *member_find(uint32_t id, const struct shared_object_type *type)
{
    const struct shared_object *object = object_find(id, type);

    return object == NULL ? NULL : member_of(object, thread_current->process);
}

/* Nobody guesses 64 bits; but who tries shall be known. A server or driver may have got the key from a client: it is not ended for that. */
[[gnu::cold]] static void wrong_key(struct process *process, const struct shared_object *object)
{
    uint32_t count = ++process->wrong_keys;

    if (count >= FIRST_WARNING && (count & (count - 1)) == 0) {
        log_kernel(LOG_WARNING, "%s has tried %u wrong keys, the last one at object %u", process->name, count, object->id);
    }
    if (count >= WRONG_KEYS_MAX && process->class == CLASS_APPLICATION) {
        log_kernel(LOG_ERROR, "%s has ended: it guesses keys", process->name);
        process_end(process, EXIT_STRIKES);
    }
}

/* What its members have together is as good as messages between them, both ways. OK, NOT_ALLOWED. */
[[gnu::cold]] static status_t meet_members(const struct shared_object *object)
{
    struct process *self = thread_current->process;

    LIST_FOR_EACH(node, &object->members) {
        const struct process *other = LIST_ENTRY(node, struct member, object_node)->process;

        if (!process_may_call(self, other)) {
            return process_may_send(self, other) ? NOT_ALLOWED : strike_refuse(STRIKE_MESSAGE, other->access.role);
        }
    }
    return OK;
}

[[gnu::cold]] status_t member_join(uint32_t id, const struct shared_object_type *type, object_key_t key, bool *read_only_out, struct member **member_out)
{
    struct shared_object *object = object_find(id, type);

    if (object == NULL) {
        return BAD_ID;
    }
    if (key != object->key && key != object->read_only_key) {
        wrong_key(thread_current->process, object);
        return NOT_ALLOWED;
    }
    if (member_of(object, thread_current->process) != NULL) {
        return EXISTS;
    }
    status_t status = meet_members(object);
    if (status != OK) {
        return status;
    }
    status = member_add(object, member_out);
    if (status == OK) {
        object->was_joined = true;
        *read_only_out = key != object->key;
    }
    return status;
}

/* Tells the others. */
static void release_post(const struct shared_object *object)
{
    LIST_FOR_EACH(node, &object->members) {
        struct member *other = LIST_ENTRY(node, struct member, object_node);

        event_post(&other->process->events, &other->released);
    }
}

[[gnu::cold]] void member_undo(struct member *member)
{
    struct shared_object *object = member->object;

    event_withdraw(&member->released);
    list_remove(&member->object_node);
    list_remove(&member->process_node);
    object->member_count--;
    object->type->member_left(member);
    discharge(member->process, object);
    heap_free(member);
    members--;
    if (object->member_count == 0) {
        id_table_remove(&shared_object_table, object->id);
        object->type->free(object);
    }
}

void member_leave(struct member *member)
{
    struct shared_object *object = member->object;
    bool is_last = object->member_count == 1;

    member_undo(member);
    if (!is_last) {
        release_post(object);
    }
}

void memberships_end(struct process *process)
{
    while (!list_is_empty(&process->memberships)) {
        member_leave(LIST_ENTRY(process->memberships.next, struct member, process_node));
    }
}

uint32_t member_count(void)
{
    return members;
}
