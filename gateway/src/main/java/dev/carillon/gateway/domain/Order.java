package dev.carillon.gateway.domain;

import java.time.Instant;
import java.util.Optional;

/// A request that was checked, priced and may be accepted as a task.
///
/// @param id the id the task will have; its time part is `createdAt`
/// @param service the catalog's service, such as `midjourney`
/// @param endpoint the catalog's endpoint, such as `/midjourney/imagine`; with the method before it
///   where that is not POST
/// @param type the record's `type`, such as `imagine`
/// @param traceId the trace id of the creating request, or the one its body chose; not empty
/// @param request the body as it was sent: the text of one JSON object
/// @param callbackUrl where to POST the result; any string, checked again before each connection
/// @param price what success costs
/// @param finishBy when the task expires if it has not ended
public record Order(
    TaskId id,
    Owner owner,
    String service,
    String endpoint,
    String type,
    String traceId,
    Instant createdAt,
    String request,
    Optional<CallbackUrl> callbackUrl,
    Money price,
    Instant finishBy) {}
