/* Recordings: made of random instructions, replayed, damaged, and printed. */
#include "tools/bios_replay/lines.h"
#include "tools/bios_replay/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "vm86_world.h"

#define RECORDS_MAX 4000U
#define CODE 0x10000U
#define LINE 300U

static struct bios_record records[RECORDS_MAX];
static uint32_t record_count;
static struct monitor monitor;
static struct vm86_state state;
static struct replay replay;

/* ---- Making one ---- */

static struct bios_record *add(enum bios_record_kind kind, uint32_t value)
{
    CHECK(record_count < RECORDS_MAX);
    struct bios_record *record = &records[record_count];
    *record = (struct bios_record){ .kind = kind, .number = record_count, .value = value, .before = state };
    record_count++;
    return record;
}

static void add_ports(const struct vm86_state *before)
{
    for (uint32_t i = 0; i < world_log_count; i++) {
        const struct world_port *access = &world_log[i];
        uint32_t mask = access->width == 4 ? UINT32_MAX : (1U << access->width * 8) - 1;
        struct bios_record *record = add(access->is_read ? BIOS_RECORD_PORT_READ : BIOS_RECORD_PORT_WRITE, access->value & mask);
        record->before = *before;
        record->port = access->port;
        record->width = (uint16_t)access->width;
    }
}

/* As the library does it. */
static void record_instruction(void)
{
    struct vm86_state before = state;
    uint32_t flags_before = monitor_flags(&monitor, &state);

    world_log_count = 0;
    enum monitor_outcome outcome = monitor_emulate(&monitor, &state);
    add_ports(&before);
    struct bios_record *record = add(BIOS_RECORD_TRAP, outcome);
    record->before = before;
    record->after = state;
    record->count = monitor.address;
    record->flags_before = flags_before;
    record->flags_after = monitor_flags(&monitor, &state);
    memcpy(record->code, monitor.code, sizeof record->code);
    record->code_size = (uint8_t)monitor.code_size;
    memcpy(record->read, monitor.read, sizeof record->read);
    record->read_size = (uint8_t)monitor.read_size;
    memcpy(record->written, monitor.written, sizeof record->written);
    record->written_size = (uint8_t)monitor.written_size;
}

static uint32_t random_code(uint8_t code[16])
{
    static const uint8_t opcodes[] = { 0x9C, 0x9D, 0xCD, 0xCC, 0xCF, 0xFA, 0xFB, 0xF4, 0xE4, 0xE5, 0xE6, 0xE7, 0xEC, 0xED, 0xEE, 0xEF, 0x6C, 0x6D, 0x6E, 0x6F };
    static const uint8_t prefixes[] = { 0x66, 0x67, 0xF3, 0x26, 0x2E, 0x64, 0xF2 };
    uint32_t size = 0;

    while (random_one_in(2) && size < 14) {
        code[size++] = prefixes[random_below(sizeof prefixes)];
    }
    code[size++] = random_one_in(30) ? 0x0F : opcodes[random_below(sizeof opcodes)];
    code[size] = (uint8_t)random_next();
    return size + 1;
}

static void random_instruction(void)
{
    uint8_t code[16];
    uint32_t size = random_code(code);

    world_begin();
    for (uint32_t i = 0; i < 64; i++) {
        world_memory[random_below(4096)] = (uint8_t)random_next();
        world_memory[0x20000 + 0x7E0 + i] = (uint8_t)(i % 4 >= 2 ? 0 : random_next());
        world_memory[0x30000 + i] = (uint8_t)random_next();
    }
    world_memory[0x20000 + 0xFFFE] = 3;
    world_pages[0x20] = random_one_in(8) ? WORLD_READ_ONLY : random_one_in(20) ? WORLD_MISSING : WORLD_WRITABLE;
    world_pages[0x40] = random_one_in(4) ? WORLD_MISSING : WORLD_WRITABLE;
    world_pages[0x11] = WORLD_MISSING;
    world_refuses_interrupts = random_one_in(3);
    state = (struct vm86_state){ .eax = random_next(), .ebx = random_next(), .ecx = random_below(12), .edx = random_next(), .esi = random_below(60),
        .edi = random_one_in(2) ? 0xFFC : random_below(60), .ebp = random_next(), .cs = CODE >> 4, .eip = random_one_in(4) ? 0x1000 - size : random_below(2000),
        .ss = 0x2000, .esp = random_one_in(5) ? 2 * random_below(4) : 0x7F0, .ds = 0x3000, .es = 0x3F00, .fs = 0x3000, .gs = 0x3000,
        .eflags = 0x30202 | (random_next() & 0xDD5) };
    memcpy(world_memory + CODE + state.eip, code, size);
    record_instruction();
}

