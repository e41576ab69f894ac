package dev.carillon.gateway.domain;

import java.util.Optional;

/// The business part of a finished task's result: the text of one JSON object, kept to the letter.
///
/// It holds neither `success` nor `task_id` nor `trace_id`; each façade adds those its shape wants.
/// Every artifact stands as an absolute URL under a key `url` or ending in `_url` or `_urls`
/// (contract section 0, rule 3).
///
/// @param cost what it costs, where that is less than the price that was held: of three pictures
///   that were ordered two came; empty for the whole price
public record Answer(String json, Optional<Money> cost) {
  public Answer {
    if (!json.startsWith("{") || !json.endsWith("}")) {
      throw new IllegalArgumentException("an answer is one JSON object, without space around it");
    }
    if (cost.filter(Money::isNegative).isPresent()) {
      throw new IllegalArgumentException("an answer cannot cost less than nothing");
    }
  }

  /// An answer that costs the whole price.
  public Answer(String json) {
    this(json, Optional.empty());
  }

  /// What it costs of a price: never more than that.
  public Money costOf(Money price) {
    return cost.filter(less -> less.compareTo(price) < 0).orElse(price);
  }
}
