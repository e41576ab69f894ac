package dev.carillon.gateway.catalog;

/// One mistake in a catalog file.
///
/// @param file the file's name
/// @param path the key path such as `endpoints[0].request`, or `line 3, column 7`, or empty for the
///   whole file
/// @param reason what is wrong and what to write instead
public record CatalogFault(String file, String path, String reason) {
  @Override
  public String toString() {
    return path.isEmpty() ? file + ": " + reason : file + ": " + path + ": " + reason;
  }
}
