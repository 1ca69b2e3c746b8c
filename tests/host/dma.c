/* DMA memory and those who guard it, with the true frames: at random, against a model. */
#include "dma.h"

#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "frame.h"
#include "memory.h"
#include "physical_memory.h"
#include "watch.h"

#define FRAMES 6000U             /* 23 MB: some of it beyond what ISA devices reach */
#define ISA_END 0x01000000U
#define PROCESSES 5U
#define CONTROLLERS 2U           /* the first processes may guard and check */
#define REGIONS 60U
#define IDS 64U
#define STEPS 25000U

static struct region {
    bool alive;                  /* its frames are in use */
    process_id_t owner;          /* alive or dead */
    uint32_t address;
    physical_t physical;
    uint32_t pages;
    uint32_t pattern;            /* what a device has written into it */
} regions[REGIONS];

static struct actor processes[PROCESSES];
static bool guards[PROCESSES][IDS];  /* by the number of the target's birth */
static uint32_t vacant[CONTROLLERS][IDS + 1];    /* guards that have ended without releasing it, by their rights */

#define DMA_CONTROLLER 1U        /* that one of the controllers */
static bool watches[PROCESSES][IDS];
static process_id_t ids[IDS];
static uint32_t births;
static uint32_t frames_before;

/* ---- The model ---- */

static uint32_t birth_of(process_id_t id)
{
    uint32_t birth = 0;

    while (birth < IDS && ids[birth] != id) {
        birth++;
    }
    return birth;
}

static bool is_guarded(process_id_t id)
{
    bool guarded = (vacant[0][birth_of(id)] | vacant[1][birth_of(id)]) != 0;

    for (uint32_t i = 0; i < PROCESSES; i++) {
        guarded |= guards[i][birth_of(id)];
    }
    return guarded;
}

static bool lives(process_id_t id)
{
    for (uint32_t i = 0; i < PROCESSES; i++) {
        if (processes[i].process->id == id) {
            return true;
        }
    }
    return false;
}

/* Memory of the dead that nobody guards goes. */
static void orphans_go(void)
{
    for (uint32_t i = 0; i < REGIONS; i++) {
        regions[i].alive &= lives(regions[i].owner) || is_guarded(regions[i].owner);
    }
}

static uint32_t pages_of(process_id_t owner)
{
    uint32_t pages = 0;

    for (uint32_t i = 0; i < REGIONS; i++) {
        pages += regions[i].alive && (owner == 0 || regions[i].owner == owner) ? regions[i].pages : 0;
    }
    return pages;
}

static uint32_t objects_of(uint32_t process)
{
    uint32_t objects = 0;

    for (uint32_t i = 0; i < REGIONS; i++) {
        objects += regions[i].alive && regions[i].owner == processes[process].process->id;
    }
    for (uint32_t i = 0; i < IDS; i++) {
        objects += guards[process][i] + watches[process][i];
    }
    return objects;
}

static uint32_t *word_at(const struct region *region, uint32_t page)
{
    return (uint32_t *)physical_to_virtual(region->physical + page * PAGE_SIZE) + page % 1024;
}

/* The device of a region writes to every page; what was written must stay as long as the region does. */
static void device_writes(struct region *region)
{
    region->pattern = random_next();
    for (uint32_t page = 0; page < region->pages; page++) {
        *word_at(region, page) = region->pattern + page;
    }
}

static void check_region(const struct region *region)
{
    for (uint32_t page = 0; page < region->pages; page++) {
        CHECK_EQUAL(*word_at(region, page), region->pattern + page);
        CHECK_EQUAL(frame_table.frames[region->physical / PAGE_SIZE + page].state, FRAME_USED);
    }
}

static void check_all(void)
{
    uint32_t objects = 0;

    for (uint32_t i = 0; i < REGIONS; i++) {
        if (regions[i].alive) {
            check_region(&regions[i]);
            objects++;
        }
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        const struct process *process = processes[i].process;

        CHECK_EQUAL(process->account.used[RESOURCE_OBJECTS], objects_of(i));
        CHECK_EQUAL(process->account.used[RESOURCE_FRAMES], MACHINE_FRAMES + pages_of(process->id));
        CHECK_EQUAL(machine_pages_shown(&process->space), pages_of(process->id));
        for (uint32_t target = 0; target < IDS; target++) {
            objects += guards[i][target];
        }
    }
    for (uint32_t target = 0; target < IDS; target++) {
        objects += vacant[0][target] + vacant[1][target];
    }
    CHECK_EQUAL(dma_object_count(), objects);
    CHECK_EQUAL(frame_table.free + pages_of(0) + process_arena.pages + thread_arena.pages, frames_before);
}

