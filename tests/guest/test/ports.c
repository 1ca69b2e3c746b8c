/*
 * Ports: drivers reach those that give away nothing; an access to another is not performed, reads as all ones and
 * counts as a strike, of which there are sixteen. Nobody else reaches any.
 */
#include <ternion/memory.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "log_lines.h"

#define STRIKES 16U
#define PROTECTION 13U               /* exception: SDM volume 3, table 6-1 */

/* What gives away ring 0 or the machine: first and last port. */
static const uint16_t closed[][2] = {
    { 0x000, 0x01F }, { 0x020, 0x021 }, { 0x040, 0x043 }, { 0x081, 0x08F }, { 0x092, 0x092 }, { 0x0A0, 0x0A1 },
    { 0x0B2, 0x0B3 }, { 0x0C0, 0x0DF }, { 0x4D0, 0x4D1 }, { 0xCF8, 0xCFF },
};

/* An open one whose reading does no harm: the delay port. */
#define OPEN_PORT 0x80U

static uint32_t read_port(uint32_t port, uint32_t width)
{
    return width == 1 ? port_read8((uint16_t)port) : width == 2 ? port_read16((uint16_t)port) : port_read32((uint16_t)port);
}

static void expect_ones(uint32_t port, uint32_t width)
{
    uint32_t ones = width == 1 ? 0xFF : width == 2 ? 0xFFFF : 0xFFFFFFFF;
    uint32_t value = read_port(port, width);

    if (value != ones) {
        EXPECT_NOT("port 0x%x, %u bytes: 0x%x", port, width, value);
    }
}

/* Reads ports in a row: first, number (less than its strikes), bytes. */
static void ports_reader(int argc, char **argv)
{
    uint32_t first = test_number(argv[1]);
    uint32_t count = test_number(argv[2]);
    (void)argc;

    for (uint32_t port = first; port < first + count; port++) {
        expect_ones(port, test_number(argv[3]));
    }
}

static void expect_closed(uint32_t first, uint32_t count, uint32_t width)
{
    process_id_t reader;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "ports_reader", &reader, test_digits(first).text, test_digits(count).text,
                         test_digits(width).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(reader));
}

static void closed_ports_read_as_all_ones(void)
{
    for (uint32_t i = 0; i < COUNT(closed); i++) {
        for (uint32_t port = closed[i][0]; port <= closed[i][1]; port += STRIKES - 1) {
            uint32_t left = closed[i][1] + 1U - port;

            expect_closed(port, left < STRIKES ? left : STRIKES - 1, 1);
        }
    }
}

/* A word or a double word that touches one closed port is closed. */
static void accesses_that_reach_into_closed_ports_are_closed(void)
{
    for (uint32_t i = 0; i < COUNT(closed); i++) {
        uint32_t first = closed[i][0];

        if (first != 0 && (i == 0 || closed[i - 1][1] + 1U < first)) {
            expect_closed(first - 1, 1, 2);
            expect_closed(first - 3, 3, 4);
        }
        expect_closed(closed[i][1], 1, 2);
        expect_closed(closed[i][1], 1, 4);
    }
}

/* Any of these, performed, resets the machine, stops its interrupts, or takes its timer. */
static void ports_writer(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    port_write8(0x92, 0x01);
    port_write8(0xCF9, 0x06);
    port_write16(0x91, 0x0100);
    port_write32(0xCF8, 0x80000000);
    port_write8(0x21, 0xFF);
    port_write8(0xA1, 0xFF);
    port_write8(0x20, 0x11);
    port_write8(0x43, 0x34);
    port_write8(0x40, 0x00);
    port_write16(0x3F, 0x0000);
    port_write8(0xB2, 0x00);
}

static void writes_to_closed_ports_are_not_performed(void)
{
    process_id_t writer;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "ports_writer", &writer, NULL));
    EXPECT_EQUAL(0, test_wait_exit(writer));
    nanoseconds_t begin_ns = clock_now();
    clock_sleep(5 * MILLISECOND);
    EXPECT(clock_now() - begin_ns >= 5 * MILLISECOND);
}

