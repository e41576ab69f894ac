/// The sandbox's workshop: pictures, videos, songs and voices made by arithmetic from a short
/// recipe.
///
/// It takes a [dev.carillon.gateway.upstream.sandbox.media.Recipe] and gives a file. The recipe
/// travels inside the file's URL, sealed with the instance's key, so nothing is stored that must
/// not be lost: [dev.carillon.gateway.upstream.sandbox.media.Studio] keeps rendered files on disk
/// only to be quick. When the machine dies, files being made are made again at the next request.
/// When too many wait, a reader is told to come back.
///
/// Everything here is honest: pictures and videos carry the words "sandbox · procedural", sounds
/// carry them as a tag. The same recipe always gives the same bytes, but for the footer's letters,
/// which are drawn with the machine's own fonts.
@NullMarked
package dev.carillon.gateway.upstream.sandbox.media;

import org.jspecify.annotations.NullMarked;
