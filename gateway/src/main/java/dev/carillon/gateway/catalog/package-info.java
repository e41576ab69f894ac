/// Services and endpoints as data: which paths there are, what a request must hold, how the answer
/// looks, what it costs, how long it takes and who makes it. Adding a service is adding a YAML
/// file; `docs/catalog.md` shows how.
///
/// It takes files, it gives a [dev.carillon.gateway.catalog.Catalog]; it keeps nothing else, so
/// there is nothing to lose when the machine dies. It fails at the start only, with every mistake
/// at once.
///
/// ## The sandbox's instructions: `make`
///
/// [dev.carillon.gateway.catalog.Endpoint#plan] gives them for one request. `kind` says what to
/// make:
///
/// | kind | means |
/// |---|---|
/// | `grid` | one picture of four in a grid, with its four parts |
/// | `image` | pictures |
/// | `video` | videos, with sound when `sound` is true |
/// | `song` | songs with a cover and, unless `instrumental`, words |
/// | `speech` | a voice that reads `text` |
/// | `text` | words; `of` says which: `describe`, `prompts`, `translate`, `seed`, `lyrics`, `style`,
/// `timing`, `upload`, `persona`, `voice`, `model`, `extract`, `solution` |
/// | `none` | nothing; the answer needs no works |
///
/// Other keys, each of which may be missing: `count` (how many works), `size` (`1024x1024`, `16:9`,
/// `720p`, `2K` or whatever the caller wrote), `aspect` (`16:9`), `duration` (seconds), `format`
/// (`mp3`, `wav`, `png`, `jpeg`), `prompt`, `lyric`, `title`, `style`, `text`, `instrumental`,
/// `action`, `from` (the id or address of an earlier work to go on from), `seed`.
///
/// ## Works
///
/// What a provider hands to [dev.carillon.gateway.catalog.Shape] is a list of maps:
///
/// | kind | keys |
/// |---|---|
/// | image, grid | `id`, `image_id`, `url`, `width`, `height`, `seed`, `prompt`, `raw_url`; grids also
/// `sub_urls` (four) |
/// | video | `id`, `video_id`, `url`, `width`, `height`, `duration`, `cover_url`, `last_frame_url`,
/// `prompt`, `seed` |
/// | song | `id`, `audio_url`, `image_url`, `video_url` (may be empty), `title`, `lyric`, `style`,
/// `duration`, `image_id`, `seed`, `prompt` |
/// | speech | `id`, `audio_url`, `duration` |
/// | text | `id`, `text`, `texts`, `title`, `tags`, `value` (an object, where `of` wants one) |
///
/// Every address is absolute. A key that is missing leaves its field out of the answer.
@NullMarked
package dev.carillon.gateway.catalog;

import org.jspecify.annotations.NullMarked;
