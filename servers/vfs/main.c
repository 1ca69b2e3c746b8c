/*
 * s\vfs: files. Its protocol stands in ternion/vfs.h.
 *
 *     mount=DEVICE:/NAME   puts what is on a device there; several do several
 *     tmp=KB               what files and names of /tmp may have together; if nothing is said an eighth of the memory that is free at the start
 *
 * One thread answers all that needs no device; each device has a thread of its own. See docs/files.md.
 */
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "boot.h"
#include "memory.h"
#include "names.h"
#include "open_file.h"
#include "options.h"
#include "requests.h"
#include "time.h"
#include "worker.h"

MANIFEST(.role = ROLE_FILE_SERVER, .partners = PARTNERS_ALL);

static uint32_t tmp_pages(const struct options *options)
{
    struct system_statistics statistics;

    if (options->tmp_kb != 0) {
        return options->tmp_kb / (PAGE_SIZE / 1024);
    }
    MUST(system_statistics(&statistics));
    return statistics.frames_free / 8;
}

static void mount_own(const struct options *options)
{
    struct file_system *file_system;

    MUST(boot_make(&file_system));
    MUST(mount_add("/boot", "boot", file_system));
    MUST(memory_make(tmp_pages(options), &file_system));
    MUST(mount_add("/tmp", "memory", file_system));
    MUST(names_make_processes(&file_system));
    MUST(mount_add("/processes", "processes", file_system));
    MUST(names_make_devices(&file_system));
    MUST(mount_add("/devices", "devices", file_system));
    MUST(names_make_dev(&file_system));
    MUST(mount_add("/dev", "names", file_system));
}

static void mount_devices(const struct options *options)
{
    for (uint32_t i = 0; i < options->mount_count; i++) {
        const struct option_mount *wanted = &options->mounts[i];
        struct job job = { .operation = JOB_MOUNT };

        status_t status = mount_add_device(wanted->path, wanted->device, "", 0, &job.mount);
        if (status == OK) {
            status = worker_take(&job);
        }
        if (status != OK) {
            log_print(LOG_ERROR, "mount=%s:%s: %s", wanted->device, wanted->path, status_meaning(status));
        }
    }
}

int main(int argc, char **argv)
{
    struct options options;
    uint32_t seed;

    options_read(&options, argc, argv);
    MUST(system_random(&seed, sizeof seed));
    open_files_begin(seed);
    time_begin();
    mount_own(&options);
    mount_devices(&options);
    for (;;) {
        struct event event;

        MUST(server_wait(&requests_server, &event, FOREVER));
        if (event.kind == EVENT_PROCESS_EXITED) {
            requests_client_ended(event.id);
        } else if (event.kind == EVENT_SAVE_STATE) {
            (void)state_saved(); /* writes go to the devices at once */
        }
    }
}
