/* The files of tests, in the order in which they run: FILE(name) for name.c. */
#pragma once

#include "test.h"

#define TEST_FILES(FILE) \
    FILE(syscalls) \
    FILE(pointers) \
    FILE(sizes) \
    FILE(races) \
    FILE(images) \
    FILE(identity) \
    FILE(names) \
    FILE(control) \
    FILE(memory_map) \
    FILE(memory) \
    FILE(physical) \
    FILE(messages) \
    FILE(callers) \
    FILE(words) \
    FILE(call_ids) \
    FILE(call_threads) \
    FILE(call_ends) \
    FILE(rings) \
    FILE(call_classes) \
    FILE(call_pages) \
    FILE(call_pages_refused) \
    FILE(call_processor) \
    FILE(call_strings) \
    FILE(call_answers) \
    FILE(soak_calls) \
    FILE(echo) \
    FILE(protocols) \
    FILE(servers) \
    FILE(asynchronous) \
    FILE(locks) \
    FILE(events) \
    FILE(puppet) \
    FILE(pipe_bytes) \
    FILE(pipe_threads) \
    FILE(pipe_readers) \
    FILE(pipe_members) \
    FILE(pipe_events) \
    FILE(pipe_keys) \
    FILE(shared_pages) \
    FILE(shared_rights) \
    FILE(timers) \
    FILE(addresses) \
    FILE(address_locks) \
    FILE(randomness) \
    FILE(object_races) \
    FILE(soak_pipes) \
    FILE(disk) \
    FILE(redirection) \
    FILE(soak_kills) \
    FILE(scheduling) \
    FILE(budget) \
    FILE(processor) \
    FILE(fpu) \
    FILE(ports) \
    FILE(registers) \
    FILE(access) \
    FILE(partners) \
    FILE(keylogger) \
    FILE(manifests) \
    FILE(devices) \
    FILE(dma) \
    FILE(interrupts) \
    FILE(frozen) \
    FILE(tracing) \
    FILE(port_grants) \
    FILE(damage) \
    FILE(vm86) \
    FILE(vm86_threads) \
    FILE(vm86_fpu) \
    FILE(vm86_states) \
    FILE(vm86_pages) \
    FILE(framebuffers) \
    FILE(bios_services) \
    FILE(real_mode) \
    FILE(real_random) \
    FILE(real_processes) \
    FILE(module_text) \
    FILE(libraries) \
    FILE(bios_driver) \
    FILE(vfs_files) \
    FILE(vfs_clients) \
    FILE(vfs_disks) \
    FILE(exhaustion) \
    FILE(log)

/* Those of the program test_files: what needs the disks of files.list. */
#define TEST_FILES_OF_DISKS(FILE) \
    FILE(vfs_everywhere) \
    FILE(vfs_hostile) \
    FILE(vfs_liars) \
    FILE(vfs_storms) \
    FILE(vfs_trees) \
    FILE(vfs_deaths)

#define TEST_FILE_TABLES(name) \
    extern const struct test name##_tests[]; \
    extern const uint32_t name##_test_count; \
    extern const struct role name##_roles[]; \
    extern const uint32_t name##_role_count;
TEST_FILES(TEST_FILE_TABLES)
TEST_FILES_OF_DISKS(TEST_FILE_TABLES)
#undef TEST_FILE_TABLES

/* A file's tables. */
struct test_file {
    const struct test *tests;
    const uint32_t *test_count;
    const struct role *roles;
    const uint32_t *role_count;
};
#define TEST_FILE(name) { name##_tests, &name##_test_count, name##_roles, &name##_role_count },

/* Those of this program. */
extern const struct test_file test_files[];
extern const uint32_t test_file_count;

/* The test with this number, counted through all files, or NULL. */
const struct test *test_at(uint32_t number);

/* By name, or NULL. */
const struct test *test_find(const char *name);
const struct role *role_find(const char *name);