/* ---- Operations of the running process ---- */

static void check_new(const struct region *region, uint32_t flags)
{
    physical_t end = region->physical + region->pages * PAGE_SIZE;

    CHECK(region->physical % PAGE_SIZE == 0 && end <= FRAMES * PAGE_SIZE);
    CHECK((flags & DMA_BELOW_16_MB) == 0 || end <= ISA_END);
    CHECK((flags & DMA_WITHIN_64_KB) == 0 || region->physical / 0x10000 == (end - 1) / 0x10000);
    for (const uint8_t *byte = physical_to_virtual(region->physical); byte < (uint8_t *)physical_to_virtual(end); byte += 61) {
        CHECK_EQUAL(*byte, 0);
    }
    for (uint32_t i = 0; i < REGIONS; i++) {
        CHECK(&regions[i] == region || !regions[i].alive || end <= regions[i].physical
              || region->physical >= regions[i].physical + regions[i].pages * PAGE_SIZE);
    }
}

static struct region *free_place(void)
{
    for (uint32_t i = 0; i < REGIONS; i++) {
        if (!regions[i].alive) {
            return &regions[i];
        }
    }
    return NULL;
}

static void some_allocation(uint32_t i)
{
    uint32_t pages = random_one_in(3) ? random_below(DMA_PAGES_MAX + 3) : random_below(20);
    uint32_t flags = random_one_in(10) ? random_below(8) : random_below(4);
    bool bad = pages == 0 || pages > DMA_PAGES_MAX || (flags & 4) != 0 || ((flags & DMA_WITHIN_64_KB) != 0 && pages > 16);
    struct region *region = free_place();
    uint32_t fails_after = random_one_in(8) ? random_below(2) : UINT32_MAX;
    const struct account *account = &processes[i].process->account;
    uint32_t address = 0;
    physical_t physical;

    if (region == NULL) {
        return;
    }
    uint32_t objects = account->limits[RESOURCE_OBJECTS] - account->used[RESOURCE_OBJECTS];
    heap_fail_after(fails_after);
    status_t status = sys_dma_allocate(pages, flags, &address, &physical);
    heap_fail_after(UINT32_MAX);
    if (bad) {
        CHECK_EQUAL(status, BAD_ARGUMENT);
    } else if (!access_has_right(&processes[i].process->access, RIGHT_DMA)) {
        CHECK_EQUAL(status, NOT_ALLOWED);
    } else if (status != OK) {
        CHECK(status == NO_MEMORY || objects == 0);
        CHECK(fails_after != UINT32_MAX || objects == 0 || pages > 16);  /* so small a block is there: few regions are large */
        CHECK_EQUAL(address, 0);
    } else {
        *region = (struct region){ true, processes[i].process->id, address, physical, pages, 0 };
        check_new(region, flags);
        device_writes(region);
    }
}

static void some_free(uint32_t i)
{
    struct region *region = &regions[random_below(REGIONS)];
    bool own = region->alive && region->owner == processes[i].process->id;
    uint32_t address = own && random_one_in(10) ? region->address + 1 : region->address;
    uint32_t birth = birth_of(processes[i].process->id);
    bool busy = guards[DMA_CONTROLLER][birth] || vacant[DMA_CONTROLLER][birth] != 0;
    bool hit = own && address == region->address;

    CHECK_EQUAL(sys_dma_free(address), !hit ? BAD_ARGUMENT : busy ? BUSY : OK);
    if (hit && !busy) {
        region->alive = false;
    }
}

static process_id_t some_id(void)
{
    return random_one_in(12) ? SELF : random_one_in(20) ? random_edgy() : ids[random_one_in(2) ? births - 1 - random_below(births < 8 ? births : 8)
                                                                                               : random_below(births)];
}

