# Installs the library, its headers and a CMake package, so that find_package(guardrails CONFIG) works.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/guardrails)

install(TARGETS guardrails EXPORT guardrails-targets)
install(DIRECTORY include/guardrails DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT guardrails-targets NAMESPACE guardrails:: DESTINATION ${package_dir})

configure_package_config_file(cmake/guardrails-config.cmake.in ${PROJECT_BINARY_DIR}/guardrails-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/guardrails-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/guardrails-config.cmake ${PROJECT_BINARY_DIR}/guardrails-config-version.cmake
              cmake/guardrails-dependencies.cmake DESTINATION ${package_dir})