static void make_recording(uint32_t instructions)
{
    record_count = 0;
    monitor_initialise(&monitor, &world);
    monitor.kept |= random_one_in(2) ? 0x200000 : 0;
    add(BIOS_RECORD_CALL, 0x10);
    for (uint32_t i = 0; i < instructions && record_count < RECORDS_MAX - 100; i++) {
        monitor.string_max = random_below(6);
        random_instruction();
    }
    add(BIOS_RECORD_END, 0);
}

/* Records that were replayed until the first difference; all, if there is none. */
static uint32_t replayed(void)
{
    replay_begin(&replay);
    for (uint32_t i = 0; i < record_count; i++) {
        if (!replay_record(&replay, &records[i])) {
            return i;
        }
    }
    CHECK(replay_end(&replay));
    return record_count;
}

/* ---- Tests ---- */

static void recordings_replay_as_they_were_made(void)
{
    for (uint32_t i = 0; i < 20; i++) {
        make_recording(400);
        uint32_t count = replayed();
        char line[LINE];
        if (count != record_count) {
            bios_record_text(&records[count], line, sizeof line);
            FAIL("%s: %s", line, replay.difference);
        }
        CHECK_EQUAL(replay.records, record_count);
    }
}

static uint32_t random_trap(void)
{
    for (;;) {
        uint32_t i = random_below(record_count);
        if (records[i].kind == BIOS_RECORD_TRAP) {
            return i;
        }
    }
}

/* One bit of what came out. */
static void a_register_that_differs_is_found(void)
{
    for (uint32_t i = 0; i < 300; i++) {
        static const size_t registers[] = { offsetof(struct vm86_state, eax), offsetof(struct vm86_state, esp), offsetof(struct vm86_state, eip),
            offsetof(struct vm86_state, eflags), offsetof(struct vm86_state, cs), offsetof(struct vm86_state, edi) };
        make_recording(10);
        uint32_t at = random_trap();
        bool was_answered = records[at].code_size != 0 && records[at].read_size == 0 && records[at].value == BIOS_TRAP_DONE;
        size_t offset = registers[was_answered ? 2 : random_below(6)];
        ((uint8_t *)&records[at].after)[offset] ^= 1U << random_below(8);
        CHECK_EQUAL(replayed(), at);
        CHECK(strstr(replay.difference, "and the recording has 0x") != NULL);
    }
}

static void each_part_of_a_record_counts(void)
{
    for (uint32_t i = 0; i < 300; i++) {
        make_recording(10);
        uint32_t at = random_trap();
        struct bios_record *record = &records[at];
        switch (random_below(6)) {
        case 0:
            record->flags_after ^= 0x200;
            break;
        case 1:
            record->value = (record->value + 1) % BIOS_TRAP_COUNT;
            break;
        case 2:
            record->code_size ^= 1;
            break;
        case 3:
            record->kind = BIOS_RECORD_KIND_COUNT;
            break;
        case 4:
            record->number++;
            break;
        case 5:
            record->read_size = 13;
            break;
        }
        CHECK_EQUAL(replayed(), at);
    }
}

static void ports_count(void)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < 300; i++) {
        make_recording(10);
        for (uint32_t at = 0; at < record_count; at++) {
            bool is_read = records[at].kind == BIOS_RECORD_PORT_READ;
            if (is_read || records[at].kind == BIOS_RECORD_PORT_WRITE) {
                records[at].kind = is_read ? BIOS_RECORD_PORT_WRITE : BIOS_RECORD_PORT_READ;
                CHECK(replayed() < record_count);
                records[at].kind = is_read ? BIOS_RECORD_PORT_READ : BIOS_RECORD_PORT_WRITE;
                records[at].port ^= 0x10;
                CHECK(replayed() < record_count);
                records[at].port ^= 0x10;
                records[at].width = records[at].width == 1 ? 2 : 1;
                CHECK(replayed() < record_count);
                found++;
                break;
            }
        }
    }
    CHECK(found > 100);
}

static void missing_records_are_noticed(void)
{
    for (uint32_t i = 0; i < 100; i++) {
        make_recording(10);
        uint32_t gone = random_below(record_count - 1);
        memmove(&records[gone], &records[gone + 1], (record_count - gone - 1) * sizeof records[0]);
        record_count--;
        CHECK_EQUAL(replayed(), gone);
    }
    make_recording(3);
    record_count--;
    replay_begin(&replay);
    for (uint32_t i = 0; i < record_count; i++) {
        CHECK(replay_record(&replay, &records[i]));
    }
    CHECK(!replay_end(&replay));
}

