package dev.carillon.gateway.store.transfer;

/// What versions of a store's tables mean to who wants to move it.
final class Versions {
  private Versions() {}

  /// @throws TransferException when a store is not of the newest version
  static void require(StorePlace place) {
    Schema schema = Schema.of(place);
    if (schema.version() != schema.newest()) {
      throw differ(schema.version(), schema.newest());
    }
  }

  static TransferException differ(int version, int newest) {
    return new TransferException(
        version == 0
            ? "there is no store in it"
            : version < newest
                ? "the store is of version %d and this Carillon writes version %d: run 'carillon store migrate' first"
                    .formatted(version, newest)
                : "the store is of version %d, made by a newer Carillon; this one knows versions up to %d"
                    .formatted(version, newest));
  }
}
