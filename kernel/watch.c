#include "watch.h"

#include "event.h"
#include "heap.h"
#include "process.h"
#include "syscall_handlers.h"
#include "thread.h"

struct watch {
    struct event_source source;
    struct process *owner;
    struct list owner_node;      /* in owner->watches */
    struct list target_node;     /* in the target's watchers; in none once it is dead */
    process_id_t target;
    uint32_t code;
};

static uint32_t watches;

static void watch_free(struct watch *watch)
{
    event_withdraw(&watch->source);
    list_remove(&watch->owner_node);
    list_remove(&watch->target_node);
    account_release(&watch->owner->account, RESOURCE_OBJECTS, 1);
    heap_free(watch);
    watches--;
}

static void watch_describe(const struct event_source *source, struct event *event_out)
{
    const struct watch *watch = LIST_ENTRY(source, struct watch, source);

    event_out->kind = EVENT_PROCESS_EXITED;
    event_out->id = watch->target;
    event_out->count = watch->code;
}

static void watch_delivered(struct event_source *source)
{
    watch_free(LIST_ENTRY(source, struct watch, source));
}

static const struct event_source_type watch_type = { true, watch_describe, watch_delivered };

static struct watch *watch_find(const struct process *owner, process_id_t target)
{
    LIST_FOR_EACH(node, &owner->watches) {
        struct watch *watch = LIST_ENTRY(node, struct watch, owner_node);

        if (watch->target == target) {
            return watch;
        }
    }
    return NULL;
}

status_t watch_create(struct process *owner, struct process *target)
{
    if (watch_find(owner, target->id) != NULL) {
        return EXISTS;
    }
    status_t status = account_charge(&owner->account, RESOURCE_OBJECTS, 1);
    if (status != OK) {
        return status;
    }
    struct watch *watch = heap_allocate(sizeof *watch, owner->space.reserve);
    if (watch == NULL) {
        account_release(&owner->account, RESOURCE_OBJECTS, 1);
        return NO_MEMORY;
    }
    event_source_initialise(&watch->source, &watch_type);
    watch->owner = owner;
    watch->target = target->id;
    list_append(&owner->watches, &watch->owner_node);
    list_append(&target->watchers, &watch->target_node);
    watches++;
    return OK;
}

void watches_end(struct process *process, uint32_t code)
{
    struct list *node;

    while ((node = list_take_first(&process->watchers)) != NULL) {
        struct watch *watch = LIST_ENTRY(node, struct watch, target_node);

        /* What it said itself is for those alone whom it may speak to. */
        watch->code = process_may_send(process, watch->owner) ? code : code & ~EXIT_OWN_MASK;
        event_post(&watch->owner->events, &watch->source);
    }
    while (!list_is_empty(&process->watches)) {
        watch_free(LIST_ENTRY(process->watches.next, struct watch, owner_node));
    }
}

uint32_t watch_count(void)
{
    return watches;
}

status_t sys_process_watch(process_id_t id)
{
    struct process *target = process_look_up(id);

    if (target == NULL) {
        return BAD_ID;
    }
    if (target == thread_current->process) {
        return BAD_ARGUMENT;
    }
    return watch_create(thread_current->process, target);
}

status_t sys_process_unwatch(process_id_t id)
{
    struct watch *watch = watch_find(thread_current->process, id);

    if (watch == NULL) {
        return NOT_FOUND;
    }
    watch_free(watch);
    return OK;
}
