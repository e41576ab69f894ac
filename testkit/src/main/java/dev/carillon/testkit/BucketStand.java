package dev.carillon.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One bucket of an S3-compatible store on loopback, for the six requests that keep files: put, get
/// with a range, head, delete, list and list by folder, with pages. It checks signatures and hashes
/// as a real one does, and fails when told to. Holds everything in memory.
public final class BucketStand implements AutoCloseable {
  public static final String BUCKET = "files";
  public static final String REGION = "eu-test-1";
  public static final String ACCESS_KEY = "AKIDTEST";
  public static final String SECRET_KEY = "secret/of+the=test";

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
  private static final String ROOT = "/" + BUCKET;

  private final HttpServer server;
  private final SignatureV4 signatures = new SignatureV4(ACCESS_KEY, SECRET_KEY, REGION);
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile int pageSize = 1_000;

  private BucketStand(HttpServer server) {
    this.server = server;
  }

  /// Starts one on a free port.
  public static BucketStand start() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var stand = new BucketStand(HttpServer.create(address, 0));
      stand.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      stand.server.createContext("/", stand::answer);
      stand.server.start();
      return stand;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// Scheme, host and port.
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// The objects by their keys.
  public Map<String, byte[]> objects() {
    return objects;
  }

  /// How many requests were refused for their signature or a hash.
  public int refused() {
    return refused.get();
  }

  /// Answers the next requests with 503.
  public void fail(int requests) {
    failing.set(requests);
  }

  /// How many entries a page of a listing has at most.
  public void pageSize(int entries) {
    pageSize = entries;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        send(exchange, 503, xml("<Error><Code>SlowDown</Code></Error>"));
        return;
      }
      Optional<String> fault = fault(exchange, body);
      if (fault.isPresent()) {
        refused.incrementAndGet();
        send(exchange, 403, xml("<Error><Code>" + fault.get() + "</Code></Error>"));
        return;
      }
      String path = exchange.getRequestURI().getPath();
      if (path.equals(ROOT)) {
        send(exchange, 200, xml(listing(exchange.getRequestURI().getRawQuery())));
      } else {
        object(exchange, path.substring(ROOT.length() + 1), body);
      }
    }
  }

  private Optional<String> fault(HttpExchange exchange, byte[] body) {
    var headers = new TreeMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    URI uri = exchange.getRequestURI();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    Optional<String> fault =
        signatures.fault(
            new SignatureV4.Asked(exchange.getRequestMethod(), uri.getRawPath(), query, headers));
    if (fault.isPresent()) {
      return fault;
    }
    String hash = SignatureV4.sha256(body);
    String told = headers.getOrDefault("x-amz-content-sha256", "");
    String checksum = headers.get("x-amz-checksum-sha256");
    boolean same =
        (told.equals("UNSIGNED-PAYLOAD") || told.equals(hash))
            && (checksum == null
                || HexFormat.of().formatHex(Base64.getDecoder().decode(checksum)).equals(hash));
    return same ? Optional.empty() : Optional.of("XAmzContentSHA256Mismatch");
  }

  private void object(HttpExchange exchange, String key, byte[] body) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        objects.put(key, body);
        send(exchange, 200, new byte[0]);
      }
      case "DELETE" -> {
        objects.remove(key);
        exchange.sendResponseHeaders(204, -1);
      }
      case "HEAD", "GET" -> read(exchange, objects.get(key));
      default -> send(exchange, 405, new byte[0]);
    }
  }

  private static void read(HttpExchange exchange, byte @Nullable [] bytes) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (bytes == null) {
      send(exchange, 404, xml("<Error><Code>NoSuchKey</Code></Error>"));
      return;
    }
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
    Matcher asked = RANGE.matcher(range);
    if (!asked.matches()) {
      send(exchange, 200, bytes);
      return;
    }
    int from = Integer.parseInt(asked.group(1));
    int to = Math.min(bytes.length - 1, Integer.parseInt(asked.group(2)));
    byte[] part = new byte[to - from + 1];
    System.arraycopy(bytes, from, part, 0, part.length);
    send(exchange, 206, part);
  }

  private String listing(String rawQuery) {
    Map<String, String> query = query(rawQuery);
    String prefix = query.getOrDefault("prefix", "");
    String delimiter = query.getOrDefault("delimiter", "");
    String after = query.getOrDefault("continuation-token", "");
    var text = new StringBuilder("<ListBucketResult><Prefix>" + prefix + "</Prefix>");
    Set<String> folders = new TreeSet<>();
    int entries = 0;
    for (Map.Entry<String, byte[]> each : objects.tailMap(prefix).entrySet()) {
      String key = each.getKey();
      if (!key.startsWith(prefix)) {
        break;
      }
      int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
      String entry = end < 0 ? key : key.substring(0, end + 1);
      if (entry.compareTo(after) <= 0 || folders.contains(entry)) {
        continue;
      }
      if (entries++ == pageSize) {
        break;
      }
      after = entry;
      if (end < 0) {
        text.append("<Contents><Key>" + key + "</Key><Size>" + each.getValue().length);
        text.append("</Size></Contents>");
      } else {
        folders.add(entry);
        text.append("<CommonPrefixes><Prefix>" + entry + "</Prefix></CommonPrefixes>");
      }
    }
    if (entries > pageSize) {
      text.append("<NextContinuationToken>" + after + "</NextContinuationToken>");
    }
    return text.append("</ListBucketResult>").toString();
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (String each : raw.split("&", -1)) {
      int equals = each.indexOf('=');
      query.put(
          each.substring(0, equals),
          URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return query;
  }

  private static byte[] xml(String text) {
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, none ? -1 : body.length);
    if (!none) {
      exchange.getResponseBody().write(body);
    }
  }
}
