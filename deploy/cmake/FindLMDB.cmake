# LMDB installs no CMake package file. Defines LMDB::lmdb.

find_package(Threads REQUIRED)
find_path(LMDB_INCLUDE_DIR lmdb.h)
find_library(LMDB_LIBRARY lmdb)
mark_as_advanced(LMDB_INCLUDE_DIR LMDB_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  LMDB REQUIRED_VARS LMDB_LIBRARY LMDB_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install liblmdb-dev, or run deploy/setup")

if(LMDB_FOUND AND NOT TARGET LMDB::lmdb)
  add_library(LMDB::lmdb UNKNOWN IMPORTED GLOBAL)
  set_target_properties(
    LMDB::lmdb PROPERTIES IMPORTED_LOCATION ${LMDB_LIBRARY}
                          INTERFACE_INCLUDE_DIRECTORIES ${LMDB_INCLUDE_DIR})
  target_link_libraries(LMDB::lmdb INTERFACE Threads::Threads)
endif()
