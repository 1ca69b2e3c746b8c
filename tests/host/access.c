/* What a process may touch: every question about it, against answers that are searched for port by port and byte by byte. */
#include "access.h"

#include <abi/device.h>
#include <string.h>

#include "test.h"

#define PORTS 65536U
#define ROUNDS 24U
#define PAIRS 60000U

/* docs/hardware.md: closed whatever the grant says, unless there is a right for it. */
static const struct {
    uint16_t first, last;
    uint32_t right;
} closed[] = {
    { 0x000, 0x01F, RIGHT_DMA_CONTROLLER }, { 0x020, 0x021, 0 }, { 0x040, 0x043, 0 }, { 0x081, 0x08F, RIGHT_DMA_CONTROLLER },
    { 0x092, 0x092, 0 }, { 0x0A0, 0x0A1, 0 }, { 0x0B2, 0x0B3, 0 }, { 0x0C0, 0x0DF, RIGHT_DMA_CONTROLLER }, { 0x4D0, 0x4D1, 0 },
    { 0xCF8, 0xCFF, RIGHT_PCI },
};
#define CLOSED (sizeof closed / sizeof closed[0])

static bool is_open(const struct access *access, uint32_t port)
{
    bool granted = false;

    for (uint32_t i = 0; i < CLOSED; i++) {
        if (port >= closed[i].first && port <= closed[i].last && (access->rights & closed[i].right) == 0) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        granted |= access->ports[i].last != 0 && port >= access->ports[i].first && port <= access->ports[i].last;
    }
    return granted;
}

/* Ports at the edges of what is closed, or close to each other, or anywhere. */
static uint32_t some_port(void)
{
    uint32_t edge = random_one_in(2) ? closed[random_below(CLOSED)].first : closed[random_below(CLOSED)].last;

    switch (random_below(4)) {
    case 0:
        return random_below(PORTS);
    case 1:
        return 0x300 + random_below(16);
    case 2:
        return random_one_in(2) ? PORTS - 1 - random_below(4) : random_below(4);
    default:
        return (edge + random_below(5) - 2) % PORTS;
    }
}

static struct access some_access(void)
{
    struct access access = {
        .rights = random_next() & RIGHTS_ALL,
        .role = random_below(ROLE_COUNT),
        .partners = random_one_in(2) ? PARTNERS_ALL : random_next() & PARTNERS_ALL,
        .irqs = random_next() & 0xFFFF,
        .strikes = random_one_in(2) ? 0 : random_edgy(),
    };

    for (uint32_t i = random_below(ACCESS_PORTS_MAX + 1); i > 0; i--) {
        uint32_t one = some_port(), other = some_port();

        access.ports[i - 1] = (struct port_range){ (uint16_t)(one < other ? one : other), (uint16_t)(one < other ? other : one) };
    }
    for (uint32_t i = random_below(ACCESS_MEMORY_MAX + 1); i > 0; i--) {
        uint32_t one = random_edgy(), other = random_edgy();

        access.memory[i - 1] = (struct memory_range){ one < other ? one : other, one < other ? other : one };
    }
    return access;
}

static void check_all_ports(const struct access *access)
{
    static bool open[PORTS + 4];

    for (uint32_t port = 0; port < PORTS; port++) {
        open[port] = is_open(access, port);
    }
    for (uint32_t port = 0; port < PORTS; port++) {
        CHECK_EQUAL(access_has_ports(access, port, 1), open[port]);
        CHECK_EQUAL(access_has_ports(access, port, 2), open[port] && open[port + 1]);
        CHECK_EQUAL(access_has_ports(access, port, 4), open[port] && open[port + 1] && open[port + 2] && open[port + 3]);
    }
}

static void every_port_of_every_width_is_open_as_its_ranges_say(void)
{
    check_all_ports(&access_of_supervisor);
    check_all_ports(&access_of_boot_module);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct access access = some_access();

        CHECK(access_is_valid(&access));
        check_all_ports(&access);
    }
}