/* All forms of IN: with the port in the instruction and in DX, of all sizes; what follows must be executed. */
static void ports_all_forms(int argc, char **argv)
{
    static const struct {
        uint8_t code[12];
        uint32_t result;
    } forms[] = {
        { { 0x31, 0xC0, 0xE4, 0x21, 0xC3 }, 0x000000FF },
        { { 0x31, 0xC0, 0x66, 0xE5, 0x20, 0xC3 }, 0x0000FFFF },
        { { 0x31, 0xC0, 0xE5, 0x40, 0xC3 }, 0xFFFFFFFF },
        { { 0x31, 0xC0, 0x31, 0xD2, 0xEC, 0xC3 }, 0x000000FF },
        { { 0x31, 0xC0, 0x31, 0xD2, 0x66, 0xED, 0xC3 }, 0x0000FFFF },
        { { 0x31, 0xC0, 0x31, 0xD2, 0xED, 0xC3 }, 0xFFFFFFFF },
        { { 0x31, 0xC0, 0xE6, 0x21, 0xC3 }, 0 },
        { { 0x31, 0xC0, 0x66, 0xE7, 0x20, 0xC3 }, 0 },
        { { 0x31, 0xC0, 0xE7, 0x20, 0xC3 }, 0 },
        { { 0x31, 0xC0, 0x31, 0xD2, 0xEE, 0xC3 }, 0 },
        { { 0x31, 0xC0, 0x31, 0xD2, 0x66, 0xEF, 0xC3 }, 0 },
        { { 0x31, 0xC0, 0x31, 0xD2, 0xEF, 0xC3 }, 0 },
    };
    static uint8_t memory[16];
    (void)argc;
    (void)argv;

    for (uint32_t i = 0; i < COUNT(forms); i++) {
        memcpy(memory, forms[i].code, sizeof forms[i].code);
        EXPECT_EQUAL(forms[i].result, ((uint32_t (*)(void))(uintptr_t)memory)());
    }
}

static void every_form_of_an_access_is_understood(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "ports_all_forms", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

/* So many strikes; open ports stay open all the time. */
static void ports_striker(int argc, char **argv)
{
    (void)argc;
    for (uint32_t strikes = test_number(argv[1]); strikes > 0; strikes--) {
        expect_ones(0x20, 1);
        (void)port_read8(OPEN_PORT);
    }
}

static void strike(uint32_t strikes, uint32_t exit_code, struct process_information *information_out)
{
    process_id_t striker;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "ports_striker", &striker, test_digits(strikes).text, NULL));
    EXPECT_OK(process_information(striker, information_out));
    EXPECT_EQUAL(exit_code, test_wait_exit(striker));
}

static void driver_is_unloaded_at_sixteen_strikes_and_the_log_tells_all(void)
{
    struct process_information striker;
    uint32_t before = log_lines_end();

    strike(STRIKES - 1, 0, &striker);
    EXPECT_EQUAL(STRIKES - 1, log_lines_count(before, striker.name, "strike"));
    EXPECT_EQUAL(STRIKES - 1, log_lines_count(before, striker.name, "port 0x20"));
    before = log_lines_end();
    strike(100, EXIT_STRIKES, &striker);
    EXPECT_EQUAL(STRIKES, log_lines_count(before, striker.name, ": strike"));
    EXPECT_EQUAL(1, log_lines_count(before, striker.name, "is unloaded"));
}

/* ---- Every port ---- */

/* Nothing is there on any machine of ours: reading does no harm. */
#define GRANTED_FIRST 0x8000U
#define GRANTED_LAST 0x80FFU
#define PORTS 65536U
#define STRIKES_OF_ALL (3 * PORTS + 1)

static uint32_t own_strikes(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.strikes;
}

/* Reads every port in every width; the processor says which are in the grant, by a strike or none. */
static void ports_sweeper(int argc, char **argv)
{
    uint32_t before = own_strikes();
    (void)argc;
    (void)argv;

    for (uint32_t width = 1; width <= 4; width *= 2) {
        for (uint32_t port = 0; port < PORTS; port++) {
            bool granted = port >= GRANTED_FIRST && port + width - 1 <= GRANTED_LAST;

            if (granted) {
                (void)read_port(port, width);    /* the machine's own word */
            } else {
                expect_ones(port, width);
                before++;
            }
            if ((port % 256 == 255 || port - GRANTED_FIRST + 4 < GRANTED_LAST - GRANTED_FIRST + 8) && own_strikes() != before) {
                EXPECT_NOT("port 0x%x, %u bytes: %u strikes, not %u", port, width, own_strikes(), before);
            }
        }
    }
}

