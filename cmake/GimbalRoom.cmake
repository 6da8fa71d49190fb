# gimbal_room(NAME [ROOMS room...] [LIBRARIES target...] [ORACLES target...])
#
# Declares the library of one room from the folder it is called in. Files are told apart by suffix:
#   *_differential_test.cpp  GoogleTest cases against other people's code, one executable (gimbal_NAME_differential)
#   other *_test.cpp         GoogleTest cases, one executable a room                      (gimbal_NAME_test)
#   *_bench.cpp              Google Benchmark programs, one executable each               (NAME_FILE)
#   *_fuzz.cpp               fuzz targets: libFuzzer with GIMBAL_FUZZERS, and always replayed over their corpus
#   other *.cpp              the library itself                                           (gimbal_NAME)
# ROOMS are the rooms it may include (their link targets), LIBRARIES what it needs from outside, privately, ORACLES what
# its differential tests alone link.
#
# Every executable is a CTest test as well. Its labels say how tools/run_tests.py counts it (gtest, fuzz_replay, bench,
# fuzz, compile_fail, script), whether it is differential, and which room it belongs to.
function(gimbal_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;LIBRARIES;ORACLES" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS *.cpp)
  set(tests ${all})
  set(benches ${all})
  set(fuzzers ${all})
  set(sources ${all})
  set(differentials ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests EXCLUDE REGEX "_differential_test\\.cpp$")
  list(FILTER differentials INCLUDE REGEX "_differential_test\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")

  list(TRANSFORM ROOM_ROOMS PREPEND gimbal_)
  if(sources)
    add_library(gimbal_${name} STATIC ${sources})
    target_link_libraries(gimbal_${name} PUBLIC gimbal_flags fmt::fmt ${ROOM_ROOMS} PRIVATE ${ROOM_LIBRARIES})
    gimbal_precompiled(gimbal_${name})
  else()
    add_library(gimbal_${name} INTERFACE)
    target_link_libraries(gimbal_${name} INTERFACE gimbal_flags fmt::fmt ${ROOM_ROOMS})
  endif()
  set(linked gimbal_${name} ${ROOM_LIBRARIES})

  # Everything of a room that ./test builds when it is asked for that room alone.
  add_custom_target(${name}_tests)

  if(GIMBAL_TESTS AND tests)
    add_executable(gimbal_${name}_test ${tests})
    target_link_libraries(gimbal_${name}_test PRIVATE ${linked} gimbal_test_flags)
    gimbal_test_precompiled(gimbal_${name}_test)
    add_dependencies(${name}_tests gimbal_${name}_test)
    gimbal_test(${name} LABELS gtest ${name} COMMAND gimbal_${name}_test)
  endif()

  if(GIMBAL_TESTS AND differentials)
    add_executable(gimbal_${name}_differential ${differentials})
    target_link_libraries(gimbal_${name}_differential PRIVATE ${linked} gimbal_test_flags ${ROOM_ORACLES})
    gimbal_test_precompiled(gimbal_${name}_differential)
    add_dependencies(${name}_tests gimbal_${name}_differential)
    gimbal_test(${name}_differential LABELS gtest differential ${name} COMMAND gimbal_${name}_differential)
  endif()

  if(GIMBAL_BENCHMARKS)
    foreach(bench ${benches})
      get_filename_component(stem ${bench} NAME_WE)
      add_executable(${name}_${stem} ${bench})
      target_link_libraries(${name}_${stem} PRIVATE ${linked} benchmark::benchmark)
      gimbal_test(${name}_${stem} LABELS bench ${name} COMMAND ${name}_${stem} --benchmark_min_time=0.001)
      set_property(TEST ${name}_${stem} PROPERTY ENVIRONMENT GIMBAL_BENCH_SMOKE=1)
    endforeach()
  endif()

  foreach(fuzzer ${fuzzers})
    get_filename_component(stem ${fuzzer} NAME_WE)
    if(GIMBAL_FUZZERS OR GIMBAL_TESTS)
      gimbal_fuzz_target(${name} ${name}_${stem} ${fuzzer} ${CMAKE_SOURCE_DIR}/tests/corpus/${stem} "${linked}")
    endif()
  endforeach()
endfunction()

# gimbal_test(NAME LABELS label... COMMAND command...): a CTest test that runs in the root of the sources.
function(gimbal_test name)
  cmake_parse_arguments(TEST "" "" "LABELS;COMMAND" ${ARGN})
  add_test(NAME ${name} COMMAND ${TEST_COMMAND} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 900)
endfunction()

# One fuzz target: a libFuzzer program that keeps what it learns in the build folder, or the replay of its corpus.
function(gimbal_fuzz_target room target source corpus libraries)
  if(NOT GIMBAL_FUZZERS)
    if(NOT TARGET gimbal_fuzz_replay)
      add_library(gimbal_fuzz_replay OBJECT ${CMAKE_SOURCE_DIR}/tests/fuzz_replay_main.cpp)
      target_link_libraries(gimbal_fuzz_replay PRIVATE gimbal_flags)
    endif()
    add_executable(${target} ${source} $<TARGET_OBJECTS:gimbal_fuzz_replay>)
    target_link_libraries(${target} PRIVATE ${libraries})
    add_dependencies(${room}_tests ${target})
    gimbal_test(${target} LABELS fuzz_replay ${room} COMMAND ${target} ${corpus})
    return()
  endif()
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE ${libraries})
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  set(learned ${CMAKE_BINARY_DIR}/corpus/${target})
  file(MAKE_DIRECTORY ${learned} ${CMAKE_BINARY_DIR}/crashes)
  if(NOT EXISTS ${corpus})
    set(corpus "")
  endif()
  gimbal_test(${target} LABELS fuzz ${room} COMMAND ${target} -runs=${GIMBAL_FUZZ_RUNS}
    -max_total_time=${GIMBAL_FUZZ_SECONDS} -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
    -artifact_prefix=${CMAKE_BINARY_DIR}/crashes/${target}- ${learned} ${corpus})
endfunction()
