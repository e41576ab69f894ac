/// Serves the media files the gateway made or keeps itself: whole or in ranges, with an ETag, for
/// ever cacheable.
///
/// It takes the few parts of an HTTP request that matter and gives a
/// [dev.carillon.gateway.asset.MediaAnswer], a value; the front door turns it into bytes on the
/// wire. Files come from a [dev.carillon.gateway.domain.MediaSource]. It keeps nothing, so nothing
/// is lost when the machine dies.
@NullMarked
package dev.carillon.gateway.asset;

import org.jspecify.annotations.NullMarked;