static void some_guard(uint32_t i)
{
    process_id_t id = some_id();
    uint32_t birth = birth_of(id);
    const struct account *account = &processes[i].process->account;
    uint32_t left = account->limits[RESOURCE_OBJECTS] - account->used[RESOURCE_OBJECTS];
    status_t expected = i >= CONTROLLERS ? NOT_ALLOWED : id == SELF || id == processes[i].process->id ? BAD_ARGUMENT : !lives(id) ? BAD_ID : OK;
    uint32_t fails_after = random_one_in(8) ? random_below(2) : UINT32_MAX;

    expected = expected == OK && guards[i][birth] ? EXISTS : expected;
    heap_fail_after(fails_after);
    status_t status = sys_dma_guard(id);
    heap_fail_after(UINT32_MAX);
    if (expected == OK && status != OK) {
        CHECK(left < 2 ? status == OVER_QUOTA || fails_after != UINT32_MAX : status == NO_MEMORY && fails_after != UINT32_MAX);
        return;
    }
    CHECK_EQUAL(status, expected);
    if (status == OK) {
        vacant[i][birth] -= vacant[i][birth] != 0;   /* it takes that one's place */
        guards[i][birth] = watches[i][birth] = true;
    }
}

static void some_release(uint32_t i)
{
    process_id_t id = some_id();
    uint32_t birth = birth_of(id);
    bool guarded = birth < IDS && guards[i][birth];
    bool inherits = birth < IDS && !guarded && i < CONTROLLERS && vacant[i][birth] != 0;

    CHECK_EQUAL(sys_dma_release(id), guarded || inherits ? OK : NOT_FOUND);
    if (guarded || inherits) {
        guards[i][birth] = false;
        if (inherits) {
            vacant[i][birth]--;
        }
        orphans_go();
    }
}

/* Bytes in the middle, at the ends, over the ends of a region. */
static void some_check(uint32_t i)
{
    const struct region *region = &regions[random_below(REGIONS)];
    process_id_t id = random_one_in(4) ? some_id() : region->owner;
    process_id_t asked = id == SELF ? processes[i].process->id : id;
    physical_t physical = region->physical + (random_one_in(2) ? random_below(3) : random_below(region->pages * PAGE_SIZE + 1)) - random_below(2);
    uint32_t size = random_one_in(6) ? random_edgy() : random_one_in(2) ? region->pages * PAGE_SIZE - random_below(3) + 1 : random_below(PAGE_SIZE);
    bool inside = false;

    for (uint32_t at = 0; at < REGIONS; at++) {
        inside |= regions[at].alive && regions[at].owner == asked && size > 0 && physical >= regions[at].physical
            && (uint64_t)physical + size <= (uint64_t)regions[at].physical + regions[at].pages * PAGE_SIZE;
    }
    CHECK_EQUAL(sys_dma_check(id, physical, size), i >= CONTROLLERS ? NOT_ALLOWED : !lives(asked) ? BAD_ID : inside ? OK : NOT_ALLOWED);
}

static void some_events(uint32_t i)
{
    while (sys_event_poll(&processes[i].memory->event) == OK) {
        const struct event *event = &processes[i].memory->event;

        CHECK(event->kind == EVENT_PROCESS_EXITED && watches[i][birth_of(event->id)] && !lives(event->id));
        watches[i][birth_of(event->id)] = false;
    }
}

/* ---- Processes ---- */

static void process_begin(uint32_t i)
{
    struct access access = machine_access;
    struct grant limits = { .limits = { [RESOURCE_OBJECTS] = random_one_in(3) ? 5 : 28 } };
    struct process *process;

    access.rights = i < CONTROLLERS ? (i == 0 ? RIGHT_PCI : RIGHT_DMA_CONTROLLER | RIGHT_DMA) : random_one_in(4) ? 0 : RIGHT_DMA;
    CHECK_EQUAL(machine_process_create(CLASS_DRIVER, "d\\driver", NULL, &limits, &access, &process), OK);
    processes[i] = actor_in(process);
    ids[births++] = process->id;
}

static bool has_memory(process_id_t owner)
{
    return pages_of(owner) != 0;
}

