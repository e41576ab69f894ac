package dev.carillon.client;

import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A task to be submitted, with the key that makes submitting it twice the same as once. A program
/// that keeps the key before it submits can submit again after a crash and pays once.
///
/// @param service such as `midjourney`
/// @param endpoint such as `imagine`
/// @param body the request's fields
/// @param key 1 to 255 visible characters, of this task alone
/// @param repeated whether it may have been submitted before: then it is looked for first, which
///   also helps at servers that know no keys
public record Submission(
    String service, String endpoint, JsonNode body, String key, boolean repeated) {
  /// One that was never sent, with a key of its own.
  ///
  /// @param body of what JSON can say, such as a map
  public static Submission of(String service, String endpoint, Object body) {
    JsonNode fields = new JsonMapper().valueToTree(body);
    return new Submission(service, endpoint, fields, UUID.randomUUID().toString(), false);
  }

  /// @throws IllegalArgumentException for a body that is no object
  public Submission {
    if (!body.isObject()) {
      throw new IllegalArgumentException("the body must be an object, but it is " + body);
    }
    body = body.deepCopy();
  }

  /// The same with this key.
  public Submission withKey(String key) {
    return new Submission(service, endpoint, body, key, repeated);
  }

  /// The same, which may have been sent before.
  public Submission again() {
    return new Submission(service, endpoint, body, key, true);
  }

  ObjectNode fields() {
    return (ObjectNode) body.deepCopy();
  }
}
