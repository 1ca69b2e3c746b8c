/* What a program gets: random manifests and rules, against a look at each right, partner, line, port and address by itself. */
#include "drivers/init/grant.h"

#include <string.h>

#include "test.h"

#define ROUNDS 20000U
#define UNIVERSE 80U             /* ports and addresses that are looked at, from 0 on */

static void make_access(struct access *access)
{
    *access = (struct access){
        .rights = random_next() & RIGHTS_ALL,
        .role = random_below(ROLE_COUNT),
        .partners = random_next() & PARTNERS_ALL,
        .irqs = random_next() & 0xFFFF,
        .strikes = random_one_in(3) ? 0 : 1 + random_below(40),
    };
    for (uint32_t left = random_below(ACCESS_PORTS_MAX + 1), i = 0; i < left; i++) {
        uint16_t first = (uint16_t)random_below(UNIVERSE);
        access->ports[i] = (struct port_range){ first, (uint16_t)(first + random_below(UNIVERSE - first)) };
    }
    for (uint32_t left = random_below(ACCESS_MEMORY_MAX + 1), i = 0; i < left; i++) {
        uint32_t first = random_below(UNIVERSE);
        access->memory[i] = (struct memory_range){ first, first + random_below(UNIVERSE - first) };
    }
}

static bool has_port(const struct access *access, uint32_t port)
{
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        if (access->ports[i].last != 0 && port >= access->ports[i].first && port <= access->ports[i].last) {
            return true;
        }
    }
    return false;
}

static bool has_address(const struct access *access, uint32_t address)
{
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        if (access->memory[i].last != 0 && address >= access->memory[i].first && address <= access->memory[i].last) {
            return true;
        }
    }
    return false;
}

/* A set that has no room for more. */
static bool ports_are_full(const struct access *access)
{
    return access->ports[ACCESS_PORTS_MAX - 1].last != 0;
}

static bool memory_is_full(const struct access *access)
{
    return access->memory[ACCESS_MEMORY_MAX - 1].last != 0;
}

static bool check_ranges(const struct access *manifest, const struct rule *rule, const struct decision *decision)
{
    bool is_whole = true;

    for (uint32_t i = 0; i < UNIVERSE; i++) {
        bool port = has_port(manifest, i) && has_port(&rule->most, i);
        bool address = has_address(manifest, i) && has_address(&rule->most, i);

        /* 0 alone is what no access can say. */
        bool port_is_given = has_port(&decision->given, i), address_is_given = has_address(&decision->given, i);
        CHECK(port_is_given == port || (port && (i == 0 || ports_are_full(&decision->given))));
        CHECK(address_is_given == address || (address && (i == 0 || memory_is_full(&decision->given))));
        bool port_is_denied = has_port(manifest, i) && !port_is_given;
        bool address_is_denied = has_address(manifest, i) && !address_is_given;
        CHECK(has_port(&decision->denied, i) == port_is_denied || (port_is_denied && (i == 0 || ports_are_full(&decision->denied))));
        CHECK(has_address(&decision->denied, i) == address_is_denied
              || (address_is_denied && (i == 0 || memory_is_full(&decision->denied))));
        is_whole &= !port_is_denied && !address_is_denied;
    }
    return is_whole;
}

static void decisions_agree_with_a_look_at_each_thing(void)
{
    uint32_t wholes = 0;

    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct rule rule = { .roles = random_next() & PARTNERS_ALL };
        struct access manifest;
        struct decision decision;

        make_access(&manifest);
        make_access(&rule.most);
        rule.most.strikes += rule.most.strikes == 0;
        if (random_one_in(4)) {
            rule.most = manifest;
            rule.most.strikes = 40;
            rule.roles = UINT16_MAX;
        }
        grant_decide(&manifest, &rule, &decision);
        bool is_whole = check_ranges(&manifest, &rule, &decision);

        CHECK_EQUAL(decision.given.rights, manifest.rights & rule.most.rights);
        CHECK_EQUAL(decision.denied.rights, manifest.rights & ~rule.most.rights);
        CHECK_EQUAL(decision.given.partners, manifest.partners & rule.most.partners);
        CHECK_EQUAL(decision.denied.partners, manifest.partners & ~rule.most.partners);
        CHECK_EQUAL(decision.given.irqs, manifest.irqs & rule.most.irqs);
        CHECK_EQUAL(decision.denied.irqs, manifest.irqs & ~rule.most.irqs);
        bool role_is_fine = manifest.role == ROLE_NONE || (rule.roles >> manifest.role & 1) != 0;
        CHECK_EQUAL(decision.given.role, role_is_fine ? manifest.role : ROLE_NONE);
        CHECK_EQUAL(decision.denied.role, role_is_fine ? ROLE_NONE : manifest.role);
        uint32_t strikes = manifest.strikes == 0 ? STRIKES_USUAL : manifest.strikes;
        CHECK_EQUAL(decision.given.strikes, strikes < rule.most.strikes ? strikes : rule.most.strikes);
        is_whole &= role_is_fine && (decision.denied.rights | decision.denied.partners | decision.denied.irqs) == 0
                    && manifest.strikes <= rule.most.strikes;
        CHECK_EQUAL(decision.is_whole, is_whole);
        CHECK(grant_is_sound(&decision.given));
        wholes += is_whole;
    }
    CHECK(wholes > ROUNDS / 20 && wholes < ROUNDS / 2);
}

