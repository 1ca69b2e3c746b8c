#include "fat.h"
status_t fat_make(struct blocks *blocks, struct file_system **file_system_out) { (void)blocks; (void)file_system_out; return FAULT; }
