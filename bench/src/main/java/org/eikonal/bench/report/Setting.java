package org.eikonal.bench.report;

/**
 * With what something was computed.
 *
 * @param isa the best instruction set that might be used
 * @param half whether features and products are bf16
 * @param threads of the engine
 */
record Setting(String isa, boolean half, int threads) {}
