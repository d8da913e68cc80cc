package org.eikonal;

/**
 * What one training step did.
 *
 * @param loss the mean over rays and channels
 * @param rays rays drawn
 * @param raysWithSamples rays that met an occupied cell
 * @param samplesMarched samples along all rays
 * @param samplesTrained samples that light still reached
 * @param learningRate of this step, after all schedules
 * @param occupiedFraction cells that are occupied, of all cascades, 0 to 1
 */
public record StepReport(
        double loss,
        long rays,
        long raysWithSamples,
        long samplesMarched,
        long samplesTrained,
        double learningRate,
        double occupiedFraction) {}
