@NullMarked
package dev.carillon.gateway.asset.s3;

import org.jspecify.annotations.NullMarked;
