shared_programs += picture
picture_sources := apps/command/log_output.c apps/command/help.c apps/command/meaning.c $(addprefix apps/picture/,main.c source.c decoder.c scale.c dither.c paint.c) apps/graphics/stage.c apps/graphics/keystroke.c

# stb_image is the package's; it needs three headers of ISO C, and shall run without an FPU.
flags/apps/picture/decoder.c := -w -mgeneral-regs-only -Iapps/picture/c -isystem /usr/include/stb
