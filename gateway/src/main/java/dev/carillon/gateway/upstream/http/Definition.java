package dev.carillon.gateway.upstream.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.upstream.http.news.SignatureRule;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One provider as its file describes it; every expression in it is compiled.
///
/// @param name the word routes call it by
/// @param title for people
/// @param source where its API is documented
/// @param checked the date on which the file was compared with that
/// @param base what paths are put to
/// @param baseVariable the environment variable that tells it, for what people host themselves
/// @param hosts where addresses it names may lead
/// @param keys names of keys to the environment variables that hold them
/// @param quota what one key may do
/// @param typical how long its jobs take while nothing is known
/// @param timeout longest time of one call
/// @param idempotency the header that makes sending again safe
/// @param webhook how it tells news
/// @param serves what it can be asked for
record Definition(
    String name,
    String title,
    String source,
    String checked,
    URI base,
    Optional<String> baseVariable,
    Hosts hosts,
    Map<String, String> keys,
    Auth auth,
    Quota quota,
    Duration typical,
    Duration timeout,
    Optional<String> idempotency,
    Webhook webhook,
    List<Serve> serves) {
  Definition {
    keys = Map.copyOf(keys);
    serves = List.copyOf(serves);
  }

  /// This definition at another address, whose host is allowed as the first one's was.
  Definition at(URI other) {
    return new Definition(
        name,
        title,
        source,
        checked,
        other,
        Optional.empty(),
        hosts.and(other),
        keys,
        auth,
        quota,
        typical,
        timeout,
        idempotency,
        webhook.at(other),
        serves);
  }

  /// How it signs in. Templates speak of `key.NAME`.
  sealed interface Auth {
    record None() implements Auth {}

    record Header(String name, Template value) implements Auth {}

    record Query(String name, Template value) implements Auth {}

    /// A token of its own making, signed with HMAC-SHA-256, in `Authorization: Bearer`.
    ///
    /// @param issuer the key that says who
    /// @param secret the key that signs
    /// @param lifetime how long one holds
    record Jwt(String issuer, String secret, Duration lifetime) implements Auth {}
  }

  /// What one key may do.
  ///
  /// @param perSecond requests of any kind
  /// @param burst how many of them at once
  /// @param openJobs jobs submitted and not ended
  record Quota(double perSecond, int burst, int openJobs) {}

  /// How it tells news.
  ///
  /// @param job values of the body that say which job it is, where the answer to submitting was
  ///   lost
  /// @param secretVariable the environment variable with the secret of its signatures, in the form
  ///   of Standard Webhooks; without one the address alone, which nobody can guess, is the proof
  /// @param signature how it signs with keys of its own; empty when it does not
  /// @param used whether any request asks for it
  record Webhook(
      Map<String, Expression> job,
      Optional<String> secretVariable,
      Optional<SignatureRule> signature,
      boolean used) {
    Webhook at(URI base) {
      return new Webhook(job, secretVariable, signature.map(rule -> rule.at(base)), used);
    }
  }

  /// An endpoint of the catalog that the provider can do.
  ///
  /// @param endpoint as [dev.carillon.gateway.catalog.Endpoint#key] tells it; `*` for every one
  /// @param priority smaller ones are tried first
  /// @param weight its share among equals
  /// @param when which requests it can do; empty for all
  /// @param models what it calls the models of requests; empty where it takes any
  record Serve(
      String endpoint,
      int priority,
      int weight,
      Optional<Expression> when,
      Map<String, Model> models,
      Plan plan) {
    Serve {
      models = Map.copyOf(models);
    }

    boolean isOf(String endpointKey) {
      return endpoint.equals("*") || endpoint.equals(endpointKey);
    }
  }

  /// A model by the name of the provider.
  ///
  /// @param name what the provider calls it
  /// @param retired from when on it is no longer there
  /// @param successor the model of this table that is taken from then on
  record Model(String name, Optional<Instant> retired, Optional<String> successor) {}

  /// A call.
  ///
  /// @param path put to the base; empty where `url` tells the whole address
  /// @param url an address the provider gave
  /// @param body the body's value
  /// @param form whether the body is sent as a form instead of JSON
  record Step(
      String method,
      Optional<Template> path,
      Optional<Expression> url,
      Map<String, Template> query,
      Map<String, Template> headers,
      Optional<Expression> body,
      Form form) {}

  /// How a body is written.
  enum Form {
    JSON,
    FORM,
    MULTIPART
  }

  /// All steps of one job.
  ///
  /// @param submit begins it
  /// @param job values of the answer to submitting that later steps need; empty where that answer
  ///   is the result
  /// @param nothingTaken statuses after which surely nothing was begun, so another may be asked
  /// @param poll asks for its state
  /// @param gone statuses of polling that mean that the job will never end
  /// @param result fetches what was made, where polling does not tell
  /// @param cancel stops it
  /// @param confirmed whether an answer to cancelling says that it is stopped and not billed
  /// @param find looks a job up by our own reference
  /// @param batch asks for many at once
  record Plan(
      Step submit,
      Map<String, Expression> job,
      Set<Integer> nothingTaken,
      Optional<Step> poll,
      Set<Integer> gone,
      Optional<Step> result,
      Optional<Step> cancel,
      Optional<Expression> confirmed,
      Optional<Find> find,
      Optional<Batch> batch,
      Reading reading) {}

  /// Looking a job up by our own reference.
  ///
  /// @param job values as `job` of the plan has them
  /// @param absence what proves that there is no such job; empty where nothing does
  record Find(Step step, Map<String, Expression> job, Optional<Absence> absence) {}

  /// The provider's own word that it has no such job. Anything else that names no job leaves open
  /// whether there is one.
  ///
  /// @param said whether an answer, of whatever status below 500 but 429, says so
  /// @param settled how long after submitting that word is final
  record Absence(Expression said, Duration settled) {}

  /// Asking for many jobs at once. The step speaks of `ids`; `id` and what `state` and so on read
  /// speak of one of the `items` as `answer`.
  record Batch(Step step, Expression items, Expression id, int most) {}

  /// How answers read.
  ///
  /// @param state the provider's word; without one an answer in the 2xx means that it is done
  /// @param progress percent
  /// @param works what was made: objects with the keys the catalog's responses speak of
  /// @param answer the whole answer in the endpoint's own shape, instead of works
  record Reading(
      Optional<Expression> state,
      Map<String, Meaning> words,
      Optional<Expression> progress,
      Optional<Expression> works,
      Optional<Expression> answer,
      Failing failing) {
    Reading {
      words = Map.copyOf(words);
    }
  }

  /// What a word of the provider means.
  enum Meaning {
    RUNNING,
    DONE,
    FAILED,
    MODERATED,
    CANCELLED
  }

  /// How failures read.
  ///
  /// @param when which answers in the 2xx are failures all the same
  /// @param code the provider's word for what went wrong
  /// @param message its sentence
  /// @param moderated whether the request was against its rules
  /// @param codes its words to ours; one that begins with a known one is that
  record Failing(
      Optional<Expression> when,
      Optional<Expression> code,
      Optional<Expression> message,
      Optional<Expression> moderated,
      Map<String, ErrorCode> codes,
      Set<String> nothingTaken) {
    Failing {
      codes = Map.copyOf(codes);
    }
  }
}