static void nothing_is_open_without_ranges(void)
{
    struct access access = { .rights = RIGHTS_ALL };

    check_all_ports(&access);
    for (uint32_t port = 0; port < PORTS; port++) {
        CHECK(!access_has_ports(&access, port, 1));
    }
}

/* Each closed range is listed if its right is missing, once, in any order. */
static void closed_ports_are_listed_for_whom_they_are_closed(void)
{
    for (uint32_t rights = 0; rights <= RIGHTS_ALL; rights++) {
        struct access access = { .rights = rights };
        const struct port_range *range;
        uint32_t listed = 0, expected = 0;

        for (uint32_t i = 0; (range = access_closed_ports(&access, &i)) != NULL; i++) {
            uint32_t at = 0;

            while (at < CLOSED && (closed[at].first != range->first || closed[at].last != range->last)) {
                at++;
            }
            CHECK(at < CLOSED && (rights & closed[at].right) == 0);
            CHECK((listed & 1U << at) == 0);
            listed |= 1U << at;
        }
        for (uint32_t i = 0; i < CLOSED; i++) {
            expected |= (rights & closed[i].right) == 0 ? 1U << i : 0;
        }
        CHECK_EQUAL(listed, expected);
    }
}

static bool has_memory(const struct access *access, uint64_t first, uint64_t last)
{
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        if (access->memory[i].last != 0 && first >= access->memory[i].first && last <= access->memory[i].last) {
            return true;
        }
    }
    return false;
}

static void memory_is_there_as_its_ranges_say(void)
{
    for (uint32_t i = 0; i < PAIRS; i++) {
        struct access access = some_access();
        uint32_t first = random_edgy(), last = random_edgy();

        if (first <= last) {
            CHECK_EQUAL(access_has_memory(&access, first, last), has_memory(&access, first, last));
        }
        for (uint32_t k = 0; k < ACCESS_MEMORY_MAX; k++) {
            const struct memory_range *range = &access.memory[k];

            CHECK(range->last == 0 || access_has_memory(&access, range->first, range->last));
            CHECK(range->last == 0 || range->first == 0 || !access_has_memory(&access, range->first - 1, range->last)
                  || has_memory(&access, range->first - 1, range->last));
        }
    }
}

static void lines_and_rights_are_single_bits(void)
{
    for (uint32_t line = 0; line < 16; line++) {
        struct access only = { .irqs = IRQ_BIT(line) }, all_but = { .irqs = 0xFFFF & ~IRQ_BIT(line) };

        for (uint32_t other = 0; other < 16; other++) {
            CHECK_EQUAL(access_has_irq(&only, other), other == line);
            CHECK_EQUAL(access_has_irq(&all_but, other), other != line);
        }
    }
    for (uint32_t bit = 0; bit < RIGHT_COUNT; bit++) {
        struct access only = { .rights = 1U << bit };

        for (uint32_t other = 0; other < RIGHT_COUNT; other++) {
            CHECK_EQUAL(access_has_right(&only, 1U << other), other == bit);
        }
    }
}

/* ---- Is one within the other? ---- */

static uint32_t strikes_of(const struct access *access)
{
    return access->strikes == 0 ? STRIKES_USUAL : access->strikes;
}

/* What is within must never reach what the other does not: asked for each single thing. */
static void check_nothing_more(const struct access *access, const struct access *other)
{
    bool assigns = (other->rights & RIGHT_ASSIGN_ROLES) != 0;

    CHECK((access->rights & ~other->rights) == 0 && (access->partners & ~other->partners) == 0);
    CHECK(access->role == ROLE_NONE || access->role == other->role || assigns);
    CHECK(strikes_of(access) <= strikes_of(other) || assigns);
    for (uint32_t line = 0; line < 16; line++) {
        CHECK(!access_has_irq(access, line) || access_has_irq(other, line));
    }
    for (uint32_t port = 0; port < PORTS; port += 1 + random_below(7)) {
        CHECK(!access_has_ports(access, port, 1) || access_has_ports(other, port, 1));
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        const struct memory_range *range = &access->memory[i];

        CHECK(range->last == 0 || has_memory(other, range->first, range->last));
    }
}

