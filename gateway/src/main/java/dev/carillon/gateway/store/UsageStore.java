package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The verbs that tell what was used. Days are of UTC, and a task counts on the day it ended.
public interface UsageStore {

  /// Sums by day and more, which outlive the tasks: written in the transaction that ends a task.
  ///
  /// @return at most [DayQuery#max] rows, in the order of what they are grouped by
  List<Sum> sums(DayQuery query);

  /// Ended tasks that are still kept, newest first.
  List<Used> tasks(TaskUse query);

  /// The ended task with this id.
  Optional<Used> task(TaskId id);

  /// What sums are told apart by.
  enum Group {
    APPLICATION,
    DAY,
    SERVICE,
    API
  }

  /// Which sums.
  ///
  /// @param application whose; empty for all
  /// @param from the first day
  /// @param to the last day
  /// @param by what gets rows of its own
  /// @param max how many rows at most
  record DayQuery(
      Optional<ApplicationId> application, LocalDate from, LocalDate to, Set<Group> by, int max) {
    public DayQuery {
      by = Set.copyOf(by);
    }
  }

  /// What a sum is of; a part is empty when it is not grouped by.
  ///
  /// @param api the key of the catalog's endpoint
  record Of(
      Optional<ApplicationId> application,
      Optional<LocalDate> day,
      Optional<String> service,
      Optional<String> api) {}

  /// One sum.
  ///
  /// @param charged what success cost
  /// @param took from acceptance to success, summed over the succeeded ones
  /// @param longest the longest of those
  record Sum(
      Of of,
      long succeeded,
      long failed,
      long cancelled,
      long expired,
      Money charged,
      Duration took,
      Duration longest) {

    /// How many tasks ended.
    public long tasks() {
      return succeeded + failed + cancelled + expired;
    }
  }

  /// Which ended tasks.
  ///
  /// @param api the key of the catalog's endpoint; empty for all
  /// @param from earliest creation, inclusive
  /// @param to latest creation, exclusive
  record TaskUse(
      ApplicationId application,
      Optional<CredentialId> credential,
      Optional<String> api,
      Instant from,
      Instant to,
      int max) {}

  /// An ended task as a line of a bill.
  ///
  /// @param error the code of its error; empty when it succeeded
  record Used(
      TaskId id,
      ApplicationId application,
      CredentialId credential,
      String service,
      String api,
      String traceId,
      Instant createdAt,
      Instant endedAt,
      boolean succeeded,
      Money price,
      Optional<String> error) {

    /// What it cost.
    public Money charged() {
      return succeeded ? price : Money.ZERO;
    }
  }
}