static void without_a_manifest_it_gets_the_partners_alone(void)
{
    struct rule rule = { .roles = UINT16_MAX, .most = { .rights = RIGHTS_ALL, .partners = 6, .irqs = 9, .strikes = 99, .ports = { { 1, 9 } },
                                                        .memory = { { 1, 9 } } } };
    struct access expected = { .partners = 6, .strikes = STRIKES_USUAL };
    struct decision decision;

    grant_decide(NULL, &rule, &decision);
    CHECK(memcmp(&decision.given, &expected, sizeof expected) == 0 && decision.is_whole);
}

static void without_a_rule_it_gets_nothing(void)
{
    struct access manifest = { .role = ROLE_LINE, .partners = PARTNERS_ALL, .ports = { { 1, 9 } } };
    struct access expected = { .strikes = STRIKES_USUAL };
    struct decision decision;

    grant_decide(&manifest, NULL, &decision);
    CHECK(memcmp(&decision.given, &expected, sizeof expected) == 0 && !decision.is_whole);
    grant_decide(NULL, NULL, &decision);
    CHECK(memcmp(&decision.given, &expected, sizeof expected) == 0 && decision.is_whole);
}

static void what_is_plugged_in_is_added_whole_or_not_at_all(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct access access, plugged;

        make_access(&access);
        make_access(&plugged);
        struct access before = access;
        if (!grant_add(&access, &plugged)) {
            CHECK(memcmp(&before, &access, sizeof access) == 0);
            continue;
        }
        for (uint32_t i = 1; i < UNIVERSE; i++) {
            CHECK(has_port(&access, i) == (has_port(&before, i) || has_port(&plugged, i)));
            CHECK(has_address(&access, i) == (has_address(&before, i) || has_address(&plugged, i)));
        }
        CHECK_EQUAL(access.irqs, before.irqs | plugged.irqs);
        CHECK(access.rights == before.rights && access.role == before.role && access.partners == before.partners);
    }
}

static void more_ranges_than_an_access_has_are_too_many(void)
{
    struct access access = { 0 }, plugged = { .ports = { { 1, 1 } } };

    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        access.ports[i] = (struct port_range){ (uint16_t)(10 * i + 10), (uint16_t)(10 * i + 12) };
    }
    CHECK(!grant_add(&access, &plugged));
    plugged.ports[0] = (struct port_range){ 13, 19 };
    CHECK(grant_add(&access, &plugged));     /* it joins two */
    CHECK(access.ports[0].first == 10 && access.ports[0].last == 22);
}

static void manifests_that_the_kernel_would_not_take_are_known(void)
{
    static const struct access bad[] = {
        { .rights = RIGHTS_ALL + 1 }, { .role = ROLE_COUNT }, { .partners = PARTNERS_ALL + 1 }, { .irqs = 0x10000 },
        { .ports = { [ACCESS_PORTS_MAX - 1] = { 2, 1 } } }, { .memory = { [ACCESS_MEMORY_MAX - 1] = { 2, 1 } } },
    };
    struct access good;

    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(!grant_is_sound(&bad[i]));
    }
    make_access(&good);
    CHECK(grant_is_sound(&good));
}

static const struct test tests[] = {
    TEST(decisions_agree_with_a_look_at_each_thing),
    TEST(without_a_manifest_it_gets_the_partners_alone),
    TEST(without_a_rule_it_gets_nothing),
    TEST(what_is_plugged_in_is_added_whole_or_not_at_all),
    TEST(more_ranges_than_an_access_has_are_too_many),
    TEST(manifests_that_the_kernel_would_not_take_are_known),
};
TEST_MAIN(tests)
