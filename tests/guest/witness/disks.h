/* What the witness does with names of devices, and with disks. */
#pragma once

/* bind=NAME,TARGET: as long as it lives. */
void disks_bind(const char *value);

/* block=NAME: tells the text at the beginning of a disk, and how large the disk is. */
void disks_block(const char *value);

/* mark=NAME: writes a text there. */
void disks_mark(const char *value);