/* Its guards' places are vacant, as long as there is something to guard; and so are those over itself. */
static void guard_leaves(uint32_t i, process_id_t dead)
{
    if (!is_guarded(dead) || !has_memory(dead)) {
        vacant[0][birth_of(dead)] = vacant[1][birth_of(dead)] = 0;
    }
    for (uint32_t birth = 0; birth < births; birth++) {
        bool target_lives = lives(ids[birth]) && ids[birth] != dead;

        if (guards[i][birth] && (target_lives || has_memory(ids[birth]))) {
            vacant[i][birth]++;
        }
        guards[i][birth] = false;
    }
}

static void process_dies(uint32_t i)
{
    struct actor dead = processes[i];
    process_id_t id = dead.process->id;

    actor_end(&dead);
    user_memory_remove(dead.memory);
    free(dead.memory);
    guard_leaves(i, id);
    memset(watches[i], 0, sizeof watches[i]);
    process_begin(i);
    orphans_go();
}

static void step(void)
{
    uint32_t i = random_one_in(2) ? random_below(PROCESSES) : random_below(CONTROLLERS);

    actor_run(&processes[i]);
    switch (random_below(10)) {
    case 0:
    case 1:
        some_allocation(i);
        break;
    case 2:
        some_free(i);
        break;
    case 3:
        some_guard(i);
        break;
    case 4:
        some_release(i);
        break;
    case 5:
        some_events(i);
        break;
    case 6:
        if (births < IDS && random_one_in(STEPS / 600)) {
            process_dies(i);
        }
        break;
    default:
        some_check(i);
    }
}

static void begin(void)
{
    physical_memory_create(FRAMES);
    frames_before = frame_table.free;
    machine_begin();
}

/* The last controller sees to what others have left. */
static void release_all_places(struct actor *controller)
{
    actor_run(controller);
    controller->process->access.rights |= RIGHT_PCI | RIGHT_DMA_CONTROLLER;
    for (uint32_t birth = 0; birth < births; birth++) {
        while (sys_dma_release(ids[birth]) == OK) {
        }
    }
}

static void dma_memory_agrees_with_the_model_whatever_happens(void)
{
    begin();
    for (uint32_t i = 0; i < PROCESSES; i++) {
        process_begin(i);
    }
    for (uint32_t i = 0; i < STEPS; i++) {
        step();
        check_all();
    }
    for (uint32_t i = PROCESSES; i-- > 0;) {
        if (i == 0) {
            release_all_places(&processes[i]);
        }
        actor_end(&processes[i]);
    }
    CHECK_EQUAL(dma_object_count(), 0);
    CHECK_EQUAL(heap_objects(), 0);
    CHECK_EQUAL(frame_table.free, frames_before);
    CHECK(births > IDS / 2);
}

/* ---- Told one by one ---- */

static struct actor new_driver(const char *name, uint32_t rights)
{
    struct access access = machine_access;

    access.rights = rights;
    return actor_with(name, &access);
}

static physical_t allocate(const struct actor *actor, uint32_t pages, uint32_t flags)
{
    uint32_t address;
    physical_t physical;

    actor_run(actor);
    CHECK_EQUAL(sys_dma_allocate(pages, flags, &address, &physical), OK);
    return physical;
}

static enum frame_state state_of(physical_t physical)
{
    return frame_table.frames[physical / PAGE_SIZE].state;
}

static void memory_of_the_dead_waits_for_all_its_guards(void)
{
    begin();
    struct actor pci = new_driver("d\\pci", RIGHT_PCI);
    struct actor controller = new_driver("d\\dma", RIGHT_DMA_CONTROLLER);
    struct actor driver = new_driver("d\\disk", RIGHT_DMA);
    struct actor driver_that_comes = new_driver("d\\sound", RIGHT_DMA);
    struct actor successor = new_driver("d\\dma2", RIGHT_DMA_CONTROLLER);
    process_id_t id = driver.process->id;
    physical_t physical = allocate(&driver, 3, 0);

    actor_run(&pci);
    CHECK_EQUAL(sys_dma_guard(id), OK);
    actor_run(&controller);
    CHECK_EQUAL(sys_dma_guard(id), OK);
    actor_end(&driver);
    CHECK_EQUAL(state_of(physical), FRAME_USED);
    actor_run(&pci);
    CHECK_EQUAL(sys_dma_guard(id), BAD_ID);
    CHECK_EQUAL(sys_dma_release(id), OK);
    CHECK_EQUAL(sys_dma_release(id), NOT_FOUND);
    CHECK_EQUAL(state_of(physical), FRAME_USED);
    actor_end(&controller);      /* its place is vacant */
    CHECK_EQUAL(state_of(physical), FRAME_USED);
    actor_run(&driver_that_comes);
    CHECK_EQUAL(sys_dma_release(id), NOT_FOUND);
    actor_run(&pci);
    CHECK_EQUAL(sys_dma_release(id), NOT_FOUND);     /* that is another right's */
    actor_run(&successor);
    CHECK_EQUAL(sys_dma_release(id), OK);
    CHECK(state_of(physical) != FRAME_USED);
    CHECK_EQUAL(dma_object_count(), 0);
}

