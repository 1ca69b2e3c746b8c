/* init.policy: what its lines give, what is wrong with others, and which line is for whom. */
#include "drivers/init/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/grant_text.h>

#include "drivers/init/rule.h"
#include "test.h"

static char said[4000];          /* "LINE: text\n" of each error and hint */

static void say(log_level_t level, unsigned line, const char *text)
{
    size_t length = strlen(said);

    CHECK(level == LOG_ERROR || level == LOG_INFORMATION);
    CHECK(strlen(text) < LOG_TEXT_MAX);
    snprintf(said + length, sizeof said - length, "%u: %s\n", line, text);
}

/* Copied, so that not a byte behind its end is read. What was read before is gone. */
static struct policy read(const char *text)
{
    static struct policy policy;
    size_t size = strlen(text);
    char *copy = malloc(size + 1);

    memcpy(copy, text, size);
    copy = realloc(copy, size == 0 ? 1 : size);
    said[0] = '\0';
    free(policy.rules);
    policy = (struct policy){ 0 };
    policy_read(&policy, copy, size, say);
    free(copy);
    return policy;
}

/* ---- What a line gives ---- */

#define ALL "partners=all irqs=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 ports=0-FFFF memory=0-FFFFFFFF "
#define RIGHTS "rights=dma,dma_controller,pci,vm86,speaker,control_drivers,bind_devices,trace,debug,assign_roles"

static const struct {
    const char *line;
    uint32_t roles;
    const char *most;            /* as access_text says it */
    bool has_plugged;
    bool is_strict;
} lines[] = {
    { "d\\x nothing", 0, "nothing", false, false },
    { "d\\x manifest", (1U << ROLE_COUNT) - 1, ALL RIGHTS, true, false },
    { "d\\x manifest rights=dma,vm86", (1U << ROLE_COUNT) - 1, ALL "rights=dma,vm86", true, false },
    { "d\\x rights=none manifest ports=none irqs=5", (1U << ROLE_COUNT) - 1, "partners=all irqs=5 memory=0-FFFFFFFF", true, false },
    { "d\\x manifest role=line,display", ROLE_BIT(ROLE_LINE) | ROLE_BIT(ROLE_DISPLAY), ALL RIGHTS, true, false },
    { "d\\ps2  role=input\tpartners=input_server irqs=1,12 ports=60,64\r", ROLE_BIT(ROLE_INPUT),
      "partners=input_server irqs=1,12 ports=60,64", false, false },
    { "d\\x ports=3F8-3ff,0x2F8-0x2FF,0-F memory=a0000-bffff,FFFFFFFF", 0, "ports=3F8-3FF,2F8-2FF,0-F memory=A0000-BFFFF,FFFFFFFF",
      false, false },
    { "a\\trace partners=all rights=trace strikes=1", 0, "partners=all rights=trace strikes=1", false, false },
    { "d\\x strict partners=log,no_role,supervisor", 0, "partners=no_role,supervisor,log", false, true },
    { "d\\x partners=all strikes=4294967295 bus", 0, "partners=all strikes=4294967295", true, false },
    { "d\\x role=all irqs=all ports=all memory=all rights=all partners=none", (1U << ROLE_COUNT) - 1,
      "irqs=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 ports=0-FFFF memory=0-FFFFFFFF " RIGHTS, false, false },
};

static void each_line_gives_what_it_says(void)
{
    for (uint32_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct policy policy = read(lines[i].line);
        char text[ACCESS_TEXT_SIZE];

        if (said[0] != '\0' || policy.count != 1) {
            FAIL("\"%s\" is complained of: %s", lines[i].line, said);
        }
        const struct rule *rule = &policy.rules[0];
        (void)access_text(&rule->most, text, sizeof text);
        if (strcmp(text, lines[i].most) != 0 || rule->roles != lines[i].roles || rule->has_plugged != lines[i].has_plugged
            || rule->is_strict != lines[i].is_strict) {
            FAIL("\"%s\" gives roles %x, \"%s\", plugged %u, strict %u", lines[i].line, rule->roles, text, rule->has_plugged, rule->is_strict);
        }
    }
}

/* ---- What is wrong with a line ---- */

#define KNOWN "there are manifest, nothing, role=, partners=, irqs=, ports=, memory=, rights=, strikes=, bus and strict"

