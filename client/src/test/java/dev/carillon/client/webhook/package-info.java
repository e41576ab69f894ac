@NullMarked
package dev.carillon.client.webhook;

import org.jspecify.annotations.NullMarked;
