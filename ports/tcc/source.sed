# What of tcc's source is another for Ternion, in tccelf.c: a program of the C library is known by the section .note.ternion, which has a
# program header of its own (libc/note.h).

# It takes the section from objects, as one of data,
s/^        \/\* ignore sections types we do not handle (plus relocs to those) \*\/$/        if (sh->sh_type == SHT_NOTE \&\& !strcmp(strsec + sh->sh_name, ".note.ternion"))\n            sh->sh_type = SHT_PROGBITS;\n&/

# keeps room for a third program header,
s/^        phnum = 2;$/        phnum = 3;/

# and fills it when it knows where everything is.
s/^        fill_unloadable_phdr(phdr, phnum, interp, dynamic);$/&\
        for (i = 1; i < s1->nb_sections; i++)\
            if (s1->static_link \&\& !strcmp(s1->sections[i]->name, ".note.ternion"))\
                phdr[2] = (ElfW(Phdr)){ PT_NOTE, s1->sections[i]->sh_offset, s1->sections[i]->sh_addr, s1->sections[i]->sh_addr,\
                                        s1->sections[i]->sh_size, s1->sections[i]->sh_size, PF_R, 4 };/
s/^    int ret, phnum, shnum, file_type, file_offset, \*sec_order;$/&\n    int i;/