/* Behind a name that is fine. */
static const struct {
    const char *words;
    const char *complaint;
} mistakes[] = {
    { "", "nothing follows the name: write what it may have, or the word nothing" },
    { "porst=60", "\"porst=60\" is not known: " KNOWN },
    { "ports", "\"ports\" is not known: " KNOWN },
    { "manifest=all", "\"manifest=all\" is not known: " KNOWN },
    { "port=60", "\"port=60\" is not known: " KNOWN },
    { "portsx=60", "\"portsx=60\" is not known: " KNOWN },
    { "ports=60 ports=64", "\"ports=64\": this word stands in the line already" },
    { "strict strict", "\"strict\": this word stands in the line already" },
    { "nothing ports=60", "the word nothing stands beside others: leave it or them out" },
    { "manifest nothing", "the word nothing stands beside others: leave it or them out" },
    { "ports=", "something is missing at a comma or behind the =" },
    { "ports=60,", "something is missing at a comma or behind the =" },
    { "ports=,60", "something is missing at a comma or behind the =" },
    { "ports=6G", "\"6G\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here" },
    { "ports=10000", "\"10000\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here" },
    { "ports=60-", "\"60-\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here" },
    { "ports=-60", "\"-60\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here" },
    { "ports=60-64-68", "\"60-64-68\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here" },
    { "ports=0x", "\"0x\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here" },
    { "ports=60-all", "\"60-all\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here" },
    { "memory=100000000", "\"100000000\" is no range: FIRST or FIRST-LAST, hexadecimal and at most FFFFFFFF, must stand here" },
    { "ports=64-60", "the range 64-60 ends before it begins" },
    { "memory=B0000-A0000", "the range B0000-A0000 ends before it begins" },
    { "ports=0", "the range 0 cannot be given: 0 alone stands for none" },
    { "memory=0-0", "the range 0-0 cannot be given: 0 alone stands for none" },
    { "ports=1,3,5,7,9,B,D,F,11,13,15,17,19", "there is room for 12 ranges of ports" },
    { "memory=1,3,5,7,9,B,D,F,11", "there is room for 8 ranges of memory" },
    { "irqs=16", "\"16\" is no interrupt line: a number from 0 to 15 must stand here" },
    { "irqs=-1", "\"-1\" is no interrupt line: a number from 0 to 15 must stand here" },
    { "irqs=4294967297", "\"4294967297\" is no interrupt line: a number from 0 to 15 must stand here" },
    { "irqs=1,all", "\"all\" is no interrupt line: a number from 0 to 15 must stand here" },
    { "strikes=0", "strikes=0: a number from 1 on must follow the =" },
    { "strikes=many", "strikes=many: a number from 1 on must follow the =" },
    { "strikes=4294967296", "strikes=4294967296: a number from 1 on must follow the =" },
};

static void each_mistake_is_told_with_its_line_and_closes_the_name(void)
{
    for (uint32_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        char text[700], expected[300];

        snprintf(text, sizeof text, "# comment\n\nd\\* manifest\nd\\x %s\na\\x rights=trace\n", mistakes[i].words);
        struct policy policy = read(text);
        snprintf(expected, sizeof expected, "4: %s; d\\x gets nothing\n", mistakes[i].complaint);
        if (strcmp(said, expected) != 0) {
            FAIL("\"%s\" is told as \"%s\"", mistakes[i].words, said);
        }
        CHECK_EQUAL(policy.count, 3);
        const struct rule *rule = policy_find(&policy, "d\\x");
        CHECK(rule == &policy.rules[1] && !rule->is_for_all);
        (void)access_text(&rule->most, text, sizeof text);
        CHECK(strcmp(text, "nothing") == 0 && rule->roles == 0 && !rule->has_plugged && !rule->is_strict);
        CHECK_EQUAL(policy_find(&policy, "a\\x")->most.rights, RIGHT_TRACE);
    }
}

static void unknown_roles_and_rights_are_told_with_those_that_are_known(void)
{
    (void)read("d\\x role=inpt");
    CHECK(strcmp(said, "1: \"inpt\" is no role; d\\x gets nothing\n"
                       "1: roles are no_role, supervisor, log, bus, display, input, storage, audio, network, line, platform, "
                       "input_server, file_server, window_server, network_server, audio_server\n") == 0);
    (void)read("d\\x rights=dma,root");
    CHECK(strcmp(said, "1: \"root\" is no right; d\\x gets nothing\n"
                       "1: rights are dma, dma_controller, pci, vm86, speaker, control_drivers, bind_devices, trace, debug, "
                       "assign_roles\n") == 0);
}

