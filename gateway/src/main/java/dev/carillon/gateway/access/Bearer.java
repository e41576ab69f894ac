package dev.carillon.gateway.access;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.util.List;

/// Reads the token of a call out of its `Authorization` header, the only place it may stand in.
final class Bearer {
  private static final int TOKEN_CHARS = 256;

  /// The names under which people put tokens into URLs, from where they get into logs.
  private static final List<String> QUERY_NAMES =
      List.of("access_token", "api_token", "token", "api_key");

  private Bearer() {}

  /// The token, which need not be a valid one.
  ///
  /// @throws Problem `bad_request` for a token in the query string, whatever the header says;
  ///   `no_token` without the header, `invalid_token` for anything but a bearer token
  static String of(Call call) {
    refuseInQuery(call);
    String header =
        call.header("Authorization").orElseThrow(() -> Problem.of(ErrorCode.NO_TOKEN)).strip();
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String token = space < 0 ? "" : header.substring(space + 1).strip();
    boolean wellFormed =
        scheme.equalsIgnoreCase("Bearer")
            && !token.isEmpty()
            && token.length() <= TOKEN_CHARS
            && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!wellFormed) {
      throw Problem.of(ErrorCode.INVALID_TOKEN);
    }
    return token;
  }

  private static void refuseInQuery(Call call) {
    for (String name : QUERY_NAMES) {
      if (call.query(name).isPresent()) {
        throw new Problem(
            ErrorCode.BAD_REQUEST,
            "A token must not stand in the query string (?"
                + name
                + "=), since URLs are written to logs: send it as 'Authorization: Bearer <token>'"
                + " and replace this one.");
      }
    }
  }
}
