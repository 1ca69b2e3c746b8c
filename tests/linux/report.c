#include "report.h"

#include "linux.h"

#define STANDARD_OUTPUT 1U
#define WAIT_FOR_OUTPUT 0x5409U         /* TCSBRK, whose argument is not 0: waits until all was sent */
#define REBOOT_MAGIC 0xFEE1DEADU        /* reboot(2) */
#define REBOOT_MAGIC_2 672274793U
#define REBOOT_POWER_OFF 0x4321FEDCU

struct system_names {                   /* uname(2) */
    char system[65];
    char node[65];
    char release[65];
    char version[65];
    char machine[65];
    char domain[65];
};

/* Of tests/guest/bench/i386/loop.asm and libos/i386/timestamp.asm: measured as Ternion is. */
void loop_run(operation_t *operation, uint32_t times);
uint64_t timestamp_read(void);

static char line[1024];
static uint32_t line_size;

static void say(const char *words)
{
    while (*words != 0 && line_size < sizeof(line)) {
        line[line_size++] = *words++;
    }
}

static void say_number(uint32_t number)
{
    char digits[11];
    uint32_t at = sizeof(digits) - 1;

    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    say(" ");
    say(digits + at);
}

/* Until it is sent: what the serial line does later would count for what is measured next. */
static void line_end(void)
{
    say("\n");
    for (uint32_t sent = 0; sent < line_size;) {
        int32_t written = linux_call_3(LINUX_WRITE, STANDARD_OUTPUT, (uint32_t)(line + sent), line_size - sent);

        if (written <= 0) {
            break;
        }
        sent += (uint32_t)written;
    }
    line_size = 0;
    (void)linux_call_3(LINUX_IOCTL, STANDARD_OUTPUT, WAIT_FOR_OUTPUT, 1);
}

[[gnu::noreturn]] static void power_off(void)
{
    for (;;) {
        (void)linux_call_3(LINUX_REBOOT, REBOOT_MAGIC, REBOOT_MAGIC_2, REBOOT_POWER_OFF);
    }
}

void report_samples(const char *name, operation_t *operation, uint32_t operations, const char *unit, uint32_t parts)
{
    uint32_t samples[SAMPLES];

    loop_run(operation, 1);             /* pages that are missing come now */
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint64_t begin = timestamp_read();

        loop_run(operation, operations);
        samples[i] = (uint32_t)(timestamp_read() - begin);
    }
    say("SAMPLES ");
    say(name);
    say_number(operations * parts);
    say(" ");
    say(unit);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        say_number(samples[i]);
    }
    line_end();
}

void report_system(void)
{
    struct system_names names;

    must("uname", linux_call_3(LINUX_UNAME, (uint32_t)&names, 0, 0));
    say("LINUX ");
    say(names.release);
    line_end();
}

void report_failure(const char *what, uint32_t error)
{
    say("FAILED ");
    say(what);
    say(": error");
    say_number(error);
    line_end();
    power_off();
}

void report_end(void)
{
    say("DONE");
    line_end();
    power_off();
}