static void damage_harms_nobody(void)
{
    for (uint32_t i = 0; i < 1500; i++) {
        make_recording(2);
        for (uint32_t bytes = random_below(20); bytes > 0; bytes--) {
            ((uint8_t *)records)[random_below(record_count * sizeof records[0])] = (uint8_t)random_next();
        }
        replay_begin(&replay);
        for (uint32_t at = 0; at < record_count && replay_record(&replay, &records[at]); at++) {
        }
    }
}

/* ---- Lines ---- */

static void check_line(const struct bios_record *record, const char *expected)
{
    char line[LINE];
    size_t length = bios_record_text(record, line, sizeof line);

    if (strcmp(line, expected) != 0) {
        FAIL("\"%s\", not \"%s\"", line, expected);
    }
    CHECK_EQUAL(length, strlen(expected));
}

static void lines_say_what_happened(void)
{
    struct vm86_state before = { .cs = 0xC000, .eip = 0x9B2A, .edx = 0x3C8, .ecx = 9, .eax = 0x4F02 };

    check_line(&(struct bios_record){ .kind = BIOS_RECORD_PORT_WRITE, .number = 16, .value = 0xF12, .port = 0x3C8, .width = 1, .before = before },
               "    16  c000:9b2a  port 0x3c8 <- 0x12");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_PORT_READ, .value = 5, .port = 0xCFC, .width = 4, .port_kind = BIOS_PORT_REFUSED, .depth = 1,
                                      .before = before }, "     0  c000:9b2a    port 0xcfc -> 0x00000005  (REFUSED)");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .number = 17, .code = { 0xEE }, .code_size = 1, .before = before },
               "    17  c000:9b2a  out dx, al  port 0x3c8");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .code = { 0x66, 0xE5, 0x10 }, .code_size = 3, .before = before },
               "     0  c000:9b2a  in eax, 0x10");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .code = { 0x66, 0x9C }, .code_size = 2, .written = { 0x46, 2, 0, 0 }, .written_size = 4,
                                      .before = before }, "     0  c000:9b2a  pushfd -> 0x00000246");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .code = { 0xCF }, .code_size = 1, .read = { 1, 2, 3, 4, 0x46, 2 }, .read_size = 6,
                                      .before = before, .after = { .cs = 0x403, .eip = 0x201 } },
               "     0  c000:9b2a  iret -> 0403:0201, flags 0x0246");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .code = { 0xCD, 0x10 }, .code_size = 2, .read = { 1, 2, 3, 4 }, .read_size = 4,
                                      .before = before }, "     0  c000:9b2a  int 0x10 -> 0403:0201");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .code = { 0xCD, 0x13 }, .code_size = 2, .before = before,
                                      .after = { .eax = 0x8600, .eflags = 1 } }, "     0  c000:9b2a  int 0x13 answered by the library, ax 8600 carry");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .value = BIOS_TRAP_AGAIN, .code = { 0xF3, 0x26, 0x67, 0x66, 0x6F }, .code_size = 5,
                                      .before = before, .after = { .ecx = 4 } },
               "     0  c000:9b2a  rep a32 es:outsd  port 0x3c8, cx 9 -> 4; there is more of it");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .value = BIOS_TRAP_UNKNOWN, .code = { 0x0F, 0x01 }, .code_size = 2, .before = before },
               "     0  c000:9b2a  0f 01; this is not for 16-bit code");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_TRAP, .value = BIOS_TRAP_FAULT, .code = { 0x9D }, .code_size = 1, .count = 0xA0000,
                                      .before = before }, "     0  c000:9b2a  popf; there is no memory at 0xa0000");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_INTERRUPT, .value = 0x10, .depth = 100, .before = before },
               "     0  c000:9b2a                  interrupt 0x10, ax 4f02");
    check_line(&(struct bios_record){ .kind = BIOS_RECORD_WRITTEN, .value = 0x449, .count = 4, .before = before },
               "     0  c000:9b2a  changed memory 0x00449, 4 bytes");
    check_line(&(struct bios_record){ .kind = 77, .before = before }, "     0  c000:9b2a  kind 77, which is none");
}

