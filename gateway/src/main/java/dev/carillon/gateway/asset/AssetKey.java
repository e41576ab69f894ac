package dev.carillon.gateway.asset;

import java.util.regex.Pattern;

/// Where a kept file stands in an [AssetStore].
///
/// @param name of visible ASCII, without a slash
public record AssetKey(Folder folder, String name) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,199}");

  public AssetKey {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of a file: " + name);
    }
  }

  /// Whether a text may be a name.
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /// The path of the file, such as `tasks/3f/0199…3f/u0-9c….png`.
  public String path() {
    return folder.path() + name;
  }

  /// All files of one task, or all uploads of one owner.
  ///
  /// @param owner the id of the task, the application or the account, as a UUID's text
  public record Folder(Kind kind, String owner) {
    private static final Pattern OWNER =
        Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    public Folder {
      if (!OWNER.matcher(owner).matches()) {
        throw new IllegalArgumentException("no id: " + owner);
      }
    }

    /// Whether a text may be an owner.
    public static boolean isOwner(String text) {
      return OWNER.matcher(text).matches();
    }

    /// The path with a slash at the end. The last two digits of a time-ordered id are random, so
    /// that no folder gets more than a 256th of all.
    public String path() {
      return "%s/%s/%s/".formatted(kind.word(), owner.substring(owner.length() - 2), owner);
    }

    AssetKey file(String name) {
      return new AssetKey(this, name);
    }
  }

  /// Whose files.
  public enum Kind {
    /// Results of tasks.
    TASK("tasks"),
    /// Files that callers sent.
    UPLOAD("uploads");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// The first segment of its paths.
    public String word() {
      return word;
    }
  }
}
