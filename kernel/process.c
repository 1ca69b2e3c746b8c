#include "process.h"

#include "call.h"
#include "clock.h"
#include "debug.h"
#include "device.h"
#include "dma.h"
#include "frame.h"
#include "i386/segments.h"
#include "irq.h"
#include "log.h"
#include "memory.h"
#include "message.h"
#include "module.h"
#include "name.h"
#include "panic.h"
#include "panic_screen.h"
#include "port_map.h"
#include "save_state.h"
#include "scheduler.h"
#include "shared_object.h"
#include "spawn.h"
#include "string.h"
#include "syscall_handlers.h"
#include "system_page.h"
#include "thread.h"
#include "timer.h"
#include "trace.h"
#include "user_memory.h"
#include "watch.h"

struct arena process_arena;
struct grant system_limits;
struct account system_account = { .limits = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX } };

struct process *process_look_up(process_id_t id)
{
    return id == SELF ? thread_current->process : arena_find(&process_arena, id);
}

bool process_may_control(const struct process *self, const struct process *other)
{
    if (self == other) {
        return true;
    }
    return self->class != CLASS_APPLICATION && !other->supervisor && process_may_send(self, other)
        && (other->class != CLASS_DRIVER || self->class == CLASS_DRIVER || access_has_right(&self->access, RIGHT_CONTROL_DRIVERS));
}

static void page_fill(struct process *process)
{
    struct process_page *page = process->page;

    page->class = process->class;
    page->name_size = process->name_size;
    memcpy(page->name, process->name, sizeof page->name);
}

static void lists_initialise(struct process *process)
{
    list_initialise(&process->name_node);
    list_initialise(&process->children);
    list_initialise(&process->sibling_node);
    list_initialise(&process->threads);
    list_initialise(&process->messages);
    list_initialise(&process->messages_sent);
    list_initialise(&process->watches);
    list_initialise(&process->watchers);
    list_initialise(&process->irq_listeners);
    list_initialise(&process->devices);
    list_initialise(&process->dma_regions);
    list_initialise(&process->memberships);
    list_initialise(&process->timers);
    event_queue_initialise(&process->events);
    save_state_process_begins(process);
}

/* Limits of the grant; 0, and all that is more, stands for the parent's own. The supervisor has all, but does not pass it on by default. */
static void limits_set(struct process *process, const struct grant *grant)
{
    const struct process *parent = process->parent;

    for (uint32_t i = 0; i < RESOURCE_COUNT; i++) {
        uint32_t most = parent != NULL ? parent->account.limits[i] : process->supervisor ? UINT32_MAX : system_limits.limits[i];
        uint32_t usual = parent != NULL && parent->supervisor ? system_limits.limits[i] : most;
        uint32_t wanted = grant->limits[i] == 0 ? usual : grant->limits[i];

        process->account.limits[i] = wanted < most ? wanted : most;
    }
}

/* The supervisor has a reserve so that it can act; what the system cannot do without, the drivers and the log, begins anew from it. */
static bool has_reserve(const struct process *process)
{
    return process->supervisor
        || (process->trusted && (process->class == CLASS_DRIVER || strcmp(process->name, LOG_NAME) == 0));
}

/* Memory of the process: its space, with system page and process page in it. */
static status_t memory_create(struct process *process)
{
    void *page;
    status_t status = address_space_create(&process->space, &process->account, has_reserve(process));

    if (status != OK) {
        return status;
    }
    status = process->class == CLASS_DRIVER ? port_map_create(&process->space, &process->access) : OK;
    if (status == OK) {
        status = address_space_show_frame(&process->space, SYSTEM_PAGE, virtual_to_physical(system_page));
    }
    if (status == OK) {
        status = address_space_add_page(&process->space, PROCESS_PAGE, false, &page);
    }
    if (status != OK) {
        address_space_destroy(&process->space);
        return status;
    }
    memset(page, 0, PAGE_SIZE);
    process->page = page;
    return OK;
}

bool process_is_supervisor(const char *name, const struct process *parent)
{
    return parent == NULL && strcmp(name, SUPERVISOR_NAME) == 0;
}

void process_access_changed(struct process *process)
{
    process->barred_by = access_barred_by(&process->access);
    LIST_FOR_EACH(node, &process->threads) {
        thread_rights_changed(LIST_ENTRY(node, struct thread, process_node));
    }
}

