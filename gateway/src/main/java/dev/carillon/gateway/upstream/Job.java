package dev.carillon.gateway.upstream;

import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.domain.Claim;
import tools.jackson.databind.node.ObjectNode;

/// What a provider is asked to do.
///
/// @param request the checked body with its defaults
/// @param baseUrl what URLs served by this gateway begin with, without a slash at the end
public record Job(
    Claim claim,
    Endpoint endpoint,
    ObjectNode request,
    String baseUrl,
    Upstream.Progress progress) {}
