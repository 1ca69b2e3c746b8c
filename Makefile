# The one build file. Each folder's build.mk only lists sources; `make help` lists what can be made.
#
#   build/kernel.elf  build/libos.a  build/libvm86.a  build/crt0.o  build/modules/NAME.elf  build/debug-modules/NAME.elf  build/ternion*.{iso,img}  build/sdk/
#   build/tools/                    programs of the host for who works on BIOSes
#   build/obj/{kernel,user,host,host-tools,linux}/   objects: one source may be compiled for more than one side
#   build/generated/                what is made from kernel/include/abi/syscall.def and kernel/i386/offsets.c

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

build := build

# DEBUG=1: the kernel checks itself more. Use it with a build folder of its own: make DEBUG=1 build=build/debug kernel
DEBUG := 0

# ---- What there is to build -------------------------------------------------------------------------

folders := kernel libos libc vm86 \
           drivers/init drivers/console drivers/serial drivers/hello drivers/virtual drivers/pci drivers/rtc \
           drivers/speaker drivers/ps2 drivers/virtual_display drivers/bios drivers/vesa \
           servers/hello servers/input servers/debug servers/vfs servers/terminal servers/tasks apps/log apps/hello apps/devices apps/date apps/keys apps/trace apps/biostrace apps/modes apps/picture apps/shell tests/guest tests/guest/test tests/guest/bench tests/guest/witness tests/guest/conformance tests/guest/broken tests/host tests/linux tests/guest/libc tests/guest/typist tests/guest/clerk tests/guest/reader tests/guest/buses tests/guest/edu tests/guest/painter tests/guest/artist tools/bios_replay tests/vm86 tests/guest/opcodes tests/guest/bystander tests/guest/keeper tests/guest/borrower tests/guest/storm tests/guest/suite tests/guest/session tests/guest/lost apps/command apps/files apps/text apps/system tests/guest/batch

programs   :=
libc_programs :=
shared_programs :=
commands   :=
host_tests :=
fuzz_tests :=
linux_programs :=
host_tools :=
-include $(folders:%=%/build.mk)

# The programs of a prompt. There are many: each is as small as it can be, and has no symbols (those are in debug-modules).
shared_programs += $(commands)
$(foreach source,$(sort $(command_sources) $(foreach p,$(commands),$($(p)_sources))),$(eval flags/$(source) = $$(small_flags)))

# Drivers and servers are in memory for as long as the machine runs: small goes before fast, but where a folder says otherwise.
$(foreach source,$(filter drivers/% servers/% apps/log/%,$(foreach p,$(programs),$($(p)_sources))),$(eval flags/$(source) ?= $$(small_flags)))

# ---- Tools ------------------------------------------------------------------------------------------

cross   := i686-linux-gnu-
CC      := $(cross)gcc
AR      := $(cross)ar
NM      := $(cross)nm
OBJCOPY := $(cross)objcopy
NASM    := nasm
HOST_CC := gcc
FUZZ_CC := clang

# Asked of the compiler once, when the first recipe needs it: at parse time it may not be installed yet.
gcc_headers = $(eval gcc_headers := $$(shell $(CC) -print-file-name=include))$(gcc_headers)
libgcc      = $(eval libgcc := $$(shell $(CC) -march=i486 -print-libgcc-file-name))$(libgcc)

comma := ,
V := 0
ifeq ($(V),0)
quiet = @printf '  %-7s %s\n' '$(1)' '$(2)';
else
quiet =
endif

# ---- Flags ------------------------------------------------------------------------------------------

warnings := -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wvla \
            -Wwrite-strings -Wpointer-arith

# i486: no CMOV, CPUID, MMX; and neither endbr32 nor long NOPs, which a 486 does not know either.
target_flags := -std=gnu2x -march=i486 -mtune=generic -ffreestanding -fno-pic -fno-pie -fno-common \
                -fno-asynchronous-unwind-tables -fcf-protection=none -fno-stack-protector
c_flags       = -O2 -g $(warnings) -nostdinc -isystem $(gcc_headers)

