/* bios-replay [--text] FILE: see tools/bios-replay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

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

static int replay_all(FILE *file, const char *name, bool as_text)
{
    struct replay *replay = malloc(sizeof *replay);
    struct bios_record record;
    size_t size;

    if (replay == NULL) {
        return complain(name, "no memory");
    }
    replay_begin(replay);
    while ((size = fread(&record, 1, sizeof record, file)) == sizeof record) {
        if (as_text) {
            print(&record);
        } else if (!replay_record(replay, &record)) {
            return report(replay, &record);
        }
    }
    if (size != 0 || ferror(file)) {
        return complain(name, ferror(file) ? "it cannot be read" : "it ends in the middle of a record");
    }
    if (!as_text && !replay_end(replay)) {
        return report(replay, NULL);
    }
    if (!as_text) {
        printf("%u records, %u traps and %u accesses to ports: all as they were recorded\n", replay->records, replay->traps, replay->ports);
    }
    free(replay);
    return SAME;
}

int main(int count, char **arguments)
{
    bool as_text = count > 2 && strcmp(arguments[1], "--text") == 0;
    struct bios_recording recording;

    if (count != 2 + as_text) {
        fprintf(stderr, "usage: bios-replay [--text] FILE\n");
        return NO_RECORDING;
    }
    const char *name = arguments[1 + as_text];
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        perror(name);
        return NO_RECORDING;
    }
    if (fread(&recording, sizeof recording, 1, file) != 1) {
        return complain(name, "it is shorter than the beginning of a recording");
    }
    if (bios_recording_problem(&recording) != NULL) {
        return complain(name, bios_recording_problem(&recording));
    }
    int result = replay_all(file, name, as_text);
    fclose(file);
    return result;
}