/* One that is the other's in part: mostly within, sometimes a little more in one way. */
static struct access some_part_of(const struct access *other)
{
    struct access part = *other;

    part.rights &= random_next();
    part.partners &= random_next();
    part.irqs &= random_next();
    part.role = random_one_in(2) ? ROLE_NONE : other->role;
    part.strikes = random_one_in(3) ? other->strikes : random_below(20);
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        uint32_t size = part.ports[i].last - part.ports[i].first;

        part.ports[i].first += (uint16_t)random_below(size + 1);
        part.ports[i].last -= (uint16_t)random_below(part.ports[i].last - part.ports[i].first + 1U);
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        part.memory[i].last -= part.memory[i].last == 0 ? 0 : random_below((part.memory[i].last - part.memory[i].first) / 2 + 1);
    }
    switch (random_below(14)) {
    case 0:
        part.rights |= 1U << random_below(RIGHT_COUNT);
        break;
    case 1:
        part.partners |= ROLE_BIT(random_below(ROLE_COUNT));
        break;
    case 2:
        part.irqs |= IRQ_BIT(random_below(16));
        break;
    case 3:
        part.role = random_below(ROLE_COUNT);
        break;
    case 4:
        part.strikes = random_edgy();
        break;
    case 5:
        part.ports[random_below(ACCESS_PORTS_MAX)].last++;
        break;
    case 6:
        part.memory[random_below(ACCESS_MEMORY_MAX)].last++;
        break;
    }
    return part;
}

static void what_is_within_another_reaches_nothing_more(void)
{
    uint32_t within = 0;

    for (uint32_t i = 0; i < PAIRS / 20; i++) {
        struct access other = some_access();
        struct access access = random_one_in(8) ? some_access() : some_part_of(&other);

        if (access_is_valid(&access) && access_is_within(&access, &other)) {
            check_nothing_more(&access, &other);
            within++;
        }
    }
    CHECK(within > PAIRS / 200);
}

/* One thing more is too much, whichever it is. */
static void a_little_more_of_anything_is_not_within(void)
{
    struct access other = {
        .rights = RIGHT_DMA, .role = ROLE_INPUT, .partners = ROLE_BIT(ROLE_INPUT_SERVER), .irqs = IRQ_BIT(1), .strikes = 4,
        .ports = { { 0x60, 0x64 } }, .memory = { { 0xA0000, 0xBFFFF } },
    };

    CHECK(access_is_within(&other, &other));
    for (uint32_t bit = 0; bit < RIGHT_COUNT; bit++) {
        struct access more = other;

        more.rights |= 1U << bit;
        CHECK_EQUAL(access_is_within(&more, &other), 1U << bit == RIGHT_DMA);
    }
    for (uint32_t bit = 0; bit < 16; bit++) {
        struct access more = other, lines = other, role = other;

        more.partners |= ROLE_BIT(bit);
        lines.irqs |= IRQ_BIT(bit);
        role.role = bit;
        CHECK_EQUAL(access_is_within(&more, &other), bit == ROLE_INPUT_SERVER);
        CHECK_EQUAL(access_is_within(&lines, &other), bit == 1);
        CHECK_EQUAL(access_is_within(&role, &other), bit == ROLE_NONE || bit == ROLE_INPUT);
    }
    for (uint32_t strikes = 0; strikes < 20; strikes++) {
        struct access more = other;

        more.strikes = strikes;
        CHECK_EQUAL(access_is_within(&more, &other), strikes != 0 && strikes <= 4);
    }
    static const struct port_range ports[] = { { 0x5F, 0x64 }, { 0x60, 0x65 }, { 0x65, 0x65 }, { 0, 0xFFFF }, { 1, 1 } };
    for (uint32_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        struct access more = other;

        more.ports[ACCESS_PORTS_MAX - 1] = ports[i];
        CHECK(!access_is_within(&more, &other));
    }
    static const struct memory_range memory[] = { { 0x9FFFF, 0xA0000 }, { 0xA0000, 0xC0000 }, { 0xC0000, 0xC0000 }, { 0, UINT32_MAX } };
    for (uint32_t i = 0; i < sizeof memory / sizeof memory[0]; i++) {
        struct access more = other;

        more.memory[ACCESS_MEMORY_MAX - 1] = memory[i];
        CHECK(!access_is_within(&more, &other));
    }
}

