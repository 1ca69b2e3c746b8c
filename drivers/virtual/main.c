/*
 * d\virtual: devices without hardware. The streams streams\null, streams\zero and streams\random, RAM disks, disks\ram\0 and so
 * on, and for each boot module that is a file disks/NAME the read-only disk disks\image\NAME.
 *
 *     ram=KB         a disk of this size; several make several; ram=0: none. Without any: one of 256 KB
 *     image=MODULE   disk 0 begins with what this boot module holds, and is as large as that at least; several do for disks 0, 1 and so on
 *
 * What is on the disks goes with the driver; who asks for their medium sees that it is another one.
 */
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/server.h>
#include <ternion/storage.h>
#include <ternion/stream.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "image.h"
#include "options.h"
#include "ram_disk.h"
#include "stream.h"

MANIFEST(.role = ROLE_STORAGE, .partners = PARTNERS_ALL);

/* Numbers of devices: the streams, and the disks behind them. */
#define ALL_DISKS_MAX (DISKS_MAX + IMAGES_MAX)

static struct ram_disk disks[ALL_DISKS_MAX];
static uint32_t disk_count;
static uint32_t medium;              /* of the first disk: another number for another life of this driver, and for another disk */

static struct ram_disk *disk_of(uint32_t number)
{
    return number >= STREAM_COUNT && number - STREAM_COUNT < disk_count ? &disks[number - STREAM_COUNT] : NULL;
}

static const struct stream_kind *stream_of(uint32_t number)
{
    return number < STREAM_COUNT ? &stream_kinds[number] : NULL;
}

/* ---- The common interface ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    const struct ram_disk *disk = disk_of(request->number);
    const struct stream_kind *stream = stream_of(request->number);
    char *text = call->buffer;

    if (disk != NULL && disk->is_read_only) {
        reply->type = DEVICE_STORAGE;
        format_text(text, DEVICE_DESCRIPTION_MAX, "boot module of %u bytes, read-only", disk->image_size);
    } else if (disk != NULL) {
        uint32_t bytes = RAM_DISK_BLOCK * disk->blocks;

        reply->type = DEVICE_STORAGE;
        format_text(text, DEVICE_DESCRIPTION_MAX, "RAM disk of %u KB, %u KB of it in memory", bytes / 1024,
                    disk->page_count_own * (PAGE_SIZE / 1024));
    } else if (stream != NULL) {
        reply->type = DEVICE_STREAM;
        format_text(text, DEVICE_DESCRIPTION_MAX, "%s", stream->description);
    } else {
        return ABSENT;
    }
    server_give_string(call, text, (uint32_t)strlen(text));
    return OK;
}

/* There is no state but what is on the disks, and that is the medium's. */
static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return disk_of(request->number) != NULL || stream_of(request->number) != NULL ? OK : ABSENT;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

/* ---- Streams ---- */

static status_t read_stream(struct server_call *call, const struct stream_call_read_request *request, struct nothing *reply)
{
    const struct stream_kind *stream = stream_of(request->number);
    (void)reply;

    if (stream == NULL) {
        return ABSENT;
    }
    if (request->size > STREAM_TRANSFER_MAX) {
        return BAD_ARGUMENT;
    }
    server_give_string(call, call->buffer, stream->read(call->buffer, request->size));
    return OK;
}

static status_t write_stream(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return stream_of(request->number) != NULL ? OK : ABSENT;
}

PROTOCOL_SERVER(stream_call, STREAM_PROTOCOL, .read = read_stream, .write = write_stream)

/* ---- Disks ---- */

/* The disk that is meant, if the range is a request's and the disk's. */
static status_t disk_with(const struct storage_call_range *range, struct ram_disk **disk_out)
{
    *disk_out = disk_of(range->number);
    if (*disk_out == NULL) {
        return ABSENT;
    }
    bool fits = range->count != 0 && range->count <= STORAGE_TRANSFER_MAX / RAM_DISK_BLOCK
             && ram_disk_has(*disk_out, storage_range_first(range), range->count);
    return fits ? OK : BAD_ARGUMENT;
}

static status_t size(struct server_call *call, const struct device_call_number *request, struct storage_size *reply)
{
    const struct ram_disk *disk = disk_of(request->number);
    (void)call;

    if (disk == NULL) {
        return ABSENT;
    }
    *reply = (struct storage_size){ disk->blocks, RAM_DISK_BLOCK, disk->is_read_only ? STORAGE_READ_ONLY : 0 };
    return OK;
}