status_t process_create(const struct spawn_request *request, const struct access *access, struct process **process_out)
{
    struct process *parent = request->parent;
    bool supervisor = process_is_supervisor(request->name, parent);
    struct process *process = arena_add(&process_arena, supervisor || (parent != NULL && parent->supervisor));

    if (process == NULL) {
        return NO_MEMORY;
    }
    lists_initialise(process);
    process->class = request->class;
    process->calls = syscall_tables[request->class];
    process->access = *access;
    process_access_changed(process);
    process->name_size = request->name_size;
    memcpy(process->name, request->name, request->name_size);
    process->parent = parent;
    process->supervisor = supervisor;
    process->trusted = parent == NULL || parent->supervisor;
    process->account.parent = supervisor ? NULL : process->trusted ? &system_account : &parent->account;
    limits_set(process, request->grant);

    status_t status = account_charge(&process->account, RESOURCE_PROCESSES, 1);
    if (status != OK) {
        goto free_process;
    }
    status = memory_create(process);
    if (status != OK) {
        goto release_charge;
    }
    process->page->id = process->id;
    process->page->parent = parent == NULL ? KERNEL_PROCESS : parent->id;
    page_fill(process);
    name_add(process);
    if (parent != NULL) {
        list_append(&parent->children, &process->sibling_node);
    }
    *process_out = process;
    return OK;

release_charge:
    account_release(&process->account, RESOURCE_PROCESSES, 1);
free_process:
    arena_remove(&process_arena, process);
    return status;
}

bool process_name_is_allowed(const struct process *giver, const char *name)
{
    return giver->supervisor
        || (strcmp(name, LOG_NAME) != 0 && strcmp(name, SUPERVISOR_NAME) != 0);
}

/*
 * The children of a dead process are its parent's from now on; they were charged to it all along. What is left of
 * the dead one's limits is divided among them: so nobody gets more by dying.
 */
static void children_move(struct process *process)
{
    uint32_t heirs = 0;
    struct list *node;

    LIST_FOR_EACH(sibling, &process->children) {
        (void)sibling;
        heirs++;
    }
    while ((node = list_take_first(&process->children)) != NULL) {
        struct process *child = LIST_ENTRY(node, struct process, sibling_node);

        if (!process->supervisor) {
            account_inherit(&child->account, &process->account, heirs);
        }
        child->parent = process->parent;
        if (process->parent != NULL) {
            list_append(&process->parent->children, &child->sibling_node);
        }
    }
}

void process_end_by_mistake(struct process *process, uint32_t code)
{
    if (!debug_freeze(process, code)) {
        process_end(process, code);
    }
}

void process_end(struct process *process, uint32_t code)
{
    name_remove(process);
    while (!list_is_empty(&process->threads)) {
        thread_end(LIST_ENTRY(process->threads.next, struct thread, process_node));
    }
    calls_callee_ended(process);
    messages_receiver_ended(process);
    irq_listeners_end(process);
    devices_process_ended(process);
    dma_process_ended(process);
    trace_process_ended(process, code);
    debug_process_ended(process);
    panic_screen_process_ended(process);
    memberships_end(process);
    timers_end(process);
    watches_end(process, code);
    messages_sender_ended(process);
    save_state_process_ended(process);
    log_process_gone(process);
    modules_process_ended(process);
    list_remove(&process->sibling_node);

    /* Nothing leads to the process any more: interrupts may come in between. */
    scheduler_process_ended(process);
    address_space_destroy(&process->space);
    account_release(&process->account, RESOURCE_PROCESSES, 1);
    children_move(process);
    arena_remove(&process_arena, process);
}

status_t sys_process_exit(uint32_t code)
{
    process_end(thread_current->process, code & 0xFF);
    return OK;
}

/* The process with this ID, if the running one may end it or put it to sleep. */
static status_t look_up_controlled(process_id_t id, struct process **process_out)
{
    struct process *process = process_look_up(id);

    if (process == NULL) {
        return BAD_ID;
    }
    if (!process_may_control(thread_current->process, process)) {
        return NOT_ALLOWED;
    }
    *process_out = process;
    return OK;
}

status_t sys_process_terminate(process_id_t id, uint32_t code)
{
    struct process *process;
    status_t status = look_up_controlled(id, &process);

    if (status == OK) {
        log_kernel(LOG_INFORMATION, "%s was terminated by %s", process->name, thread_current->process->name);
        process_end(process, EXIT_TERMINATED | (code & 0xFF));
    }
    return status;
}

static void set_asleep(struct process *process, bool asleep)
{
    if (process->asleep == asleep) {
        return;                  /* waking what does not sleep must not pay its budget back */
    }
    process->asleep = asleep;
    LIST_FOR_EACH(node, &process->threads) {
        struct thread *thread = LIST_ENTRY(node, struct thread, process_node);

        if (thread->blocked == BLOCKED_NOT && (thread->asleep & ASLEEP_ITSELF) == 0) {
            if (asleep) {
                thread->blocked_at = (uint32_t)clock_ticks();
            } else {
                scheduler_woken(thread);
            }
        }
        if (asleep) {
            thread->asleep |= ASLEEP_WITH_PROCESS;
            event_receiver_withdraw(thread, true);
            call_thread_sleeps(thread);
        } else {
            thread->asleep &= ~ASLEEP_WITH_PROCESS;
        }
        thread_requeue(thread);
    }
    for (uint32_t i = process->events.count; i > 0; i--) {
        event_pass_on(&process->events);
    }
}

