/** The packages as their users get them: unpacked or installed, run, and gone again. */
@NullMarked
package dev.sluice.dist;

import org.jspecify.annotations.NullMarked;
