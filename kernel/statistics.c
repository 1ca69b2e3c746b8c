#include <abi/system.h>

#include "device.h"
#include "dma.h"
#include "frame.h"
#include "heap.h"
#include "i386/start.h"
#include "irq.h"
#include "main.h"
#include "message.h"
#include "process.h"
#include "scheduler.h"
#include "shared_object.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "timer.h"
#include "user_memory.h"
#include "watch.h"

status_t sys_system_statistics(struct system_statistics USER *statistics_out)
{
    struct system_statistics statistics = {
        .frames_total = frame_table.usable,
        .frames_free = frame_table.free,
        .frames_kernel = kernel_frames,
        .frames_heap = heap_pages(),
        .frames_arenas = process_arena.pages + thread_arena.pages,
        .processes = process_arena.used,
        .threads = thread_arena.used,
        .messages = message_table.used,
        .objects = watch_count() + irq_listener_count() + member_count() + timer_count()
            + device_entry_count() + dma_object_count(),
        .context_switches = scheduler_switches(),
        .kernel_text_bytes = (uint32_t)(kernel_text_end - kernel_text_begin),
        .boot_tsc_low = (uint32_t)kernel_boot_tsc,
        .boot_tsc_high = (uint32_t)(kernel_boot_tsc >> 32),
    };

    return user_write(statistics_out, &statistics, sizeof statistics);
}