status_t sys_process_sleep(process_id_t id)
{
    struct process *process;
    status_t status = look_up_controlled(id, &process);

    if (status != OK) {
        return status;
    }
    if (process == thread_current->process) {
        return BAD_ARGUMENT;
    }
    set_asleep(process, true);
    debug_process_sleeps(process);
    return OK;
}

status_t sys_process_wake(process_id_t id)
{
    struct process *process;
    status_t status = look_up_controlled(id, &process);

    if (status == OK) {
        set_asleep(process, false);
    }
    return status;
}

status_t sys_process_downgrade(process_class_t class)
{
    struct process *self = thread_current->process;
    char name[NAME_SIZE_MAX + 1];
    uint32_t name_size;

    if (class >= CLASS_COUNT || class < self->class) {
        return BAD_ARGUMENT;
    }
    if (class == self->class) {
        return OK;
    }
    if (self->space.physical_pages != 0 || !list_is_empty(&self->dma_regions)) {
        return BUSY;
    }
    /* Cannot fail: the text was fine behind its old prefix. */
    status_t status = name_make(class, self->name + NAME_PREFIX_SIZE, self->name_size - NAME_PREFIX_SIZE, name, &name_size);
    ASSERT(status == OK);
    if (name_find(name, name_size) != NULL) {
        return EXISTS;
    }
    if (!(self->trusted || process_name_is_allowed(self, name))) {
        return NOT_ALLOWED;
    }
    log_kernel(LOG_INFORMATION, "%s is %s from now on", self->name, name);
    irq_listeners_end(self);
    if (self->class == CLASS_DRIVER) {
        devices_driver_ended(self);
        dma_process_ended(self);
        panic_screen_process_ended(self);
        access_of_driver_ends(&self->access);
    }
    name_remove(self);
    self->class = class;
    self->space.reserve = false;
    self->calls = syscall_tables[class];
    memcpy(self->name, name, sizeof name);
    name_add(self);
    page_fill(self);
    log_process_began(self);
    LIST_FOR_EACH(node, &self->threads) {
        struct thread *thread = LIST_ENTRY(node, struct thread, process_node);

        thread_rights_changed(thread);
        scheduler_class_changed(thread);
    }
    segments_set_io_map_base(thread_current->io_map_base);
    return OK;
}

status_t sys_process_find(const void USER *name, uint32_t name_size, process_id_t *id_out)
{
    char copy[NAME_SIZE_MAX];

    if (name_size == 0 || name_size > NAME_SIZE_MAX) {
        return BAD_NAME;
    }
    status_t status = user_read(copy, name, name_size);
    if (status != OK) {
        return status;
    }
    const struct process *process = name_find(copy, name_size);
    if (process == NULL) {
        return NOT_FOUND;
    }
    *id_out = process->id;
    return OK;
}

status_t sys_process_next(process_id_t after, process_id_t *id_out)
{
    const struct process *process = arena_next(&process_arena, after);

    if (process == NULL) {
        return NOT_FOUND;
    }
    *id_out = process->id;
    return OK;
}

static bool is_over_budget(const struct process *process)
{
    LIST_FOR_EACH(node, &process->threads) {
        if (LIST_ENTRY(node, struct thread, process_node)->burned >= BUDGET_TICKS) {
            return true;
        }
    }
    return false;
}

status_t sys_process_information(process_id_t id, struct process_information USER *information_out)
{
    const struct process *process = process_look_up(id);
    struct process_information information;

    if (process == NULL) {
        return BAD_ID;
    }
    information = (struct process_information){
        .id = process->id,
        .parent = process->parent == NULL ? KERNEL_PROCESS : process->parent->id,
        .class = process->class,
        .state = debug_is_frozen(process) ? PROCESS_FROZEN : process->asleep ? PROCESS_ASLEEP : PROCESS_RUNNING,
        .threads = process->thread_count,
        .frames = process->space.frames,
        .cpu_ns = process->cpu_ticks * system_page->tick_ns,
        .over_budget = is_over_budget(process),
        .role = process->access.role,
        .partners = process->access.partners,
        .strikes = process->strikes,
    };
    memcpy(information.used, process->account.used, sizeof information.used);
    memcpy(information.limits, process->account.limits, sizeof information.limits);
    memcpy(information.name, process->name, sizeof information.name);
    return user_write(information_out, &information, sizeof information);
}
