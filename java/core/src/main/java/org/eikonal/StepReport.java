package org.eikonal;

/**
 * What one training step did.
 *
 * @param loss the mean over rays and channels
 * @param rays rays drawn
 * @param raysWithSamples rays that met an occupied cell
 * @param samplesMarched samples along all rays
 * @param samplesLive samples that light still reached
 * @param learningRate of this step, after all schedules
 * @param occupiedFraction cells that are occupied, of all cascades, 0 to 1
 * @param samplesVisible live samples that weigh at least 1e-4 in their ray's colour: they alone have a colour and gradients
 */
public record StepReport(
        double loss,
        long rays,
        long raysWithSamples,
        long samplesMarched,
        long samplesLive,
        double learningRate,
        double occupiedFraction,
        long samplesVisible) {}
