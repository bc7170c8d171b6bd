package dev.sluice.endpoint;

/** How lines end on an address. */
public enum LineTerminator {
  /** {@code \n}, or no lines at all. */
  RAW,
  /** {@code \r}. */
  CR,
  /** {@code \r\n}. */
  CRNL
}
