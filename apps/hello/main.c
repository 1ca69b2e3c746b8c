/*
 * a\hello: what an application may. It shows its resources, counts (s\hello puts it to
 * sleep meanwhile), and shows what an application is refused.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#define VIDEO_MEMORY 0xB8000U
#define COUNT 3U

static void tell(const char *what, status_t status)
{
    log_print(LOG_INFORMATION, "%s: %s", what,
              status == OK ? "allowed" : status == NOT_ALLOWED ? "refused" : status_meaning(status));
}

static void show_resources(void)
{
    static const char *const names[RESOURCE_COUNT] = {
        [RESOURCE_FRAMES] = "frames",
        [RESOURCE_PROCESSES] = "processes",
        [RESOURCE_THREADS] = "threads",
        [RESOURCE_MESSAGE_BYTES] = "message bytes",
        [RESOURCE_OBJECTS] = "objects",
    };
    struct process_information self;

    MUST(process_information(SELF, &self));
    for (unsigned resource = 0; resource < RESOURCE_COUNT; resource++) {
        log_print(LOG_INFORMATION, "%s: %u used of %u", names[resource], self.used[resource], self.limits[resource]);
    }
}

static void show_memory(void)
{
    char *memory = malloc(100000);

    log_print(LOG_INFORMATION, "100000 bytes of memory: %s", memory != NULL ? "allowed" : "refused");
    free(memory);
}

static void show_refusals(void)
{
    process_id_t other;
    uint32_t address;

    if (name_find("d\\console", &other) == OK) {
        tell("ending d\\console", process_terminate(other, 0));
    }
    if (name_find("s\\hello", &other) == OK) {
        tell("putting s\\hello to sleep", process_sleep(other));
    }
    tell("mapping the video memory", physical_map(VIDEO_MEMORY, 1, 0, &address));
    tell("switching the machine off", system_power(POWER_OFF));
}

int main(int argc, char **argv)
{
    log_print(LOG_INFORMATION, "hello, %s, from an application", argc > 1 ? argv[1] : "you");
    show_resources();
    show_memory();
    show_refusals();
    for (unsigned number = 1; number <= COUNT; number++) {
        log_print(LOG_INFORMATION, "counting: %u", number);
        clock_sleep(100 * MILLISECOND);
    }
    return 0;
}
