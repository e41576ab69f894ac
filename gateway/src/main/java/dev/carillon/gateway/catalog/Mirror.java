package dev.carillon.gateway.catalog;

/// What a service's finished record repeats beyond the general mirror of contract section 3.5.
///
/// @param content whether success adds a top-level `content: {url}`
/// @param error whether failure adds the error at the top level too
/// @param failedData whether failure adds `response.data = {"status": "failed"}`
/// @param flat whether a finished record repeats `success` and the addresses of its pictures and
///   films at the top level
public record Mirror(boolean content, boolean error, boolean failedData, boolean flat) {
  static final Mirror NONE = new Mirror(false, false, false, false);
}
