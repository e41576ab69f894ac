package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.store.EndpointStore.Rewriting;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// How secrets that callbacks are signed with stand in their table.
final class SecretRows {
  /// How many old ones of a kind are kept beside the current one.
  private static final int MOST_OLD = 2;

  private static final String OF_OWNER =
      "SELECT kind, text, created_at, expires_at FROM signing_secret WHERE owner_id = ?"
          + " ORDER BY created_at DESC, expires_at IS NOT NULL";
  private static final String INSERT =
      "INSERT INTO signing_secret (owner_id, kind, created_at, text, expires_at)"
          + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String EXPIRE =
      "UPDATE signing_secret SET expires_at = least(coalesce(expires_at, ?), ?)"
          + " WHERE owner_id = ? AND kind = ?";
  private static final String PRUNE =
      "DELETE FROM signing_secret WHERE owner_id = ? AND kind = ? AND (expires_at <= ?"
          + " OR (created_at, text) NOT IN (SELECT created_at, text FROM signing_secret"
          + " WHERE owner_id = ? AND kind = ? ORDER BY created_at DESC LIMIT ?))";
  private static final String DELETE = "DELETE FROM signing_secret WHERE owner_id = ?";

  private static final String OTHERS =
      "SELECT owner_id, kind, created_at, text FROM signing_secret"
          + " WHERE substr(text, 1, ?) <> ? ORDER BY owner_id LIMIT ? FOR UPDATE";
  private static final String REWRITE =
      "UPDATE signing_secret SET text = ? WHERE owner_id = ? AND kind = ? AND created_at = ?"
          + " AND text = ?";

  private SecretRows() {}

  /// The newest first, expired ones too.
  static List<SigningSecret> of(Session session, UUID owner) throws SQLException {
    return session.sql(OF_OWNER).put(owner).all(SecretRows::read);
  }

  static void insert(Session session, UUID owner, SigningSecret secret) throws SQLException {
    session
        .sql(INSERT)
        .put(owner)
        .put(code(secret.kind()))
        .put(secret.createdAt())
        .put(secret.text())
        .putTime(secret.expiresAt())
        .update();
  }

  /// Adds one; the others of its kind end at a time at the latest.
  static void rotate(Session session, UUID owner, SigningSecret fresh, Instant overlapEnds)
      throws SQLException {
    int kind = code(fresh.kind());
    session.sql(EXPIRE).put(overlapEnds).put(overlapEnds).put(owner).put(kind).update();
    insert(session, owner, fresh);
    session
        .sql(PRUNE)
        .put(owner)
        .put(kind)
        .put(fresh.createdAt())
        .put(owner)
        .put(kind)
        .put(1 + MOST_OLD)
        .update();
  }

  static void delete(Session session, UUID owner) throws SQLException {
    session.sql(DELETE).put(owner).update();
  }

  /// Rewrites those that do not begin with a prefix.
  ///
  /// @return whose were rewritten, with repeats
  static List<UUID> rewrite(Session session, String prefix, int max, Rewriting rewriting)
      throws SQLException {
    List<Line> lines =
        session.sql(OTHERS).put(prefix.length()).put(prefix).put(max).all(Line::read);
    for (Line line : lines) {
      session
          .sql(REWRITE)
          .put(rewriting.text(line.owner, line.text))
          .put(line.owner)
          .put(line.kind)
          .put(line.createdAt)
          .put(line.text)
          .update();
    }
    return lines.stream().map(Line::owner).toList();
  }

  private record Line(UUID owner, int kind, long createdAt, String text) {
    private static Line read(Row row) throws SQLException {
      return new Line(row.uuid(), row.integer(), row.number(), row.text());
    }
  }

  private static int code(Kind kind) {
    return switch (kind) {
      case HMAC -> 1;
      case ED25519 -> 2;
    };
  }

  private static SigningSecret read(Row row) throws SQLException {
    Kind kind = row.integer() == 1 ? Kind.HMAC : Kind.ED25519;
    return new SigningSecret(kind, row.text(), row.time(), row.maybeTime());
  }
}
