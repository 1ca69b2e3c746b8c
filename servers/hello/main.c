/*
 * s\hello: what a server may. It puts a\hello to sleep and wakes it, and shows what
 * a server is refused: the hardware, and power over drivers.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#define VIDEO_MEMORY 0xB8000U
#define KEYBOARD_IRQ 1U
#define PATIENCE_NS SECOND
#define BEFORE_NAP_NS (150 * MILLISECOND)
#define NAP_NS (200 * MILLISECOND)

static void tell(const char *what, status_t status)
{
    log_print(LOG_INFORMATION, "%s: %s", what,
              status == OK ? "allowed" : status == NOT_ALLOWED ? "refused" : status_meaning(status));
}

static void show_power_over_applications(void)
{
    struct process_information information;
    process_id_t hello;

    if (name_wait("a\\hello", clock_after(PATIENCE_NS), &hello) != OK) {
        log_print(LOG_WARNING, "there is no a\\hello to be put to sleep");
        return;
    }
    clock_sleep(BEFORE_NAP_NS); /* until it counts */
    tell("putting a\\hello to sleep", process_sleep(hello));
    if (process_information(hello, &information) == OK) {
        log_print(LOG_INFORMATION, "a\\hello is %s", information.state == PROCESS_ASLEEP ? "asleep" : "awake");
    }
    clock_sleep(NAP_NS);
    tell("waking a\\hello", process_wake(hello));
}

static void show_refusals(void)
{
    process_id_t driver;
    uint32_t address;

    tell("mapping the video memory", physical_map(VIDEO_MEMORY, 1, 0, &address));
    tell("listening to the keyboard's interrupt", irq_listen(KEYBOARD_IRQ));
    tell("becoming a driver", process_downgrade(CLASS_DRIVER));
    if (name_find("d\\console", &driver) == OK) {
        tell("ending d\\console", process_terminate(driver, 0));
        tell("putting d\\console to sleep", process_sleep(driver));
    }
}

int main(void)
{
    log_print(LOG_INFORMATION, "hello from a server");
    show_refusals();
    show_power_over_applications();
    return 0;
}