static void who_assigns_roles_gives_any_role_and_any_strikes(void)
{
    struct access giver = { .rights = RIGHT_ASSIGN_ROLES, .role = ROLE_SUPERVISOR };

    for (uint32_t role = 0; role < ROLE_COUNT; role++) {
        CHECK(access_is_within(&(struct access){ .role = role, .strikes = UINT32_MAX }, &giver));
    }
    CHECK(!access_is_within(&(struct access){ .rights = RIGHT_TRACE }, &giver));
}

static void within_is_reflexive_and_transitive(void)
{
    uint32_t chains = 0;

    for (uint32_t i = 0; i < PAIRS / 4; i++) {
        struct access third = some_access();
        struct access second = some_part_of(&third);
        struct access first = some_part_of(&second);

        CHECK(access_is_within(&third, &third));
        if (access_is_within(&first, &second) && access_is_within(&second, &third)) {
            CHECK(access_is_within(&first, &third));
            chains++;
        }
    }
    CHECK(chains > PAIRS / 100);
    CHECK(access_is_within(&access_of_boot_module, &access_of_supervisor));
    CHECK(!access_is_within(&access_of_supervisor, &access_of_boot_module));
    CHECK(access_is_within(&(struct access){ .role = ROLE_NONE }, &(struct access){ .role = ROLE_NONE }));
}

/* ---- Does it make sense? ---- */

static void what_makes_no_sense_is_not_valid(void)
{
    const struct access good = { .rights = RIGHTS_ALL, .role = ROLE_COUNT - 1, .partners = PARTNERS_ALL, .irqs = 0xFFFF, .strikes = UINT32_MAX };

    CHECK(access_is_valid(&good) && access_is_valid(&access_of_supervisor) && access_is_valid(&access_of_boot_module));
    CHECK(access_is_valid(&(struct access){ .role = ROLE_NONE }));
    for (uint32_t bit = 0; bit < 32; bit++) {
        struct access rights = good, partners = good, irqs = good;

        rights.rights |= 1U << bit;
        partners.partners |= 1U << bit;
        irqs.irqs |= 1U << bit;
        CHECK_EQUAL(access_is_valid(&rights), bit < RIGHT_COUNT);
        CHECK_EQUAL(access_is_valid(&partners), bit < ROLE_COUNT);
        CHECK_EQUAL(access_is_valid(&irqs), bit < 16);
    }
    for (uint32_t role = ROLE_COUNT; role != 0; role <<= 1) {
        CHECK(!access_is_valid(&(struct access){ .role = role }));
    }
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        struct access access = good;

        access.ports[i] = (struct port_range){ 0x61, 0x60 };
        CHECK(!access_is_valid(&access));
        access.ports[i] = (struct port_range){ 1, 0 };
        CHECK(!access_is_valid(&access));
    }
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        struct access access = good;

        access.memory[i] = (struct memory_range){ UINT32_MAX, 0 };
        CHECK(!access_is_valid(&access));
    }
}

/* ---- Who speaks to whom ---- */

/* All pairs of roles; partners none, one, all but one, all. */
static uint32_t partners_of(uint32_t kind, uint32_t role)
{
    const uint32_t kinds[] = { 0, ROLE_BIT(role), PARTNERS_ALL & ~ROLE_BIT(role), PARTNERS_ALL };

    return kinds[kind];
}

