/// Tests of the sandbox's workshop.
@NullMarked
package dev.carillon.gateway.upstream.sandbox.media;

import org.jspecify.annotations.NullMarked;
