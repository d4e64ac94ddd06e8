# CAF 0.17, the C++ Actor Framework, installs no package file.
# Defines CAF::core.

find_package(Threads REQUIRED)
find_path(CAF_INCLUDE_DIR caf/actor_system.hpp)
find_library(CAF_CORE_LIBRARY caf_core)
mark_as_advanced(CAF_INCLUDE_DIR CAF_CORE_LIBRARY)

if(CAF_INCLUDE_DIR)
  file(STRINGS ${CAF_INCLUDE_DIR}/caf/config.hpp caf_version_line
       REGEX "#define CAF_VERSION [0-9]+")
  if(caf_version_line MATCHES "CAF_VERSION ([0-9]+)")
    # Written as major * 10000 + minor * 100 + patch.
    math(EXPR caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR caf_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION ${caf_major}.${caf_minor}.${caf_patch})
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  CAF REQUIRED_VARS CAF_CORE_LIBRARY CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION
  REASON_FAILURE_MESSAGE "install libcaf-dev, or run deploy/setup")

if(CAF_FOUND AND NOT TARGET CAF::core)
  add_library(CAF::core UNKNOWN IMPORTED GLOBAL)
  set_target_properties(
    CAF::core PROPERTIES IMPORTED_LOCATION ${CAF_CORE_LIBRARY}
                         INTERFACE_INCLUDE_DIRECTORIES ${CAF_INCLUDE_DIR})
  target_link_libraries(CAF::core INTERFACE Threads::Threads)
  # CAF's own headers bind null references when they spawn an actor without
  # arguments; it is harmless and not ours to mend.
  if(UNDERSTUDY_SANITIZER STREQUAL "address")
    target_compile_options(CAF::core INTERFACE -fno-sanitize=null
                                               -U_GLIBCXX_ASSERTIONS)
  endif()
endif()
