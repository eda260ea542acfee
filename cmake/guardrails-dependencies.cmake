# Finds every library the runtime links; shared by the build and by the installed package.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json container system)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(yaml-cpp REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(SQLite3 REQUIRED)

# Debian's CAF 0.17 brings no CMake package, newer releases do.
find_package(CAF CONFIG QUIET COMPONENTS core io openssl)
if(NOT TARGET CAF::core)
  find_path(CAF_INCLUDE_DIR caf/all.hpp REQUIRED)
  foreach(module core io openssl)
    find_library(CAF_${module}_LIBRARY caf_${module} REQUIRED)
    add_library(CAF::${module} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(
      CAF::${module} PROPERTIES IMPORTED_LOCATION ${CAF_${module}_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES
                                                                           ${CAF_INCLUDE_DIR})
  endforeach()
endif()

# RE2 brings a CMake package only since 2023.
find_package(re2 CONFIG QUIET)
if(NOT TARGET re2::re2)
  find_library(RE2_LIBRARY re2 REQUIRED)
  find_path(RE2_INCLUDE_DIR re2/re2.h REQUIRED)
  add_library(re2::re2 UNKNOWN IMPORTED GLOBAL)
  set_target_properties(re2::re2 PROPERTIES IMPORTED_LOCATION ${RE2_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES
                                                                             ${RE2_INCLUDE_DIR})
endif()

# libpg_query brings no package description at all.
if(NOT TARGET pg_query::pg_query)
  find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
  find_path(PG_QUERY_INCLUDE_DIR pg_query.h REQUIRED)
  add_library(pg_query::pg_query UNKNOWN IMPORTED GLOBAL)
  set_target_properties(pg_query::pg_query PROPERTIES IMPORTED_LOCATION ${PG_QUERY_LIBRARY}
                                                      INTERFACE_INCLUDE_DIRECTORIES ${PG_QUERY_INCLUDE_DIR})
endif()

# Nor does CLD2.
if(NOT TARGET cld2::cld2)
  find_library(CLD2_LIBRARY cld2 REQUIRED)
  find_path(CLD2_INCLUDE_DIR cld2/public/compact_lang_det.h REQUIRED)
  add_library(cld2::cld2 UNKNOWN IMPORTED GLOBAL)
  set_target_properties(cld2::cld2 PROPERTIES IMPORTED_LOCATION ${CLD2_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES
                                                                                ${CLD2_INCLUDE_DIR})
endif()
