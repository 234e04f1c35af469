/**
 * Benchmarks (JMH). Each class says which question it answers, against which baseline, and the command that repeats it; compare
 * figures of one run only, as ratios to its baseline.
 */
package io.mpath.bench;
