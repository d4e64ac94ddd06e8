# The memory allocator jemalloc (libjemalloc-dev). Sets Jemalloc_FOUND and the
# target Jemalloc::Jemalloc; a program that links it allocates with it.
find_library(Jemalloc_LIBRARY jemalloc)
mark_as_advanced(Jemalloc_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  Jemalloc REQUIRED_VARS Jemalloc_LIBRARY
  REASON_FAILURE_MESSAGE "install libjemalloc-dev, or run deploy/setup")

if(Jemalloc_FOUND AND NOT TARGET Jemalloc::Jemalloc)
  add_library(Jemalloc::Jemalloc UNKNOWN IMPORTED)
  set_target_properties(
    Jemalloc::Jemalloc PROPERTIES IMPORTED_LOCATION ${Jemalloc_LIBRARY})
endif()
