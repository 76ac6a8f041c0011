# buttress_layer(NAME DEPENDS ...): one folder of src/ = one library + one test program.
# Sources are all *.cpp of the folder; *_test.cpp go into the test program NAME_test.
# THREADED marks a test program that runs several threads: ./test also runs it under the thread sanitizer.
add_library(buttress_flags INTERFACE)
target_compile_options(buttress_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  $<$<CXX_COMPILER_ID:GNU>:-Wno-psabi>
  $<$<BOOL:${BUTTRESS_WERROR}>:-Werror>)
target_include_directories(buttress_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_include_directories(buttress_flags SYSTEM INTERFACE ${EIGEN3_INCLUDE_DIR})
if(BUTTRESS_SANITIZE)
  target_compile_options(buttress_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(buttress_flags INTERFACE -fsanitize=address,undefined)
endif()
if(BUTTRESS_TSAN)
  target_compile_options(buttress_flags INTERFACE -fsanitize=thread)
  target_link_options(buttress_flags INTERFACE -fsanitize=thread)
endif()
if(BUTTRESS_FUZZ)
  target_compile_options(buttress_flags INTERFACE -fsanitize=address,undefined)
  target_link_options(buttress_flags INTERFACE -fsanitize=address,undefined)
endif()

add_custom_target(threaded_tests)

# buttress_add_sources(TARGET SOURCES...): sources named *_avx2* and *_avx512* are compiled for that instruction set, the
# others for the baseline. The linker keeps one copy of an inline function or an instance of a template, whichever file
# it comes from, and a copy with wider instructions would end the program on an older processor. So the wider files get
# names of their own for all that they do not share by Lanes; tools/check_symbols.py holds them to it. Builds for the
# sanitizers and the fuzzer, which put names of theirs into the objects, are for the machine that makes them.
function(buttress_add_sources target)
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_sources(${target} PRIVATE ${ARGN})
    return()
  endif()
  foreach(source ${ARGN})
    get_filename_component(name ${source} NAME_WE)
    if(NOT name MATCHES "_(avx2|avx512)(_test)?$")
      target_sources(${target} PRIVATE ${source})
      continue()
    endif()
    set(set_name ${CMAKE_MATCH_1})
    set(march_avx2 -march=x86-64-v3)
    set(march_avx512 -march=x86-64-v4)
    if(BUTTRESS_SANITIZE OR BUTTRESS_TSAN OR BUTTRESS_FUZZ)
      set_property(SOURCE ${source} APPEND PROPERTY COMPILE_OPTIONS ${march_${set_name}})
      target_sources(${target} PRIVATE ${source})
      continue()
    endif()
    set(object ${target}_${name})
    add_library(${object} OBJECT ${source})
    target_compile_options(${object} PRIVATE ${march_${set_name}} $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>)
    target_compile_definitions(${object} PRIVATE $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
    target_include_directories(${object} PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
    set(renamed ${CMAKE_CURRENT_BINARY_DIR}/${target}_wide/${name}.o)
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${target}_wide)
    add_custom_command(OUTPUT ${renamed}
      COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DOBJCOPY=${CMAKE_OBJCOPY} -DIN=$<TARGET_OBJECTS:${object}>
        -DOUT=${renamed} -DSUFFIX=${set_name} -P ${PROJECT_SOURCE_DIR}/cmake/rename_weak_symbols.cmake
      DEPENDS $<TARGET_OBJECTS:${object}> ${PROJECT_SOURCE_DIR}/cmake/rename_weak_symbols.cmake
      COMMENT "Naming the symbols of ${name}" VERBATIM)
    set_source_files_properties(${renamed} PROPERTIES GENERATED TRUE EXTERNAL_OBJECT TRUE)
    target_sources(${target} PRIVATE ${renamed})
  endforeach()
endfunction()

# APPLICATION: a room that reads, judges and writes. Eight of its files are compiled as one: what they all include is parsed once, which halves the time of a first build
# (decision 0022). clang-tidy and the fuzzer look at the files as they are written.
option(BUTTRESS_UNITY "compile the files of a room together" ON)
if(BUTTRESS_FUZZ OR CMAKE_CXX_CLANG_TIDY)
  set(BUTTRESS_UNITY OFF)
endif()

function(buttress_layer name)
  cmake_parse_arguments(ARG "THREADED;APPLICATION" "" "DEPENDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp)
  file(GLOB test_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*_test.cpp)
  list(REMOVE_ITEM sources ${test_sources} dummy)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  set(links buttress_flags ${ARG_LIBRARIES})
  foreach(dep ${ARG_DEPENDS})
    list(APPEND links buttress_${dep})
  endforeach()
  if(sources)
    add_library(buttress_${name} STATIC)
    target_link_libraries(buttress_${name} PUBLIC ${links})
    buttress_add_sources(buttress_${name} ${sources})
    if(ARG_APPLICATION)
      # they read, judge and write: half the time to build them, no loss that one could measure
      target_compile_options(buttress_${name} PRIVATE $<$<CONFIG:Release>:-O1>)
      set_target_properties(buttress_${name} PROPERTIES UNITY_BUILD ${BUTTRESS_UNITY} UNITY_BUILD_BATCH_SIZE 8)
    endif()
    # the fuzzer steers by what it sees of the libraries; the tests need not pay for that
    if(BUTTRESS_FUZZ)
      target_compile_options(buttress_${name} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
  else()
    add_library(buttress_${name} INTERFACE)
    target_link_libraries(buttress_${name} INTERFACE ${links})
  endif()
  if(BUTTRESS_TESTS AND test_sources)
    find_package(GTest REQUIRED)
    add_executable(${name}_test)
    buttress_add_sources(${name}_test ${test_sources})
    target_link_libraries(${name}_test PRIVATE buttress_${name} ${ARG_TEST_LIBRARIES} GTest::gtest_main)
    # tests are compiled more often than they are run: half the time to build them
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O1>)
    target_compile_definitions(${name}_test PRIVATE BUTTRESS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
    if(ARG_THREADED)
      set_tests_properties(${name} PROPERTIES LABELS threads)
      add_dependencies(threaded_tests ${name}_test)
    endif()
  endif()
endfunction()
