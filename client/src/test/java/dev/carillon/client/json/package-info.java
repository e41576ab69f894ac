@NullMarked
package dev.carillon.client.json;

import org.jspecify.annotations.NullMarked;
