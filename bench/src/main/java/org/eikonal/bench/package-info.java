/**
 * JMH benchmarks of everything that {@code org.eikonal} can be asked for, and of what others would use in its place. Times
 * are of one call; the report divides them by points, samples or rays.
 */
package org.eikonal.bench;
