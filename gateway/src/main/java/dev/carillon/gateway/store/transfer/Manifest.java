package dev.carillon.gateway.store.transfer;

import java.util.List;

/// What an origin has.
///
/// @param engine `sqlite` or `postgresql`
/// @param schema the version of its tables
/// @param placesCollide whether two applications' feeds give the same place twice, so that one
///   file, which has one row of places for all, must give others
/// @param tables in the order they are read
record Manifest(String engine, int schema, boolean placesCollide, List<Table> tables) {
  Manifest {
    tables = List.copyOf(tables);
  }

  long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }
}