static void guard_that_comes_after_an_end_holds_nothing(void)
{
    begin();
    struct actor pci = new_driver("d\\pci", RIGHT_PCI);
    struct actor driver = new_driver("d\\disk", RIGHT_DMA);
    process_id_t id = driver.process->id;
    physical_t physical = allocate(&driver, 1, 0);

    actor_end(&driver);
    CHECK(state_of(physical) != FRAME_USED);
    actor_run(&pci);
    CHECK_EQUAL(sys_dma_guard(id), BAD_ID);
    CHECK_EQUAL(sys_dma_release(id), NOT_FOUND);
}

/* Whoever held a page of it in address_wait holds a frame of its own, not the block. */
static void each_page_is_a_frame_for_itself(void)
{
    begin();
    struct actor driver = new_driver("d\\disk", RIGHT_DMA);
    physical_t physical = allocate(&driver, 5, 0);

    for (uint32_t page = 0; page < 5; page++) {
        const struct frame *frame = &frame_table.frames[physical / PAGE_SIZE + page];

        CHECK(frame->state == FRAME_USED && frame->order == 0 && frame->references == 1);
    }
    for (uint32_t page = 5; page < 8; page++) {
        CHECK(state_of(physical + page * PAGE_SIZE) != FRAME_USED);  /* what was not asked for is free */
    }
    actor_end(&driver);
}

static void a_driver_with_dma_memory_stays_a_driver(void)
{
    begin();
    struct actor driver = new_driver("d\\disk", RIGHT_DMA);
    uint32_t address;
    physical_t physical;

    actor_run(&driver);
    CHECK_EQUAL(sys_dma_allocate(1, 0, &address, &physical), OK);
    CHECK_EQUAL(sys_process_downgrade(CLASS_APPLICATION), BUSY);
    CHECK_EQUAL(sys_dma_free(address), OK);
    CHECK_EQUAL(sys_process_downgrade(CLASS_APPLICATION), OK);
    CHECK_EQUAL(sys_dma_allocate(1, 0, &address, &physical), NOT_ALLOWED);
}

static void controller_that_gives_up_its_class_leaves_its_place(void)
{
    begin();
    struct actor pci = new_driver("d\\pci", RIGHT_PCI);
    struct actor driver = new_driver("d\\disk", RIGHT_DMA);
    struct actor next = new_driver("d\\pci2", RIGHT_PCI);
    process_id_t id = driver.process->id;
    physical_t physical = allocate(&driver, 1, 0);

    actor_run(&pci);
    CHECK_EQUAL(sys_dma_guard(driver.process->id), OK);
    actor_end(&driver);
    CHECK_EQUAL(state_of(physical), FRAME_USED);
    actor_run(&pci);
    CHECK_EQUAL(sys_process_downgrade(CLASS_SERVER), OK);
    CHECK_EQUAL(state_of(physical), FRAME_USED);
    actor_run(&next);
    CHECK_EQUAL(sys_dma_release(id), OK);
    CHECK(state_of(physical) != FRAME_USED);
}

static const struct test tests[] = {
    TEST(dma_memory_agrees_with_the_model_whatever_happens),
    TEST(memory_of_the_dead_waits_for_all_its_guards),
    TEST(guard_that_comes_after_an_end_holds_nothing),
    TEST(each_page_is_a_frame_for_itself),
    TEST(a_driver_with_dma_memory_stays_a_driver),
    TEST(controller_that_gives_up_its_class_leaves_its_place),
};
TEST_MAIN(tests)