static void each_port_in_each_width_is_as_the_grant_says(void)
{
    struct spawn spawn = {
        .class = CLASS_DRIVER, .flags = SPAWN_WATCH,
        .grant = { .source = ACCESS_EXPLICIT, .access = {
            .partners = PARTNERS_ALL, .strikes = STRIKES_OF_ALL, .ports = { { GRANTED_FIRST, GRANTED_LAST } },
        } },
    };
    process_id_t id;

    EXPECT_OK(test_spawn_as(&spawn, "ports_sweeper", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

/* ---- Those who are no drivers ---- */

static void ports_trespasser(int argc, char **argv)
{
    uint32_t port = test_number(argv[1]);

    if (argc > 3) {
        EXPECT_OK(process_downgrade(test_number(argv[3])));
    }
    if (test_number(argv[2]) != 0) {
        port_write8((uint16_t)port, 0);
    } else {
        (void)port_read8((uint16_t)port);
    }
}

static void expect_trespasser_ends(process_class_t class, uint32_t port, const char *writes, const char *downgrade)
{
    process_id_t id;

    EXPECT_OK(test_spawn(class, "ports_trespasser", &id, test_digits(port).text, writes, downgrade, NULL));
    EXPECT_EQUAL(EXIT_FAULT | PROTECTION, test_wait_exit(id));
}

static void ports_are_closed_to_servers_and_applications(void)
{
    static const uint16_t ports[] = { 0x20, 0x60, OPEN_PORT, 0x3C0, 0x3F8, 0xCF8, 0xFFFF };

    for (uint32_t i = 0; i < COUNT(ports); i++) {
        for (process_class_t class = CLASS_SERVER; class < CLASS_COUNT; class++) {
            expect_trespasser_ends(class, ports[i], "0", NULL);
            expect_trespasser_ends(class, ports[i], "1", NULL);
        }
    }
}

static void driver_that_gives_up_its_class_gives_up_its_ports(void)
{
    expect_trespasser_ends(CLASS_DRIVER, OPEN_PORT, "0", "1");
    expect_trespasser_ends(CLASS_DRIVER, OPEN_PORT, "1", "2");
}

/* A driver at work does not open its ports to who runs next. */
static void ports_user(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (;;) {
        (void)port_read8(OPEN_PORT);
        clock_sleep(1);
    }
}

static void ports_of_a_driver_stay_closed_to_who_runs_after_it(void)
{
    process_id_t driver;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "ports_user", &driver, NULL));
    for (uint32_t i = 0; i < 10; i++) {
        expect_trespasser_ends(CLASS_APPLICATION, OPEN_PORT, "0", NULL);
    }
    EXPECT_OK(process_terminate(driver, 0));
    (void)test_wait_exit(driver);
}

const struct test ports_tests[] = {
    TEST(CLASS_DRIVER, closed_ports_read_as_all_ones),
    TEST(CLASS_DRIVER, accesses_that_reach_into_closed_ports_are_closed),
    TEST(CLASS_DRIVER, writes_to_closed_ports_are_not_performed),
    TEST(CLASS_DRIVER, every_form_of_an_access_is_understood),
    TEST(CLASS_DRIVER, driver_is_unloaded_at_sixteen_strikes_and_the_log_tells_all),
    TEST_WITHIN(60, CLASS_DRIVER, each_port_in_each_width_is_as_the_grant_says),
    TEST(CLASS_SERVER, ports_are_closed_to_servers_and_applications),
    TEST(CLASS_DRIVER, driver_that_gives_up_its_class_gives_up_its_ports),
    TEST(CLASS_DRIVER, ports_of_a_driver_stay_closed_to_who_runs_after_it),
};
const uint32_t ports_test_count = COUNT(ports_tests);

const struct role ports_roles[] = {
    ROLE(ports_reader),
    ROLE(ports_writer),
    ROLE(ports_all_forms),
    ROLE(ports_striker),
    ROLE(ports_sweeper),
    ROLE(ports_trespasser),
    ROLE(ports_user),
};
const uint32_t ports_role_count = COUNT(ports_roles);
