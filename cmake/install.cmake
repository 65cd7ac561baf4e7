# SPDX-License-Identifier: BSD-3-Clause

# The library, its headers, the program, the morphologies, and what find_package(apical) needs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Whoever compiles channels of their own against the library needs its instruction set and its floating-point rules.
target_compile_options(apical INTERFACE $<INSTALL_INTERFACE:-ffp-contract=off;-fno-math-errno;-fno-trapping-math>)
if(APICAL_ARCH)
  target_compile_options(apical INTERFACE $<INSTALL_INTERFACE:-march=${APICAL_ARCH}>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(apical INTERFACE $<INSTALL_INTERFACE:-Wno-psabi>)
endif()
target_compile_features(apical INTERFACE cxx_std_20)

install(TARGETS apical EXPORT apical-targets)
if(TARGET apical_cli)
  install(TARGETS apical_cli)
endif()
foreach(folder IN LISTS folders)
  install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/apical FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/generated/channels.hpp ${CMAKE_CURRENT_BINARY_DIR}/generated/neurons.hpp ${CMAKE_CURRENT_BINARY_DIR}/generated/rules.hpp ${CMAKE_CURRENT_BINARY_DIR}/generated/releases.hpp
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/apical/generated)
install(DIRECTORY models/morphologies DESTINATION ${CMAKE_INSTALL_DATADIR}/apical)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/apical)
configure_package_config_file(cmake/apical-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/apical-config.cmake
                              INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/apical-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/apical-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/apical-config-version.cmake
        DESTINATION ${package_dir})
install(EXPORT apical-targets NAMESPACE apical:: DESTINATION ${package_dir})
