@NullMarked
package dev.carillon.gateway.upstream.http;

import org.jspecify.annotations.NullMarked;
