package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UrlsTest {
  @Test
  void addresses_of_files_stand_under_the_keys_of_the_contract_at_any_depth() {
    String json =
        """
        {"url":"https://a/1","data":[{"image_url":"https://a/2","raw":{"video_url":"http://a/3"}}],
         "image_urls":["https://a/4",["https://a/5"]],"urls":["https://a/6"]}\
        """;

    assertThat(Urls.in(json))
        .extracting(Urls.Place::pointer, Urls.Place::url)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("/url", "https://a/1"),
            org.assertj.core.groups.Tuple.tuple("/data/0/image_url", "https://a/2"),
            org.assertj.core.groups.Tuple.tuple("/data/0/raw/video_url", "http://a/3"),
            org.assertj.core.groups.Tuple.tuple("/image_urls/0", "https://a/4"),
            org.assertj.core.groups.Tuple.tuple("/image_urls/1/0", "https://a/5"),
            org.assertj.core.groups.Tuple.tuple("/urls/0", "https://a/6"));
  }

  @Test
  void other_texts_are_no_files() {
    String json =
        """
        {"prompt":"https://a/1","urlish":"https://a/2","image_url":"ftp://a/3","video_url":null,
         "curl":"https://a/4","image_url_of":"https://a/5","audio_url":"","url":{"x":"https://a/6"}}\
        """;

    assertThat(Urls.in(json)).isEmpty();
  }

  @Test
  void everything_but_the_address_stays_to_the_letter() {
    String json =
        "{ \"n\": 1.50, \"big\":12345678901234567890.10,\"e\":1e3,\"t\":\"\\u00e9\\/\","
            + "\"image_url\" : \"https:\\/\\/a\\/1?x=1\\u0026y=2\" , \"z\":[ ]}";

    List<Urls.Place> places = Urls.in(json);
    String replaced = Urls.replaced(json, places, Map.of("https://a/1?x=1&y=2", "https://b/\"q"));

    assertThat(places).extracting(Urls.Place::url).containsExactly("https://a/1?x=1&y=2");
    assertThat(replaced)
        .isEqualTo(json.replace("https:\\/\\/a\\/1?x=1\\u0026y=2", "https://b/\\\"q"));
  }

  @Test
  void long_texts_with_many_addresses_keep_their_places() {
    var json = new StringBuilder("{\"data\":[");
    for (int i = 0; i < 500; i++) {
      json.append(i == 0 ? "" : ",");
      json.append("{\"text\":\"").append("häß\u2028".repeat(40)).append("\",\"url\":\"https://a/");
      json.append(i).append("\"}");
    }
    String text = json.append("]}").toString();

    List<Urls.Place> places = Urls.in(text);

    assertThat(places).hasSize(500);
    assertThat(places)
        .allMatch(at -> text.substring(at.from(), at.to()).equals('"' + at.url() + '"'));
  }
}
