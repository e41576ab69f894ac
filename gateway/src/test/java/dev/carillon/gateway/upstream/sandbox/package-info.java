/// Tests of the sandbox.
@NullMarked
package dev.carillon.gateway.upstream.sandbox;

import org.jspecify.annotations.NullMarked;
