/// Checks news that a provider signs with keys of its own: it publishes the public ones, and each
/// delivery tells in its headers what was signed.
@NullMarked
package dev.carillon.gateway.upstream.http.news;

import org.jspecify.annotations.NullMarked;