kernel_flags = $(target_flags) $(c_flags) -mgeneral-regs-only -mregparm=3 -fno-omit-frame-pointer -momit-leaf-frame-pointer -fno-tree-loop-distribute-patterns -falign-functions=4 -falign-jumps=1 -falign-loops=1 -falign-labels=1 -DTERNION_KERNEL $(if $(filter-out 0,$(DEBUG)),-DKERNEL_DEBUG) \
               -Ikernel -Ikernel/include -I$(build)/generated -I$(build)/generated/kernel -I$(build)/generated/include
$(foreach source,$(kernel_small),$(eval flags/$(source) := -Oz))
# Programs take only the functions that they call: a page saved is a page saved in every process.
# Frame pointers are for backtraces of what made a mistake; they cost programs neither size nor time that could be measured.
user_target_flags := $(target_flags) -ffunction-sections -fdata-sections -fno-omit-frame-pointer
user_flags   = $(user_target_flags) $(c_flags) -Ilibos/include -Ilibos/i386/include -Ivm86/include -Ikernel/include -I$(build)/generated/include
# What every small program has a part of. Without SSE nothing wants a stack that is aligned to 16 bytes.
small_flags := -Os -mpreferred-stack-boundary=2
# With the C library: hosted, its headers, and no Linux that the compiler would say.
newlib      := $(build)/ports/newlib
hosted_flags := -fhosted -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -D__ternion__=1
libc_flags   = $(user_flags) $(hosted_flags) -iquote . -D_GNU_SOURCE -Ilibc/include -isystem $(newlib)/include
nasm_flags  := -f elf32 -g -F dwarf -Werror -Wno-error=reloc-rel-dword -I$(build)/generated/ -Ikernel/i386/ -Ilibos/i386/
host_flags  := -std=gnu2x -O1 -g -m32 -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer -Wall -Wextra -Werror -DHOST_TEST \
               -iquote tests/host -iquote kernel -iquote $(build)/generated/kernel \
               -Ikernel/include -I$(build)/generated/include

link_flags := -march=i486 -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,max-page-size=4096 \
             -Wl,-z,noseparate-code -Wl,-z,noexecstack -Wl,--fatal-warnings
user_link_flags := $(link_flags) -Wl,--gc-sections

# ---- Packages ---------------------------------------------------------------------------------------

# `make` only says what is missing; the goals that run something install it.
package_sets := build
ifneq (,$(filter run debug screenshot bench test ports-test,$(MAKECMDGOALS)))
package_sets += run
endif
ifneq (,$(filter debug,$(MAKECMDGOALS)))
package_sets += debug
endif
ifneq (,$(filter run-bochs test,$(MAKECMDGOALS)))
package_sets += bochs
endif
ifneq (,$(filter test ports-test screenshot bench,$(MAKECMDGOALS)))
package_sets += test
endif
ifneq (,$(filter docs,$(MAKECMDGOALS)))
package_sets += docs
endif
package_mode := $(if $(filter-out build,$(package_sets)),,--check)

.PHONY: packages
packages:
	@tools/install-packages $(package_mode) $(package_sets)

# ---- Names of what is built -------------------------------------------------------------------------

kernel     := $(build)/kernel.elf
libos      := $(build)/libos.a
libc       := $(build)/libc.a
libm       := $(newlib)/libm.a
vm86       := $(build)/libvm86.a
crt0       := $(build)/crt0.o
shared_libc := $(build)/modules/libc.elf
modules    := $(patsubst %,$(build)/modules/%.elf,$(programs) $(libc_programs) $(shared_programs)) $(shared_libc)
host_programs := $(host_tests:%=$(build)/tests/host/%)
images     := $(build)/ternion.iso $(build)/ternion-floppy.img $(build)/ternion-disk.img $(build)/ternion-486.iso

syscall_headers := $(addprefix $(build)/generated/,include/abi/syscall_numbers.h include/ternion/syscall.h \
                     include/ternion/syscall_table.h kernel/syscall_handlers.h)
syscall_sources := $(addprefix $(build)/generated/,kernel/syscall_dispatch.c libos/syscall_stubs.asm \
                     libos/syscall_table.c)
syscall_manual  := $(build)/docs/syscalls.md
offsets         := $(build)/generated/offsets.inc