static status_t read_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    struct ram_disk *disk;
    (void)reply;

    status_t status = disk_with(request, &disk);
    if (status == OK) {
        ram_disk_read(disk, (uint32_t)storage_range_first(request), request->count, call->buffer);
        server_give_string(call, call->buffer, request->count * RAM_DISK_BLOCK);
    }
    return status;
}

static status_t write_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    struct ram_disk *disk;
    (void)reply;

    status_t status = disk_with(request, &disk);
    if (status == OK && disk->is_read_only) {
        status = NOT_ALLOWED;
    }
    if (status != OK) {
        return status;
    }
    if (call->string_size != request->count * RAM_DISK_BLOCK) {
        return BAD_SIZE;
    }
    return ram_disk_write(disk, (uint32_t)storage_range_first(request), request->count, call->string);
}

static status_t flush(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return disk_of(request->number) != NULL ? OK : ABSENT;
}

static status_t media(struct server_call *call, const struct device_call_number *request, struct storage_call_media_reply *reply)
{
    (void)call;
    *reply = (struct storage_call_media_reply){ .is_present = 1, .changes = medium + request->number };
    return disk_of(request->number) != NULL ? OK : ABSENT;
}

static status_t eject(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return disk_of(request->number) != NULL ? BAD_OPERATION : ABSENT;
}

PROTOCOL_SERVER(storage_call, STORAGE_PROTOCOL, .size = size, .read = read_blocks, .write = write_blocks, .flush = flush,
                .media = media, .eject = eject)

/* ---- The start ---- */

static void offer(const char *name, device_type_t type, uint32_t number)
{
    device_id_t id;

    status_t status = device_register(name, (uint32_t)strlen(name), type, number, &id);
    if (status != OK) {
        log_print(LOG_ERROR, "%s cannot be offered: %s", name, status_meaning(status));
    }
}

static void make_ram_disk(uint32_t kilobytes, const void *image, uint32_t image_size)
{
    char name[DEVICE_NAME_MAX + 1];

    status_t status = ram_disk_make(&disks[disk_count], kilobytes, image, image_size);
    if (status != OK) {
        log_print(LOG_ERROR, "a RAM disk of %u KB cannot be made: %s", kilobytes, status_meaning(status));
        return;
    }
    format_text(name, sizeof name, "disks\\ram\\%u", disk_count);
    offer(name, DEVICE_STORAGE, STREAM_COUNT + disk_count);
    disk_count++;
}

static void make_image_disk(const struct image *image)
{
    static const char folder[] = "disks\\image\\";
    char name[sizeof folder + DEVICE_NAME_MAX];
    struct ram_disk *disk = &disks[disk_count];

    size_t size = format_text(name, sizeof name, "%s%s", folder, image->name);
    status_t status = size > DEVICE_NAME_MAX ? BAD_NAME : disk_count == ALL_DISKS_MAX ? OVER_QUOTA : ram_disk_make(disk, 0, image->bytes, image->size);
    if (status != OK) {
        log_print(LOG_ERROR, "%s%s is no disk: %s", IMAGE_PREFIX, image->name, status_meaning(status));
        return;
    }
    disk->is_read_only = true;
    offer(name, DEVICE_STORAGE, STREAM_COUNT + disk_count);
    disk_count++;
}

static void start(int argc, char **argv)
{
    struct options options;
    struct image file;

    options_read(&options, argc, argv);
    MUST(system_random(&medium, sizeof medium));
    for (uint32_t i = 0; i < options.disk_count; i++) {
        const void *image = NULL;
        uint32_t image_size = 0;

        if (options.images[i] != NULL) {
            image_map(options.images[i], i, &image, &image_size);
        }
        make_ram_disk(options.disk_kb[i], image, image_size);
    }
    for (uint32_t index = 0; image_next(&index, &file);) {
        make_image_disk(&file);
    }
    for (uint32_t number = 0; number < STREAM_COUNT; number++) {
        offer(stream_kinds[number].name, DEVICE_STREAM, number);
    }
}

static struct server server = SERVER(&device_call_protocol, &storage_call_protocol, &stream_call_protocol);

int main(int argc, char **argv)
{
    start(argc, argv);
    for (;;) {
        struct event event;

        MUST(server_wait(&server, &event, FOREVER));
        if (event.kind == EVENT_SAVE_STATE) {
            (void)state_saved();
        }
    }
}