/* Each instruction that the monitor knows has a name. */
static void every_record_is_a_line(void)
{
    char line[LINE];

    for (uint32_t i = 0; i < 200000; i++) {
        struct bios_record record = { .kind = random_below(BIOS_RECORD_KIND_COUNT + 1) };
        for (uint32_t at = sizeof record.kind; at < sizeof record; at++) {
            ((uint8_t *)&record)[at] = (uint8_t)(random_one_in(2) ? 0 : random_next());
        }
        random_code(record.code);
        record.code_size = (uint8_t)random_below(20);
        size_t size = random_below(sizeof line);
        line[size] = 0x55;
        size_t length = bios_record_text(&record, line, size);
        CHECK(line[size] == 0x55 && (size == 0 || strlen(line) == (length < size ? length : size - 1)));
        for (size_t at = 0; at + 1 < size && at < length; at++) {
            CHECK(line[at] >= ' ' && line[at] <= '~');
        }
        CHECK(size == 0 || strstr(line, "(null)") == NULL);
    }
}

static void only_recordings_are_taken(void)
{
    struct bios_recording recording;

    bios_recording_begin(&recording);
    CHECK(bios_recording_problem(&recording) == NULL);
    recording.magic[7] = 'W';
    CHECK(strstr(bios_recording_problem(&recording), "begin") != NULL);
    bios_recording_begin(&recording);
    recording.version++;
    CHECK(strstr(bios_recording_problem(&recording), "version") != NULL);
    bios_recording_begin(&recording);
    recording.record_size += 4;
    CHECK(strstr(bios_recording_problem(&recording), "size") != NULL);
}

/* ---- Recordings as lines ---- */

#define LOG_MAX 100000U

static char log_text[LOG_MAX];
static uint8_t bytes_back[(LOG_MAX / 3 + 1) * 255];

static size_t print_recording(size_t size, size_t line_size)
{
    const uint8_t *bytes = (const uint8_t *)records;
    size_t length = 0;
    char line[LINE];

    for (size_t at = 0; at < size;) {
        size_t taken = bios_recording_line((uint32_t)at, bytes + at, size - at, line, line_size);
        CHECK(taken >= 1 && strlen(line) < line_size);
        length += (size_t)sprintf(log_text + length, "[    0.1] info a\\b: %s\r\n%s", line, random_one_in(3) ? "~ something else ~00\n" : "");
        at += taken;
    }
    return length;
}

static void recordings_come_out_of_a_log(void)
{
    const char *problem;

    for (uint32_t i = 0; i < 200; i++) {
        make_recording(6);
        size_t size = record_count * sizeof records[0];
        strcpy(log_text, "before: ~00000 ~000000\n");
        print_recording(size, BIOS_RECORDING_LINE_MIN + random_below(200));
        CHECK_EQUAL(lines_read(log_text, bytes_back, &problem), size);
        CHECK(problem == NULL && memcmp(bytes_back, records, size) == 0);
    }
}

/* Behind 16 MB positions have seven digits. */
static void long_recordings_come_out_of_a_log(void)
{
    const size_t size = (1U << 24) + 100000, room = 3 * (size / 255) + 100000;
    uint8_t *recording = calloc(size, 1), *back = malloc(lines_size_max(room));
    char *text = malloc(room);
    const char *problem;

    CHECK(recording != NULL && back != NULL && text != NULL);
    recording[5] = recording[size - 50000] = recording[size - 1] = 0x5A;
    for (size_t at = 0, length = 0, taken; at < size; at += taken, length += strlen(text + length)) {
        taken = bios_recording_line((uint32_t)at, recording + at, size - at, text + length, 3000);
        strcat(text + length, "\n");
    }
    CHECK_EQUAL(lines_read(text, back, &problem), size);
    CHECK(problem == NULL && memcmp(back, recording, size) == 0);
    free(text);
    free(back);
    free(recording);
}

static void missing_lines_are_noticed(void)
{
    const char *problem;

    make_recording(6);
    print_recording(record_count * sizeof records[0], 100);
    char *second = strstr(strchr(log_text, '~') + 1, "info a");
    memmove(second, strstr(strchr(second, '~') + 1, "info a"), strlen(strstr(strchr(second, '~') + 1, "info a")) + 1);
    (void)lines_read(log_text, bytes_back, &problem);
    CHECK(problem != NULL);
}

static const struct test tests[] = {
    TEST(recordings_replay_as_they_were_made),
    TEST(a_register_that_differs_is_found),
    TEST(each_part_of_a_record_counts),
    TEST(ports_count),
    TEST(missing_records_are_noticed),
    TEST(damage_harms_nobody),
    TEST(lines_say_what_happened),
    TEST(every_record_is_a_line),
    TEST(only_recordings_are_taken),
    TEST(recordings_come_out_of_a_log),
    TEST(long_recordings_come_out_of_a_log),
    TEST(missing_lines_are_noticed),
};
TEST_MAIN(tests)