kernel_objects := $(patsubst %,$(build)/obj/kernel/%.o,$(kernel_sources) $(filter $(build)/generated/kernel/%,$(syscall_sources)))
libos_objects  := $(patsubst %,$(build)/obj/user/%.o,$(libos_sources) $(filter $(build)/generated/libos/%,$(syscall_sources)))
libc_objects   := $(patsubst %,$(build)/obj/libc/%.o,$(libc_sources))
vm86_objects   := $(patsubst %,$(build)/obj/user/%.o,$(vm86_sources))
user_objects   := $(sort $(libos_objects) $(libc_objects) $(vm86_objects) $(foreach p,$(programs),$($(p)_sources:%=$(build)/obj/user/%.o)) \
                  $(foreach p,$(libc_programs) $(shared_programs) command,$($(p)_sources:%=$(build)/obj/libc/%.o)))
linux_objects  := $(foreach p,$(linux_programs),$(linux_$(p)_sources:%=$(build)/obj/linux/%.o))
# The folder of a host test's objects: named after its compiler and the flags that it has beyond host_flags.
empty     :=
host_kind  = $(if $(filter $(1),$(fuzz_tests)),fuzz,test)$(subst =,.,$(subst /,.,$(subst $(empty) $(empty),,$($(1)_flags))))

host_objects   := $(foreach t,$(host_tests),$($(t)_sources:%=$(build)/obj/host/$(call host_kind,$(t))/%.o)) $(foreach t,$(host_tools),$($(t)_sources:%=$(build)/obj/host-tools/$(t)/%.o))

.PHONY: all kernel libos libc modules images sdk host-tests host-tools linux-programs
all: $(kernel) $(modules) $(build)/cpu-checked sdk images
kernel: $(kernel)
libos: $(libos) $(vm86) $(crt0)
libc: $(libc)
modules: $(modules)
images: $(images)
host-tests: $(host_programs)
host-tools: $(host_tools:%=$(build)/tools/%)
linux-programs: $(linux_programs:%=$(build)/tests/linux/%)

# ---- Generated sources ------------------------------------------------------------------------------

