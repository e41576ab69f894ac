package dev.carillon.gateway.asset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SniffedTest {
  @ParameterizedTest
  @CsvSource({
    "89504e470d0a1a0a0000,image/png,png,MEDIA",
    "ffd8ffe000104a464946,image/jpeg,jpg,MEDIA",
    "474946383961,image/gif,gif,MEDIA",
    "52494646aabbccdd57454250,image/webp,webp,MEDIA",
    "52494646aabbccdd57415645,audio/wav,wav,MEDIA",
    "00000018667479706d703432,video/mp4,mp4,MEDIA",
    "000000186674797069736f6d,video/mp4,mp4,MEDIA",
    "00000018667479704d344120,audio/mp4,m4a,MEDIA",
    "000000186674797061766966,image/avif,avif,MEDIA",
    "000000146674797071742020,video/quicktime,mov,MEDIA",
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d,video/webm,webm,MEDIA",
    "1a45dfa3a34286810142f7810142f2810442f38108428288,video/x-matroska,mkv,MEDIA",
    "494433040000,audio/mpeg,mp3,MEDIA",
    "fffb9064,audio/mpeg,mp3,MEDIA",
    "fff15080,audio/aac,aac,MEDIA",
    "4f67675300,audio/ogg,ogg,MEDIA",
    "664c6143,audio/flac,flac,MEDIA",
    "424d46000000000000003600000028000000,image/bmp,bmp,MEDIA",
    "255044462d312e37,application/pdf,pdf,DOWNLOAD",
    "504b0304,application/zip,zip,DOWNLOAD",
    "676c5446,model/gltf-binary,glb,DOWNLOAD",
    "00010203,application/octet-stream,bin,DOWNLOAD",
    "ff,application/octet-stream,bin,DOWNLOAD",
    "ffffffff,application/octet-stream,bin,DOWNLOAD"
  })
  void a_file_is_what_its_first_bytes_say(
      String hex, String type, String extension, Sniffed.Use use) {
    assertThat(Sniffed.of(HexFormat.of().parseHex(hex)))
        .isEqualTo(new Sniffed(type, extension, use));
  }

  @ParameterizedTest
  @CsvSource({
    "png", "jpg", "gif", "webp", "wav", "mp4", "m4a", "avif", "mov", "webm", "mkv", "mp3", "aac",
    "ogg", "flac", "bmp", "pdf", "zip", "glb", "bin"
  })
  void a_kept_file_has_the_type_it_was_kept_with(String extension) {
    assertThat(Sniffed.ofExtension(extension).extension()).isEqualTo(extension);
  }

  @ParameterizedTest
  @CsvSource({"'<!DOCTYPE html><p>'", "'  \n<HTML lang=en>'", "'<!-- x --><head><title>'"})
  void a_page_is_a_page(String text) {
    assertThat(sniff(text).use()).isEqualTo(Sniffed.Use.PAGE);
  }

  @Test
  void a_drawing_that_may_hold_scripts_is_only_downloaded() {
    assertThat(sniff("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>").use())
        .isEqualTo(Sniffed.Use.DOWNLOAD);
  }

  @Test
  void a_text_that_begins_as_a_picture_would_is_none() {
    assertThat(sniff("BMW is a maker of cars, and this is a text.").use())
        .isEqualTo(Sniffed.Use.DOWNLOAD);
  }

  private static Sniffed sniff(String text) {
    return Sniffed.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
