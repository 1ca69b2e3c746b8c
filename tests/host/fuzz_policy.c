/* Fuzzes init.policy. */
#include "drivers/init/policy.h"

#include <stdlib.h>
#include <string.h>

#include "drivers/init/grant.h"
#include "fuzz.h"
#include "test.h"

static unsigned line_count;
static unsigned line_said;

static void say(log_level_t level, unsigned line, const char *text)
{
    CHECK(level == LOG_ERROR || level == LOG_INFORMATION);
    CHECK(line >= line_said && line <= line_count);
    CHECK(strlen(text) > 10 && strlen(text) < LOG_TEXT_MAX);
    line_said = line;
}

static void check_rule(const struct policy *policy, const struct rule *rule)
{
    static const struct access everything = {
        .rights = RIGHTS_ALL, .role = ROLE_LINE, .partners = PARTNERS_ALL, .irqs = 0xFFFF, .strikes = UINT32_MAX,
        .ports = { { 0, UINT16_MAX } }, .memory = { { 0, UINT32_MAX } },
    };
    struct decision decision;

    CHECK(rule->line >= 1 && rule->line <= line_count && rule->name_size <= NAME_SIZE_MAX && strlen(rule->name) == rule->name_size);
    CHECK(rule->is_for_all || policy_find(policy, rule->name) == rule);
    CHECK(grant_is_sound(&rule->most) && rule->most.strikes != 0 && rule->roles <= PARTNERS_ALL);
    grant_decide(&everything, rule, &decision);
    CHECK(grant_is_sound(&decision.given));
    CHECK(decision.given.rights == rule->most.rights && decision.given.partners == rule->most.partners);
}

static int try(const uint8_t *bytes, size_t size)
{
    struct policy policy = { 0 };
    char *copy = malloc(size == 0 ? 1 : size);

    memcpy(copy, bytes, size);
    line_count = 1;
    line_said = 1;
    for (size_t i = 0; i < size; i++) {
        line_count += bytes[i] == '\n';
    }
    policy_read(&policy, copy, size, say);
    for (uint32_t i = 0; i < policy.count; i++) {
        check_rule(&policy, &policy.rules[i]);
    }
    free(policy.rules);
    free(copy);
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const char *const texts[] = {
        "# comment\nd\\ps2 role=input partners=input_server irqs=1,12 ports=60,64\n\nd\\* manifest rights=dma,vm86,speaker\n",
        "a\\trace partners=all rights=trace\r\ns\\* nothing\n* strict manifest role=display,line bus strikes=3\n",
        "d\\vga* memory=A0000-BFFFF,0xE0000000-FFFFFFFF ports=3B4-3B5,3c0-3da rights=none irqs=none partners=all",
        "d\\x ports=64-60\nd\\x ports=1,2,,3\nd\\y porst\nd\\z*z nothing\nd\\y nothing manifest\n",
    };

    if (number == sizeof texts / sizeof texts[0]) {
        return 0;
    }
    memcpy(bytes, texts[number], strlen(texts[number]));
    return strlen(texts[number]);
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_policy_is_read_within_its_bounds_and_gives_what_the_kernel_takes", 4, 1024, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
