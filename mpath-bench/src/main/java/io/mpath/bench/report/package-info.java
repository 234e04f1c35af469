/**
 * What is made of the benchmarks' figures: a page with tables and plots, and a judgement by recorded bounds. Both compare figures
 * of one run as ratios.
 */
package io.mpath.bench.report;
