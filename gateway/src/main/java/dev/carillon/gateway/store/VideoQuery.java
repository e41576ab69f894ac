package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.Optional;

/// Which videos of an application to list: its tasks that were asked for in OpenAI's words, which
/// have [#FIELD] in their request.
///
/// @param service of a catalog's service only
/// @param after only tasks that stand after this one in the order; it need not be there any more
/// @param oldestFirst the order
/// @param limit how many to return at most
public record VideoQuery(
    ApplicationId application,
    Optional<String> service,
    Optional<TaskId> after,
    boolean oldestFirst,
    int limit) {
  /// The field of a request that tells; an index knows it by heart.
  public static final String FIELD = "openai_video";
}
