# cmake -DNM=... -DOBJCOPY=... -DIN=x.o -DOUT=y.o -DSUFFIX=avx2 -P rename_weak_symbols.cmake
#
# Copies an object file; symbols that the linker would share with other files (inline functions and instances of
# templates, the standard library's among them) get SUFFIX at the end of their names. Those over Lanes keep theirs: other
# files ask for them, and no other instruction set has the same width.
execute_process(COMMAND ${NM} --defined-only --format=posix ${IN} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" symbols "${symbols}")
set(pairs "")
foreach(line IN LISTS symbols)
  # name and kind; n is the name of a group of such functions
  if(line MATCHES "^([^ ]+) [WVun]( |$)")
    set(name ${CMAKE_MATCH_1})
    if(NOT name MATCHES "Lanes|^\\.")
      string(APPEND pairs "${name} ${name}.${SUFFIX}\n")
    endif()
  endif()
endforeach()
file(WRITE ${OUT}.symbols "${pairs}")
execute_process(COMMAND ${OBJCOPY} --redefine-syms=${OUT}.symbols ${IN} ${OUT} COMMAND_ERROR_IS_FATAL ANY)
