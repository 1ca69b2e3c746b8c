#include <ternion/clock.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#define LOOK_AGAIN_NS (10 * MILLISECOND)

const char *process_name(void)
{
    return process_page()->name;
}

const char *class_name(process_class_t class)
{
    static const char *const names[CLASS_COUNT] = { "driver", "server", "application" };

    return class < CLASS_COUNT ? names[class] : "unknown class";
}

status_t name_find(const char *name, process_id_t *id_out)
{
    return process_find(name, (uint32_t)strlen(name), id_out);
}

status_t name_wait(const char *name, nanoseconds_t deadline_ns, process_id_t *id_out)
{
    for (;;) {
        status_t status = name_find(name, id_out);
        if (status != NOT_FOUND) {
            return status;
        }
        nanoseconds_t now = clock_now();
        if (now >= deadline_ns) {
            return TIMED_OUT;
        }
        clock_sleep(deadline_ns - now < LOOK_AGAIN_NS ? deadline_ns - now : LOOK_AGAIN_NS);
    }
}

const char *elf_reason_meaning(elf_reason_t reason)
{
    static const char *const meanings[ELF_REASON_COUNT] = {
#define MEANING(name, meaning) meaning,
        ELF_REASON_LIST(MEANING)
#undef MEANING
    };

    return reason < ELF_REASON_COUNT ? meanings[reason] : "for a reason that this program does not know";
}
