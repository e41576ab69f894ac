package dev.carillon.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Builds the bytes of requests.
///
/// @param token of the application that the server made on its first start
public record Requests(String token) {
  /// Stands where a task id is written later.
  public static final String ANY_ID = "00000000-0000-0000-0000-000000000000";

  /// A task that ends at once.
  public static final String AT_ONCE = "0s";

  /// Creates a task and wants its id at once.
  ///
  /// @param take how long the sandbox takes, such as `300ms`
  public byte[] submit(String take) {
    return post("/midjourney/imagine", body(take, ",\"async\":true"));
  }

  /// Creates a task elsewhere, and wants its id at once.
  ///
  /// @param headers lines with their ends, or nothing
  public byte[] submitTo(String path, String headers, String take) {
    return post(path, headers, body(take, ",\"async\":true"));
  }

  /// Creates a task and wants a callback.
  public byte[] submit(String take, String callbackUrl) {
    return post("/midjourney/imagine", body(take, ",\"callback_url\":\"" + callbackUrl + "\""));
  }

  /// Creates a task and waits for its result in the same request.
  public byte[] inline(String take) {
    return post("/midjourney/imagine", body(take, ""));
  }

  /// Asks for the record of a task as official clients do.
  public byte[] poll(String id) {
    return post("/midjourney/tasks", "{\"id\":\"" + id + "\",\"action\":\"retrieve\"}");
  }

  public byte[] get(String path) {
    return bytes("GET " + path + " HTTP/1.1\r\n" + head() + "\r\n");
  }

  private static String body(String take, String more) {
    return "{\"prompt\":\"a bell tower at dusk [[sandbox take=" + take + "]]\"" + more + "}";
  }

  public byte[] post(String path, String body) {
    return post(path, "", body);
  }

  private byte[] post(String path, String headers, String body) {
    return send("POST " + path, headers, body);
  }

  /// A request with a body.
  ///
  /// @param target method and path, such as `PATCH /x`
  /// @param headers lines with their ends, or nothing
  public byte[] send(String target, String headers, String body) {
    return bytes(
        String.format(
            Locale.ROOT,
            "%s HTTP/1.1\r\n%s%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
            target,
            head(),
            headers,
            body.length(),
            body));
  }

  private String head() {
    return "Host: localhost\r\nAuthorization: Bearer " + token + "\r\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
