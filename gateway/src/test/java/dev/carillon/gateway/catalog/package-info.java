/// Tests of the catalog.
@NullMarked
package dev.carillon.gateway.catalog;

import org.jspecify.annotations.NullMarked;
