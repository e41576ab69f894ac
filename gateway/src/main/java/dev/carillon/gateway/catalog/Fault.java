package dev.carillon.gateway.catalog;

/// One thing wrong with a request body.
///
/// @param field where: a path such as `content[0].role`
/// @param message what is wrong and what to change, beginning with the field
public record Fault(String field, String message) {}
