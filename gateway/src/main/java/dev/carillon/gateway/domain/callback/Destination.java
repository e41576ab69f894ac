package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.account.ApplicationId;

/// A queue of deliveries that no other waits for: one registered endpoint, or what one application
/// sends by `callback_url` to one scheme, host and port.
///
/// @param key the endpoint's id, or an origin as [CallbackUrl#origin] gives it
public record Destination(ApplicationId application, String key) {}
