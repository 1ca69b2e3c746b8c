/*
 * The artist: a client of the display that does what its arguments say, one after the other, and tells of it. System tests look at
 * the screen meanwhile: at `step` it waits until they send a line end.
 */
#include <ternion/clock.h>
#include <ternion/line.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "../verbs.h"
#include "kills.h"
#include "pattern.h"
#include "sets.h"

#define PATIENCE_NS (20 * SECOND)
#define VALUES_MAX 6U

static struct display display;
static struct display_mode modes[DISPLAY_MODES_MAX];
static uint32_t mode_count;
static const char *step_line = "lines\\serial\\0";

/* ---- Numbers ---- */

/* Numbers that anything but digits separates; 0x in front of hexadecimal ones. Those that are missing are 0. */
static void numbers(const char *text, uint32_t values[VALUES_MAX])
{
    memset(values, 0, VALUES_MAX * sizeof *values);
    for (uint32_t i = 0; i < VALUES_MAX && *text != '\0'; i++) {
        uint32_t base = text[0] == '0' && text[1] == 'x' ? 16 : 10;

        text += base == 16 ? 2 : 0;
        for (;; text++) {
            uint32_t digit = *text >= '0' && *text <= '9' ? (uint32_t)(*text - '0')
                             : base == 16 && *text >= 'A' && *text <= 'F' ? (uint32_t)(*text - 'A' + 10) : 16;
            if (digit >= base) {
                break;
            }
            values[i] = values[i] * base + digit;
        }
        text += *text != '\0';
    }
}

static void tell(const char *what, status_t status)
{
    log_print(status == OK ? LOG_INFORMATION : LOG_ERROR, "%s: %s", what, status_name(status));
}

/* ---- Modes ---- */

static void take_modes(void)
{
    if (mode_count == 0) {
        MUST(display_open(&display, NULL, clock_after(PATIENCE_NS)));
        MUST(display_modes(&display, modes, DISPLAY_MODES_MAX, &mode_count));
    }
}

static void tell_mode(const char *what, const struct display_mode *mode)
{
    log_print(LOG_INFORMATION, "%s 0x%X %ux%ux%u bytes=%u flags=0x%X pitch=%u lines=%u rgb=%u:%u,%u:%u,%u:%u", what, mode->mode, mode->width,
              mode->height, mode->bits, mode->bytes, mode->flags, (unsigned)mode->pitch, mode->lines, mode->red.bits, mode->red.shift,
              mode->green.bits, mode->green.shift, mode->blue.bits, mode->blue.shift);
}

/* modes: all that the display has. */
static void show_modes(const char *value)
{
    (void)value;
    take_modes();
    for (uint32_t i = 0; i < mode_count; i++) {
        tell_mode("MODE", &modes[i]);
    }
    log_print(LOG_INFORMATION, "MODES %u", (unsigned)mode_count);
}

static bool set_number(uint32_t number)
{
    status_t status = display_set(&display, number);

    if (status != OK) {
        log_print(LOG_ERROR, "SET 0x%X: %s", (unsigned)number, status_name(status));
        return false;
    }
    tell_mode("SET", &display.mode);
    return true;
}

/* set=0xNUMBER, or WIDTHxHEIGHTxBITS */
static void set(const char *value)
{
    uint32_t wanted[VALUES_MAX];

    take_modes();
    numbers(value, wanted);
    if (wanted[1] == 0) {
        (void)set_number(wanted[0]);
        return;
    }
    for (uint32_t i = 0; i < mode_count; i++) {
        if (modes[i].width == wanted[0] && modes[i].height == wanted[1] && modes[i].bits == wanted[2]) {
            (void)set_number(modes[i].mode);
            return;
        }
    }
    log_print(LOG_ERROR, "SET %s: there is no such mode", value);
}

/* try=0xNUMBER: what becomes of it is told, and no more */
static void try(const char *value)
{
    uint32_t wanted[VALUES_MAX];

    take_modes();
    numbers(value, wanted);
    log_print(LOG_INFORMATION, "try %s: %s", value, status_name(display_set(&display, wanted[0])));
}

/* ---- Drawing ---- */