static void two_words_say_who_may_call_whom(void)
{
    for (uint32_t i = 0; i < 4 * ROLE_COUNT * 4 * ROLE_COUNT; i++) {
        uint32_t caller_role = i / 4 % ROLE_COUNT, callee_role = i / 4 / ROLE_COUNT / 4;
        struct access caller = { .role = caller_role, .partners = partners_of(i % 4, callee_role) };
        struct access callee = { .role = callee_role, .partners = partners_of(i / 4 / ROLE_COUNT % 4, caller_role) };
        bool may = (caller.partners >> callee_role & 1) != 0 && (callee.partners >> caller_role & 1) != 0;

        CHECK_EQUAL((access_barred(&caller) & access_barred_by(&callee)) == 0, may);
        CHECK((BARRED_FROM_ALL & access_barred_by(&callee)) != 0);
    }
}

/* ---- Types of devices, and the end of a driver ---- */

static void each_type_of_device_is_some_roles_and_no_others(void)
{
    static const uint32_t roles[][3] = {
        [DEVICE_TEXT] = { ROLE_DISPLAY, ROLE_LINE }, [DEVICE_LINE] = { ROLE_LINE }, [DEVICE_KEYBOARD] = { ROLE_INPUT },
        [DEVICE_POINTER] = { ROLE_INPUT }, [DEVICE_STORAGE] = { ROLE_STORAGE }, [DEVICE_STREAM] = { ROLE_STORAGE, ROLE_PLATFORM },
        [DEVICE_BUS] = { ROLE_BUS }, [DEVICE_CLOCK] = { ROLE_PLATFORM }, [DEVICE_TONE] = { ROLE_PLATFORM, ROLE_AUDIO },
        [DEVICE_DISPLAY] = { ROLE_DISPLAY }, [DEVICE_AUDIO] = { ROLE_AUDIO }, [DEVICE_NETWORK] = { ROLE_NETWORK },
    };

    for (uint32_t type = 1; type < DEVICE_TYPE_COUNT; type++) {
        for (uint32_t role = 0; role < ROLE_COUNT; role++) {
            struct access access = { .rights = RIGHTS_ALL & ~RIGHT_ASSIGN_ROLES, .role = role };
            bool may = role != ROLE_NONE && (role == roles[type][0] || role == roles[type][1]);

            CHECK_EQUAL(access_has_device_type(&access, type), may);
            access.rights = RIGHT_ASSIGN_ROLES;
            CHECK(access_has_device_type(&access, type));
        }
    }
}

static void driver_that_ends_keeps_nothing_of_the_hardware(void)
{
    for (uint32_t i = 0; i < PAIRS / 20; i++) {
        struct access before = some_access(), after = before;

        access_of_driver_ends(&after);
        CHECK(access_is_within(&after, &before));
        CHECK(after.role == before.role && after.partners == before.partners);
        CHECK_EQUAL(after.irqs, 0);
        CHECK_EQUAL(after.rights & (RIGHT_DMA | RIGHT_DMA_CONTROLLER | RIGHT_PCI | RIGHT_VM86 | RIGHT_SPEAKER), 0);
        CHECK(!access_has_ports(&after, some_port(), 1));
        CHECK(!access_has_memory(&after, 0xA0000, 0xA0000) && !access_has_memory(&after, UINT32_MAX, UINT32_MAX));
    }
}

static const struct test tests[] = {
    TEST(every_port_of_every_width_is_open_as_its_ranges_say),
    TEST(nothing_is_open_without_ranges),
    TEST(closed_ports_are_listed_for_whom_they_are_closed),
    TEST(memory_is_there_as_its_ranges_say),
    TEST(lines_and_rights_are_single_bits),
    TEST(what_is_within_another_reaches_nothing_more),
    TEST(a_little_more_of_anything_is_not_within),
    TEST(who_assigns_roles_gives_any_role_and_any_strikes),
    TEST(within_is_reflexive_and_transitive),
    TEST(what_makes_no_sense_is_not_valid),
    TEST(two_words_say_who_may_call_whom),
    TEST(each_type_of_device_is_some_roles_and_no_others),
    TEST(driver_that_ends_keeps_nothing_of_the_hardware),
};
TEST_MAIN(tests)
