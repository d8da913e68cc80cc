/**
 * Neural fields: differentiable maps from coordinates to values, what drives them, and what makes pictures of them.
 *
 * <p>A {@link Device} computes. An {@link Encoding}, a {@link Network} and a {@link RadianceField} are made on it, from
 * configurations that are JSON with tiny-cuda-nn's keys, and an {@link Optimizer} moves their parameters.
 * {@link Views}, {@link OccupancyGrid}, {@link Sampling}, {@link Compositing} and {@link Loss} lead from pixels to a
 * loss and back, one by one; a {@link Trainer} goes that road in one call, and a {@link Renderer} goes it forwards.
 *
 * <ul>
 *   <li>Arrays are 32-bit floats, row after row: {@code [n][channels]} has the channels of one point side by side.
 *       They are read or written during the call and not kept, unless a record says that it holds them. {@code [n]} may
 *       be 0.
 *   <li>The unit-cube frame: positions of fields lie in [0,1]<sup>3</sup>. Rays live in the same frame, where the
 *       innermost cascade of an occupancy grid is that cube; distances and steps are lengths in it, densities are per
 *       unit of length, directions are unit vectors.
 *   <li>Cameras have OpenGL's axes: x right, y up, looking along -z. Pixel centres are at 0.5.
 *   <li>What is {@link AutoCloseable} holds native memory. After {@code close} its methods throw
 *       {@link IllegalStateException}. It may be closed in any order; parts keep what they were made from alive.
 *   <li>Everything is thread-safe, except builders; calls on one device take turns.
 *   <li>There are no checked exceptions. {@link IllegalArgumentException} names the thing, the value, the limit and the
 *       remedy; {@link EikonalException} and its subclasses are thrown where a machine is at its end. Parameters may be
 *       null only where that is said.
 *   <li>Methods of one name differ in how many parameters they have, so that languages that do not declare types find
 *       the right one.
 * </ul>
 */
package org.eikonal;
