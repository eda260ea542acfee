# Compiler options and test targets, said once.
option(GUARDRAILS_USE_PCH "Precompile the headers most files include" ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND PROJECT_IS_TOP_LEVEL)
  # ccache must be told that a precompiled header does not make results depend on time macros, and to compare
  # headers as files: with another comment in one, a precompiled header is another one (#pragma once).
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1
                                  ${CCACHE_PROGRAM})
endif()

function(guardrails_options target)
  set_target_properties(${target} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                           $<$<BOOL:${GUARDRAILS_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    # Once sanitizers are on, GCC 12 warns falsely inside <regex>, which CAF's test framework includes, and of the
    # memory of Asio's coroutines.
    target_compile_options(${target} PRIVATE -Wno-error=maybe-uninitialized -Wno-error=mismatched-new-delete)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND GUARDRAILS_USE_PCH)
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# Programs (not the library: that is its user's choice) run on jemalloc where it is installed: a generation's memory is
# handed from thread to thread, which glibc's allocator does slowly. Sanitizers bring their own allocator.
find_library(JEMALLOC_LIBRARY jemalloc)
function(guardrails_allocator target)
  if(JEMALLOC_LIBRARY AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    target_link_libraries(${target} PRIVATE ${JEMALLOC_LIBRARY})
  endif()
endfunction()

# The headers most files include, precompiled once for the library, once for the programs and tests.
function(guardrails_precompile target)
  if(GUARDRAILS_USE_PCH)
    target_precompile_headers(
      ${target}
      PRIVATE
      <chrono>
      <functional>
      <map>
      <memory>
      <optional>
      <string>
      <string_view>
      <unordered_map>
      <variant>
      <vector>
      <guardrails/actors.hpp>
      <boost/json.hpp>)
  endif()
endfunction()

# The entry point of every test program, compiled once, and the precompiled header they share.
function(guardrails_test_support)
  if(TARGET guardrails_test_main)
    return()
  endif()
  add_library(guardrails_test_main OBJECT ${PROJECT_SOURCE_DIR}/tests/main.cpp)
  guardrails_options(guardrails_test_main)
  target_include_directories(guardrails_test_main PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(guardrails_test_main PRIVATE guardrails $<TARGET_NAME_IF_EXISTS:CAF::test>)
  guardrails_precompile(guardrails_test_main)
endfunction()

# guardrails_test(name files...): one test program; it may include any internal header.
function(guardrails_test name)
  if(NOT GUARDRAILS_BUILD_TESTS)
    return()
  endif()
  guardrails_test_support()
  add_executable(${name} ${ARGN} $<TARGET_OBJECTS:guardrails_test_main>)
  guardrails_options(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE GUARDRAILS_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             GUARDRAILS_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE guardrails $<TARGET_NAME_IF_EXISTS:CAF::test>)
  if(GUARDRAILS_USE_PCH)
    target_precompile_headers(${name} REUSE_FROM guardrails_test_main)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_property(GLOBAL APPEND PROPERTY GUARDRAILS_TEST_PROGRAMS ${name})
endfunction()
