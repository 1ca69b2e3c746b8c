#include "session.h"

#include <ternion/init_client.h>
#include <ternion/process.h>
#include <ternion/syscall.h>

#include "persons.h"

#define SUPERVISOR_NAME "d\\init"
#define WALKS_MAX 8U                 /* ancestors may end while they are walked: then anew */

/* The ID of d\init; 0, which is nobody's, while it is not there: then its programs' parent is the kernel. */
static process_id_t supervisor(void)
{
    process_id_t init;

    return name_find(SUPERVISOR_NAME, &init) == OK ? init : KERNEL_PROCESS;
}

/* One walk to the first program. NOT_FOUND: an ancestor has ended on the way. */
static status_t walk(process_id_t process, process_id_t init, struct process_information *process_out,
                     struct process_information *first_out)
{
    status_t status = process_information(process, process_out);

    *first_out = *process_out;
    while (status == OK && first_out->parent != KERNEL_PROCESS && first_out->parent != init) {
        status = process_information(first_out->parent, first_out) == OK ? OK : NOT_FOUND;
    }
    return status;
}

/* What a process is, and the first program of its session. */
static status_t find_first(process_id_t process, struct process_information *process_out, struct process_information *first_out)
{
    process_id_t init = supervisor();
    status_t status = NOT_FOUND;

    for (uint32_t walks = 0; walks < WALKS_MAX && status == NOT_FOUND; walks++) {
        status = walk(process, init, process_out, first_out);
    }
    return status == NOT_FOUND ? NOT_ALLOWED : status;
}

/* The name alone says nothing: any program may take it while the right one is away. */
static bool is_person(const struct process_information *first)
{
    return persons_have(first->name) && init_watches(first->id) == OK;
}

/* May a process of one session do everything to another process? */
static bool allows(const struct process_information *self, const struct process_information *own_first,
                   const struct process_information *other, const struct process_information *first)
{
    if (self->class != CLASS_APPLICATION) {
        return false;
    }
    if (self->id == other->id) {
        return true;
    }
    if (other->class != CLASS_APPLICATION || other->role != ROLE_NONE) {
        return false;
    }
    return first->id == own_first->id || (is_person(own_first) && init_watches(first->id) == NOT_FOUND);
}

status_t session_allows(process_id_t caller, process_id_t process, struct target *target_out)
{
    struct process_information self, own_first, other, first;
    status_t status = find_first(caller, &self, &own_first);

    if (status == OK) {
        status = find_first(process == SELF ? caller : process, &other, &first);
    }
    if (status != OK) {
        return status;
    }
    if (!allows(&self, &own_first, &other, &first)) {
        return NOT_ALLOWED;
    }
    *target_out = (struct target){ other.id, other.id == first.id };
    return OK;
}

status_t session_has_power(process_id_t caller)
{
    struct process_information self, first;
    status_t status = find_first(caller, &self, &first);

    if (status != OK) {
        return status;
    }
    return self.class == CLASS_APPLICATION && is_person(&first) ? OK : NOT_ALLOWED;
}
