#pragma once

/// Changes a log behind its back, with LMDB alone.

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <lmdb.h>

namespace understudy::test {

inline void check_lmdb(int code) {
  if (code != 0) throw std::runtime_error(::mdb_strerror(code));
}

/// Runs `change` on one database of the file. No log may be open on it.
inline void with_database(
    const std::filesystem::path& directory, const char* name, unsigned flags,
    const std::function<void(MDB_txn*, MDB_dbi)>& change) {
  MDB_env* env = nullptr;
  MDB_txn* transaction = nullptr;
  MDB_dbi database = 0;
  check_lmdb(::mdb_env_create(&env));
  check_lmdb(::mdb_env_set_maxdbs(env, 4));
  check_lmdb(::mdb_env_open(env, directory.c_str(), MDB_NOSYNC, 0644));
  check_lmdb(::mdb_txn_begin(env, nullptr, 0, &transaction));
  check_lmdb(::mdb_dbi_open(transaction, name, flags, &database));
  change(transaction, database);
  check_lmdb(::mdb_txn_commit(transaction));
  ::mdb_env_close(env);
}

inline void put_bare(const std::filesystem::path& directory, const char* name,
                     std::string_view key, std::string_view value) {
  with_database(directory, name, 0, [&](MDB_txn* transaction, MDB_dbi to) {
    MDB_val stored_key{key.size(), const_cast<char*>(key.data())};
    MDB_val stored_value{value.size(), const_cast<char*>(value.data())};
    check_lmdb(::mdb_put(transaction, to, &stored_key, &stored_value, 0));
  });
}

}  // namespace understudy::test
