/*
 * The string functions of ISO C that a program without a C library needs. They are
 * weak symbols: a C library that is linked too takes their place. Any thread may call them.
 */
#pragma once

#include <stddef.h>

void *memcpy(void *restrict destination, const void *restrict source, size_t size);
void *memmove(void *destination, const void *source, size_t size);
void *memset(void *destination, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);
void *memchr(const void *memory, int value, size_t size);

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t size_max);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t size_max);
char *strchr(const char *text, int character);
char *strrchr(const char *text, int character);
