@NullMarked
package dev.carillon.gateway.upstream.passthrough;

import org.jspecify.annotations.NullMarked;
