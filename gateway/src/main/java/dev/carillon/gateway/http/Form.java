package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

/// A `multipart/form-data` body (RFC 7578).
///
/// @param parts in the order of the body; at most 64
public record Form(List<Part> parts) {
  private static final int MOST_PARTS = 64;

  /// One field.
  ///
  /// @param fileName empty for a plain field
  /// @param contentType empty when the part does not say
  @SuppressWarnings("ArrayRecordComponent") // goes from the socket to one reader untouched
  public record Part(
      String name, Optional<String> fileName, Optional<String> contentType, byte[] content) {
    /// The content as UTF-8 text.
    public String text() {
      return new String(content, StandardCharsets.UTF_8);
    }
  }

  /// Whether a call carries a form.
  public static boolean isSentBy(Call call) {
    return call.header("Content-Type")
        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data"))
        .isPresent();
  }

  /// Reads a call's form.
  ///
  /// @throws Problem `bad_request` when it is malformed
  public static Form of(Call call) {
    String boundary = boundary(call);
    try {
      return read(call.body(), boundary);
    } catch (IOException | IllegalArgumentException broken) {
      throw malformed("the parts cannot be read");
    }
  }

  /// What stands between the parts of a call's form.
  ///
  /// @throws Problem `bad_request` when it is not told
  public static String boundary(Call call) {
    String boundary = parameters(call.header("Content-Type").orElse("")).get("boundary");
    if (boundary == null || boundary.isEmpty()) {
      throw malformed("Content-Type names no boundary");
    }
    return boundary;
  }

  private static Form read(byte[] body, String boundary) throws IOException {
    MultipartInput input =
        MultipartInput.builder()
            .setByteArray(body)
            .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1))
            .get();
    List<Part> parts = new ArrayList<>();
    boolean more = input.skipPreamble();
    while (more) {
      if (parts.size() == MOST_PARTS) {
        throw malformed("it has more than " + MOST_PARTS + " parts");
      }
      String head = input.readHeaders();
      var content = new ByteArrayOutputStream();
      input.readBodyData(content);
      parts.add(part(head, content.toByteArray()));
      more = input.readBoundary();
    }
    return new Form(List.copyOf(parts));
  }

  /// One field by the lines before its content.
  public static Part part(String head, byte[] content) {
    Map<String, String> disposition = parameters(header(head, "content-disposition").orElse(""));
    return new Part(
        Objects.requireNonNullElse(disposition.get("name"), ""),
        Optional.ofNullable(disposition.get("filename")),
        header(head, "content-type"),
        content);
  }

  private static Optional<String> header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  private static Map<String, String> parameters(String value) {
    var parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    return parser.parse(value, ';');
  }

  /// What a form that cannot be read is answered.
  ///
  /// @param why what is wrong, in the middle of a sentence
  public static Problem malformed(String why) {
    return new Problem(ErrorCode.BAD_REQUEST, "The form is not valid: " + why + ".");
  }
}
