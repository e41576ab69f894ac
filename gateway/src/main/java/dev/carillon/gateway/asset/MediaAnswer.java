package dev.carillon.gateway.asset;

import java.util.Map;
import java.util.Optional;

/// What a request for a media file is answered.
///
/// @param status 200, 206, 304, 404, 405, 416 or 503; the front door writes the bodies of 404, 405
///   and 503
/// @param headers fields to send, `Content-Type` and `Content-Length` among them where a file is
///   answered
/// @param body what to send; empty for `HEAD` and for everything but 200 and 206
public record MediaAnswer(int status, Map<String, String> headers, Optional<FileSlice> body) {}