/* flush: the whole mode, as it is. */
static void flush_all(const char *value)
{
    (void)value;
    tell("flush", display_flush(&display, 0, 0, display.mode.width, display.mode.height));
}

/* draw=SEED: the whole mode. */
static void draw(const char *value)
{
    uint32_t seed[VALUES_MAX];

    numbers(value, seed);
    pattern_draw(&display, 0, seed[0]);
    flush_all(NULL);
}

/* below=SEED: what lies below the screen. */
static void draw_below(const char *value)
{
    uint32_t seed[VALUES_MAX];

    numbers(value, seed);
    if (display.mode.lines >= 2 * display.mode.height) {
        pattern_draw(&display, display.mode.height, seed[0]);
    } else {
        log_print(LOG_INFORMATION, "nothing lies below the screen");
    }
}

/* show=LINE[,WAIT] */
static void show(const char *value)
{
    uint32_t line[VALUES_MAX];

    numbers(value, line);
    tell("show", display_show(&display, line[0], line[1] != 0));
}

/* CPU time of the display's driver so far. */
static nanoseconds_t driver_time(void)
{
    struct process_information driver;

    MUST(process_information(display.device.process, &driver));
    return driver.cpu_ns;
}

/* flips=N: the same first line N times, each behind a retrace; how long that takes, and how much of it the driver runs. */
static void flip(const char *value)
{
    uint32_t count[VALUES_MAX];

    numbers(value, count);
    MUST(display_show(&display, 0, true));       /* whatever the driver has to find out first */
    nanoseconds_t begin_ns = clock_now(), driver_ns = driver_time();
    for (uint32_t i = 0; i < count[0]; i++) {
        MUST(display_show(&display, 0, true));
    }
    log_print(LOG_INFORMATION, "FLIPS %u us=%u driver_us=%u", (unsigned)count[0], (unsigned)((clock_now() - begin_ns) / MICROSECOND),
              (unsigned)((driver_time() - driver_ns) / MICROSECOND));
}

/* asks=N: what the display is, N times, a millisecond apart; how long the slowest answer took. */
static void ask(const char *value)
{
    struct display_information information;
    uint32_t count[VALUES_MAX];
    nanoseconds_t longest_ns = 0;

    take_modes();
    numbers(value, count);
    for (uint32_t i = 0; i < count[0]; i++) {
        nanoseconds_t asked_ns = clock_now();

        MUST(display_information(&display, &information));
        longest_ns = clock_now() - asked_ns > longest_ns ? clock_now() - asked_ns : longest_ns;
        clock_sleep(MILLISECOND);
    }
    log_print(LOG_INFORMATION, "ASKS %u longest_us=%u", (unsigned)count[0], (unsigned)(longest_ns / MICROSECOND));
}

/* box=X,Y,WIDTH,HEIGHT,SEED */
static void draw_box(const char *value)
{
    uint32_t at[VALUES_MAX];

    numbers(value, at);
    pattern_draw_rectangle(&display, at[0], at[1], at[2], at[3], at[4]);
    tell("flush", display_flush(&display, at[0], at[1], at[2], at[3]));
}

/* colours=FIRST,COUNT,SEED */
static void set_colours(const char *value)
{
    uint32_t colours[DISPLAY_COLOURS];
    uint32_t at[VALUES_MAX];

    numbers(value, at);
    for (uint32_t i = 0; i < at[1] && i < DISPLAY_COLOURS; i++) {
        colours[i] = pattern_palette(at[0] + i, at[2]);
    }
    tell("palette", display_set_palette(&display, at[0], at[1], colours));
}

/* release: back to text. */
static void release(const char *value)
{
    (void)value;
    tell("release", display_release(&display));
}

/* ---- Meanwhile ---- */

/* line=N: the serial line that steps are waited for at. */
static void choose_line(const char *value)
{
    step_line = *value == '1' ? "lines\\serial\\1" : "lines\\serial\\0";
}

/* The next byte that comes at the line. */
static char hear(void)
{
    static struct device line;
    uint32_t count;
    char byte;

    if (line.name[0] == '\0') {
        MUST(device_open(&line, step_line, DEVICE_LINE, FOREVER));
    }
    MUST(line_read(&line, &byte, 1, &count));
    return byte;
}

