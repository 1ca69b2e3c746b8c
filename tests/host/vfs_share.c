/* Whose open files are how many: what a session can take, and what is left to others. */
#include "servers/vfs/share.h"

#include <string.h>

#include <ternion/syscall.h>

#include "test.h"

#define DRIVER 1U
#define PROCESSES 4000U
#define ENDED 9999U

/* Who started whom: d\init is 1, all others are applications; parents[] is 0 where nobody has said anything. */
static process_id_t parents[PROCESSES];
static uint32_t walks_cut_off;       /* looks at a parent that has just ended */

status_t process_information(process_id_t id, struct process_information *information_out)
{
    if (id == ENDED && walks_cut_off-- == 1) {
        parents[20] = 10;            /* its children have another parent from now on */
    }
    if (id == ENDED || id == 0 || id >= PROCESSES || parents[id] == 0) {
        return BAD_ID;
    }
    memset(information_out, 0, sizeof *information_out);
    information_out->id = id;
    information_out->class = id == DRIVER ? CLASS_DRIVER : CLASS_APPLICATION;
    information_out->parent = id == DRIVER ? KERNEL_PROCESS : parents[id];
    return OK;
}

static void begin(void)
{
    memset(parents, 0, sizeof parents);
    parents[DRIVER] = DRIVER;
    parents[10] = parents[11] = DRIVER;      /* two sessions */
}

static uint32_t open_most(struct share *share)
{
    uint32_t count = 0;

    for (; share_has_room(share, count); count++) {
        CHECK(count < OPEN_FILES_OF_CLIENT_MAX);
        share_count(share, 1);
    }
    return count;
}

static struct share *join(process_id_t process, process_id_t parent)
{
    parents[process] = parent;
    struct share *share = share_join(process);
    CHECK(share != NULL);
    return share;
}

static void close_all(struct share *share, uint32_t count)
{
    share_count(share, -(int32_t)count);
    share_leave(share);
}

/* Seventeen processes with 256 open files each kept all others from opening anything. */
static void session_that_takes_all_it_can_leaves_room_for_others(void)
{
    struct share *hogs[40];
    uint32_t counts[40], all = 0;

    begin();
    for (uint32_t i = 0; i < 40; i++) {
        hogs[i] = join(100 + i, 10);
        counts[i] = open_most(hogs[i]);
        all += counts[i];
    }
    CHECK(counts[0] == OPEN_FILES_OF_CLIENT_MAX && counts[4] == OPEN_FILES_OF_CLIENT_MAX);
    CHECK(all <= (OPEN_FILES_MAX - OPEN_FILES_KEPT) / 2 + 40 * OPEN_FILES_FEW);
    struct share *own = join(150, 10), *other = join(151, 11), *driver = share_join(DRIVER);
    CHECK_EQUAL(open_most(other), OPEN_FILES_OF_CLIENT_MAX);
    CHECK_EQUAL(open_most(driver), OPEN_FILES_OF_CLIENT_MAX);
    CHECK_EQUAL(open_most(own), OPEN_FILES_FEW);
    close_all(other, OPEN_FILES_OF_CLIENT_MAX);
    close_all(driver, OPEN_FILES_OF_CLIENT_MAX);
    close_all(own, OPEN_FILES_FEW);
    for (uint32_t i = 0; i < 40; i++) {
        close_all(hogs[i], counts[i]);
    }
}

/* A few files of each of many processes are many, too. */
static void many_processes_with_few_files_leave_room_for_others(void)
{
    static struct share *crowd[600];
    static uint32_t counts[600];

    begin();
    for (uint32_t i = 0; i < 600; i++) {
        crowd[i] = join(100 + i, 10);
        for (counts[i] = 0; counts[i] < OPEN_FILES_FEW && share_has_room(crowd[i], counts[i]); counts[i]++) {
            share_count(crowd[i], 1);
        }
    }
    CHECK_EQUAL(counts[599], 0);
    struct share *other = join(3000, 11);
    CHECK_EQUAL(open_most(other), OPEN_FILES_FEW);
    close_all(other, OPEN_FILES_FEW);
    for (uint32_t i = 0; i < 600; i++) {
        close_all(crowd[i], counts[i]);
    }
}

/* Orphans of a session that has ended are sessions of their own. */
static void many_sessions_leave_room_for_others(void)
{
    static struct share *hogs[40];
    static uint32_t counts[40];

    begin();
    for (uint32_t i = 0; i < 40; i++) {
        hogs[i] = join(100 + i, DRIVER);
        counts[i] = open_most(hogs[i]);
    }
    struct share *other = join(11, DRIVER);
    uint32_t count = open_most(other);
    CHECK(count >= OPEN_FILES_FEW);
    close_all(other, count);
    for (uint32_t i = 0; i < 40; i++) {
        close_all(hogs[i], counts[i]);
    }
}

static void process_belongs_to_the_oldest_application_above_it(void)
{
    begin();
    struct share *first = join(10, DRIVER), *deep = join(13, 10);
    CHECK(join(14, 13) == first && deep == first && join(11, DRIVER) != first);
    parents[20] = ENDED;
    walks_cut_off = 3;
    CHECK(share_join(20) == first);
    CHECK(share_join(3999) == share_join(DRIVER));       /* it has ended already: whatever it opens is closed at once */
    for (uint32_t i = 0; i < 4; i++) {
        share_leave(first);
    }
}

static const struct test tests[] = {
    TEST(session_that_takes_all_it_can_leaves_room_for_others),
    TEST(many_processes_with_few_files_leave_room_for_others),
    TEST(many_sessions_leave_room_for_others),
    TEST(process_belongs_to_the_oldest_application_above_it),
};

TEST_MAIN(tests)
