package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A template of an answer, compiled when it is loaded and written straight to text.
///
/// The language: every YAML value stands for itself, except
///
/// - a text that is exactly `${path|path|literal}` becomes the first value found, with its JSON
///   type; when nothing is found its key or list element is left out, unless `null` is the last
///   alternative. Literals are `'text'`, numbers, `true`, `false`, `null`;
/// - a text that holds `${…}` among other characters becomes a text with the values put in;
/// - an object with `$each: works` inside a list is repeated for each work, which is `work` within;
/// - an object with `$switch: path` becomes the value under the key that equals the value at the
///   path (several keys parted by commas stand for one value), else that under `default`, else
///   nothing.
///
/// A path begins with `request`, `works`, `work` (the current one; outside of `$each` the first),
/// `task` (`id`, `trace_id`, `created_at`, `elapsed`), `now`, `now_iso`, `now_text` or
/// `now_seconds`; segments are parted by dots, a number picks a list element, `*` gathers from all
/// of them. A filter may follow: `:text` makes a text, `:int` a whole number, `:compact` drops the
/// dashes.
public final class Shape {
  private final Part root;

  Shape(Part root) {
    this.root = root;
  }

  /// The answer's business part: one JSON object without `success`, `task_id` and `trace_id`.
  public Answer render(Context context) {
    return new Answer(text(context));
  }

  String text(Context context) {
    var out = new StringBuilder(512);
    root.write(Scope.of(context), out);
    return out.isEmpty() ? "{}" : out.toString();
  }

  /// The form of the answers, as a JSON Schema.
  ObjectNode schema() {
    return ShapeSchema.of(root);
  }

  /// What a template can speak of.
  ///
  /// @param request the checked and cleaned request
  /// @param works what was made, in order; keys as the package's doc lists them
  /// @param taskId the task's id
  /// @param traceId the task's trace id
  /// @param createdAt when the task was accepted
  /// @param now when the answer is made
  public record Context(
      ObjectNode request,
      List<? extends Map<String, ?>> works,
      String taskId,
      String traceId,
      Instant createdAt,
      Instant now) {

    /// A context of a request alone.
    static Context of(ObjectNode request, Instant now) {
      return new Context(request, List.of(), "", "", now, now);
    }
  }
}
