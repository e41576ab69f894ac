package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.Job;
import dev.carillon.gateway.upstream.http.Definition.Plan;
import java.util.HashMap;
import java.util.Map;

/// One job with the steps that fit it.
///
/// @param input what expressions can speak of: `request`, `model`, `task`, `webhook_url`
record Work(Job job, Plan plan, Curve curve, Map<String, Object> input) {
  TaskId task() {
    return job.claim().task().id();
  }

  /// The input with what the provider told about the job.
  Map<String, Object> input(UpstreamRef ref) {
    Map<String, Object> all = new HashMap<>(input);
    all.put("job", ref.job());
    return all;
  }
}
