package dev.carillon.examples.springboot;

import dev.carillon.client.webhook.Receiver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Takes callbacks in at `/hook`.
@RestController
public class CallbackController {
  private final Receiver receiver;

  /// Spring gives the receiver.
  public CallbackController(Receiver receiver) {
    this.receiver = receiver;
  }

  /// The body is taken as bytes: what Spring would read into an object no longer fits its
  /// signature.
  @PostMapping("/hook")
  public ResponseEntity<Void> hook(@RequestBody byte[] body, @RequestHeader HttpHeaders headers) {
    Map<String, List<String>> byName = new HashMap<>();
    headers.forEach((name, values) -> byName.put(name, new ArrayList<>(values)));
    return ResponseEntity.status(receiver.handle(body, byName)).build();
  }
}
