/* The boot order, top to bottom. */
#include "main.h"

#include "address_wait.h"
#include "boot_memory.h"
#include "clock.h"
#include "device.h"
#include "dma.h"
#include "frame.h"
#include "heap.h"
#include "i386/cpu.h"
#include "i386/page_table.h"
#include "i386/segments.h"
#include "i386/start.h"
#include "i386/traps.h"
#include "irq.h"
#include "log.h"
#include "memory.h"
#include "message.h"
#include "module.h"
#include "multiboot.h"
#include "name.h"
#include "options.h"
#include "panic.h"
#include "process.h"
#include "save_state.h"
#include "scheduler.h"
#include "shared_object.h"
#include "string.h"
#include "system_page.h"
#include "thread.h"
#include "timer.h"
#include "trace.h"
#include "vm86.h"
#include "window.h"

#define FRAMES_NEEDED 128U       /* less than that free is too little memory for any system */
#define RESERVE_PART 32U         /* one part in so many is the supervisor's reserve */
#define RESERVE_LEAST 32U        /* frames: a driver begins with less */

bool boot_is_done;
uint64_t kernel_boot_tsc;
uint32_t kernel_frames;

static void add_free_frames(uint32_t first, uint32_t count)
{
    frames_add(&frame_table, first, count);
}

/* The log's ring, where the boot before left its own if that place is free. */
static void *log_memory(void)
{
    physical_t begin = LOG_RING_PHYSICAL;

    if (boot_memory_is_ram(begin, begin + LOG_RING_SIZE) && !boot_memory_is_taken(begin, begin + LOG_RING_SIZE)) {
        (void)boot_memory_reserve(begin, begin + LOG_RING_SIZE);
    } else {
        begin = boot_memory_take(LOG_RING_SIZE);
    }
    return physical_to_virtual(begin);
}

static void frames_begin(void)
{
    uint32_t count = boot_memory_end() / PAGE_SIZE;
    physical_t table = boot_memory_take(count * (uint32_t)sizeof(struct frame));

    frames_initialise(&frame_table, physical_to_virtual(table), count);
    boot_memory_free_frames(add_free_frames);
    frame_table.reserve = frame_table.usable / RESERVE_PART;
    if (frame_table.reserve < RESERVE_LEAST) {
        frame_table.reserve = RESERVE_LEAST;
    }
    kernel_frames = boot_memory_ram_pages() - frame_table.usable;
    if (frame_table.free < FRAMES_NEEDED) {
        panic("boot: too little memory: %u KB are free, %u KB are needed", frame_table.free * (PAGE_SIZE / 1024),
              FRAMES_NEEDED * (PAGE_SIZE / 1024));
    }
}

static uint32_t between(uint32_t value, uint32_t least, uint32_t most)
{
    return value < least ? least : value > most ? most : value;
}

static void id_table_begin(struct id_table *table, uint32_t capacity)
{
    struct id_entry *entries = heap_allocate(capacity * (uint32_t)sizeof *entries, true);

    if (entries == NULL) {
        panic("boot: too little memory for a table of %u IDs", capacity);
    }
    id_table_initialise(table, entries, capacity);
}

static void arena_begin(struct arena *arena, uint32_t base, uint32_t stride_shift, uint32_t capacity)
{
    struct arena_slot *slots = heap_allocate(capacity * (uint32_t)sizeof *slots, true);

    if (slots == NULL) {
        panic("boot: too little memory for %u slots", capacity);
    }
    arena_initialise(arena, base, stride_shift, slots, capacity);
}

/* How much of everything there is follows from the memory. */
static void objects_begin(void)
{
    uint32_t frames = frame_table.usable;
    uint32_t most = ID_INDEX_MASK + 1;

    arena_begin(&process_arena, PROCESS_ARENA, PROCESS_STRIDE_SHIFT, between(frames / 8, 64, most));
    arena_begin(&thread_arena, THREAD_ARENA, THREAD_STRIDE_SHIFT, between(frames / 4, 128, most));
    id_table_begin(&message_table, between(frames / 4, 256, most));
    message_table.wraps = true;
    id_table_begin(&timer_table, message_table.capacity);
    timer_table.wraps = true;
    id_table_begin(&shared_object_table, message_table.capacity);
    shared_object_table.wraps = true;    /* the keys make them safe */
    system_limits = (struct grant){ .limits = {
        [RESOURCE_FRAMES] = frames - frames / 4,
        [RESOURCE_PROCESSES] = process_arena.capacity / 2,
        [RESOURCE_THREADS] = thread_arena.capacity / 2,
        [RESOURCE_MESSAGE_BYTES] = between(frames / 8 * PAGE_SIZE, 2 * MESSAGE_STRING_MAX, 1U << 20),
        [RESOURCE_OBJECTS] = message_table.capacity / 4,
    } };
    /* Some of everything is left for the supervisor when all others have taken what they may. */
    system_account.limits[RESOURCE_FRAMES] = frames - frame_table.reserve;
    system_account.limits[RESOURCE_PROCESSES] = process_arena.capacity - process_arena.capacity / 8;
    system_account.limits[RESOURCE_THREADS] = thread_arena.capacity - thread_arena.capacity / 8;
    system_account.limits[RESOURCE_OBJECTS] = message_table.capacity - message_table.capacity / 8;
    id_table_begin(&device_table, DEVICE_ENTRIES_MAX);
    device_table.wraps = true;
    names_initialise();
    devices_initialise();
    dma_initialise();
    trace_initialise();
    address_wait_initialise();
}

static void complain_option(const char *word, uint32_t size, const char *what)
{
    log_kernel(LOG_WARNING, "kernel option %.*s is not understood: %s", size, word, what);
}

static void say_hello(void)
{
    log_kernel(LOG_INFORMATION, "%s on %s%s%s%s", system_page->version, cpu_has(CPU_CPUID) ? "a CPU with CPUID" : "an old CPU",
               cpu_has(CPU_TSC) ? ", TSC" : "", cpu_has(CPU_SYSENTER) ? ", SYSENTER" : "", cpu_has(CPU_FPU) ? ", FPU" : "");
    if (!cpu_has(CPU_FPU)) {
        log_kernel(LOG_WARNING, "there is no FPU: programs that use one will be ended");
    }
    log_kernel(LOG_INFORMATION, "%u KB of memory, %u KB of them free", boot_memory_ram_pages() * (PAGE_SIZE / 1024),
               frame_table.free * (PAGE_SIZE / 1024));
}

[[gnu::noreturn]] static void run_system(void)
{
    modules_initialise();
    clock_initialise();
    modules_start();
    save_state_begin();
    boot_is_done = true;
    if (process_arena.used == 0) {
        log_kernel(LOG_EMERGENCY, "there is nothing to run: the boot menu's entry has no `module` lines, or all were refused");
    }
    scheduler_leave();
}

void kernel_main(void)
{
    cpu_initialise();
    kernel_boot_tsc = cpu_has(CPU_TSC) ? cpu_time_stamp() : 0;
    segments_initialise();
    traps_initialise();

    multiboot_read();
    void *log = log_memory();
    kernel_directory_initialise(boot_memory_end());
    window_initialise();
    segments_show_port_maps();
    vm86_initialise();
    frames_begin();
    objects_begin();
    system_page_initialise();
    scheduler_initialise();
    irqs_initialise();

    log_initialise(log);
    options_parse(boot_information.command_line, complain_option);
    say_hello();
    run_system();
}
