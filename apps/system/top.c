/* top: the processes that run most, again and again. */
#include <stdlib.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/syscall.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/command/screen.h"
#include "apps/command/sort.h"
#include "apps/command/units.h"
#include "apps/system/processes.h"

static const char help[] =
    "usage: top [-b] [-d SECONDS] [-n COUNT]\n"
    "Shows which processes use the processor, and how much memory; on a terminal again and again, until q is pressed.\n"
    "  -b          lines alone, for a file or a pipe; so it is where there is no terminal\n"
    "  -d SECONDS  between two looks: 2\n"
    "  -n COUNT    so many times; without a terminal once\n";

#define SECONDS_MAX 3600U
#define HEAD_ROWS 4
#define BAR "\033[7m"
#define PLAIN "\033[0m"
#define TOP_LEFT "\033[H"
#define ROW_REST "\033[K"
#define SCREEN_REST "\033[J"

struct row {
    const struct process_information *process;
    nanoseconds_t used_ns;           /* since the look before */
};

static struct processes before, now;
static nanoseconds_t before_ns, now_ns;
static bool has_screen;

static nanoseconds_t used_before(process_id_t id)
{
    for (size_t i = 0; i < before.count; i++) {
        if (before.process[i].id == id) {
            return before.process[i].cpu_ns;
        }
    }
    return 0;
}

static int compare(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->used_ns != b->used_ns) {
        return a->used_ns > b->used_ns ? -1 : 1;
    }
    return (a->process->frames < b->process->frames) - (a->process->frames > b->process->frames);
}

static void end_line(void)
{
    output_text(has_screen ? ROW_REST "\n" : "\n");
}

static unsigned tenths_of_percent(nanoseconds_t part, nanoseconds_t whole)
{
    return whole == 0 ? 0 : (unsigned)(part * 1000 / whole);
}

static void print_head(nanoseconds_t used_ns)
{
    struct system_statistics statistics;
    nanoseconds_t time_ns = now_ns - before_ns;
    unsigned seconds = (unsigned)(now_ns / SECOND), busy = tenths_of_percent(used_ns < time_ns ? used_ns : time_ns, time_ns);

    (void)system_statistics(&statistics);
    output_format("up %02u:%02u:%02u, %u processes, %u threads", seconds / 3600, seconds / 60 % 60, seconds % 60,
                  (unsigned)statistics.processes, (unsigned)statistics.threads);
    end_line();
    output_format("processor %u.%u%% busy; memory %u K, %u K free", busy / 10, busy % 10,
                  (unsigned)(statistics.frames_total * (PAGE_SIZE / 1024)), (unsigned)(statistics.frames_free * (PAGE_SIZE / 1024)));
    end_line();
    output_text(has_screen ? BAR : "");
    output_format("%10s %6s %8s %10s %s", "ID", "CPU%", "MEMORY", "CPU", "NAME");
    end_line();
    output_text(has_screen ? PLAIN : "");
}

static void print_row(const struct row *row)
{
    unsigned share = tenths_of_percent(row->used_ns, now_ns - before_ns), hundredths = (unsigned)(row->process->cpu_ns / (SECOND / 100));

    output_format("%10u %4u.%u %7uK %7u.%02u %s", (unsigned)row->process->id, share / 10, share % 10,
                  (unsigned)(row->process->frames * (PAGE_SIZE / 1024)), hundredths / 100, hundredths % 100, row->process->name);
    end_line();
}

static void print(void)
{
    struct row *rows = command_memory((now.count + 1) * sizeof *rows);
    void **sorted = command_memory((now.count + 1) * sizeof *sorted);
    nanoseconds_t used_ns = 0;
    size_t most = has_screen ? (size_t)screen_size().rows - HEAD_ROWS : now.count;

    for (size_t i = 0; i < now.count; i++) {
        const struct process_information *process = &now.process[i];
        nanoseconds_t earlier_ns = used_before(process->id);

        rows[i] = (struct row){ process, process->cpu_ns > earlier_ns ? process->cpu_ns - earlier_ns : 0 };
        used_ns += rows[i].used_ns;
        sorted[i] = &rows[i];
    }
    sort_pointers(sorted, now.count, compare);
    output_text(has_screen ? TOP_LEFT : "");
    print_head(used_ns);
    for (size_t i = 0; i < now.count && i < most; i++) {
        print_row(sorted[i]);
    }
    output_text(has_screen ? SCREEN_REST : "");
    (void)output_flush();
    free(rows);
    free(sorted);
}

static void look(void)
{
    free(before.process);
    before = now;
    before_ns = now_ns;
    now_ns = clock_now();
    processes_read(&now);
}

/* Waits until the next look is due. False: that is enough. */
static bool wait(nanoseconds_t period_ns)
{
    nanoseconds_t due_ns = now_ns + period_ns;

    if (!has_screen) {
        clock_sleep(period_ns);
        return true;
    }
    for (nanoseconds_t time_ns = clock_now(); time_ns < due_ns; time_ns = clock_now()) {
        int key = screen_key((int)((due_ns - time_ns) / MILLISECOND) + 1);

        if (key == 'q' || key == 'Q' || key == KEY_INTERRUPT || key == KEY_END) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    bool only_lines = false;
    uint64_t count = 0, period_s = 2;

    command_begin(argc, argv, "bd:n:", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'b': only_lines = true; break;
        case 'd': period_s = command_number(command.value, SECONDS_MAX, "-d"); break;
        case 'n': count = command_number(command.value, UINT32_MAX, "-n"); break;
        }
    }
    command_expect(0, 0);
    has_screen = !only_lines && isatty(STDOUT_FILENO) && screen_begin();
    if (count == 0 && !has_screen) {
        count = 1;
    }
    look();
    output_text(has_screen ? "\033[2J" : "");
    for (uint64_t done = 0; count == 0 || done < count; done++) {
        /* The first look is soon compared with a second one. */
        if (!wait(done == 0 ? SECOND / 5 : period_s * SECOND)) {
            break;
        }
        look();
        print();
    }
    return command_end();
}