static void lines_without_a_good_name_are_skipped(void)
{
    char text[900];

    snprintf(text, sizeof text, "x\\y nothing\nserial nothing\nd\\ nothing\nd\\*x nothing\n** nothing\nd\\%062u nothing\nd\\x nothing\n"
                                "d\\x manifest\nd\\* nothing\nd\\* manifest\n", 0U);
    struct policy policy = read(text);
    char expected[900];
    snprintf(expected, sizeof expected,
             "1: \"x\\y\": it must begin with d\\, s\\ or a\\, or be *; this line is skipped\n"
             "2: \"serial\": it must begin with d\\, s\\ or a\\, or be *; this line is skipped\n"
             "3: \"d\\\": nothing follows the prefix; this line is skipped\n"
             "4: \"d\\*x\": a * can only be its last character; this line is skipped\n"
             "5: \"**\": a * can only be its last character; this line is skipped\n"
             "6: \"d\\%062u\": a name has at most 63 bytes; this line is skipped\n"
             "8: d\\x stands in line 7 already; this line is skipped\n"
             "10: d\\* stands in line 9 already; this line is skipped\n", 0U);
    if (strcmp(said, expected) != 0) {
        FAIL("told: %s", said);
    }
    CHECK_EQUAL(policy.count, 2);
}

/* A name of 64 bytes with its * is one of 63 without. */
static void names_may_have_63_bytes(void)
{
    char text[200];

    snprintf(text, sizeof text, "d\\%061u* nothing\nd\\%061u nothing", 0U, 0U);
    CHECK_EQUAL(read(text).count, 2);
    CHECK(said[0] == '\0');
}

static void lines_that_are_too_long_or_no_text_close_their_name(void)
{
    char text[1300];

    snprintf(text, sizeof text, "d\\* manifest\nd\\x ports=%0500u manifest\nd\\y manifest\x01\nd\\z manifest", 0U);
    struct policy policy = read(text);
    CHECK(strcmp(said, "2: it is longer than 511 bytes; d\\x gets nothing\n3: it has a byte that is no text; d\\y gets nothing\n") == 0);
    CHECK_EQUAL(policy_find(&policy, "d\\x")->most.partners, 0);
    CHECK_EQUAL(policy_find(&policy, "d\\y")->most.partners, 0);
    CHECK_EQUAL(policy_find(&policy, "d\\z")->most.partners, PARTNERS_ALL);

    /* 511 bytes are fine, and so is any comment. */
    snprintf(text, sizeof text, "d\\x %*s\n# %0600u\n#\x01\n", 507, "nothing", 0U);
    (void)read(text);
    CHECK(said[0] == '\0');
}

/* ---- Which line is for whom ---- */

static void most_specific_line_counts_wherever_it_stands(void)
{
    struct policy policy = read("* strikes=1\nd\\* strikes=2\nd\\vga* strikes=4\nd\\vga strikes=5\nd\\vg* strikes=3\na\\x* strikes=6\n");
    static const struct {
        const char *name;
        uint32_t strikes;
    } names[] = {
        { "d\\vga", 5 }, { "d\\vga2", 4 }, { "d\\vgx", 3 }, { "d\\vg", 3 }, { "d\\v", 2 }, { "s\\vga", 1 }, { "a\\x", 6 }, { "a\\xy", 6 },
        { "a\\y", 1 },
    };

    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct rule *rule = policy_find(&policy, names[i].name);
        if (rule == NULL || rule->most.strikes != names[i].strikes) {
            FAIL("%s gets line %u", names[i].name, rule == NULL ? 0 : rule->line);
        }
    }
    policy = read("d\\* nothing\n");
    CHECK(policy_find(&policy, "s\\x") == NULL);
    policy = read("");
    CHECK(policy_find(&policy, "s\\x") == NULL);
}

static void many_lines_are_read(void)
{
    static char text[40000];
    size_t length = 0;
    char name[20];

    for (uint32_t i = 0; i < 1000; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "d\\x%u strikes=%u\n", i, i + 1);
    }
    struct policy policy = read(text);
    CHECK(said[0] == '\0' && policy.count == 1000);
    for (uint32_t i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "d\\x%u", i);
        CHECK_EQUAL(policy_find(&policy, name)->most.strikes, i + 1);
        CHECK_EQUAL(policy_find(&policy, name)->line, i + 1);
    }
}

/* ---- Words ---- */

