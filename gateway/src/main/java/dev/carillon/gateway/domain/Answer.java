package dev.carillon.gateway.domain;

/// The business part of a finished task's result: the text of one JSON object, kept to the letter.
///
/// It holds neither `success` nor `task_id` nor `trace_id`; each façade adds those its shape wants.
/// Every artifact stands as an absolute URL under a key `url` or ending in `_url` or `_urls`
/// (contract section 0, rule 3).
public record Answer(String json) {
  public Answer {
    if (!json.startsWith("{") || !json.endsWith("}")) {
      throw new IllegalArgumentException("an answer is one JSON object, without space around it");
    }
  }
}
