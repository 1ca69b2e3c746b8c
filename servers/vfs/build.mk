programs += vfs
vfs_sources := \
    servers/vfs/main.c \
    servers/vfs/options.c \
    servers/vfs/requests.c \
    servers/vfs/open_file.c \
    servers/vfs/share.c \
    servers/vfs/mount.c \
    servers/vfs/worker.c \
    servers/vfs/job.c \
    servers/vfs/job_time.c \
    servers/vfs/job_names.c \
    servers/vfs/path.c \
    servers/vfs/pages.c \
    servers/vfs/time.c \
    servers/vfs/boot.c \
    servers/vfs/memory.c \
    servers/vfs/memory_contents.c \
    servers/vfs/names.c \
    servers/vfs/disk.c \
    servers/vfs/blocks.c \
    servers/vfs/fat.c \
    servers/vfs/fat_volume.c \
    servers/vfs/fat_entry.c \
    servers/vfs/fat_write.c \
    servers/vfs/fat_names.c \
    servers/vfs/fat_alias.c \
    servers/vfs/iso9660.c \
    servers/vfs/iso9660_directory.c \
    servers/vfs/iso9660_susp.c \
    servers/vfs/iso9660_record.c

# Each request passes through these.
$(foreach source,main.c requests.c open_file.c share.c mount.c worker.c job.c path.c boot.c memory.c memory_contents.c,$(eval flags/servers/vfs/$(source) := -O2))