static void make_access(struct access *access)
{
    *access = (struct access){
        .rights = random_next() & RIGHTS_ALL & random_next(),
        .role = random_below(ROLE_COUNT),
        .partners = random_one_in(4) ? PARTNERS_ALL : random_next() & PARTNERS_ALL & random_next(),
        .irqs = random_next() & 0xFFFF & random_next(),
        .strikes = random_one_in(3) ? random_edgy() | 1 : STRIKES_USUAL,
    };
    for (uint32_t left = random_below(ACCESS_PORTS_MAX + 1), i = 0; i < left; i++) {
        uint16_t first = (uint16_t)random_edgy();
        access->ports[i] = (struct port_range){ first, random_one_in(2) ? first : UINT16_MAX };
        access->ports[i].last |= first == 0;
    }
    for (uint32_t left = random_below(ACCESS_MEMORY_MAX + 1), i = 0; i < left; i++) {
        uint32_t first = random_edgy();
        access->memory[i] = (struct memory_range){ first, random_one_in(2) ? first : UINT32_MAX };
        access->memory[i].last |= first == 0;
    }
}

static void text_of_an_access_is_read_as_the_same_access(void)
{
    for (uint32_t round = 0; round < 20000; round++) {
        struct complaint complaint;
        struct access access;
        struct rule rule;
        char text[ACCESS_TEXT_SIZE], copy[ACCESS_TEXT_SIZE], again[ACCESS_TEXT_SIZE];

        make_access(&access);
        size_t length = access_text(&access, text, sizeof text);
        CHECK(length == strlen(text));
        strcpy(copy, text);
        if (!rule_read(&rule, copy, &complaint)) {
            FAIL("\"%s\": %s", text, complaint.text);
        }
        CHECK_EQUAL(rule.roles, access.role == ROLE_NONE ? 0 : ROLE_BIT(access.role));
        rule.most.role = access.role;
        CHECK(memcmp(&rule.most, &access, sizeof access) == 0);

        /* As much as fits, and not a byte more. */
        uint32_t size = 1 + random_below(sizeof again);
        memset(again, 'x', sizeof again);
        CHECK_EQUAL(access_text(&access, again, size), length);
        CHECK_EQUAL(strlen(again), length < size ? length : size - 1);
        CHECK(strncmp(again, text, size - 1) == 0 && (size == sizeof again || again[size] == 'x'));
    }
}

static void longest_text_of_an_access_fits(void)
{
    struct access access = { .rights = RIGHTS_ALL, .role = ROLE_NETWORK_SERVER, .partners = PARTNERS_ALL - 1, .irqs = 0xFFFF,
                             .strikes = UINT32_MAX };
    char text[ACCESS_TEXT_SIZE];

    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        access.ports[i] = (struct port_range){ 0xFFFE, 0xFFFF };
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        access.memory[i] = (struct memory_range){ 0xFFFFFFFE, 0xFFFFFFFF };
    }
    CHECK(access_text(&access, text, sizeof text) < sizeof text);
}

static void names_lead_to_roles_and_rights_and_back(void)
{
    uint32_t found;

    for (uint32_t role = 0; role < ROLE_COUNT; role++) {
        CHECK(role_of_name(role_name(role), &found) && found == role);
    }
    for (uint32_t right = 1; (right & RIGHTS_ALL) != 0; right <<= 1) {
        CHECK(right_of_name(right_name(right), &found) && found == right);
    }
    CHECK(!role_of_name("", &found) && !role_of_name("Input", &found) && !right_of_name("dma_", &found));
    CHECK(strcmp(role_name(ROLE_COUNT), "unknown role") == 0 && strcmp(right_name(3), "unknown right") == 0);
}

static const struct test tests[] = {
    TEST(each_line_gives_what_it_says),
    TEST(each_mistake_is_told_with_its_line_and_closes_the_name),
    TEST(unknown_roles_and_rights_are_told_with_those_that_are_known),
    TEST(lines_without_a_good_name_are_skipped),
    TEST(names_may_have_63_bytes),
    TEST(lines_that_are_too_long_or_no_text_close_their_name),
    TEST(most_specific_line_counts_wherever_it_stands),
    TEST(many_lines_are_read),
    TEST(text_of_an_access_is_read_as_the_same_access),
    TEST(longest_text_of_an_access_fits),
    TEST(names_lead_to_roles_and_rights_and_back),
};
TEST_MAIN(tests)
