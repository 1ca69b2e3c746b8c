/*
 * Threads with stacks. A thread cannot give back the stack on which it stands: it
 * leaves it in a list, and a later thread_start frees what the dead have left.
 */
#include <ternion/lock.h>
#include <ternion/memory.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/thread.h>

/* Lies at the upper end of its stack. */
struct stack {
    struct stack *next; /* in left_stacks */
    uint32_t address;   /* of its lowest page */
    uint32_t pages;
    thread_id_t thread;
};

static struct lock lock; /* protects both below */
static struct stack *running_stacks;
static struct stack *left_stacks;

_Noreturn void thread_begin(void);
__attribute__((weak)) void thread_ending(void);

static struct stack *stack_create(uint32_t stack_bytes, status_t *status_out)
{
    uint32_t pages = PAGES(stack_bytes);
    uint32_t address;

    *status_out = BAD_ARGUMENT;
    if (stack_bytes == 0 || stack_bytes >= USER_END) {
        return NULL;
    }
    *status_out = memory_allocate(pages + 1, 0, &address);
    if (*status_out != OK) {
        return NULL;
    }
    (void)memory_free(address, 1); /* the guard page: running over the end faults */

    uint32_t end = address + (pages + 1) * PAGE_SIZE;
    struct stack *stack = (struct stack *)(end - sizeof *stack);
    stack->address = address + PAGE_SIZE;
    stack->pages = pages;
    return stack;
}

static void stack_free(struct stack *stack)
{
    (void)memory_free(stack->address, stack->pages);
}

/* Frees what threads have left that are gone; a thread in its last instructions keeps its stack. */
static void left_stacks_free(void)
{
    struct stack **link = &left_stacks;

    while (*link != NULL) {
        struct stack *stack = *link;
        if (thread_wake(stack->thread) == BAD_ID) {
            *link = stack->next;
            stack_free(stack);
        } else {
            link = &stack->next;
        }
    }
}

status_t thread_start(thread_function_t *function, void *argument, uint32_t stack_bytes, thread_id_t *id_out)
{
    status_t status;
    struct stack *stack = stack_create(stack_bytes, &status);

    if (stack == NULL) {
        return status;
    }
    uint32_t *top = (uint32_t *)((uintptr_t)stack & ~(uintptr_t)15);
    *--top = 0;
    *--top = 0;
    *--top = 0;
    *--top = (uint32_t)argument; /* on a multiple of 16, as the i386 ABI wants a function's arguments */
    *--top = (uint32_t)function;

    lock_acquire(&lock); /* until the list knows the thread: it may end at once */
    left_stacks_free();
    status = thread_create((uint32_t)thread_begin, (uint32_t)top, 0, &stack->thread);
    if (status == OK) {
        stack->next = running_stacks;
        running_stacks = stack;
        if (id_out != NULL) {
            *id_out = stack->thread;
        }
    }
    lock_release(&lock);
    if (status != OK) {
        stack_free(stack);
    }
    return status;
}

/* The stack of a thread, out of the list of running ones; or NULL. */
static struct stack *running_stack_take(thread_id_t thread)
{
    struct stack **link = &running_stacks;

    while (*link != NULL && (*link)->thread != thread) {
        link = &(*link)->next;
    }
    struct stack *stack = *link;
    if (stack != NULL) {
        *link = stack->next;
    }
    return stack;
}

/* Where thread_begin goes when the thread's function has returned. */
void thread_finish(void)
{
    if (thread_ending != NULL) {
        thread_ending();
    }
    lock_acquire(&lock);
    struct stack *stack = running_stack_take(thread_slot()->thread);
    stack->next = left_stacks;
    left_stacks = stack;
    lock_release(&lock);
    thread_exit();
}

status_t thread_end(thread_id_t id)
{
    lock_acquire(&lock);
    struct stack *stack = running_stack_take(id);
    status_t status = stack == NULL ? BAD_ID : thread_terminate(id);
    if (stack != NULL) {
        stack_free(stack);
    }
    lock_pass_on(&lock);         /* the thread may have waited for it, to finish */
    lock_release(&lock);
    return status;
}
