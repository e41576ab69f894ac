package dev.carillon.gateway.http.form;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Form;
import dev.carillon.gateway.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;

/// A `multipart/form-data` body whose fields are read as they come, for files too large to hold.
public final class FormStream {
  private static final int MOST_PARTS = 64;
  private static final int HEAD_BYTES = 8 * 1024;
  private static final int LEFT_BYTES = 64 * 1024;

  /// What the fields around the file may have altogether, and a body beyond its file.
  private static final long AROUND = 1024 * 1024;

  private FormStream() {}

  /// Takes the fields one by one. What it does not read of a field is passed over.
  @FunctionalInterface
  public interface Taker {
    /// Takes one field.
    ///
    /// @param head the field's name, file name and content type, with an empty content
    /// @throws IOException what the caller of [#read] is to get
    void take(Form.Part head, InputStream content) throws IOException;
  }

  /// Reads a call's form to its end.
  ///
  /// @param fileBytes how large the files may be altogether
  /// @param time how long the body may take to arrive
  /// @throws Problem `bad_request` when it is malformed or breaks off, `request_too_large`
  /// @throws IOException what the taker threw
  public static void read(Call call, long fileBytes, Duration time, Taker taker)
      throws IOException {
    byte[] boundary = Form.boundary(call).getBytes(StandardCharsets.ISO_8859_1);
    try {
      InputStream body = call.stream(fileBytes + AROUND, time);
      MultipartInput input =
          MultipartInput.builder()
              .setInputStream(body)
              .setBoundary(boundary)
              .setMaxPartHeaderSize(HEAD_BYTES)
              .get();
      parts(input, taker);
      // What stands after the last boundary, so that the connection can be used again.
      var _ = body.readNBytes(LEFT_BYTES);
    } catch (FileUploadException | IllegalArgumentException broken) {
      throw Form.malformed("the parts cannot be read");
    }
  }

  private static void parts(MultipartInput input, Taker taker) throws IOException {
    int parts = 0;
    for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
      if (parts++ == MOST_PARTS) {
        throw Form.malformed("it has more than " + MOST_PARTS + " parts");
      }
      Form.Part head = Form.part(input.readHeaders(), new byte[0]);
      // Not closed when the taker throws: closing would read a file to its end that nobody wants.
      InputStream content = input.newInputStream();
      taker.take(head, content);
      content.close();
    }
  }

  /// Refuses a call that carries no form.
  ///
  /// @throws Problem `unsupported_media_type`
  public static void require(Call call) {
    if (!Form.isSentBy(call)) {
      throw new Problem(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Send multipart/form-data with the file in a part named 'file'.");
    }
  }
}