/* step=WORD: until a line end comes. */
static void step(const char *value)
{
    log_print(LOG_INFORMATION, "step %s", value);
    while (hear() != '\n') {
    }
}

static void draw_mode(const struct display_mode *mode, uint32_t seed)
{
    if (!set_number(mode->mode)) {
        return;
    }
    pattern_draw(&display, 0, seed);
    flush_all(NULL);
    /* Last: Bochs 2.7 draws what is written to planes behind their first 64 KB only when it draws all anew, as for another palette. */
    if (display.mode.flags & DISPLAY_PALETTE) {
        set_colours(display.mode.bits == 4 ? "0,16,7" : "0,256,7");
    }
}

/* All colours of the palette are black. */
static void set_dark(const char *value)
{
    static const uint32_t colours[DISPLAY_COLOURS];

    (void)value;
    tell("dark", display_set_palette(&display, 0, 1U << display.mode.bits, colours));
}

/* each=SEED: a byte comes for each mode; with + it is set and shows a picture of its own, until a line end comes. */
static void draw_each(const char *value)
{
    uint32_t seed[VALUES_MAX];

    take_modes();
    numbers(value, seed);
    for (uint32_t i = 0; i < mode_count; i++) {
        if (hear() == '+') {
            draw_mode(&modes[i], seed[0] + i);
            step("mode");
        }
    }
    log_print(LOG_INFORMATION, "each was asked about");
}

/* sets=N: see sets.h. */
static void set_many(const char *value)
{
    uint32_t count[VALUES_MAX];

    take_modes();
    numbers(value, count);
    sets_run(&display, modes, mode_count, count[0]);
}

/* say=WORD: a line of the log. */
static void say(const char *value)
{
    log_print(LOG_INFORMATION, "says %s", value);
}

static void sleep_ms(const char *value)
{
    uint32_t ms[VALUES_MAX];

    numbers(value, ms);
    clock_sleep(ms[0] * MILLISECOND);
}

/* kill: the display's driver. */
static void kill(const char *value)
{
    (void)value;
    take_modes();
    tell("kill", process_terminate(display.device.process, 7));
}

/* end=NAME: that process, once it is there. */
static void end_process(const char *value)
{
    process_id_t process;

    MUST(name_wait(value, clock_after(PATIENCE_NS), &process));
    tell("end", process_terminate(process, 7));
}

/* doom: the display's driver, again and again, until it is not started any more. */
static void doom(const char *value)
{
    struct process_information driver;
    uint32_t deaths = 0;
    process_id_t process;
    (void)value;

    take_modes();
    MUST(process_information(display.device.process, &driver));
    while (name_wait(driver.name, clock_after(PATIENCE_NS), &process) == OK) {
        MUST(process_terminate(process, 7));
        deaths++;
    }
    log_print(LOG_INFORMATION, "DOOM after %u deaths", (unsigned)deaths);
}

/* kills=N,FIRST: see kills.h. */
static void kill_often(const char *value)
{
    uint32_t count[VALUES_MAX];

    take_modes();
    numbers(value, count);
    kills_run(&display, modes, mode_count, count[0], count[1]);
}

/* exit: with all that it has. */
static void end(const char *value)
{
    (void)value;
    process_exit(0);
}

/* stay: for ever. */
static void stay(const char *value)
{
    (void)value;
    clock_sleep(FOREVER);
}

static const struct verb verbs[] = {
    { "modes", show_modes }, { "set", set }, { "try", try }, { "draw", draw }, { "flush", flush_all }, { "below", draw_below }, { "show", show },
    { "flips", flip }, { "asks", ask }, { "box", draw_box }, { "colours", set_colours }, { "dark", set_dark }, { "release", release }, { "line", choose_line }, { "step", step },
    { "each", draw_each }, { "sets", set_many }, { "say", say }, { "sleep", sleep_ms }, { "kill", kill }, { "end", end_process }, { "doom", doom }, { "kills", kill_often },
    { "exit", end }, { "stay", stay },
};

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    log_print(LOG_INFORMATION, "done");
    return 0;
}