$(syscall_headers) $(syscall_sources) $(syscall_manual) &: \
  kernel/include/abi/syscall.def kernel/include/abi/status.h tools/generate-syscalls \
  $(wildcard tools/syscall_generator/*.py) | packages
	$(call quiet,GEN,$<)tools/generate-syscalls $< --out $(build)/generated

# The constants that assembly needs of C, taken from what the compiler writes: "->NAME VALUE".
$(offsets): kernel/i386/offsets.c Makefile | packages $(syscall_headers)
	$(call quiet,GEN,$@)mkdir -p $(@D) && \
	$(CC) $(kernel_flags) -MMD -MP -MT $@ -MF $(build)/generated/offsets.d -S $< -o $(build)/generated/offsets.s && \
	sed -n 's/^->\([A-Za-z_0-9]*\) \(-\{0,1\}[0-9]*\)$$/\1 equ \2/p' $(build)/generated/offsets.s >$@

# ---- Compiling --------------------------------------------------------------------------------------

$(build)/obj/kernel/%.c.o: %.c Makefile | packages $(syscall_headers)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(CC) $(kernel_flags) $(flags/$<) -MMD -MP -c $< -o $@

$(build)/obj/kernel/%.asm.o: %.asm Makefile $(offsets) | packages $(syscall_headers)
	$(call quiet,NASM,$<)mkdir -p $(@D) && $(NASM) $(nasm_flags) -MD $(@:.o=.d) -MP -MT $@ $< -o $@

$(build)/obj/user/%.c.o: %.c Makefile | packages $(syscall_headers)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(CC) $(user_flags) $(flags/$<) -MMD -MP -c $< -o $@

$(build)/obj/user/%.asm.o: %.asm Makefile | packages $(syscall_headers)
	$(call quiet,NASM,$<)mkdir -p $(@D) && $(NASM) $(nasm_flags) -MD $(@:.o=.d) -MP -MT $@ $< -o $@

# A folder's build.mk says how its sources are compiled.
$(foreach folder,$(folders),$(eval $(filter $(foreach side,kernel user libc,$(build)/obj/$(side)/$(folder)/%),$(kernel_objects) $(user_objects)): $(wildcard $(folder)/build.mk)))
-include $(patsubst %.o,%.d,$(kernel_objects) $(user_objects) $(host_objects) $(linux_objects) $(build)/obj/user/libos/i386/start.asm.o)
-include $(build)/generated/offsets.d

# ---- The kernel -------------------------------------------------------------------------------------

# Linked twice: the second time with the names and addresses of the first one's functions, for backtraces.
# The table comes last in the read-only data, so no function moves; generate-symbols --check makes sure.
link_kernel = $(CC) $(link_flags) -T kernel/i386/kernel.ld -Wl,-Map=$(@:.elf=.map) -o $@ $(filter %.o,$^)

$(build)/obj/kernel/symbols/none.asm: tools/generate-symbols | packages
	$(call quiet,GEN,$@)mkdir -p $(@D) && tools/generate-symbols </dev/null >$@

$(build)/obj/kernel/symbols/all.asm: $(build)/obj/kernel/kernel-without-symbols.elf tools/generate-symbols
	$(call quiet,GEN,$@)$(NM) -n $< | tools/generate-symbols >$@

$(build)/obj/kernel/symbols/%.asm.o: $(build)/obj/kernel/symbols/%.asm Makefile
	$(call quiet,NASM,$<)$(NASM) $(nasm_flags) $< -o $@

$(build)/obj/kernel/kernel-without-symbols.elf: $(kernel_objects) $(build)/obj/kernel/symbols/none.asm.o kernel/i386/kernel.ld
	$(call quiet,LD,$@)$(link_kernel)

$(kernel): $(kernel_objects) $(build)/obj/kernel/symbols/all.asm.o kernel/i386/kernel.ld
	$(call quiet,LD,$@)$(link_kernel) && $(NM) -n $@ | tools/generate-symbols --check $(build)/obj/kernel/symbols/all.asm

# ---- The user library and the programs --------------------------------------------------------------

$(libos): $(libos_objects)
	$(call quiet,AR,$@)rm -f $@ && $(AR) rcsD $@ $^

# newlib is built once and kept outside (ports/newlib/build). Its parts that libc/ has in a better way are taken out.
$(newlib)/libc.a: ports/newlib/build $(addprefix libc/include/,sys/config.h sys/features.h sys/_pthreadtypes.h machine/_types.h) | packages
	$(call quiet,PORT,newlib)ports/newlib/build libc/include $(newlib) $(user_target_flags) -fhosted

$(libm): $(newlib)/libc.a ;

$(build)/obj/libc/%.c.o: %.c Makefile $(newlib)/libc.a | packages $(syscall_headers)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(CC) $(libc_flags) $(flags/$<) -MMD -MP -c $< -o $@

$(libc): $(libc_objects) $(newlib)/libc.a ports/newlib/replaced.list
	$(call quiet,AR,$@)rm -f $@ && cp $(newlib)/libc.a $@ && \
	$(AR) dD $@ $$(sed 's/#.*//' ports/newlib/replaced.list) && $(AR) qsD $@ $(libc_objects)

$(vm86): $(vm86_objects)
	$(call quiet,AR,$@)rm -f $@ && $(AR) rcsD $@ $^

$(crt0): $(build)/obj/user/libos/i386/start.asm.o
	$(call quiet,COPY,$@)cp $< $@

# Modules stay in memory for ever, so they have the symbols that a\debug reads, but nothing for gdb: that is in debug-modules.
define program_rule
$(build)/modules/$(1).elf: $(patsubst %,$(build)/obj/user/%.o,$($(1)_sources)) $(crt0) $(vm86) $(libos) libos/program.ld
	$$(call quiet,LD,$$@)mkdir -p $$(@D) $(build)/debug-modules && \
	$(CC) $(user_link_flags) -T libos/program.ld -o $(build)/debug-modules/$(1).elf $(crt0) $$(filter $(build)/obj/%,$$^) $(vm86) $(libos) $$(libgcc) && \
	$(OBJCOPY) --strip-debug $(build)/debug-modules/$(1).elf $$@
endef
$(foreach p,$(programs),$(eval $(call program_rule,$(p))))

# Programs of the C library. libos stands first: what both have (strlen, malloc) is its own, and a program without stdio stays small.
define libc_program_rule
$(build)/modules/$(1).elf: $(patsubst %,$(build)/obj/libc/%.o,$($(1)_sources)) $(crt0) $(vm86) $(libos) $(libc) $(libm) libos/program.ld
	$$(call quiet,LD,$$@)mkdir -p $$(@D) $(build)/debug-modules && \
	$(CC) $(user_link_flags) -T libos/program.ld -o $(build)/debug-modules/$(1).elf $(crt0) $$(filter $(build)/obj/%,$$^) \
	-Wl,--start-group $(vm86) $(libos) $(libc) $(libm) $$(libgcc) -Wl,--end-group && \
	$(OBJCOPY) --strip-debug $(build)/debug-modules/$(1).elf $$@
endef
$(foreach p,$(libc_programs),$(eval $(call libc_program_rule,$(p))))

# The programs of the standard system share one library, a module of its own: what they call of the C library, and what those of a
# prompt have in common (apps/command), linked to a fixed address. They are linked to its symbols, and begin behind it. libc/library.ld
# says more.
program_base     := 0x00240000
link_shared       = $(CC) $(user_link_flags) -Wl,--defsym=program_base=$(program_base)
common_objects   := $(command_sources:%=$(build)/obj/libc/%.o)
shared_objects    = $(patsubst %,$(build)/obj/libc/%.o,$(filter-out $(command_sources),$(sort $(foreach p,$(1),$($(p)_sources)))))
start_of_program := $(crt0) $(build)/obj/libc/libc/program.c.o

# program_run is the program's; the library only names it, to be linked with it where it is not shared.
$(shared_libc) $(build)/debug-modules/libc.elf &: $(call shared_objects,$(shared_programs)) $(start_of_program) $(common_objects) $(vm86) $(libos) $(libc) $(libm) libc/library.ld
	$(call quiet,LD,$(shared_libc))mkdir -p $(build)/modules $(build)/debug-modules && \
	$(NM) -u -P $(filter %.o,$^) | awk '$$2 == "U" { print "-u", $$1 }' | sort -u >$(build)/generated/libc.needed && \
	$(link_shared) -T libc/library.ld -Wl,--build-id=sha1 -Wl,--defsym=program_run=0 @$(build)/generated/libc.needed \
	-o $(build)/debug-modules/libc.elf -Wl,--start-group $(common_objects) $(vm86) $(libos) $(libc) $(libm) $(libgcc) -Wl,--end-group && \
	$(OBJCOPY) --strip-debug --discard-all $(build)/debug-modules/libc.elf $(shared_libc)

# Its symbols, as far as a program has none of its own; and its mark.
$(build)/generated/libc.symbols: $(build)/debug-modules/libc.elf
	$(call quiet,GEN,$@)$(NM) -g --defined-only $< >$@.names && awk '{ printf "PROVIDE(%s = 0x%s);\n", $$3, $$1 }' $@.names >$@.new && mv $@.new $@

$(build)/generated/libc.mark: $(shared_libc)
	$(call quiet,GEN,$@)$(OBJCOPY) -O binary -j .interp $< $@.new && mv $@.new $@

$(build)/obj/libc/mark.o: $(build)/generated/libc.mark
	$(call quiet,NASM,$@)printf 'section .interp alloc noexec nowrite progbits\nincbin "%s"\n' $< >$(build)/generated/mark.asm && $(NASM) $(nasm_flags) $(build)/generated/mark.asm -o $@

define shared_program_rule
$(build)/modules/$(1).elf: $(call shared_objects,$(1)) $(start_of_program) $(build)/obj/libc/mark.o $(build)/generated/libc.symbols libos/program.ld
	$$(call quiet,LD,$$@)$$(link_shared) $(if $(filter $(1),$(commands)),-Wl$(comma)--defsym=small_file=1) -T libos/program.ld -o $(build)/debug-modules/$(1).elf \
	$$(filter %.o,$$^) $(build)/generated/libc.symbols && \
	$(OBJCOPY) $(if $(filter $(1),$(commands)),--strip-all,--strip-debug) $(build)/debug-modules/$(1).elf $$@
endef
$(foreach p,$(shared_programs),$(eval $(call shared_program_rule,$(p))))

# ---- Nothing above an i486, except where tested for -------------------------------------------------

cpu_features := $(wildcard kernel/i386/cpu-features.txt libos/i386/cpu-features.txt tests/guest/test/i386/cpu-features.txt tests/guest/bench/i386/cpu-features.txt)

$(build)/cpu-checked: $(kernel) $(modules) $(cpu_features) tools/check-cpu
	$(call quiet,CHECK,instructions of $(words $(kernel) $(modules)) programs)tools/check-cpu \
	$(foreach list,$(cpu_features),--allow $(list)) $(kernel) $(modules:$(build)/modules/%=$(build)/debug-modules/%) && touch $@

# ---- Host tests: the portable parts, with the address and undefined-behaviour sanitizers -----------

# Fuzzers are host tests too; libFuzzer comes with clang, and wants a C++ library but not its headers.
host_compiler  = $(if $(filter $(1),$(fuzz_tests)),$(FUZZ_CC) -fsanitize=fuzzer-no-link,$(HOST_CC)) $(host_flags)
fuzz_libraries = $$($(FUZZ_CC) -print-resource-dir)/lib/linux/libclang_rt.fuzzer_no_main-i386.a -l:libstdc++.so.6 -lm

# 1: a kind of objects, see host_kind. 2: a test with such. Tests with the same flags share their objects.
define host_object_rule
$(build)/obj/host/$(1)/%.c.o: %.c Makefile | packages $(syscall_headers)
	$$(call quiet,HOSTCC,$$<)mkdir -p $$(@D) && $(call host_compiler,$(2)) $($(2)_flags) -MMD -MP -c $$< -o $$@
endef
$(foreach kind,$(sort $(foreach t,$(host_tests),$(call host_kind,$(t)))),$(eval \
    $(call host_object_rule,$(kind),$(firstword $(foreach t,$(host_tests),$(if $(filter $(kind),$(call host_kind,$(t))),$(t)))))))

define host_test_rule
$(build)/tests/host/$(1): $($(1)_sources:%=$(build)/obj/host/$(call host_kind,$(1))/%.o)
	$$(call quiet,HOSTLD,$$@)mkdir -p $$(@D) && $(call host_compiler,$(1)) $$^ $$(if $(filter $(1),$(fuzz_tests)),$$(fuzz_libraries)) -o $$@
endef
$(foreach t,$(host_tests),$(eval $(call host_test_rule,$(t))))

# ---- Tools that are programs of the host -----------------------------------------------------------

host_tool_flags := -std=gnu2x -O2 -g $(warnings) -fsanitize=undefined -fno-sanitize-recover=all -Ikernel/include -I$(build)/generated/include

define host_tool_rule
$(build)/obj/host-tools/$(1)/%.c.o: %.c Makefile | packages $(syscall_headers)
	$$(call quiet,HOSTCC,$$<)mkdir -p $$(@D) && $(HOST_CC) $(host_tool_flags) $($(1)_flags) -MMD -MP -c $$< -o $$@

$(build)/tools/$(1): $($(1)_sources:%=$(build)/obj/host-tools/$(1)/%.o)
	$$(call quiet,HOSTLD,$$@)mkdir -p $$(@D) && $(HOST_CC) $(host_tool_flags) $$^ -o $$@
endef
$(foreach t,$(host_tools),$(eval $(call host_tool_rule,$(t))))

# ---- Programs for Linux, which is measured beside Ternion ------------------------------------------

linux_flags = $(target_flags) $(c_flags) -Itests/linux

$(build)/obj/linux/%.c.o: %.c Makefile | packages
	$(call quiet,CC,$<)mkdir -p $(@D) && $(CC) $(linux_flags) -MMD -MP -c $< -o $@

$(build)/obj/linux/%.asm.o: %.asm Makefile | packages
	$(call quiet,NASM,$<)mkdir -p $(@D) && $(NASM) $(nasm_flags) $< -o $@

define linux_program_rule
$(build)/tests/linux/$(1): $(linux_$(1)_sources:%=$(build)/obj/linux/%.o)
	$$(call quiet,LD,$$@)mkdir -p $$(@D) && $(CC) $(link_flags) -o $$@ $$^
endef
$(foreach p,$(linux_programs),$(eval $(call linux_program_rule,$(p))))

# ---- Images -----------------------------------------------------------------------------------------

boot_files := $(wildcard iso/* tests/guest/*.list tools/boot_image/*.py) tools/mkimage

$(build)/ternion.iso:        image_kind := iso
$(build)/ternion-floppy.img: image_kind := floppy
$(build)/ternion-disk.img:   image_kind := disk
$(build)/ternion-486.iso:    image_kind := iso --grub2

# The entry `graphics` shows it.
demo_picture := $(build)/modules/demo.png

$(demo_picture): tools/generate-picture | packages
	$(call quiet,DRAW,$@)mkdir -p $(@D) && tools/generate-picture $@

$(images): $(kernel) $(modules) $(demo_picture) $(boot_files)
	$(call quiet,IMAGE,$@)tools/mkimage $(image_kind) --build $(build) -o $@

# ---- The SDK ----------------------------------------------------------------------------------------

sdk          := $(build)/sdk
sdk_headers  := libos/include libos/i386/include vm86/include kernel/include $(build)/generated/include
sdk_contents := $(shell find libos/include libos/i386/include vm86/include kernel/include libc/include libos/examples tools/sdk -type f 2>/dev/null)
sdk_tools    := ar ranlib strip ld nm objcopy objdump readelf size strings

# What other systems have in libraries of their own and programs' makefiles ask for by name: it is in libc.a.
libc_parts   := pthread rt dl

# What every program has to have stands behind what its makefile says: CPUs of all kinds, one address.
sdk_fixed_flags := -fno-pic -fno-pie -fcf-protection=none -mstack-protector-guard=global
sdk_fill     = sed 's|@USER_FLAGS@|$(user_target_flags) $(hosted_flags) -g|; s|@FIXED_FLAGS@|$(sdk_fixed_flags)|; s|@LINK_FLAGS@|$(filter-out -Wl$(comma)--fatal-warnings,$(user_link_flags))|; s|@ABI_VERSION@|$(abi_version)|'
abi_version  = $(shell grep -o 'ABI_VERSION [0-9]*' kernel/include/abi/types.h | cut -d ' ' -f 2)

sdk: $(sdk)/bin/ternion-cc

$(sdk)/bin/ternion-cc: tools/ternion-cc $(vm86) $(libos) $(libc) $(libm) $(crt0) libos/program.ld $(sdk_contents) $(syscall_headers) Makefile
	$(call quiet,SDK,$(sdk))rm -rf $(sdk) && mkdir -p $(addprefix $(sdk)/,bin include newlib examples lib/pkgconfig lib/cmake/Ternion share/cmake/Platform) && \
	for folder in $(sdk_headers); do cp -R $$folder/. $(sdk)/include/ || exit 1; done && \
	cp -R libc/include/. $(sdk)/include/ && cp -R $(newlib)/include/. $(sdk)/newlib/ && \
	cp $(vm86) $(libos) $(libc) $(libm) $(crt0) libos/program.ld $(sdk)/lib/ && \
	for part in $(libc_parts); do $(AR) qcD $(sdk)/lib/lib$$part.a || exit 1; done && \
	for tool in $(sdk_tools); do cp tools/sdk/ternion-tool $(sdk)/bin/ternion-$$tool || exit 1; done && \
	cp tools/sdk/config.site $(sdk)/share/ && cp tools/sdk/cmake/ternion-toolchain.cmake $(sdk)/share/cmake/ && \
	cp tools/sdk/cmake/Platform/Ternion.cmake $(sdk)/share/cmake/Platform/ && cp tools/sdk/cmake/TernionConfig.cmake $(sdk)/lib/cmake/Ternion/ && \
	$(sdk_fill) tools/sdk/ternion.pc >$(sdk)/lib/pkgconfig/ternion.pc && \
	$(sdk_fill) tools/sdk/cmake/TernionConfigVersion.cmake >$(sdk)/lib/cmake/Ternion/TernionConfigVersion.cmake && \
	cp -R libos/examples/. $(sdk)/examples/ && $(sdk_fill) $< >$@ && chmod +x $@

# ---- Programs from outside: fetched, and built with the SDK as anybody would -------------------------

ports       := lua zlib tcc c_library
short_ports := lua zlib tcc c_library_short

# Of the hundreds of tests in c_library those that `make test` compiles and runs.
short_tests := (v?s?n?printf-posix|strto.*|fopen|fseeko?3?|ftello?|fread|fwrite|open|unlink|mkdir|rename|pipe|poll|dup2|fcntl|setenv|fnmatch|glob|malloc.*|modf|frexp|round1|strerror)

.PHONY: ports short-ports
ports: $(ports:%=$(build)/ports/%/built)
short-ports: $(short_ports:%=$(build)/ports/%/built)

define port_rule
$(build)/ports/$(1)/built: $(wildcard ports/$(2)/*) ports/fetch ports/fetch-npm $(sdk)/bin/ternion-cc
	$$(call quiet,PORT,$(1))ports/$(2)/build $(sdk) $$(@D) $(3) && touch $$@
endef
$(foreach p,$(ports),$(eval $(call port_rule,$(p),$(p))))
$(eval $(call port_rule,c_library_short,c_library,'$(short_tests)'))

# ---- Goals that run something -----------------------------------------------------------------------

memory       := 64
image        := $(build)/ternion.iso
qemu_options :=
run_options   = --build $(build) --image '$(image)' --memory '$(memory)'

.PHONY: run run-bochs debug screenshot test ports-test bench docs clean help
run: all
	@tools/run qemu $(run_options) $(qemu_options)

run-bochs: all
	@tools/run bochs $(run_options)

debug: all
	@tools/run debug $(run_options) $(qemu_options)

screenshot: all
	@tools/screenshot --type 'ls /boot' --type 'ps -t | tail -n 4' --type 'seq 20 | grep 1 | wc -l'
	@tools/mkimage iso --build $(build) -o $(build)/picture.iso --kernel '' --file $(demo_picture):disks/demo --module 'picture.elf a\picture 800x600'
	@tools/screenshot --image $(build)/picture.iso --wait-for 'shown in mode' docs/picture.png

test: all host-tests host-tools linux-programs short-ports
	@tests/run --build $(build)

ports-test: all ports
	@TERNION_ALL_PORTS=1 tests/run --build $(build) --only system:ports.

bench: all linux-programs
	@tests/bench --build $(build)

pages := $(wildcard docs/README.md) $(filter-out docs/README.md,$(wildcard docs/*.md)) $(syscall_manual)
docs: $(build)/docs/index.html
$(build)/docs/index.html: $(pages) tools/generate-manual | packages
	$(call quiet,DOCS,$(@D))tools/generate-manual --out $(@D) $(pages)

clean:
	$(call quiet,CLEAN,$(build))rm -rf $(build)

help:
	@printf '%s\n' \
	'make              builds everything into $(build)/; says which packages are missing' \
	'make run          installs what is missing, builds, boots in QEMU: a window, or the terminal' \
	'make run-bochs    the same in Bochs' \
	'make test         installs what is missing, builds, runs every test' \
	'make ports-test   builds programs from outside, and runs all of their tests inside the system' \
	'make bench        the benchmarks, Linux beside Ternion, as a table and as $(build)/bench.json' \
	'make debug        QEMU waiting for gdb' \
	'make docs         the manual: $(build)/docs/index.html' \
	'make screenshot   pictures of the screen: docs/screenshot.png, docs/picture.png' \
	'make kernel | libos | libc | modules | images | sdk | ports | host-tests | host-tools | linux-programs     parts of it' \
	'make clean        removes $(build)/' \
	'' \
	'V=1 shows commands. run, run-bochs and debug: image=FILE memory=MB; run, debug: qemu_options=OPTIONS' \
	'for example: make run image=$(build)/ternion-486.iso qemu_options="-cpu 486"'
