#include "iso9660.h"
status_t iso9660_make(struct blocks *blocks, struct file_system **file_system_out) { (void)blocks; (void)file_system_out; return FAULT; }
