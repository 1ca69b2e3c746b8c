/* bios-replay [--text] FILE: see tools/bios-replay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "replay.h"

#define FILE_PART 0x100000U          /* bytes that are read at once */

enum exit { SAME, DIFFERENT, NO_RECORDING };

static int complain(const char *name, const char *problem)
{
    fprintf(stderr, "bios-replay: %s: %s\n", name, problem);
    return NO_RECORDING;
}

static void print(const struct bios_record *record)
{
    char line[REPLAY_TEXT];

    bios_record_text(record, line, sizeof line);
    puts(line);
}

static int report(const struct replay *replay, const struct bios_record *record)
{
    printf("record %u of the file differs:\n", replay->records);
    if (record != NULL) {
        print(record);
    }
    printf("        %s\n", replay->difference);
    return DIFFERENT;
}

/* Behind the last call a disk goes on with zeroes. */
static bool is_nothing(const struct bios_record *record)
{
    static const struct bios_record nothing;

    return memcmp(record, &nothing, sizeof nothing) == 0;
}

static int replay_all(const uint8_t *bytes, size_t size, const char *name, bool as_text)
{
    static struct replay replay;
    struct bios_record record;

    replay_begin(&replay);
    for (; size >= sizeof record; bytes += sizeof record, size -= sizeof record) {
        memcpy(&record, bytes, sizeof record);
        if (!replay.is_in_call && is_nothing(&record)) {
            size = 0;
            break;
        }
        if (as_text) {
            print(&record);
        } else if (!replay_record(&replay, &record)) {
            return report(&replay, &record);
        }
    }
    if (size != 0) {
        return complain(name, "it ends in the middle of a record");
    }
    if (!as_text && !replay_end(&replay)) {
        return report(&replay, NULL);
    }
    if (!as_text) {
        printf("%u records, %u traps and %u accesses to ports: all as they were recorded\n", replay.records, replay.traps, replay.ports);
    }
    return SAME;
}

/* All of a file, with a NUL behind it, in memory that is not given back. */
static char *read_file(const char *name, size_t *size_out)
{
    FILE *file = fopen(name, "rb");
    size_t size = 0, room = 0;
    char *bytes = NULL;

    if (file == NULL) {
        return NULL;
    }
    do {
        room += FILE_PART;
        bytes = realloc(bytes, room + 1);
        if (bytes == NULL) {
            return NULL;
        }
        size += fread(bytes + size, 1, room - size, file);
    } while (size == room);
    bytes[size] = '\0';
    *size_out = size;
    return ferror(file) ? NULL : bytes;
}

static const char *recording_problem(const char *bytes, size_t size)
{
    return size < sizeof(struct bios_recording) ? "it is shorter than the beginning of a recording"
                                                : bios_recording_problem((const struct bios_recording *)bytes);
}

/* A log with a recording in it becomes that. */
static const char *read_recording(char **bytes, size_t *size)
{
    const char *problem = recording_problem(*bytes, *size);
    const char *problem_of_lines;
    char *text = malloc(*size + 1);
    uint8_t *out = malloc(lines_size_max(*size));

    if (problem == NULL || text == NULL || out == NULL) {
        return problem;
    }
    for (size_t i = 0; i < *size; i++) {
        text[i] = (*bytes)[i] == '\0' ? ' ' : (*bytes)[i];
    }
    text[*size] = '\0';
    size_t out_size = lines_read(text, out, &problem_of_lines);
    if (problem_of_lines != NULL) {
        return problem_of_lines;
    }
    if (out_size == 0) {
        return problem;
    }
    *bytes = (char *)out;
    *size = out_size;
    return recording_problem(*bytes, *size);
}

int main(int count, char **arguments)
{
    bool as_text = count > 2 && strcmp(arguments[1], "--text") == 0;
    size_t size;

    if (count != 2 + as_text) {
        fprintf(stderr, "usage: bios-replay [--text] FILE\n");
        return NO_RECORDING;
    }
    const char *name = arguments[1 + as_text];
    char *bytes = read_file(name, &size);
    if (bytes == NULL) {
        perror(name);
        return NO_RECORDING;
    }
    const char *problem = read_recording(&bytes, &size);
    if (problem != NULL) {
        return complain(name, problem);
    }
    return replay_all((const uint8_t *)bytes + sizeof(struct bios_recording), size - sizeof(struct bios_recording), name, as_text);
}
