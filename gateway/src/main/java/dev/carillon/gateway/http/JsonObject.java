package dev.carillon.gateway.http;

import tools.jackson.databind.node.ObjectNode;

/// A request body that is one JSON object.
///
/// @param text the body as sent, without a byte order mark
/// @param node the parsed tree; the reader may change it
public record JsonObject(String text, ObjectNode node) {}
